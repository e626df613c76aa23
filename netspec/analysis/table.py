"""A summary as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from netspec.analysis.calls import Row, Shape
from netspec.analysis.grid import Grid, plain
from netspec.analysis.summary import Summary
from netspec.dims import Size

HEAD = ("path", "op", "output shape", "parameters", "multiply-adds")
RIGHT = (False, False, False, True, True)
#: A symbolic cost is written out up to this many characters in a row, and up to this many terms in the total.
COST_WIDTH = 48
COST_TERMS = 12


def grid(summary: Summary) -> Grid:
    """The table of a summary.

    Numbers stand right with thousands separated by commas; symbolic multiply-adds stand as the product that they
    are, or as ``...`` where that is too long to read.
    """
    rows = tuple(map(_cells, summary.rows))
    return Grid(title(summary.name, summary.inputs), HEAD, rows, RIGHT, tuple(_totals(summary)))


def table(summary: Summary) -> str:
    """The table as text."""
    return plain(grid(summary))


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


def title(network: str, inputs: Mapping[str, Shape]) -> str:
    """``Tiny(image: [1, 3, 32, 32])``."""
    return f"{network}({', '.join(f'{name}: {shape_text(shape)}' for name, shape in inputs.items())})"


def _cells(row: Row) -> tuple[str, ...]:
    shapes = ", ".join(map(shape_text, row.outputs))
    return row.path, row.op, shapes, f"{row.parameters:,}", cost_text(row.multiply_adds)


def cost_text(size: Size) -> str:
    """Multiply-adds in a row."""
    text = size_text(size)
    return text if len(text) <= COST_WIDTH else "..."


def _totals(summary: Summary) -> list[str]:
    counts = [
        *((name, [count]) for name, count in summary.counts.items()),
        ("Convolutions along the depth", [f"{summary.nlayers:,}"]),
        ("Multiply-adds", total_cost(summary.multiply_adds)),
        *((name, [size]) for name, size in _sizes(summary).items()),
    ]
    return [line for name, lines in counts for line in entry(name, lines)]


def entry(name: str, lines: Sequence[str]) -> list[str]:
    """``name: first line``, the others below the first."""
    return [f"{f'{name}:' if i == 0 else ' ' * (len(name) + 1)} {line}" for i, line in enumerate(lines)]


def total_cost(size: Size) -> list[str]:
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
