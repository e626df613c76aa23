"""Every ``netspec`` block of the Markdown files here gives exactly what the ``text`` block after it says.

``NETSPEC_UPDATE=1 pytest tests/diagnostics`` writes what is given into the files; read the difference as a user would.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from netspec.check import check_all
from netspec.diagnostics.model import Diagnostic
from netspec.diagnostics.text import render
from netspec.files import FileSource, read_import
from netspec.syntax.parse import parse
from tests.diagnostics.literate import Case, cases, update

FILES = sorted(Path(__file__).parent.glob("*.md"))


def diagnose(text: str) -> Sequence[Diagnostic]:
    """What netspec says of a spec that stands beside the files of ``files/``."""
    source = FileSource("spec.netspec", text, Path(__file__).parent / "files")
    return parse(source)[1] or check_all(source, read_import)[1]


def answer(text: str) -> str:
    return "\n\n".join(map(render, diagnose(text)))


@pytest.mark.parametrize("case", [c for file in FILES for c in cases(file)], ids=lambda case: case.id)
def test_says_what_is_written(case: Case) -> None:
    assert answer(case.spec) == case.expected


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_specs_are_different(file: Path) -> None:
    specs = [c.spec for c in cases(file)]
    assert len(specs) == len(set(specs))


if os.environ.get("NETSPEC_UPDATE"):
    for _file in FILES:
        update(_file, {c.spec: answer(c.spec) for c in cases(_file)})
