"""Which levels and formats there are, and the text of a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from netspec.analysis.diff.model import Difference
from netspec.diagnostics import closest
from netspec.elaborate import Outline
from netspec.graph import Graph
from netspec.render.formats.dot import dot
from netspec.render.formats.mermaid import mermaid
from netspec.render.formats.png import png
from netspec.render.formats.svg import svg
from netspec.render.formats.theme import THEMES
from netspec.render.levels.blocks import blocks
from netspec.render.levels.changes import changes
from netspec.render.levels.ops import ops
from netspec.render.levels.overview import overview
from netspec.render.levels.schematic import schematic
from netspec.render.picture import Picture

#: What each file ending is written by.
FORMATS: Mapping[str, Callable[[Picture, str], str | bytes]] = {"mmd": mermaid, "dot": dot, "svg": svg, "png": png}
LEVELS = ("overview", "blocks", "ops", "schematic")

#: What can be drawn.
Drawable = Graph | Outline | Difference

__all__ = ["FORMATS", "LEVELS", "THEMES", "format_of", "picture_file", "picture_of", "picture_text"]


def picture_file(drawn: Drawable, format: str, level: str | None = None, theme: str = "light",
                 sizes: Mapping[str, int] | None = None, block: str | None = None) -> bytes:  # fmt: skip
    """The content of a picture file: ``mmd`` (Mermaid), ``dot`` (Graphviz), ``svg`` or ``png``. See `picture_of`.

    The same input gives the same bytes, as long as the same Graphviz draws. Raises ValueError for a format, level,
    theme or block that does not exist, `RenderError` where a chart is too large for Mermaid or PNG, or no Graphviz
    draws it; warns with `RenderWarning` where another one had to.

    >>> picture_file(graph, "png")[:4]  # doctest: +SKIP
    b'\\x89PNG'
    """
    write = FORMATS[_known("format", format, FORMATS)]
    content = write(picture_of(drawn, level, sizes, block), _known("theme", theme, THEMES))
    return content if isinstance(content, bytes) else content.encode()


def picture_text(drawn: Drawable, format: str, level: str | None = None, theme: str = "light",
                 sizes: Mapping[str, int] | None = None, block: str | None = None) -> str:  # fmt: skip
    """`picture_file` of a format that is text: ``mmd``, ``dot`` or ``svg``.

    >>> print(picture_text(graph, "mmd"))  # doctest: +SKIP
    """
    if format == "png":
        raise ValueError("a PNG is no text: `picture_file` has its bytes")
    return picture_file(drawn, format, level, theme, sizes, block).decode()


def picture_of(drawn: Drawable, level: str | None = None, sizes: Mapping[str, int] | None = None,
               block: str | None = None) -> Picture:  # fmt: skip
    """What a picture shows: of a graph the ``overview``, its ``blocks`` or ``ops`` (or those of one ``block``), of an
    outline the ``schematic``. A difference is drawn in one way.

    With ``sizes`` (see `netspec.analysis.bind_inputs`) the shapes on the links are numbers. Raises ValueError for a
    level that does not exist or that is drawn of something else, `RenderError` where there is too much to draw.
    """
    if isinstance(drawn, Difference):
        if level is not None or block is not None:
            raise ValueError("a difference has no levels: what changed is drawn, in the network and in its blocks")
        return changes(drawn)
    level = _known("level", level or ("schematic" if isinstance(drawn, Outline) else "overview"), LEVELS)
    if isinstance(drawn, Outline) != (level == "schematic"):
        raise ValueError("the level `schematic` is drawn of `spec.outline(…)`, the others of `spec.elaborate(…)`")
    if block is not None and level not in ("blocks", "ops"):
        raise ValueError(f"one block is drawn at the levels `blocks` and `ops`, not `{level}`")
    if isinstance(drawn, Outline):
        return schematic(drawn)
    if level == "overview":
        return overview(drawn, sizes)
    return ops(drawn, sizes, block) if level == "ops" else blocks(drawn, sizes, block)


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
