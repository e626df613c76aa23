"""Applying an op to tensors: attributes, shape rule, what must hold, and the node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netspec import limits
from netspec.diagnostics import Mistake, mistake, with_help
from netspec.dims import SizeTooLarge
from netspec.elaborate import operations
from netspec.elaborate.advice.changes import edits_of, step_edits
from netspec.elaborate.advice.corrections import corrected
from netspec.elaborate.advice.fitting import of_concat_ranks
from netspec.elaborate.advice.habits import pasted
from netspec.elaborate.advice.spreading import Advice, of_ranks
from netspec.elaborate.blocks.draft import Registered
from netspec.elaborate.blocks.named import with_named
from netspec.elaborate.program import BlockRef
from netspec.elaborate.proofs.deciding import charge_sizes
from netspec.elaborate.proofs.needs import check_needs, operand_labels
from netspec.elaborate.session import Frame, Session
from netspec.elaborate.values.kinds import Part, Tensor
from netspec.graph import Drawing, OpCall
from netspec.ops.contract import Inferred, Refused
from netspec.source import Span
from netspec.types import TensorType

if TYPE_CHECKING:
    from netspec.ops.base import Op

#: What a node costs, in steps of elaboration.
NODE_COST = 50


def make_op(part: Part, session: Session) -> Op:
    """The op with the attributes bound so far; equal parts share it. Raises `Mistake`."""
    assert not isinstance(part.target, BlockRef)
    known = session.ops.get(part.key)
    if known is not None:
        return known
    operands = part.target.op.operands
    attributes, target = {n: v for n, v in part.bound if n not in operands}, part.target
    try:
        op = operations.make(part.target, attributes)
    except Refused as refused:
        code = "NS202" if refused.attribute and refused.attribute not in attributes else "NS203"
        place, name = part.place(refused.attribute), refused.attribute or ""
        help_ = refused.help if refused.change or name not in attributes else corrected(
            attributes[name], place, lambda v: operations.accepts(target, {**attributes, name: v}),
            operations.choices(target, name),
        )  # fmt: skip
        mistake(code, refused.message, place, help=help_ or refused.help,
                edits=edits_of(refused.change, part, part.span))  # fmt: skip
    session.charge(part.span, part.extent.size)
    if not operands:
        session.ops[part.key] = op
    return op


def apply_op(
    part: Part,
    op: Op,
    inputs: Sequence[Tensor],
    frame: Frame,
    span: Span,
    registered: Registered | None = None,
    drawings: tuple[Drawing, ...] = (),
) -> tuple[Tensor, ...]:
    """Add one call of an op to the definition being built; its outputs."""
    assert frame.draft is not None
    assert not isinstance(part.target, BlockRef)
    op, inputs = with_named(part, op, inputs, frame.draft)
    frame.session.charge(span, NODE_COST + len(inputs))
    types = tuple(t.type for t in inputs)
    inferred = _inferred(part, op, inputs, types, span, frame, registered)
    charge_sizes((d for t in inferred.outputs for d in t.dims), span, frame.session)
    try:
        check_needs(inferred.needs, op, inputs, frame, span, lambda c: step_edits(c, part, inputs, frame, registered))
    except Mistake as error:
        raise Mistake(with_help(error.diagnostic, pasted(part, types))) from None
    name = op.torch_name(*types) if op.is_module else part.name
    call = OpCall(part.target.name, name, op)
    if registered:
        registered.take(call, types)
    node_name = (registered.label if registered else None) or part.name
    outputs = frame.draft.add(node_name, call, inputs, inferred.outputs, span, registered, drawings)
    if frame.session.recorder is not None:
        frame.session.recorder.applied(part, outputs, frame.draft)
    return outputs


def _inferred(part: Part, op: Op, inputs: Sequence[Tensor], types: tuple[TensorType, ...], span: Span,
              frame: Frame, registered: Registered | None) -> Inferred:  # fmt: skip
    assert not isinstance(part.target, BlockRef)
    try:
        inferred = operations.infer(part.target, op, types)
        weights = op.weights(*types)
    except Refused as refused:
        place = part.place(refused.attribute) if refused.attribute else span
        code = "NS301" if op.family == "join" else "NS300"
        advice = of_ranks(op, inputs, place, frame) if refused.listed == "broadcast" else Advice()
        if part.name == "concat" and len({t.rank for t in types}) > 1:
            advice = of_concat_ranks(inputs, place, frame)
        edits = advice.edits or step_edits(refused.change, part, inputs, frame, registered)
        mistake(code, refused.message, place, help=refused.help or advice.help, related=operand_labels(inputs, place),
                edits=edits)  # fmt: skip
    except SizeTooLarge as error:
        mistake("NS601", f"a size too complicated: {error}", span)
    sizes = [d for t in inferred.outputs for d in t.dims] + [d for w in weights for d in w.shape]
    if any(isinstance(size, int) and size > limits.MAX_INTEGER for size in sizes):
        mistake("NS602", "a size beyond 2**63", span)
    return inferred
