"""Chains as they are written: a box for a step, the turns of a list of steps, both ways where an `if` is open."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from netspec.elaborate.scopes import target_names
from netspec.ops import registry
from netspec.render.levels.schematic.annotations import drawn_of
from netspec.render.levels.schematic.expressions import bind, truth
from netspec.render.levels.schematic.forms import LEFT_OUT
from netspec.render.levels.schematic.joins import members
from netspec.render.levels.schematic.resolved import as_called
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.turns import turns_of
from netspec.render.levels.schematic.values import Block, Family, Tensor, Value, joined, text
from netspec.render.levels.sketch import Frame, Step, Written
from netspec.render.words import TIMES, shortened
from netspec.syntax import ast

#: A call and a condition are cut to this length.
CALL_LENGTH = 60


def chain(node: ast.Chain, scope: Scope) -> Value:
    """The tensor at the end of a chain."""
    value = scope.value(node.source)
    flow = members(value)
    if node.annotations and isinstance(value, Tensor):
        _annotate(value, node.annotations, scope)
    for step in node.steps:
        flow = [_step(step, flow, scope)]
    return flow[0] if flow else Tensor(())


def _annotate(tensor: Tensor, annotations: tuple[ast.Annotation, ...], scope: Scope) -> None:
    """Annotations on a chain's source belong to the step that made it."""
    said = drawn_of(annotations, scope)
    for number in {s.step for s in tensor.sources}:
        step = scope.chart.steps[number]
        old = step.drawn
        new = replace(old, label=old.label if said.label is None else said.label, hidden=old.hidden or said.hidden,
                      optional=old.optional if said.optional is None else said.optional,
                      links=said.links or old.links)  # fmt: skip
        scope.chart.steps[number] = replace(step, drawn=new)


def _step(step: ast.Step, flow: list[Tensor], scope: Scope) -> Tensor:
    """One step; where its `if` is open, what comes out of it or what went in."""
    holds = True if step.condition is None else truth(scope.value(step.condition))
    if holds:
        return _taken(step, flow, scope)
    if holds is False:
        return _step(step.otherwise, flow, scope) if step.otherwise else joined(flow)
    assert step.condition is not None
    condition = condition_text(step.condition, scope)
    with scope.circumstances(condition=condition):
        taken = _taken(step, flow, scope)
    if step.otherwise is None:
        return joined([taken, *flow])
    with scope.circumstances(condition=f"else, {condition}"):
        return joined([taken, _step(step.otherwise, flow, scope)])


def condition_text(condition: ast.Expr, scope: Scope) -> str:
    return f"if {shortened(as_called(condition, scope), CALL_LENGTH)}"


def _taken(step: ast.Step, flow: list[Tensor], scope: Scope) -> Tensor:
    label = "" if step.label is None else _label(step.label, scope)
    said = drawn_of(step.annotations, scope)
    if isinstance(step.value, (ast.List, ast.ListComp)) and said.label is None and not said.hidden:
        return _list(step.value, label, flow, scope)
    value = scope.value(step.value) if isinstance(step.value, (ast.Call, ast.Name)) else None
    if isinstance(value, (Tensor, Family)):
        value = None
    said = drawn_of(step.annotations, scope, value)
    return scope.add(Step(written=_written(step, label, value, scope), drawn=said), flow)


def _label(label: ast.Label, scope: Scope) -> str:
    return label.value.id if isinstance(label.value, ast.Name) else text(scope.value(label.value))


def _written(step: ast.Step, label: str, value: Value, scope: Scope) -> Written:
    """``conv1`` and below it ``Conv2d(planes, 3)``; what stands for others in a list is ``...``."""
    call = shortened(as_called(step.value, scope), CALL_LENGTH)
    head = step.value.function if isinstance(step.value, ast.Call) else step.value
    name = head.id if isinstance(head, ast.Name) else ""
    found = registry.find(name) if name and not isinstance(value, Block) else None
    family = found.op.family if found else "shape"
    is_function = found is not None and not found.op.is_module
    if isinstance(step.value, ast.Binary) and step.value.op == "*":
        call = f"{call.partition('*')[2].strip()} {TIMES}{call.partition('*')[0].strip()}"
    if label and label != "self":
        return Written(label, call, "", False, is_function, step.stage, family)
    title = LEFT_OUT if scope.turn and not is_function else name if call == f"{name}()" else call
    return Written(title, "", "", False, is_function, step.stage, family)


# --------------------------------------------------------------------------------------------------- lists


def _list(node: ast.List | ast.ListComp, label: str, flow: list[Tensor], scope: Scope) -> Tensor:
    """The members of a list in a row, in a frame with its label."""
    frame = scope.frame
    if label and label != "self":
        scope.chart.frames.append(Frame(label, scope.frame))
        frame = len(scope.chart.frames) - 1
    with scope.circumstances(frame=frame):
        return _members(node, flow, scope)


def _members(node: Any, flow: list[Tensor], scope: Scope) -> Tensor:
    if isinstance(node, ast.ListComp):
        return _comprehension(node, node.clauses, flow, scope)
    for item in node.items if isinstance(node, ast.List) else (node,):
        flow = [_member(item, flow, scope)]
    return joined(flow)


def _member(item: Any, flow: list[Tensor], scope: Scope) -> Tensor:
    if isinstance(item, ast.Star):
        inner = item.value
        if isinstance(inner, (ast.List, ast.ListComp)):
            return _members(inner, flow, scope)
        return scope.add(Step(written=Written(" ".join(item.span.text.split()))), flow)
    step = item if isinstance(item, ast.Step) else ast.Step(item, span=item.span)
    return _step(step, flow, scope)


def _comprehension(node: ast.ListComp, clauses: tuple[ast.Clause, ...], flow: list[Tensor], scope: Scope) -> Tensor:
    if not clauses:
        return _member(node.item, flow, scope)
    first = clauses[0]
    inner = scope.inside(names=dict(scope.names), looped=scope.looped | set(target_names(first.targets)))
    for turn in turns_of(scope.value(first.iterable), scope):
        bind(first.targets, turn.value, inner)
        inner.turn = scope.turn or turn.stands
        if first.condition is None or truth(inner.value(first.condition)) is not False:
            flow = [_comprehension(node, clauses[1:], flow, inner)]
    return joined(flow)
