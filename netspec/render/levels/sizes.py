"""How the size of a tensor changes from one place to another."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from netspec.dims import Dim, Domain, Size, evaluate, substitute
from netspec.dims.simplest import simplest
from netspec.graph import Graph
from netspec.render.words import LABEL_LENGTH
from netspec.types import TensorType

#: A number put in for every open size to compare sizes: large, and divided evenly by the usual strides.
SAMPLE = 2**20 * 3**2 * 5 * 7
#: A larger stride is no stride: a tensor was rearranged.
MOST_STRIDE = 64
#: From this factor on a size counts as smaller or larger; below it a border was cut off or added.
LEAST_FACTOR = 1.5

Change = Literal["down", "up"]


def change(before: TensorType, after: TensorType, channels: int | None = 1) -> Change | None:
    """Down where the size of some axis falls and of none rises, up the other way round, else None.

    Batch and channels (the axis, -1 or 1) do not count. A tensor of another rank, or with open sizes on other axes, was
    rearranged, not resized.
    """
    factors = _factors(before, after, channels)
    falls, rises = any(f >= LEAST_FACTOR for f in factors), any(f <= 1 / LEAST_FACTOR for f in factors)
    if falls == rises:
        return None
    return "down" if falls else "up"


def shapes_text(before: TensorType, after: TensorType) -> str:
    """``[B, 256 → 128, T]``: the sizes that differ; one shape and below it the other where that is long, or their ranks
    differ."""
    apart = f"{before}\n→ {after}"
    if before.rank != after.rank or before.dtype != after.dtype:
        return apart
    pairs = zip(before.dims, after.dims, strict=True)
    sizes = ", ".join(str(b) if a == b else f"{a} → {b}" for a, b in pairs)
    together = f"{str(after).partition('[')[0]}[{sizes}]"
    return together if len(together) <= LABEL_LENGTH else apart


def shape_text(graph: Graph, sizes: Mapping[str, int] | None) -> Callable[[TensorType], str]:
    """How pictures of a network write shapes: in numbers for given ``sizes``, else as short as its contract allows."""
    stated = Domain(tuple(c.condition for c in graph.definition.contracts if c.kind == "stated"))

    def size(dim: Size) -> Size:
        return substitute(dim, sizes) if sizes else simplest(dim, stated)

    return lambda type_: str(TensorType(type_.dtype, tuple(map(size, type_.dims))))


def scale_text(before: TensorType, after: TensorType) -> str:
    """``stride (1, 2, 2)`` or ``scale 2`` where every open axis changes by a whole factor, else nothing."""
    axes = _open_axes(before) if before.rank == after.rank else []
    if not axes or not set(axes) <= set(_open_axes(after)):
        return ""
    factors = [_whole(_factor(before.dims[i], after.dims[i])) for i in axes]
    known = [f for f in factors if f is not None]
    if len(known) < len(factors) or all(f == 1 for f in known) or max(known) > MOST_STRIDE:
        return ""
    if all(f >= 1 for f in known):
        return f"stride {_tuple(known)}"
    follows = all(f <= 1 for f in known) and all(_follows(before.dims[i], after.dims[i]) for i in axes)
    return f"scale {_tuple([1 / f for f in known])}" if follows else ""


def _follows(before: Size, after: Size) -> bool:
    """Has a size one value for each of the one before? ``floor(H/4)`` has two for a ``floor(H/8)``: it is another's."""
    pairs = {(_sampled(before, s), _sampled(after, s)) for s in range(SAMPLE, SAMPLE + MOST_STRIDE + 1)}
    return len({size for size, _ in pairs}) == len(pairs)


def _tuple(values: Sequence[Fraction]) -> str:
    texts = [str(v) for v in values]
    return texts[0] if len(set(texts)) == 1 else f"({', '.join(texts)})"


def _open_axes(type_: TensorType) -> list[int]:
    return [i for i in range(1, type_.rank) if isinstance(type_.dims[i], Dim)]


def _factors(before: TensorType, after: TensorType, channels: int | None) -> list[Fraction]:
    """Per axis that has a size: those that are open, after the batch; where none is, all but the channels."""
    if not comparable(before, after):
        return []
    axes = _open_axes(before) or list(range(1, before.rank - 1) if channels == -1 else range(2, before.rank))
    return [_factor(before.dims[i], after.dims[i]) for i in axes]


def comparable(before: TensorType, after: TensorType) -> bool:
    """Do the axes of two tensors mean the same, as far as can be seen?"""
    if before.rank != after.rank or not set(_open_axes(after)) <= set(_open_axes(before)):
        return False
    return before.dims == after.dims or sorted(map(str, before.dims)) != sorted(map(str, after.dims))


def _factor(before: Size, after: Size) -> Fraction:
    return Fraction(max(_sampled(before), 1), max(_sampled(after), 1))


def _sampled(size: Size, sample: int = SAMPLE) -> int:
    return size if isinstance(size, int) else evaluate(size, dict.fromkeys(size.symbols, sample))


def _whole(factor: Fraction) -> Fraction | None:
    """The whole number, or one over it, that is within a thousandth of the factor."""
    for candidate in (Fraction(round(factor)), Fraction(1, max(round(1 / factor), 1))):
        if candidate and abs(factor / candidate - 1) < Fraction(1, 1000):
            return candidate
    return None
