"""Which cells of an operand a cell of the result is computed from, axis by axis. Needs no pydantic.

The data of receptive fields: an op says it of one step (`Op.reads`), `netspec.analysis.cost` composes the steps of a
network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor
from typing import TYPE_CHECKING, Literal, NamedTuple

from netspec.dims import Size, product
from netspec.types import TensorType

if TYPE_CHECKING:
    from fractions import Fraction


class Cells(NamedTuple):
    """A run of cells along one axis of an operand, which moves with the position along ``axis`` of the result.

    With ``n = len(first)``, the cell ``n * m + r`` of the result takes those from ``step * m + first[r]`` to
    ``step * m + last[r]``; none where ``first[r] > last[r]``. Without an axis it takes those from ``first[0]`` to
    ``last[0]`` wherever it is. Cells outside the operand are padding.
    """

    axis: int | None
    step: int
    first: tuple[int, ...]
    last: tuple[int, ...]


#: ``all``: every cell of the axis, or any of them. ``open``: which ones depends on sizes that are not known.
Reads = Cells | Literal["all", "open"]

#: The bounds of a run without cells.
NOTHING = (1 << 60, -(1 << 60))
#: The most positions after which a pattern is repeated.
MOST_PHASES = 1 << 12


def window(axis: int | None, step: int, first: int, last: int) -> Cells:
    """A window of a convolution or pool: it moves by ``step`` cells, and begins at ``first`` (negative: in padding)."""
    return Cells(axis, step, (first,), (last,))


def same(axis: int) -> Cells:
    """The cell at the same position."""
    return Cells(axis, 1, (0,), (0,))


#: The cell 0, of an axis that has no other.
ONLY = Cells(None, 0, (0,), (0,))


def phases(axis: int, step: int, runs: Iterable[tuple[int, int]]) -> Reads:
    """A pattern of several runs, one for each of the first positions; then it is repeated, moved by ``step``."""
    first, last = zip(*runs, strict=True)
    return Cells(axis, step, first, last) if len(first) <= MOST_PHASES else "open"


def pointwise(operand: TensorType, result: TensorType) -> tuple[Reads, ...]:
    """Each cell by itself; axes of size 1 are spread, and leading axes of the result may be missing."""
    ahead = result.rank - operand.rank
    return tuple(ONLY if _is_1(size) else same(axis + ahead) for axis, size in enumerate(operand.dims))


def everything(operand: TensorType) -> tuple[Reads, ...]:
    return tuple("all" for _ in range(operand.rank))


def mixed(operand: TensorType, axes: Iterable[int]) -> tuple[Reads, ...]:
    """Every cell along some axes, each by itself along the others; negative axes count from the end."""
    taken = {axis % operand.rank for axis in axes}
    return tuple("all" if axis in taken else same(axis) for axis in range(operand.rank))


def sliding(windows: Sequence[Reads]) -> tuple[Reads, ...]:
    """``[batch, channels, *spatial]``: samples apart, all channels, the windows over the rest."""
    return (same(0), "all", *windows)


def per_channel(windows: Sequence[Reads]) -> tuple[Reads, ...]:
    """As `sliding`, channels apart."""
    return (same(0), same(1), *windows)


def resampled(axis: int, size: Size, out: Size, runs: Callable[[Fraction, int], tuple[int, int]],
              ratio: Fraction | None = None) -> Reads:  # fmt: skip
    """A grid of another size: ``runs(ratio, position)`` are the first and last cell for a position.

    ``ratio`` is the size divided by that of the result, where it is the same for all sizes; else sizes must be known.
    """
    if ratio is None:
        from fractions import Fraction  # decimal and more: not for every check

        if not (isinstance(size, int) and isinstance(out, int)):
            return same(axis) if size == out else "open"
        ratio = Fraction(size, out)
    if ratio.denominator > MOST_PHASES:  # no fraction of small numbers: position by position
        if not (isinstance(size, int) and isinstance(out, int)):
            return "open"
        return phases(axis, size, [runs(ratio, p) for p in range(min(out, MOST_PHASES + 1))])
    return phases(axis, ratio.numerator, [runs(ratio, p) for p in range(ratio.denominator)])


def adaptive(ratio: Fraction, position: int) -> tuple[int, int]:
    """The window of adaptive pools: from ``floor(p * ratio)`` to before ``ceil((p + 1) * ratio)``."""
    return floor(position * ratio), ceil((position + 1) * ratio) - 1


def centred(axis: int, size: Size, out: Size) -> Reads:
    """A crop in the middle, its offset rounded down."""
    extra = size - out
    return window(axis, 1, extra // 2, extra // 2) if isinstance(extra, int) else "open"


def merged(sizes: Sequence[Size], axis: int) -> tuple[Reads, ...]:
    """Several axes that become the one ``axis``, the last one running fastest."""
    found: list[Reads] = []
    for number, size in enumerate(sizes):
        later = product(sizes[number + 1 :])
        if _is_1(size):
            found.append(ONLY)
        elif not all(map(_is_1, sizes[:number])):
            found.append("all")
        else:
            found.append(phases(axis, 1, [(0, 0)] * min(later, MOST_PHASES + 1)) if isinstance(later, int) else "open")
    return tuple(found)


def _is_1(size: Size) -> bool:
    return isinstance(size, int) and size == 1
