"""Statements: what they bind, and which steps they draw."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.elaborate.scopes import target_names
from netspec.render.levels.drawn import Drawn
from netspec.render.levels.schematic.annotations import drawn_of, turns_drawn
from netspec.render.levels.schematic.expressions import bind, truth
from netspec.render.levels.schematic.forms import Form, named
from netspec.render.levels.schematic.joins import members
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.steps import condition_text
from netspec.render.levels.schematic.turns import turns_of
from netspec.render.levels.schematic.values import Family, Tensor, Value, is_number, joined, text
from netspec.render.levels.sketch import Step, Written
from netspec.syntax import ast

#: A value whose text is longer goes by its name.
LONG = 24


def input_(s: ast.Input, scope: Scope) -> None:
    """An input, and the open sizes that it names."""
    drawn = drawn_of(s.annotations, scope)
    tensor = scope.add(Step(kind="input", name=s.name, drawn=drawn), [])
    scope.names[s.name] = tensor
    for dim in s.dims or ():
        inner = dim.value.value if isinstance(dim, ast.Star) and isinstance(dim.value, ast.Index) else dim
        if isinstance(inner, ast.Name) and inner.id not in scope.names:
            scope.names[inner.id] = named(inner.id)


def output(s: ast.Output, scope: Scope) -> None:
    name = "" if s.label is None else text(scope.value(s.label))
    for expr in s.values:
        flow = members(scope.value(expr))
        if flow:
            scope.add(Step(kind="output", name=name or "output"), flow)


def let(s: ast.Let, scope: Scope) -> None:
    """``let name = value``; a long expression that is not known goes by the name."""
    value = scope.value(s.value)
    name = s.target.name
    if name is not None and isinstance(value, Form) and len(str(value)) > LONG:
        value = named(name, value.turn)
    elif name is not None and scope.looped:
        scope.looped |= {name}
    bind((s.target,), value, scope)


def const(s: ast.Const, scope: Scope) -> None:
    scope.names[s.name] = scope.value(s.value)


def bind_tensors(s: ast.Bind, scope: Scope) -> None:
    """``y, h = chain``, ``skip[i] = chain``: the n-th name is the n-th output of the last step."""
    value = scope.value(s.value)
    if len(s.targets) == 1:
        _bind(s.targets[0], value, scope)
        return
    several = [t for _, t in value.members] if isinstance(value, Family) else None
    for port, target in enumerate(s.targets):
        if isinstance(value, Tensor):
            _bind(target, value.output(port), scope)
        elif several is not None and port < len(several):
            _bind(target, several[port], scope)
        else:
            _bind(target, value[port] if isinstance(value, tuple) and port < len(value) else value, scope)


def _bind(target: ast.BindTarget, value: Value, scope: Scope) -> None:
    if target.index is None:
        scope.names[target.name] = value
        return
    index = scope.value(target.index)
    known = scope.names.get(target.name)
    before = known.members if isinstance(known, Family) else ()
    if isinstance(value, Tensor) and is_number(index):
        scope.names[target.name] = Family((*((k, t) for k, t in before if k != index), (index, value)))


def raw_tensor(s: ast.RawTensor, scope: Scope) -> None:
    """A param or buffer: a box of its own."""
    sizes = ", ".join(" ".join(d.span.text.split()) for d in s.dims)
    written = Written(s.name, f"{'Parameter' if s.kind == 'param' else 'Buffer'} [{sizes}]")
    scope.names[s.name] = scope.add(Step(written=written), [])


# --------------------------------------------------------------------------------------------------- control


def for_(s: ast.For, scope: Scope) -> None:
    """The turns that are drawn, one after the other."""
    said = drawn_of(tuple(a for a in s.annotations if a.name != "draw"), scope)
    within = Drawn(None, scope.drawn.hidden or said.hidden, said.optional or scope.drawn.optional)
    for turn in turns_of(scope.value(s.iterable), scope, turns_drawn(s, scope)):
        bind(s.targets, turn.value, scope)
        looped = scope.looped | set(target_names(s.targets))
        with scope.circumstances(turn=scope.turn or turn.stands, drawn=within, looped=looped):
            scope.run(s.body)


def if_(s: ast.If, scope: Scope) -> None:
    """The branch that is taken; where that is open all that may be, one beside the other."""
    before = dict(scope.names)
    ways: list[dict[str, Value]] = []
    texts: list[str] = []
    for test, body in s.branches:
        holds = True if test is None else truth(scope.value(test))
        if holds is False:
            continue
        if test is not None and holds is None:
            texts.append(condition_text(test, scope))
        condition = texts[-1] if holds is None else f"else, {texts[-1]}" if texts else scope.condition
        with scope.circumstances(condition=condition, names=dict(before)):
            scope.run(body)
            ways.append(scope.names)
        if holds:
            break
    else:
        ways.append(before)
    scope.names |= dict(_merged(ways))


def _merged(ways: list[dict[str, Value]]) -> Iterable[tuple[str, Value]]:
    """What names stand for after a branch: tensors come from any way that binds them."""
    for name in dict.fromkeys(n for way in ways for n in way):
        values = [way[name] for way in ways if name in way]
        if all(v == values[0] for v in values):
            yield name, values[0]
        elif any(isinstance(v, Tensor) for v in values):
            yield name, joined(v for v in values if isinstance(v, Tensor))
        elif all(isinstance(v, Family) for v in values):
            yield name, Family(tuple(dict(m for v in values for m in v.members).items()))
        else:
            yield name, named(name)
