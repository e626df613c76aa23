"""Chains: a source, and steps applied one after the other."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import Edit, Help, Mistake, inserted, mistake
from netspec.elaborate.advice import habits
from netspec.elaborate.advice.habits import label_for
from netspec.elaborate.advice.unpacking import first_of
from netspec.elaborate.blocks.apply import apply_op, make_op
from netspec.elaborate.blocks.definitions import Flow, apply_block
from netspec.elaborate.blocks.draft import Draft, Registered
from netspec.elaborate.blocks.drawings import drawings
from netspec.elaborate.blocks.reuse import check_same_weights, named_again
from netspec.elaborate.blocks.sequences import apply_sequence
from netspec.elaborate.program import BlockRef
from netspec.elaborate.session import Frame
from netspec.elaborate.values.evaluation import condition, evaluate, label_of
from netspec.elaborate.values.functions import apply_function, single
from netspec.elaborate.values.kinds import UNKNOWN, Family, Part, Repetition, Tensor, Value, members
from netspec.elaborate.values.words import kind
from netspec.graph import Definition, Drawing, OpCall, Repeat, state
from netspec.source import Span
from netspec.syntax import ast


def chain(expr: ast.Chain, frame: Frame) -> Value:
    """The tensor, or family of tensors, at the end of a chain."""
    if frame.draft is None:
        mistake("NS405", "a chain of steps stands in a block", expr.span, help="a function or constant computes values")
    value = as_flow(evaluate(expr.source, frame), expr.source.span)
    _draw(value, expr.annotations, frame.draft, frame)
    for step in expr.steps:
        value = _step(step, value, frame.draft, frame)
    if any(v is UNKNOWN for v in value):
        return UNKNOWN
    return value[0] if len(value) == 1 else single(value, expr.span)


def as_flow(value: Value, span: Span) -> Flow:
    """The source of a chain: a tensor, a family, or ``(a, b)``."""
    if isinstance(value, (Tensor, Family)) or value is UNKNOWN:
        return [value]
    if isinstance(value, tuple) and value and all(isinstance(v, (Tensor, Family)) or v is UNKNOWN for v in value):
        return list(value)
    help_ = ""
    if isinstance(value, (Part, Repetition)):
        help_ = habits.after_comma(value, span) or "a step takes its tensor from the left: `x -> label: …`"
    mistake("NS106", f"here stands a tensor, not {kind(value)}", span, help=help_)


def _draw(value: Flow, annotations: tuple[ast.Annotation, ...], draft: Draft, frame: Frame) -> None:
    """Annotations on a chain's source belong to the node that made it."""
    if annotations and len(value) == 1 and isinstance(value[0], Tensor):
        draft.steps[value[0].ref.node].drawings += drawings(annotations, frame)


def _step(step: ast.Step, value: Flow, draft: Draft, frame: Frame) -> Flow:
    """Apply one step, its ``else`` step, or nothing where its ``if`` is false."""
    frame.session.charge(step.span)
    label = label_of(step.label, frame)
    chosen = True if step.condition is None else condition(step.condition, frame)
    if chosen is UNKNOWN or label is UNKNOWN or any(v is UNKNOWN for v in value):
        draft.fail_label(None if label is UNKNOWN else label, step.span)
        return [UNKNOWN]
    if not chosen:
        return _step(step.otherwise, value, draft, frame) if step.otherwise else value
    try:
        return _chosen(step, label, value, draft, frame)
    except Mistake:
        draft.fail_label(label, step.span)
        raise


def _chosen(step: ast.Step, label: str | None, value: Flow, draft: Draft, frame: Frame) -> Flow:
    again = named_again(step, draft, frame) if label is None else None
    if again is not None:
        return _reuse(again, value, frame, step)
    part = evaluate(step.value, frame)
    if part is UNKNOWN:
        draft.fail_label(label, step.span)
        return [UNKNOWN]
    registered = None
    if not (isinstance(part, Part) and part.is_function):
        place = step.label.span if step.label else step.value.span
        registered = draft.register(label, part, place, step.stage)
    elif step.label is not None:
        mistake("NS405", f"`{part.name}` is a function without weights: it takes no label", step.label.span,
                help=_unlabelled(step, part.name))  # fmt: skip
    return apply(part, value, frame, step.value.span, registered, drawings(step.annotations, frame))


