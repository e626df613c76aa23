"""The parameters of a block before it is called: sizes and lists are open, choices are as their defaults say."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.render.levels.schematic.forms import named
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.turns import entry
from netspec.render.levels.schematic.values import Listed, Value
from netspec.syntax import ast


def parameters(params: tuple[ast.Parameter, ...], given: Mapping[str, Value], scope: Scope) -> None:
    """Give each parameter its value, or its own name where it is open."""
    for param in params:
        if param.name in given:
            scope.names[param.name] = given[param.name]
        elif is_choice(param.type) and param.default is not None:
            scope.names[param.name] = scope.value(param.default)
        else:
            scope.names[param.name] = _open(param, scope)


def _open(param: ast.Parameter, scope: Scope) -> Value:
    """The name of an open parameter; a list whose type tells its length has entries."""
    type_ = param.type.item if isinstance(param.type, ast.OptionalType) else param.type
    if isinstance(type_, ast.ListType):
        count = scope.names.get(type_.length) if isinstance(type_.length, str) else type_.length
        if isinstance(count, int):
            return Listed(count, lambda i: entry(param.name, i), param.name)
    return named(param.name)


def is_choice(type_: ast.Type | None) -> bool:
    """A flag, a word, or one of several values: what decides which network it is, not how large."""
    if isinstance(type_, ast.UnionType):
        return all(map(is_choice, type_.members))
    return isinstance(type_, ast.LiteralType) or (isinstance(type_, ast.NamedType) and type_.name in ("bool", "str"))
