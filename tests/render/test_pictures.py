"""The kept pictures. After a change look at the new ones, then write them: ``python -m tests.render.test_pictures``."""

from __future__ import annotations

from pathlib import Path

import pytest

from netspec.analysis.diff import diff
from netspec.api import Spec
from netspec.check import load
from netspec.files import read_import
from netspec.render import picture_text
from netspec.source import Source
from tests.render import networks
from tests.texts import graph_of

PICTURES = Path(__file__).parent / "pictures"
CASES = [
    *((name, "overview", "light", "mmd") for name in networks.ALL),
    *((name, "overview", "light", "dot") for name in networks.ALL),
    *(("resnet3d50", "overview", theme, format) for theme in ("dark", "print") for format in ("mmd", "dot")),
    *(("resnet3d50", "blocks", "light", format) for format in ("mmd", "dot")),
    *((name, "ops", "light", format) for name in ("residual", "backbone", "sequence") for format in ("mmd", "dot")),
    *(("labelled", level, "light", format) for level in ("blocks", "schematic") for format in ("mmd", "dot")),
    *(("labelled", "schematic", theme, format) for theme in ("dark", "print") for format in ("mmd", "dot")),
    *(("unet", "schematic", "light", format) for format in ("mmd", "dot")),
    *(("compared", "changes", theme, format) for theme in ("light", "dark", "print") for format in ("mmd", "dot")),
]


def drawn(name: str, level: str, theme: str, format: str) -> str:
    if level == "changes":
        after = networks.COMPARED
        for was, now in networks.EDITS:
            after = after.replace(was, now)
        return picture_text(diff(graph_of(networks.COMPARED), graph_of(after)), format, theme=theme)
    text = networks.ALL[name]
    if level == "schematic":
        program, _ = load(Source("spec.netspec", f"netspec 1\n{text}"), read_import)
        assert program is not None
        return picture_text(Spec(program).outline(), format, theme=theme)
    return picture_text(graph_of(text), format, level, theme)


def file(name: str, level: str, theme: str, format: str) -> Path:
    return PICTURES / f"{name}.{level}.{theme}.{format}"


@pytest.mark.parametrize(("name", "level", "theme", "format"), CASES)
def test_a_picture_is_the_kept_one(name: str, level: str, theme: str, format: str) -> None:
    assert drawn(name, level, theme, format) == file(name, level, theme, format).read_text(encoding="utf-8")


if __name__ == "__main__":
    for case in CASES:
        file(*case).write_text(drawn(*case), encoding="utf-8")
