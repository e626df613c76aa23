"""Pictures of a network: a level makes a `Picture` of a graph, a format writes it.

The names are imported when they are first used: most commands draw nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netspec.render.drawing import FORMATS, LEVELS, THEMES, format_of, picture_file, picture_text
    from netspec.render.picture import Box, Cluster, Link, Picture, RenderError, RenderWarning

__all__ = [
    "FORMATS", "LEVELS", "THEMES", "Box", "Cluster", "Link", "Picture", "RenderError", "RenderWarning", "format_of",
    "picture_file", "picture_text",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from netspec.render import drawing, picture

    return getattr(picture if hasattr(picture, name) else drawing, name)
