"""The call of a step as its box shows it: as the spec has it, but for what loops put in."""

from __future__ import annotations

from typing import Any

from netspec.elaborate.recording import names_in
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.values import Value, is_number, text
from netspec.syntax import ast


def as_called(node: Any, scope: Scope) -> str:
    """``Down(2*width, s)`` for ``Down(width * 2 ** (i + 1), s)`` in the first turn of a loop over ``i``."""
    if not scope.looped.intersection(names_in(node)):
        return _source(node)
    if isinstance(node, ast.Call):
        args = [as_called(a, scope) for a in node.args]
        args += [f"{k.name}={as_called(k.value, scope)}" if k.name else _source(k) for k in node.keywords]
        return f"{as_called(node.function, scope)}({', '.join(args)})"
    if isinstance(node, ast.Binary) and isinstance(node.right, ast.Call):
        return f"{as_called(node.left, scope)} {node.op} {as_called(node.right, scope)}"
    if isinstance(node, ast.Compare):
        operands = [as_called(o, scope) for o in node.operands]
        return operands[0] + "".join(f" {op} {o}" for op, o in zip(node.ops, operands[1:], strict=True))
    if isinstance(node, (ast.Star, ast.Chain, ast.List, ast.ListComp)):
        return _source(node)
    value = scope.value(node)
    return _shown(value) if _is_plain(value) else _source(node)


def _source(node: Any) -> str:
    return " ".join(node.span.text.split())


def _is_plain(value: Value) -> bool:
    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or is_number(value) or isinstance(value, (bool, float, str))


def _shown(value: Value) -> str:
    return f'"{value}"' if isinstance(value, str) else text(value)
