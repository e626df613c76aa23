"""The ways of tensors back to what they come from, through layers whose arguments could be others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from netspec.dims import SizeTooLarge
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.values.kinds import Part, Tensor
from netspec.graph import Definition, OpCall, Ref, Repeat
from netspec.ops.contract import Refused
from netspec.types import TensorType

if TYPE_CHECKING:
    from netspec.ops.base import Op

#: The most layers of a way that are looked at.
_LONGEST = 40

Changes = Mapping[str, Mapping[str, Any]]
"""Other values of arguments, by the names of steps."""


class Link(NamedTuple):
    """A step with one input; ``part`` is what it is as written, ``op`` the op, both where there is one."""

    name: str
    source: TensorType
    result: TensorType
    part: Part | None
    op: Op | None

    def per_axis(self, attribute: str) -> tuple[int, ...] | None:
        """The value of an argument for each spatial axis; None where it has none."""
        value: Any = self.op.__dict__.get(attribute) if self.op else self.part and self.part.arguments.get(attribute)
        axes = self.source.rank - 2
        if value is None and attribute == "stride" and self.op is not None:  # of a pool
            return self.per_axis("kernel_size")
        if isinstance(value, int) and not isinstance(value, bool):
            return (value,) * axes
        fits = isinstance(value, tuple) and len(value) == axes and all(isinstance(v, int) for v in value)
        return value if fits else None

    def is_written(self, attribute: str) -> bool:
        return self.part is not None and attribute in dict(self.part.spans)


class Way(NamedTuple):
    """From ``start``, of a type, through links."""

    start: Ref
    type: TensorType
    links: tuple[Link, ...]

    @property
    def result(self) -> TensorType:
        return self.links[-1].result if self.links else self.type

    def after(self, changes: Changes) -> TensorType | None:
        """The type at its end with other arguments; None where they cannot be, or where that is not known."""
        type_ = self.type
        for link in self.links:
            if type_ == link.source and link.name not in changes:
                type_ = link.result
                continue
            op = link.op
            if op is None:
                return None
            try:
                if link.name in changes:
                    op = type(op)(**{**op.model_dump(), **changes[link.name]})
                (type_,) = op.infer(type_).outputs
            except (Refused, SizeTooLarge, ValueError):
                return None
        return type_


def way(tensor: Tensor, draft: Draft, until: frozenset[Ref] = frozenset()) -> Way:
    """The way of a tensor back to one of some places, or to where steps with one input end."""
    links: list[Link] = []
    ref = tensor.ref
    while ref not in until and len(links) < _LONGEST:
        step = draft.steps[ref.node]
        body = step.body.body if isinstance(step.body, Repeat) else step.body
        if len(step.inputs) != 1 or len(step.types) != 1 or not isinstance(body, (OpCall, Definition)):
            break
        value = step.module.value if step.module else None
        source = _type(step.inputs[0], draft)
        op = body.op if isinstance(body, OpCall) and body is step.body else None
        links.append(Link(step.name, source, step.types[0], value if isinstance(value, Part) else None, op))
        ref = step.inputs[0]
    return Way(ref, _type(ref, draft), tuple(reversed(links)))


def ways(inputs: Sequence[Tensor], draft: Draft) -> list[Way]:
    """The ways of several tensors, each back to a tensor from which another one comes too."""
    places = [_passed(t, draft) for t in inputs]
    found = []
    for i, tensor in enumerate(inputs):
        others = frozenset(ref for k, refs in enumerate(places) if k != i for ref in refs)
        found.append(way(tensor, draft, others))
    return found


def _passed(tensor: Tensor, draft: Draft) -> list[Ref]:
    """The tensors on the way of one."""
    refs = [tensor.ref]
    while len(refs) <= _LONGEST and len(draft.steps[refs[-1].node].inputs) == 1:
        refs.append(draft.steps[refs[-1].node].inputs[0])
    return refs


def _type(ref: Ref, draft: Draft) -> TensorType:
    return draft.steps[ref.node].types[ref.port]
