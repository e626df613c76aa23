"""A summary as a plain table."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.analysis.calls import Row, Shape
from netspec.analysis.summary import Summary
from netspec.dims import Size

HEAD = ("path", "op", "output shape", "parameters", "multiply-adds")
RIGHT = (False, False, False, True, True)
#: A symbolic cost is written out up to this many characters in a row, and up to this many terms in the total.
COST_WIDTH = 48
COST_TERMS = 12


def table(summary: Summary) -> str:
    """The table as text, lines without trailing blanks.

    Numbers stand right with thousands separated by commas; symbolic multiply-adds stand as the product that they
    are, or as ``...`` where that is too long to read.
    """
    rows = [HEAD, *map(_cells, summary.rows)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEAD))]
    lines = [_line(row, widths) for row in rows]
    rule = "-" * max(map(len, lines))
    return "\n".join([_title(summary), rule, lines[0], rule, *lines[1:], rule, *_totals(summary), rule])


def shape_text(shape: Shape) -> str:
    """``[B, 64, T, ceil(H/4), ceil(W/4)]``."""
    return f"[{', '.join(map(str, shape))}]"


def size_text(size: Size) -> str:
    """A number with its thousands separated, a symbolic size with those of its factors."""
    return f"{size:,}" if isinstance(size, int) else " + ".join(_product(t) for t in str(size).split(" + "))


def _product(text: str) -> str:
    """``28224*B*T`` with its first factor as ``28,224``."""
    number, star, rest = text.partition("*")
    return f"{int(number):,}{star}{rest}" if number.isascii() and number.isdigit() else text


def _title(summary: Summary) -> str:
    inputs = ", ".join(f"{name}: {shape_text(shape)}" for name, shape in summary.inputs.items())
    return f"{summary.name}({inputs})"


def _cells(row: Row) -> tuple[str, ...]:
    shapes = ", ".join(map(shape_text, row.outputs))
    return row.path, row.op, shapes, f"{row.parameters:,}", _cost(row.multiply_adds)


def _cost(size: Size) -> str:
    text = size_text(size)
    return text if len(text) <= COST_WIDTH else "..."


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (c.rjust(w) if right else c.ljust(w) for c, w, right in zip(cells, widths, RIGHT, strict=True))
    return "  ".join(padded).rstrip()


def _totals(summary: Summary) -> list[str]:
    counts = [
        *((name, [count]) for name, count in summary.counts.items()),
        ("Convolutions along the depth", [f"{summary.nlayers:,}"]),
        ("Multiply-adds", _total_cost(summary.multiply_adds)),
        *((name, [size]) for name, size in _sizes(summary).items()),
    ]
    return [line for name, lines in counts for line in _entry(name, lines)]


def _entry(name: str, lines: Sequence[str]) -> list[str]:
    """``name: first line``, the others below the first."""
    return [f"{f'{name}:' if i == 0 else ' ' * (len(name) + 1)} {line}" for i, line in enumerate(lines)]


def _total_cost(size: Size) -> list[str]:
    """One term to a line."""
    terms = size_text(size).split(" + ")
    if len(terms) > COST_TERMS:
        return [f"a sum of {len(terms)} terms in the open sizes; give input sizes for a number"]
    return [term if i == 0 else f"+ {term}" for i, term in enumerate(terms)]


def _sizes(summary: Summary) -> dict[str, str]:
    mb = summary.megabytes
    if mb is None:
        return {}
    batch = next(iter(summary.inputs.values()), (1,))[0]
    return mb.named if batch == 1 else {**mb.named, "Batch": f"{batch}; the sizes in MB are those of one sample"}