def _unlabelled(step: ast.Step, name: str) -> str:
    assert step.label is not None
    layer, callee = habits.layer_named(name), step.value.span
    if layer and callee.text in (name, f"{name}()"):
        called = Span(callee.source, callee.start, callee.start + len(name))
        return Help(f"the layer is `{layer}`", Edit(called, layer))
    label = Span(step.span.source, step.label.span.start, step.value.span.start)
    return Help(f"`-> {name}(…)`", Edit(label, ""))


def apply(part: Value, value: Flow, frame: Frame, span: Span, registered: Registered | None,
          drawn: tuple[Drawing, ...] = ()) -> Flow:  # fmt: skip
    """Apply an op, block or list of steps to what flows along a chain."""
    try:
        if isinstance(part, Part):
            outputs = _apply_part(part, value, frame, span, registered, drawn)
        elif isinstance(part, (tuple, Repetition)):
            outputs = apply_sequence(part, value, frame, span, registered, drawn, apply)
        else:
            help_ = "a tensor is joined with `+`, `concat`, …" if isinstance(part, (Tensor, Family)) else ""
            help_ = help_ or "a step is an op or a block: `-> conv1: Conv2d(64, 3)`"
            mistake("NS106", f"{kind(part)} is not a step", span, help=help_)
    except Mistake:
        if registered:
            registered.failed = True
        raise
    if registered and registered.label is None and registered.body is not None:
        _check_weightless(registered, span)
    return outputs


def _apply_part(part: Part, value: Flow, frame: Frame, span: Span, registered: Registered | None,
                drawn: tuple[Drawing, ...]) -> Flow:  # fmt: skip
    if isinstance(part.target, BlockRef):
        return apply_block(part, value, frame, span, registered, drawn)
    tensors = [m for v in value for m in members(v)]
    if any(t is UNKNOWN for t in tensors):
        return [UNKNOWN]
    inputs = [t for t in tensors if isinstance(t, Tensor)]
    if part.is_function:
        result = apply_function(part, inputs, frame, span)
        return list(result) if isinstance(result, Family) else [result]
    op = make_op(part, frame.session)
    if op.arity == 1 and len(inputs) > 1 and not op.operands:
        name = next((n for n, v in frame.names.items() if len(value) == 1 and v is value[0]), "")
        help_, labels = first_of(inputs, name, frame)
        mistake("NS300", f"{part.name} takes 1 tensor, got {len(inputs)}", span, help=help_, related=labels)
    return list(apply_op(part, op, inputs, frame, span, registered, drawn))


def _check_weightless(registered: Registered, span: Span) -> None:
    """A step with weights needs a label: its key must not depend on its neighbours."""
    body = registered.body.body if isinstance(registered.body, Repeat) else registered.body
    if isinstance(body, OpCall):
        weights: Any = body.op.weights(*registered.inputs)
    else:
        weights = next(state(body), None) if isinstance(body, Definition) else ()
    if weights:
        name = body.name
        shown = f"`{name}`" if name else "this list"
        text, label = " ".join(span.text.split()), label_for(name, span)
        mistake("NS400", f"{shown} has weights and needs a label", span, "its label is its key in the state dict",
                help=Help(f"`-> {label}: {text if len(text) <= 40 else name + '(…)'}`", inserted(span, f"{label}: ")))


def _reuse(registered: Registered, value: Flow, frame: Frame, step: ast.Step) -> Flow:
    """Use a registered module once more, or a declared one for the first time; its weights must be the same."""
    if registered.failed:
        return [UNKNOWN]
    if registered.is_container and frame.draft and registered.label in frame.draft.containers:
        mistake("NS106", f"`{registered.label}` holds modules, and is no step", step.value.span,
                help=f'use one of them: `-> "{registered.label}.0"`')  # fmt: skip
    before, inputs = registered.body, registered.inputs
    result = apply(registered.value, value, frame, step.value.span, registered, drawings(step.annotations, frame))
    if before is not None:
        after, again = registered.body, registered.inputs
        registered.take(before, inputs)
        check_same_weights(registered, (before, inputs), (after, again), step.value.span)
    return result
