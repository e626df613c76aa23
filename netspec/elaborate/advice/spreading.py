"""The advice for joins in which torch would spread an axis in silence: gates, layer scale, positions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from netspec.diagnostics import Edit, appended
from netspec.dims import Condition, Dim, Size, decide
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.proofs.clauses import Clause, edits_of
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Tensor
from netspec.graph import RawTensor
from netspec.source import Span
from netspec.syntax import ast

if TYPE_CHECKING:
    from netspec.ops.base import Op


class Advice(NamedTuple):
    """A help, and what does it to the text, where that is known."""

    help: str = ""
    edits: tuple[Edit, ...] = ()


def of_ranks(op: Op, inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice:
    """Two tensors of different rank: how the one of lower rank says which axes it is spread over."""
    if len(inputs) != 2:
        return Advice()
    low, high = sorted(inputs, key=lambda t: t.type.rank)
    missing, dims = high.type.rank - low.type.rank, low.type.dims
    if not missing or not dims:
        return Advice()
    if dims == high.type.dims[: len(dims)] and type(op).__name__ != "matmul":
        index = f"[{', '.join([':'] * len(dims) + ['None'] * missing)}]"
        return _indexed(low, index, "gives it the axes that it is spread over", span, frame)
    if dims == high.type.dims[missing:] or _are_factors(op, *inputs):
        return _indexed(low, f"[{', '.join(['None'] * missing)}]", "adds the axes before", span, frame)
    name, ones = _name(low, frame) or "(…)", ", ".join(["None"] * missing)
    adds = "adds axes before" if missing > 1 else "adds an axis before"
    return Advice(f"only tensors of one rank are joined: `{name}[{ones}]` {adds}, `{name}[..., {ones}]` behind")


def _are_factors(op: Op, left: Tensor, right: Tensor) -> bool:
    """Whether two tensors are matrices that can be multiplied, but for the axes before."""
    ranks = min(left.type.rank, right.type.rank)
    return type(op).__name__ == "matmul" and ranks == 2 and left.type.dims[-1] == right.type.dims[-2]


def of_gate(inputs: Sequence[Tensor]) -> Advice:
    """Two factors of the same channels and another resolution: a gate that is not pooled to one number a channel."""
    dims = [t.type.dims for t in inputs]
    if len(dims) != 2 or len(dims[0]) < 3 or len(dims[0]) != len(dims[1]) or dims[0][:2] != dims[1][:2]:
        return Advice()
    return Advice("a gate is spread over axes that are literally 1: `AdaptiveAvgPool(1)` gives it such")


def of_raw(inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice:
    """A param or buffer that does not fit the other operand; nothing where there is none."""
    draft = frame.draft
    raw = [t for t in inputs if draft and isinstance(draft.steps[t.ref.node].body, RawTensor)]
    if draft is None or len(inputs) != 2 or len(raw) != 1:
        return Advice()
    (own,) = raw
    other = next(t for t in inputs if t is not own)
    return _of_channels(own, other, draft) or _of_positions(own, other, span, frame) or _declared(own, other, draft)


def _of_channels(own: Tensor, other: Tensor, draft: Draft) -> Advice | None:
    """One number per channel, ``param gamma: [64]``, of an image: axes of size 1 must follow."""
    axes = other.type.rank - 2
    if own.type.rank != 1 or axes < 1 or own.type.dims[0] != other.type.dims[1]:
        return None
    name, ones = _label(own, draft), ", 1" * axes
    written = f"[{own.type.dims[0]}{ones}]"
    found = (s for s in draft.statements if isinstance(s, ast.RawTensor) and s.name == name and s.dims)
    ends = [s.dims[-1].span.end for s in found]
    edits = tuple(Edit(Span(own.span.source, end, end), ones) for end in ends)
    return Advice(f"its axes are the last ones of the other: declare `{name}: {written}` for one per channel", edits)


def _of_positions(own: Tensor, other: Tensor, span: Span, frame: Frame) -> Advice | None:
    """A number of rows against an open size: ``position[:, :x.shape[1]]`` takes as many as there are."""
    shift, name = other.type.rank - own.type.rank, _name(other, frame)
    if shift < 0 or name is None:
        return None
    open_ = [i for i, n in enumerate(own.type.dims) if n != 1 and isinstance(other.type.dims[i + shift], Dim)]
    fits = [n in (1, other.type.dims[i + shift]) for i, n in enumerate(own.type.dims) if i not in open_]
    if len(open_) != 1 or not all(fits):
        return None
    (axis,) = open_
    index = f"[{', '.join([':'] * axis + [f':{name}.shape[{axis + shift}]'])}]"
    advice = _indexed(own, index, "takes as many as there are", span, frame)
    return advice._replace(edits=(*advice.edits, *_admitted(other.type.dims[axis + shift], own.type.dims[axis], frame)))


def _admitted(size: Size, most: Size, frame: Frame) -> tuple[Edit, ...]:
    """The contract of a network by which an open size of it is at most a number; it is no number of rows else."""
    draft, name, condition = frame.draft, str(size), Condition(size, "<=", most)
    if draft is None or draft.kind != "network" or name not in frame.session.symbols:
        return ()
    if decide(condition, frame.session.domain).truth == "always":
        return ()
    return edits_of([Clause(f"{name} <= {most}", (name,), (condition,))], draft, frame.session)


def _declared(own: Tensor, other: Tensor, draft: Draft) -> Advice:
    """Numbers that differ: what the param should be, axes of size 1 kept."""
    dims = other.type.dims[other.type.rank - own.type.rank :] if other.type.rank >= own.type.rank else ()
    wanted = [n if n == 1 else d for n, d in zip(own.type.dims, dims, strict=False)]
    if not wanted or any(isinstance(d, Dim) for d in wanted):
        return Advice()
    written = ", ".join(map(str, wanted))
    found = (s for s in draft.statements if isinstance(s, ast.RawTensor) and s.name == _label(own, draft) and s.dims)
    edits = tuple(Edit(s.dims[0].span.to(s.dims[-1].span), written) for s in found if s.kind == "param")
    return Advice(f"declare it with the sizes of the other: `[{written}]`", edits)


def _indexed(tensor: Tensor, index: str, does: str, span: Span, frame: Frame) -> Advice:
    """``gate[:, :, None, None]``, written in the place of ``gate`` where that stands once in the join."""
    name = _name(tensor, frame)
    found = list(re.finditer(rf"(?<![\w.]){re.escape(name)}\b(?![\[(])", span.text)) if name else []
    edits: tuple[Edit, ...] = ()
    if len(found) == 1:
        end = span.start + found[0].end()
        edits = (Edit(Span(span.source, end, end), index),)
    own = tensor.span
    if name is None and _is_call(own.text) and span.start < own.start and own.end <= span.end:
        name, edits = own.text, (appended(own, index),)
    return Advice(f"`{name or '(…)'}{index}` {does}", edits)


_is_call = re.compile(r"\w+\([^()\n]{,60}\)").fullmatch


def _name(tensor: Tensor, frame: Frame) -> str | None:
    names = [n for n, v in frame.names.items() if isinstance(v, Tensor) and v.ref == tensor.ref]
    return names[-1] if names else None


def _label(tensor: Tensor, draft: Draft) -> str:
    body = draft.steps[tensor.ref.node].body
    return body.label if isinstance(body, RawTensor) else tensor.ref.node
