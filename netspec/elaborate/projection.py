"""The advice for a skip connection whose branch changed the shape."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.elaborate.draft import Draft
from netspec.elaborate.session import Frame
from netspec.elaborate.values import Tensor
from netspec.graph import Definition, InputPort, OpCall, Ref, Repeat


def projection(inputs: Sequence[Tensor], frame: Frame) -> str:
    """How to project a skip: where one of two operands is an input passed on unchanged; else nothing."""
    draft = frame.draft
    assert draft is not None
    skips = [t for t in inputs if isinstance(draft.steps[t.ref.node].body, InputPort)]
    if len(inputs) != 2 or len(skips) != 1:
        return ""
    main = next(t for t in inputs if t is not skips[0])
    name, source = _name(skips[0], frame), draft.steps[skips[0].ref.node].name
    skip = "skip" if name == source else name
    step = (
        f"{skip} = {source} -> downsample: {_unit(main.ref, draft)}(…) if {source}.shape != {_name(main, frame)}.shape"
    )
    named = "" if _bound(main, frame) else "name the other operand `main` and "
    return f"{named}project the skip: `{step}`"


def _bound(tensor: Tensor, frame: Frame) -> str | None:
    """The name that a tensor has last got."""
    names = [n for n, v in frame.names.items() if isinstance(v, Tensor) and v.ref == tensor.ref]
    return names[-1] if names else None


def _name(tensor: Tensor, frame: Frame) -> str:
    return _bound(tensor, frame) or "main"


def _unit(ref: Ref, draft: Draft) -> str:
    """The op or block with weights that a branch ends with; ``Conv`` where there is none."""
    while True:
        step = draft.steps[ref.node]
        body = step.body.body if isinstance(step.body, Repeat) else step.body
        if isinstance(body, Definition) and body.kind != "sequential" and body.parameter_count:
            return body.name
        if isinstance(body, OpCall) and step.module and len(body.op.weights(*step.module.inputs)) in (1, 2):
            return body.written
        if not step.inputs:
            return "Conv"
        ref = step.inputs[0]
