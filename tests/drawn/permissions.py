"""What torch allows and netspec may refuse: the reasons of `netspec.ops.contract.LISTED_REFUSALS`, seen on tensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import prod
from typing import Any

import torch
from torch import Tensor

from tests.ops.draw_sequence import DRAWS as SEQUENCES
from tests.ops.generator import SPATIAL

#: layers that take other ranks in torch than those of their names
ANY_RANK = ("AdaptiveAvgPool", "ZeroPad", "ConstantPad", "Dropout")
#: an axis that seems to be literally 1, and is spread
GATE = "a gate"
#: functions of numbers that torch has for ints too
FLOAT = ("softmax", "matmul", "pow", "clamp", "maximum", "minimum", "mean", "sum", "amax", "amin", "pad")
Batch = list[Tensor | None]
Found = tuple[str, list[int]]


def layer(name: str, x: Tensor) -> Iterator[str]:
    """Of a layer with its input."""
    base = name[:-2] if name[-2:] in ("1d", "2d", "3d") else name
    if base in SPATIAL or base != name:
        axes = int(name[-2]) if name != base else max(x.dim() - 2, 1)
        if x.dim() == axes + 1:
            yield "unbatched"
        if base in ANY_RANK and x.dim() != axes + 2:
            yield "other_rank"
    if name in SEQUENCES and x.dim() == 2:
        yield "unbatched"
    if name == "FeatureAlphaDropout" and x.dim() < 2:
        yield "other_rank"
    if not x.is_floating_point():
        yield "dtype"


def join(batches: Sequence[Batch], alive: Sequence[int], raw: Sequence[bool] = ()) -> Iterator[Found]:
    """Of tensors that are joined element by element: axes and ranks that torch spreads, for these assignments.

    An axis that is 1 for all assignments seems to be literally 1, "a gate". A raw tensor may have a lower rank.
    """
    raw = raw or [False] * len(batches)
    sizes = {k: [tuple(_tensor(b, k).shape) for b in batches] for k in alive}
    if any(_tensor(b, k).dtype == torch.bool for b in batches for k in alive):
        yield "dtype", list(alive)
    ranks = {len(s) for k in alive for s, own in zip(sizes[k], raw, strict=True) if not own} or {0}
    if len(ranks) > 1 or any(len(s) > max(ranks) for k in alive for s in sizes[k]):
        yield "broadcast", list(alive)
        return
    yield from _spread(sizes, max(ranks))


def _spread(sizes: dict[int, list[tuple[int, ...]]], rank: int) -> Iterator[Found]:
    """The assignments for which an axis is spread, of size 1 there only or always."""
    padded = {k: [(1,) * (rank - len(s)) + s for s in shapes] for k, shapes in sizes.items()}
    for axis in range(rank):
        columns = list(zip(*([s[axis] for s in shapes] for shapes in padded.values()), strict=True))
        kept = [column for column in columns if any(size != 1 for size in column)]
        yield "broadcast", [k for k, *row in zip(padded, *kept, strict=True) if len(set(row)) > 1]
        if 0 < len(kept) < len(columns):
            yield GATE, list(padded)


def function(name: str, flow: Sequence[Batch], given: Mapping[int, Mapping[str, Any]]) -> Iterator[Found]:
    """Of a function of tensors with its arguments for each assignment."""
    alive = list(given)
    if name == "crop" and _tensor(flow[0], alive[0]).dim() < 3:
        yield "crop without axes to crop", alive
    if name == "matmul" and len(flow) == 2:
        yield from _matmul(flow, alive)
    if name == "expand":
        for k, kwargs in given.items():
            own = tuple(_tensor(flow[0], k).shape)
            asked = kwargs["size"][max(len(kwargs["size"]) - len(own), 0) :]
            if any(size not in (-1, 1) and old == 1 for size, old in zip(asked, own, strict=False)):
                yield GATE, [k]
    if name in ("maximum", "minimum", "masked_fill"):
        yield from join([_floating(b) for b in flow], alive)
    if name == "var":
        yield "no_variance", [k for k, kwargs in given.items() if _varied(_tensor(flow[0], k), kwargs) < 1]
    if name == "squeeze":
        yield "squeeze", [k for k, kwargs in given.items() if _tensor(flow[0], k).shape[kwargs["axis"]] != 1]
    if name == "chunk":
        sizes = {k: _tensor(flow[0], k).shape[kwargs.get("axis", 1)] for k, kwargs in given.items()}
        yield "uneven", [k for k, kwargs in given.items() if sizes[k] % kwargs["chunks"]]
    yield from _kinds(name, {_tensor(b, k).dtype for b in flow for k in alive}, alive)


def _kinds(name: str, kinds: set[torch.dtype], alive: list[int]) -> Iterator[Found]:
    """Of the dtypes of tensors."""
    floats = all(kind.is_floating_point for kind in kinds)
    if (name in ("concat", "stack") and len(kinds) > 1) or (name in FLOAT and not floats):
        yield "dtype", alive


def _varied(x: Tensor, kwargs: Mapping[str, Any]) -> int:
    """How many numbers a variance is of, without its correction."""
    axes = kwargs["axis"] if isinstance(kwargs["axis"], tuple) else (kwargs["axis"],)
    return prod(x.shape[axis] for axis in axes) - int(kwargs.get("correction", 1))


def _floating(batch: Batch) -> Batch:
    """A mask is no operand that must be a number."""
    return [None if t is None else t.double() for t in batch]


def _matmul(flow: Sequence[Batch], alive: Sequence[int]) -> Iterator[Found]:
    if len({_tensor(b, k).dim() for b in flow for k in alive}) > 1 or _tensor(flow[0], alive[0]).dim() < 2:
        yield "broadcast", list(alive)
        return
    sizes = {k: [tuple(_tensor(b, k).shape[:-2]) for b in flow] for k in alive}
    yield from _spread(sizes, _tensor(flow[0], alive[0]).dim() - 2)


def _tensor(batch: Batch, k: int) -> Tensor:
    tensor = batch[k]
    assert tensor is not None
    return tensor
