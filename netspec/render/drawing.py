"""Which levels and formats there are, and the text of a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from netspec.diagnostics import closest
from netspec.elaborate import Outline
from netspec.graph import Graph
from netspec.render.formats.dot import dot
from netspec.render.formats.mermaid import mermaid
from netspec.render.formats.svg import svg
from netspec.render.formats.theme import THEMES
from netspec.render.levels.blocks import blocks
from netspec.render.levels.overview import overview
from netspec.render.levels.schematic import schematic
from netspec.render.picture import Picture

#: What each file ending is written by.
FORMATS: Mapping[str, Callable[[Picture, str], str]] = {"mmd": mermaid, "dot": dot, "svg": svg}
LEVELS = ("overview", "blocks", "schematic")

__all__ = ["FORMATS", "LEVELS", "THEMES", "format_of", "picture_of", "picture_text"]


def picture_text(drawn: Graph | Outline, format: str, level: str | None = None, theme: str = "light",
                 sizes: Mapping[str, int] | None = None, block: str | None = None) -> str:  # fmt: skip
    """The text of a picture file: ``mmd`` (Mermaid), ``dot`` (Graphviz) or ``svg``. See `picture_of`.

    The same input gives the same text. Raises ValueError for a format, level, theme or block that does not exist,
    `RenderError` where a chart is too large for Mermaid or no Graphviz draws the SVG.

    >>> print(picture_text(graph, "mmd"))  # doctest: +SKIP
    """
    write = FORMATS[_known("format", format, FORMATS)]
    return write(picture_of(drawn, level, sizes, block), _known("theme", theme, THEMES))


def picture_of(drawn: Graph | Outline, level: str | None = None, sizes: Mapping[str, int] | None = None,
               block: str | None = None) -> Picture:  # fmt: skip
    """What a picture shows: of a graph the ``overview`` or its ``blocks`` (or one ``block``), of an outline the
    ``schematic``.

    With ``sizes`` (see `netspec.analysis.bind_inputs`) the shapes on the links are numbers. Raises ValueError for a
    level that does not exist or that is drawn of something else, `RenderError` where there is too much to draw.
    """
    level = _known("level", level or ("schematic" if isinstance(drawn, Outline) else "overview"), LEVELS)
    if isinstance(drawn, Outline) != (level == "schematic"):
        raise ValueError("the level `schematic` is drawn of `spec.outline(…)`, the others of `spec.elaborate(…)`")
    if block is not None and level != "blocks":
        raise ValueError(f"one block is drawn at the level `blocks`, not `{level}`")
    if isinstance(drawn, Outline):
        return schematic(drawn)
    return blocks(drawn, sizes, block) if level == "blocks" else overview(drawn, sizes)


def format_of(path: str | os.PathLike[str]) -> str:
    """The format that a file's ending asks for. Raises ValueError for an ending that none has."""
    name = os.path.basename(os.fspath(path))
    ending = os.path.splitext(name)[1].removeprefix(".").lower()
    if not ending:
        raise ValueError(f"`{name}` has no ending: {', '.join(f'.{f}' for f in FORMATS)}")
    return _known("format", ending, FORMATS)


def _known(kind: str, name: str, names: Mapping[str, object] | tuple[str, ...]) -> str:
    if name not in names:
        near = closest(name, names)
        raise ValueError(f"there is no {kind} `{name}`: " + (f"did you mean `{near}`?" if near else
                         f"there are {', '.join(names)}"))  # fmt: skip
    return name
