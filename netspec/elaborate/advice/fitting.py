"""The advice for concatenations, sums and matrix products of tensors that fit when they are written otherwise."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from netspec.diagnostics import Edit
from netspec.dims import Condition, Size, decide
from netspec.elaborate.advice.operands import name_of, names_of, rewritten
from netspec.elaborate.advice.spreading import Advice
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Tensor
from netspec.ops.contract import Refused
from netspec.source import Span
from netspec.types import TensorType

if TYPE_CHECKING:
    from netspec.ops.base import Op

#: The factors by which a coarser tensor is enlarged.
_FACTORS = (2, 4, 8, 16)


def of_concat(op: Op, inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice:
    """Concatenated along another axis, one operand spread over the others' sizes, or enlarged to them."""
    spread = _of_grid(inputs, span, frame) or _of_ones(op, inputs, span, frame)
    return _of_axis(op, inputs, span) or spread or _of_factor(inputs, span, frame) or Advice()


def _of_axis(op: Op, inputs: Sequence[Tensor], span: Span) -> Advice | None:
    """Along axis 1 where another one is written and does not fit."""
    if op.__dict__["axis"] == 1 or not _fits(type(op)(), [t.type for t in inputs]):
        return None
    found = re.search(r",\s*axis\s*=[^,()]*", span.text)
    edits = (Edit(Span(span.source, span.start + found.start(), span.start + found.end()), ""),) if found else ()
    return Advice("along axis 1, the channels, they fit; it is the default", edits)


def _fits(op: Op, types: Sequence[TensorType]) -> bool:
    try:
        needs = op.infer(*types).needs
    except Refused:
        return False
    return all(_equal(n.left, n.right) for n in needs if n.relation == "==")


def _equal(left: Size, right: Size) -> bool:
    return decide(Condition(left, "==", right)).truth == "always"


