"""Lists, dicts and comprehensions; unpacking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netspec.diagnostics import Help, appended, inserted, mistake
from netspec.elaborate.blocks.drawings import drawings
from netspec.elaborate.scopes import target_names
from netspec.elaborate.session import Frame
from netspec.elaborate.values.evaluation import condition, evaluate, label_of, spread
from netspec.elaborate.values.kinds import UNKNOWN, Labelled, Table, Value, identity
from netspec.elaborate.values.measure import holding
from netspec.elaborate.values.words import kind
from netspec.source import Span
from netspec.syntax import ast

Pairs = list[tuple[Value, Value]]


def list_(expr: ast.List, frame: Frame) -> Value:
    """``[a, b]``, ``(a, b)``."""
    return _collected([v for item in expr.items for v in element(item, frame)], expr.span, frame)


def _collected(items: list[Value], span: Span, frame: Frame) -> Value:
    """A list paid for; unknown where one of its elements is."""
    if any(item is UNKNOWN for item in items):
        return UNKNOWN
    holding(items, span, frame.session)
    return tuple(items)


def element(item: ast.Expr | ast.Step | ast.Star, frame: Frame) -> list[Value]:
    """The values that one element of a list gives: none where its ``if`` is false, several for ``*xs``."""
    if isinstance(item, ast.Star):
        return list(spread(item, frame))
    if not isinstance(item, ast.Step):
        return [evaluate(item, frame)]
    step: ast.Step | None = item
    while step is not None:
        chosen = True if step.condition is None else condition(step.condition, frame)
        if chosen is UNKNOWN:
            return [UNKNOWN]
        if chosen:
            return [_labelled(step, frame)]
        step = step.otherwise
    return []


def _labelled(step: ast.Step, frame: Frame) -> Value:
    value = evaluate(step.value, frame)
    if step.label is None and not step.stage and not step.annotations:
        return value
    label = label_of(step.label, frame)
    if label is UNKNOWN or value is UNKNOWN:
        return UNKNOWN
    extent = holding((value,), step.span, frame.session)
    place = step.label.span if step.label else step.value.span
    return Labelled(value, label, step.stage, drawings(step.annotations, frame), place, extent)


def list_comprehension(expr: ast.ListComp, frame: Frame) -> Value:
    """``[f(x) for x in xs if …]``."""
    items: list[Value] = []
    known = _comprehend(expr.clauses, frame, lambda: items.extend(element(expr.item, frame)))
    return _collected(items, expr.span, frame) if known else UNKNOWN


def dict_(expr: ast.Dict, frame: Frame) -> Value:
    """``{"a": 1}``."""
    return _table([(evaluate(k, frame), evaluate(v, frame)) for k, v in expr.pairs], expr.span, frame)


def dict_comprehension(expr: ast.DictComp, frame: Frame) -> Value:
    """``{k: v for …}``."""
    pairs: Pairs = []
    known = _comprehend(
        expr.clauses, frame, lambda: pairs.append((evaluate(expr.key, frame), evaluate(expr.value, frame)))
    )
    return _table(pairs, expr.span, frame) if known else UNKNOWN


def _table(pairs: Pairs, span: Span, frame: Frame) -> Value:
    """A dict; of equal keys the last one counts."""
    if any(x is UNKNOWN for pair in pairs for x in pair):
        return UNKNOWN
    for key, _ in pairs:
        if not isinstance(key, (str, int, float, tuple)) and key is not None:
            mistake("NS207", f"{kind(key)} cannot be a key", span)
    holding((v for pair in pairs for v in pair), span, frame.session)
    return Table(tuple({identity(k): (k, v) for k, v in pairs}.values()))


# --------------------------------------------------------------------------------------------------- comprehensions


def _comprehend(clauses: tuple[ast.Clause, ...], frame: Frame, action: Callable[[], None]) -> bool:
    """Run an action for each turn; False where a bound or condition is unknown. The clauses' names do not stay."""
    own = {name: frame.names.get(name, _ABSENT) for c in clauses for name in target_names(c.targets)}
    try:
        return _turns(clauses, frame, action)
    finally:
        for name, value in own.items():
            if value is _ABSENT:
                frame.names.pop(name, None)
            else:
                frame.names[name] = value


_ABSENT: Any = object()


def _turns(clauses: tuple[ast.Clause, ...], frame: Frame, action: Callable[[], None]) -> bool:
    if not clauses:
        action()
        return True
    first, rest = clauses[0], clauses[1:]
    for item in iterate(first.iterable, frame):
        if item is UNKNOWN:
            return False
        frame.session.charge(first.span)
        unpack(first.targets, item, frame, first.iterable.span)
        chosen = True if first.condition is None else condition(first.condition, frame)
        if chosen is UNKNOWN or (chosen and not _turns(rest, frame, action)):
            return False
    return True


def iterate(expr: ast.Expr, frame: Frame) -> tuple[Value, ...]:
    """The items of what a loop runs over; one `UNKNOWN` where it is not known."""
    value = evaluate(expr, frame)
    if value is UNKNOWN:
        return (UNKNOWN,)
    if isinstance(value, Table):
        return tuple(k for k, _ in value.pairs)
    if not isinstance(value, tuple):
        count = expr.span.text if len(expr.span.text) <= 30 else "n"
        counts = Help(f"`range({count})` counts", inserted(expr.span, "range("), appended(expr.span, ")"))
        help_ = {"an int": counts, "a family of tensors": "`for i in range(len(c))`"}.get(kind(value), "")
        mistake("NS207", f"a loop needs a list, not {kind(value)}", expr.span, help=help_)
    return value


def unpack(targets: tuple[ast.Target, ...], value: Value, frame: Frame, items: Span | None = None) -> None:
    """Bind one value to ``a`` or to ``a, (b, c)``; ``items`` is what a loop runs over."""
    if len(targets) == 1 and targets[0].name is not None:
        frame.names[targets[0].name] = value
        return
    group = targets[0].group if len(targets) == 1 else targets
    if value is UNKNOWN:
        frame.names |= dict.fromkeys(target_names(group), UNKNOWN)
        return
    if not isinstance(value, tuple) or len(value) != len(group):
        given = f"{len(value)} values" if isinstance(value, tuple) else kind(value)
        help_ = "`enumerate(xs)` gives indices too" if isinstance(value, int) else ""
        if help_ and items and len(group) == 2:
            listed = items.text if len(items.text) <= 30 else "xs"
            edits = inserted(items, "enumerate("), appended(items, ")")
            help_ = Help(f"`enumerate({listed})` gives indices too", *edits)
        place = targets[0].span.to(targets[-1].span)
        mistake("NS207", f"{len(group)} names for {given}", place, help=help_)
    for target, item in zip(group, value, strict=True):
        unpack((target,), item, frame)
