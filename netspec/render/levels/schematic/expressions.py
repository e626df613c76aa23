"""Expressions as far as they are known: what is not is a name for itself, as the spec writes it."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from typing import Any

from netspec.elaborate import Shown
from netspec.render.levels.schematic import joins
from netspec.render.levels.schematic.forms import Form, Number, named, plus, signs, times
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.values import (
    Block,
    Family,
    Listed,
    Tensor,
    Value,
    is_number,
    is_turn,
    joined,
    text,
)
from netspec.syntax import ast

#: Exponents and factors beyond this stay as they are written.
MOST = 10**12


def written(node: ast.Node, values: Iterable[Value] = ()) -> Form:
    """An expression whose value is not known: its text."""
    return named(" ".join(node.span.text.split()), any(map(is_turn, values)))


# --------------------------------------------------------------------------------------------------- simple ones


def constant(node: ast.Constant, scope: Scope) -> Value:
    return node.value


def name(node: ast.Name, scope: Scope) -> Value:
    """A name of the block, else one of the file."""
    if node.id in scope.names:
        return scope.names[node.id]
    return declared_value(node.id, scope)


def declared_value(name: str, scope: Scope) -> Value:
    """A constant or block of the file; a function or op stands for its name."""
    file, declaration = scope.declared.get(name, (None, None))
    if isinstance(declaration, ast.Block):
        return Block(declaration, file.names, {}, name)
    if isinstance(declaration, (ast.Const, ast.Variant)) and not is_read(declaration, scope):
        inner = scope.inside(names={}, declared=file.names, calls=(*scope.calls, declaration))
        return inner.value(declaration.value)
    return named(name)


def is_read(declaration: object, scope: Scope) -> bool:
    """Does a constant or function refer to itself?"""
    return any(declaration is each for each in scope.calls)


def interpolation(node: ast.Interpolation, scope: Scope) -> str:
    parts = (p if isinstance(p, str) else text(scope.value(p)) for p in node.parts)
    return text("".join(parts))


def attribute(node: ast.Attribute, scope: Scope) -> Value:
    return written(node, (scope.value(node.value),))


def conditional(node: ast.Conditional, scope: Scope) -> Value:
    """``a if c else b``; of tensors one or the other."""
    holds = truth(scope.value(node.condition))
    if holds is not None:
        return scope.value(node.then if holds else node.otherwise)
    both = scope.value(node.then), scope.value(node.otherwise)
    if all(isinstance(v, Tensor) for v in both):
        return joined(both)
    return both[0] if both[0] == both[1] else written(node, both)


def truth(value: Value) -> bool | None:
    """Whether a value holds; None where it is not known."""
    return None if isinstance(value, (Form, Listed, Shown, Tensor, Family)) else isinstance(value, Block) or bool(value)


# --------------------------------------------------------------------------------------------------- operators


def sum_(node: ast.Sum, scope: Scope) -> Value:
    values = [scope.value(t) for t in node.terms]
    if any(isinstance(v, Tensor) for v in values):
        return joins.arithmetic(node.signs[1], values, scope)
    if not all(map(is_number, values)):
        if not all(isinstance(v, (int, float)) for v in values):
            return written(node, values)
        return sum(v if s == "+" else -v for v, s in zip(values, node.signs, strict=True))
    total: Number = 0
    for value, sign in zip(values, node.signs, strict=True):
        total = plus(total, value, 1 if sign == "+" else -1)
    return total


_FUNCTIONS: dict[str, Callable[[Any, Any], Any]] = {
    "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod, "**": operator.pow,
}  # fmt: skip


def binary(node: ast.Binary, scope: Scope) -> Value:
    a, b = scope.value(node.left), scope.value(node.right)
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return joins.arithmetic(node.op, [a, b], scope)
    known = all(isinstance(v, (int, float)) for v in (a, b))
    if known and (node.op != "**" or (abs(a) <= MOST and abs(b) <= 64)):
        try:
            result = _FUNCTIONS[node.op](a, b)
        except (ArithmeticError, ValueError):
            return written(node)
        return result if isinstance(result, (int, float)) and abs(result) <= MOST else written(node)
    if node.op == "*" and is_number(a) and is_number(b) and not (isinstance(a, Form) and isinstance(b, Form)):
        return times(a, b) if isinstance(a, Form) else times(b, a)
    return named(f"{_operand(a)}{node.op}{_operand(b)}", is_turn(a) or is_turn(b))


def _operand(value: Value) -> str:
    shown = text(value)
    return f"({shown})" if isinstance(value, Form) and value.atom is None else shown


def unary(node: ast.Unary, scope: Scope) -> Value:
    value = scope.value(node.operand)
    if node.op == "not":
        holds = truth(value)
        return written(node, (value,)) if holds is None else not holds
    if is_number(value):
        return times(value, -1)
    return -value if isinstance(value, float) else written(node, (value,))


def bool_op(node: ast.BoolOp, scope: Scope) -> Value:
    """Known where one operand settles it, or all are known."""
    settles = node.op == "or"
    values = [scope.value(o) for o in node.operands]
    holds = [truth(v) for v in values]
    if settles in holds:
        return settles
    return written(node, values) if None in holds else not settles


def compare(node: ast.Compare, scope: Scope) -> Value:
    values = [scope.value(o) for o in node.operands]
    results = [_compared(op, a, b) for op, a, b in zip(node.ops, values, values[1:], strict=False)]
    if False in results:
        return False
    return written(node, values) if None in results else True


_ORDERS: dict[str, Callable[[int, int], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def _compared(op: str, a: Value, b: Value) -> bool | None:
    """What a comparison gives whatever the lengths are, as long as they are large."""
    if is_number(a) and is_number(b):
        results = {_ORDERS[op](sign, 0) for sign in signs(plus(a, b, -1))} if op in _ORDERS else set()
        return results.pop() if len(results) == 1 else None
    if not all(_is_plain(v) for v in (a, b)):
        return None
    try:
        return _ORDERS[op](a, b) if op in _ORDERS else (a in b) == (op == "in")
    except TypeError:
        return None


def _is_plain(value: Value) -> bool:
    if isinstance(value, (tuple, dict)):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (bool, int, float, str))


# --------------------------------------------------------------------------------------------------- lists


def list_(node: ast.List, scope: Scope) -> Value:
    items: list[Value] = []
    for item in node.items:
        value = scope.value(item.value) if isinstance(item, (ast.Star, ast.Step)) else scope.value(item)
        if isinstance(item, ast.Star) and not isinstance(value, tuple):
            return written(node, items)
        items += value if isinstance(item, ast.Star) else (value,)
    return tuple(items)


def list_comprehension(node: ast.ListComp, scope: Scope) -> Value:
    """A list where it is known what it runs over; steps in it are none."""
    clause = node.clauses[0]
    iterable = scope.value(clause.iterable)
    if len(node.clauses) > 1 or not isinstance(iterable, tuple) or isinstance(node.item, (ast.Step, ast.Star)):
        return written(node, (iterable,))
    inner = scope.inside(names=dict(scope.names))
    items: list[Value] = []
    for value in iterable:
        inner.chart.spend()
        bind(clause.targets, value, inner)
        chosen = True if clause.condition is None else truth(inner.value(clause.condition))
        if chosen is None:
            return written(node, iterable)
        items += (inner.value(node.item),) if chosen else ()
    return tuple(items)


def dict_(node: ast.Dict, scope: Scope) -> Value:
    pairs = [(scope.value(k), scope.value(v)) for k, v in node.pairs]
    if not all(k is None or isinstance(k, (str, int, float)) for k, _ in pairs):
        return written(node)
    return dict(pairs)


def dict_comprehension(node: ast.DictComp, scope: Scope) -> Value:
    return written(node)


def bind(targets: tuple[ast.Target, ...], value: Value, scope: Scope) -> None:
    """Names for a value, or for its parts."""
    if len(targets) == 1 and targets[0].name is not None:
        scope.names[targets[0].name] = value
        return
    group = targets[0].group if len(targets) == 1 else targets
    parts = value if isinstance(value, tuple) and len(value) == len(group) else None
    for i, target in enumerate(group):
        part = parts[i] if parts is not None else named(f"{text(value)}[{i}]", is_turn(value))
        bind((target,), part, scope)