def _of_grid(inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice | None:
    """A tensor pooled to one cell, beside one of a whole grid."""
    cells = [t for t in inputs if t.type.rank > 2 and all(size == 1 for size in t.type.spatial)]
    whole = next((t for t in inputs if t not in cells and name_of(t, frame)), None)
    if len(cells) != 1 or whole is None:
        return None
    grid = name_of(whole, frame)
    text, edits = rewritten(cells[0], lambda name: f"expand({name}, (-1, -1, *{grid}.spatial))", span, frame)
    return Advice(f"`{text}` repeats it over the grid", edits)


def _of_ones(op: Op, inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice | None:
    """A class token ``[1, 1, C]`` beside ``[B, L, C]``: it fits when its axes of size 1 are repeated."""
    if len(inputs) != 2 or inputs[0].type.rank != inputs[1].type.rank:
        return None
    along = op.__dict__["axis"] % inputs[0].type.rank
    for own, other in (inputs, reversed(inputs)):
        pairs = [(a, b) for i, (a, b) in enumerate(zip(own.type.dims, other.type.dims, strict=True)) if i != along]
        if pairs and all(a == 1 or _equal(a, b) for a, b in pairs):
            wanted = [_size(b, other, i, frame) if a == 1 != b and i != along else "-1"
                      for i, (a, b) in enumerate(zip(own.type.dims, other.type.dims, strict=True))]  # fmt: skip
            sizes = ", ".join(wanted)
            text, edits = rewritten(own, lambda name, to=sizes: f"expand({name}, ({to}))", span, frame)  # type: ignore[misc]
            return Advice(f"`{text}` repeats it", edits if "…" not in sizes else ())
    return None


def _size(size: Size, tensor: Tensor, axis: int, frame: Frame) -> str:
    """A size as a spec can write it: a number, the name of an open size, or a fact of the tensor that has it."""
    if isinstance(size, int) or str(size) in frame.names:
        return str(size)
    return f"{name_of(tensor, frame) or '…'}.shape[{axis}]"


def cropping(op: Op, inputs: Sequence[Tensor], frame: Frame) -> str:
    """The help that crops operands whose axes from 2 on differ; empty where cropping does not make them fit.

    Where it is not known which one is larger, interpolation gives one the sizes of the other.
    """
    name = type(op).__name__
    differing = _differing(inputs, op.__dict__.get("axis"))
    if op.family != "join" or not differing or min(differing) < 2:
        return ""
    if name == "concat":
        return '`concat(…, align="center")` crops them'
    if name not in ("add", "sub", "mul", "div") or len(inputs) != 2:
        return ""
    names = [name_of(t, frame) or "…" for t in inputs]
    for (large, small), (one, other) in ((inputs, names), (inputs[::-1], names[::-1])):
        pairs = zip(large.type.spatial, small.type.spatial, strict=True)
        truths = {decide(Condition(a, ">=", b), frame.session.domain).truth for a, b in pairs}
        if truths == {"always"}:
            return f"`crop({one}, like={other})` crops the larger one"
        if "unknown" in truths:
            return f"`interpolate({other}, like={one})` gives one the sizes of the other"
    return ""


def _differing(inputs: Sequence[Tensor], along: int | None) -> set[int]:
    """The axes whose sizes are not always equal; none where the ranks differ."""
    first, *others = (t.type.dims for t in inputs)
    if any(len(dims) != len(first) for dims in others):
        return set()
    skipped = along % len(first) if along is not None else None
    return {i for i, a in enumerate(first) if i != skipped and not all(_equal(a, dims[i]) for dims in others)}


def _of_factor(inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice | None:
    """A coarser tensor, which fits when it is enlarged by a whole factor."""
    if len(inputs) != 2 or len({t.type.rank for t in inputs}) != 1 or inputs[0].type.rank < 3:
        return None
    domain = frame.session.domain
    for coarse, fine in (inputs, reversed(inputs)):
        for factor in _FACTORS:
            pairs = zip(coarse.type.spatial, fine.type.spatial, strict=True)
            if all(decide(Condition(factor * a, "==", b), domain).truth == "always" for a, b in pairs):
                step = f"up: Upsample(scale_factor={factor})"
                free = frame.draft is not None and "up" not in frame.draft.labels
                text, edits = rewritten(coarse, lambda name, s=step: f"({name} -> {s})", span, frame)  # type: ignore[misc]
                return Advice(f"enlarge the coarser one: `{text}`", edits if free else ())
    return None


def of_concat_ranks(inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice:
    """Vectors beside tensors of one cell: flattened they are vectors too."""
    cells = [t for t in inputs if t.type.rank > 2 and all(size == 1 for size in t.type.spatial)]
    if any(t.type.rank != 2 for t in inputs if t not in cells) or not cells:
        return Advice("operands need one rank: `y[:, :, None, None]` adds axes, `flatten(y)` merges them")
    written = [rewritten(t, lambda name: f"flatten({name})", span, frame) for t in cells]
    edits = tuple(e for _, es in written for e in es)
    return Advice(f"{' and '.join(f'`{text}`' for text, _ in written)} makes it [batch, channels]", edits)


def of_matmul(inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice:
    """Factors with the same last axis: the second one is to be transposed."""
    left, right = (t.type.dims for t in inputs)
    if len(left) != len(right) or not _equal(left[-1], right[-1]):
        return Advice()
    before = " ".join("bhgk"[: len(right) - 2])
    pattern = f'"{before} n d -> {before} d n"'
    if names_of(inputs[1], frame) == names_of(inputs[0], frame):
        return Advice(f"transpose the second one: `rearrange(y, {pattern})`")
    text, edits = rewritten(inputs[1], lambda name: f"rearrange({name}, {pattern})", span, frame)
    return Advice(f"transpose the second one: `{text}`", edits)


def of_sum(failed: Sequence[Any], inputs: Sequence[Tensor], frame: Frame) -> Advice:
    """A sum of tensors whose channels alone differ."""
    if len(failed) != 1 or any(t.type.rank < 2 for t in inputs):
        return Advice()
    channels = [t.type.dims[1] for t in inputs]
    names = [name_of(t, frame) or "…" for t in inputs]
    if not all(isinstance(c, int) for c in channels) or {failed[0].left, failed[0].right} - set(channels):
        return Advice()
    return Advice(f"a sum needs equally many channels; `concat({', '.join(names)})` puts them one after the other")
