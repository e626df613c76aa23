"""A table as data, and as plain text. The command line shows it through rich on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grid:
    """``right`` says of each column whether its cells stand right; ``totals`` are the lines below the rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    totals: tuple[str, ...] = ()


def plain(grid: Grid) -> str:
    """The table as text, lines without trailing blanks.

    >>> rows = (("conv1", "1,024"), ("fc", "10"))
    >>> print(plain(Grid("sizes", ("path", "size"), rows, (False, True), ("Total: 1,034",))))
    sizes
    ------------
    path    size
    ------------
    conv1  1,024
    fc        10
    ------------
    Total: 1,034
    ------------
    """
    widths = [max(map(len, column)) for column in zip(grid.head, *grid.rows, strict=True)]
    lines = [_line(cells, widths, grid.right) for cells in (grid.head, *grid.rows)]
    rule = "-" * max(map(len, lines))
    end = [*grid.totals, rule] if grid.totals else []
    return "\n".join([*([grid.title] if grid.title else []), rule, lines[0], rule, *lines[1:], rule, *end])


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = (c.rjust(w) if to_right else c.ljust(w) for c, w, to_right in zip(cells, widths, right, strict=True))
    return "  ".join(padded).rstrip()
