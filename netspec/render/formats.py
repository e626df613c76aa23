"""Which levels and formats there are, and the text of a picture."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from netspec.graph import Graph
from netspec.render.dot import dot
from netspec.render.mermaid import mermaid
from netspec.render.overview import overview
from netspec.render.picture import Picture
from netspec.render.svg import svg
from netspec.render.theme import THEMES

#: What each file ending is written by.
FORMATS: Mapping[str, Callable[[Picture, str], str]] = {"mmd": mermaid, "dot": dot, "svg": svg}
LEVELS: Mapping[str, Callable[[Graph, Mapping[str, int] | None], Picture]] = {"overview": overview}

__all__ = ["FORMATS", "LEVELS", "THEMES", "format_of", "picture_text"]


def picture_text(
    graph: Graph, format: str, level: str = "overview", theme: str = "light", sizes: Mapping[str, int] | None = None
) -> str:
    """The text of a picture file: ``mmd`` (Mermaid), ``dot`` (Graphviz) or ``svg``.

    With ``sizes`` (see `netspec.analysis.bind_inputs`) the shapes on the links are numbers. The same graph gives the
    same text. Raises ValueError for a format, level or theme that does not exist, `RenderError` where a chart is too
    large for Mermaid or no Graphviz draws the SVG.

    >>> print(picture_text(graph, "mmd"))  # doctest: +SKIP
    """
    write = FORMATS[_known("format", format, FORMATS)]
    make = LEVELS[_known("level", level, LEVELS)]
    return write(make(graph, sizes), _known("theme", theme, THEMES))


def format_of(path: str | os.PathLike[str]) -> str:
    """The format that a file's ending asks for. Raises ValueError for an ending that none has."""
    ending = os.path.splitext(os.fspath(path))[1].removeprefix(".").lower()
    return _known("format", ending, FORMATS)


def _known(kind: str, name: str, names: Mapping[str, object]) -> str:
    if name not in names:
        raise ValueError(f"there is no {kind} `{name}`: there are {', '.join(names)}")
    return name
