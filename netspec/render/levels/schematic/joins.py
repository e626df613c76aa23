"""Functions of tensors: operators in circles, calls in boxes."""

from __future__ import annotations

from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.values import Family, Tensor, Value, joined
from netspec.render.levels.sketch import Step, Written
from netspec.syntax import ast


def arithmetic(sign: str, operands: list[Value], scope: Scope) -> Tensor:
    """``a + b``: a circle; with one tensor and numbers too."""
    inputs = [o for o in operands if isinstance(o, Tensor)]
    return scope.add(Step(written=Written(sign, sign=sign, is_join=True, family="join")), inputs)


def function(node: ast.Call, args: list[Value], keywords: dict[str, Value], scope: Scope) -> Tensor:
    """``concat(a, b)``, ``crop(x, like=y)``: what is given by name only lends its size."""
    inputs = [t for a in args for t in members(a)]
    asides = tuple(t for v in keywords.values() for t in members(v))
    title = " ".join(node.function.span.text.split())
    several = len(inputs) > 1
    made = Written(title, "" if several else _call(node), title, several, True, family="join" if several else "shape")
    return scope.add(Step(written=made), inputs, asides)


def sliced(node: ast.Index, tensor: Tensor, scope: Scope) -> Tensor:
    """``x[:, 0]``."""
    return scope.add(Step(written=Written(" ".join(node.span.text.split()), is_function=True)), [tensor])


def members(value: Value) -> list[Tensor]:
    """The tensors of an argument; a family is one bundle."""
    if isinstance(value, Family):
        return [joined(t for _, t in value.members)] if value.members else []
    if isinstance(value, tuple):
        return [t for v in value for t in members(v)]
    return [value] if isinstance(value, Tensor) else []


def _call(node: ast.Call) -> str:
    return " ".join(node.span.text.split())
