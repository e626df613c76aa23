"""The advice for a skip connection whose branch changed the shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from netspec.diagnostics import Edit, appended, inserted
from netspec.dims import Size, ceil_div, floor_div
from netspec.elaborate.advice.operands import name_of, names_of, place_of
from netspec.elaborate.advice.repairs import written
from netspec.elaborate.advice.spreading import Advice
from netspec.elaborate.advice.ways import Way, way
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.scopes import children
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Tensor
from netspec.graph import Definition, OpCall, Ref
from netspec.source import Span

#: The largest stride that a projection is given.
_LARGEST = 8


class _Skip(NamedTuple):
    """A tensor, and the branch beside it that comes from it and gives ``main``."""

    tensor: Tensor
    main: Tensor
    branch: Way
    name: str
    source: str


def projection(inputs: Sequence[Tensor], span: Span, frame: Frame) -> Advice:
    """How to project a skip: where one of two operands comes from the other one; else nothing."""
    skip = _skip(inputs, frame)
    if skip is None:
        return Advice()
    bound, draft = name_of(skip.main, frame), frame.draft
    assert draft is not None
    conv = _conv(skip, draft)
    name = "skip" if skip.name == skip.source else skip.name
    new = skip.name == skip.source
    comparable = bound is not None and (new or skip.main.span.start < skip.tensor.span.start)
    known = f" if {skip.source}.shape != {bound}.shape" if comparable else ""
    step = f"-> downsample: {conv or _unit(skip.main.ref, draft) + '(…)'}{known}"
    help_ = f"project the skip: `{name} = {skip.source} {step}`"
    if not conv or "downsample" in draft.labels:
        return Advice(help_)
    return Advice(help_, _put_before(skip, f"{name} = {skip.source} {step}", name, span, draft) if new
                  else _extended(skip, step))  # fmt: skip


def _skip(inputs: Sequence[Tensor], frame: Frame) -> _Skip | None:
    if len(inputs) != 2 or frame.draft is None:
        return None
    for tensor, main in (inputs, reversed(inputs)):
        branch = way(main, frame.draft, frozenset((tensor.ref,)))
        names = names_of(tensor, frame)
        if branch.start == tensor.ref and branch.links and names:
            return _Skip(tensor, main, branch, names[-1], names[0])
    return None


# --------------------------------------------------------------------------------------------------- the projection


def _conv(skip: _Skip, draft: Draft) -> str:
    """``Conv2d(4 * planes, 1, stride=stride)``, where a convolution makes the skip's shape that of the branch."""
    before, after = skip.tensor.type, skip.main.type
    if before.rank != after.rank or before.rank < 3 or not isinstance(after.dims[1], int):
        return ""
    steps = [_step(a, b) for a, b in zip(before.spatial, after.spatial, strict=True)]
    if any(s is None for s in steps) or before.dims[0] != after.dims[0]:
        return ""
    kernel, stride = zip(*(s for s in steps if s is not None), strict=True)
    arguments = [_borrowed(skip, "out_channels", (after.dims[1],), draft), _text(kernel)]
    strided = _borrowed(skip, "stride", stride, draft)
    if set(stride) != {1} or strided[0] not in "1(":
        arguments.append(f"stride={strided}")
    return _called(_unit(skip.main.ref, draft), arguments, draft)


def _step(before: Size, after: Size) -> tuple[int, int] | None:
    """The kernel and stride that lead from one size to another: kernel 1 rounds up, kernel = stride down."""
    for stride in range(1, _LARGEST + 1):
        if after == ceil_div(before, stride):
            return 1, stride
        if after == floor_div(before, stride):
            return stride, stride
    return None


def _text(values: tuple[int, ...]) -> str:
    return str(values[0] if len(set(values)) == 1 else values)


def _borrowed(skip: _Skip, argument: str, values: tuple[int, ...], draft: Draft) -> str:
    """The argument as the branch writes it where it has that value; else the value."""
    block = draft.block.span if draft.block else None
    for link in reversed(skip.branch.links):
        found = link.part.arguments.get(argument, None) if link.part else None
        place = dict(link.part.spans).get(argument) if link.part else None
        inside = block is not None and place is not None and block.start <= place.start < block.end
        if inside and (link.per_axis(argument) == values or (found,) == values):
            return written(link.part, argument)
    return _text(values)


def _called(unit: str, arguments: list[str], draft: Draft) -> str:
    """A convolution, or a block around one that takes the same arguments, without an activation where it can be."""
    known = next((d.arguments for d in _definitions(draft) if d.name == unit), None)
    if known is None:
        return f"{unit}({', '.join(arguments)})"
    if list(known)[:2] != ["out_channels", "kernel_size"] or "stride" not in known:
        return ""
    return f"{unit}({', '.join([*arguments, *(['act=None'] if 'act' in known else [])])})"


def _definitions(draft: Draft) -> Iterator[Definition]:
    return (s.body for s in draft.steps.values() if isinstance(s.body, Definition))


def _unit(ref: Ref, draft: Draft) -> str:
    """The op or block with weights that a branch ends with; ``Conv`` where there is none."""
    while True:
        step = draft.steps[ref.node]
        body: Any = getattr(step.body, "body", step.body)
        if isinstance(body, Definition) and body.kind != "sequential" and body.parameter_count:
            return body.name
        if isinstance(body, OpCall) and step.module and len(body.op.weights(*step.module.inputs)) in (1, 2):
            return body.written
        if not step.inputs:
            return "Conv"
        ref = step.inputs[0]


# --------------------------------------------------------------------------------------------------- names, places


def _extended(skip: _Skip, step: str) -> tuple[Edit, ...]:
    """``skip = x`` with the projection after it."""
    span = skip.tensor.span
    found = re.compile(rf"\s*=\s*{re.escape(skip.source)}(?=[ \t]*(?:[\n;}}#]|$))").match(span.source.text, span.end)
    return (appended(Span(span.source, span.start, found.end()), f" {step}"),) if found else ()


def _put_before(skip: _Skip, statement: str, name: str, span: Span, draft: Draft) -> tuple[Edit, ...]:
    """A statement of its own before that of the join, whose operand takes its name."""
    used, place = place_of(skip.source, span), _statement(span, draft.statements)
    if used is None or place is None:
        return ()
    text = place.source.text
    indent = text[text.rfind("\n", 0, place.start) + 1 : place.start]
    joint = f"\n{indent}" if not indent.strip() else "; "
    return (inserted(place, statement + joint), Edit(used, name))


def _statement(span: Span, statements: Sequence[Any]) -> Span | None:
    """The place of the innermost statement that holds another place."""
    for statement in statements:
        own: Span = statement.span
        if own.source is span.source and own.start <= span.start and span.end <= own.end:
            inner = [c for c in children(statement) if type(c).__module__.endswith("statements")]
            return _statement(span, inner) or own
    return None
