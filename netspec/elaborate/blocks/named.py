"""Tensors that an op is given by name: ``crop(x, like=y)``, ``MultiheadAttention(8, attn_mask=future)``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from netspec.diagnostics import mistake
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.program import BlockRef
from netspec.elaborate.values.kinds import Part, Tensor
from netspec.elaborate.values.words import kind

if TYPE_CHECKING:
    from netspec.ops.base import Op


def with_named(part: Part, op: Op, inputs: Sequence[Tensor], draft: Draft) -> tuple[Op, Sequence[Tensor]]:
    """The inputs with the tensors that were given by name after them, and the op that knows which these are."""
    assert not isinstance(part.target, BlockRef)
    operands = part.target.op.operands
    named = {n: part.arguments[n] for n in operands if part.arguments.get(n) is not None}
    if not named:
        return op, inputs
    by_place = operands[: len(inputs) - op.arity] if op.arity is not None else ()
    for name, value in named.items():
        place = part.place(name)
        if not isinstance(value, Tensor):
            mistake("NS203", f"`{part.name}` needs a tensor here, not {kind(value)}", place)
        if name in by_place:
            help_ = "it is among the tensors before `->` too"
            mistake("NS205", f"`{part.name}` gets `{name}` twice", place, help=help_)
        if not _is_of(value, draft):
            help_ = "a list calls its members with one tensor; a block takes its tensors as inputs: `(x, mask) -> …`"
            mistake("NS405", f"the tensor for `{name}` is not in this list or block", place, help=help_)
    if "named" in op.internal:
        op = op.model_copy(update={"named": (*by_place, *named)})
    return op, [*inputs, *named.values()]


def _is_of(tensor: Tensor, draft: Draft) -> bool:
    """Whether a tensor is of the definition being built: steps with arguments bound are passed into others."""
    around = draft.block.span if draft.block else draft.span
    inside = tensor.span.source is around.source and around.start <= tensor.span.start < around.end
    step = draft.steps.get(tensor.ref.node)
    return inside and step is not None and tensor.ref.port < len(step.types)
