"""The kept pictures. After a change look at the new ones, then write them: ``python -m tests.render.test_pictures``."""

from __future__ import annotations

from pathlib import Path

import pytest

from netspec.render import picture_text
from tests.render import networks
from tests.texts import graph_of

PICTURES = Path(__file__).parent / "pictures"
CASES = [
    *((name, theme, "mmd") for name in networks.ALL for theme in ("light",)),
    *((name, theme, "dot") for name in networks.ALL for theme in ("light",)),
    *(("resnet3d50", theme, format) for theme in ("dark", "print") for format in ("mmd", "dot")),
]


def drawn(name: str, theme: str, format: str) -> str:
    return picture_text(graph_of(networks.ALL[name]), format, theme=theme)


def file(name: str, theme: str, format: str) -> Path:
    return PICTURES / f"{name}.{theme}.{format}"


@pytest.mark.parametrize(("name", "theme", "format"), CASES)
def test_a_picture_is_the_kept_one(name: str, theme: str, format: str) -> None:
    assert drawn(name, theme, format) == file(name, theme, format).read_text(encoding="utf-8")


if __name__ == "__main__":
    for case in CASES:
        file(*case).write_text(drawn(*case), encoding="utf-8")
