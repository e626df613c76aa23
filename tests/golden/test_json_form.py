"""The network of each case from its spec in JSON: the same source as from the text, places aside."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import netspec
from netspec.files import read_spec
from netspec.pytorch.source import generate
from netspec.source import Span
from netspec.syntax.json_form import json_text
from netspec.syntax.read import read
from tests.golden import recorded
from tests.golden.projects.located import SPECS
from tests.golden.systems import locate

_file = re.compile(r"\S+\.(?:netspec|json)\b")


def _distinct() -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """The networks of all cases, each once."""
    seen = set()
    for name in recorded.names(""):
        case = recorded.load(name)
        located = locate(case["system"], case["arguments"])
        if repr(located) not in seen:
            seen.add(repr(located))
            yield located


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All specs in JSON; they import each other in that form."""
    folder = tmp_path_factory.mktemp("specs")
    for path in SPECS.rglob("*.netspec"):
        document, _ = read(read_spec(path))
        assert document is not None
        data = json.loads(json_text(document))
        for declaration in data["declarations"]:
            if declaration.get("use", "").startswith("./"):
                declaration["use"] = declaration["use"].replace(".netspec", ".json")
        target = folder / path.relative_to(SPECS).with_suffix(".json")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(data), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def specs() -> dict[Path, netspec.Spec]:
    """The specs that were read, so that each is read once."""
    return {}


@pytest.mark.parametrize(("path", "network", "arguments"), list(_distinct()))
def test_the_source_is_the_same(path: Path, network: str, arguments: dict[str, Any], folder: Path,
                                specs: dict[Path, netspec.Spec], monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr(Span, "place", "spec:1")  # places are in comments, and decide where lines are broken
    texts = []
    for file in (path, folder / path.relative_to(SPECS).with_suffix(".json")):
        if file not in specs:
            specs[file] = netspec.load(file)
        texts.append(_file.sub("", generate(specs[file].elaborate(network, **arguments))))
    assert texts[0] == texts[1]
