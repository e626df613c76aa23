"""The styles in which a summary is printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netspec.analysis.summary import Summary
from netspec.analysis.table import table
from netspec.analysis.torchsummary import torchsummary

STYLES: Mapping[str, Callable[[Summary], str]] = {"netspec": table, "torchsummary": torchsummary}


def written(summary: Summary, style: str) -> str:
    """The table in a style. Raises ValueError for one that does not exist."""
    if style not in STYLES:
        raise ValueError(f"there is no style `{style}`: there are {', '.join(STYLES)}")
    return STYLES[style](summary)
