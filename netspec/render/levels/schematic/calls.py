"""Calls of functions, and entries of lists, as far as they are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from netspec.render.levels.schematic import joins
from netspec.render.levels.schematic.expressions import declared_value, is_read, written
from netspec.render.levels.schematic.forms import Form, Number, named, plus, signs
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.turns import entry, listed_of, range_, sliced
from netspec.render.levels.schematic.values import Block, Family, Listed, Tensor, Value, is_number, is_turn, text
from netspec.syntax import ast


def call(node: ast.Call, scope: Scope) -> Value:
    """A function of values, a block with arguments, or a function of tensors, which is a step."""
    args = [scope.value(a.value if isinstance(a, ast.Star) else a) for a in node.args]
    keywords = {k.name: scope.value(k.value) for k in node.keywords if k.name is not None}
    if any(isinstance(a, (Tensor, Family)) for a in args):
        return joins.function(node, args, keywords, scope)
    if not isinstance(node.function, ast.Name):
        function = scope.value(node.function)
        return _bound(function, node, args, keywords) if isinstance(function, Block) else written(node, args)
    return _named(node, node.function.id, args, keywords, scope)


def _named(node: ast.Call, name: str, args: list[Value], keywords: dict[str, Value], scope: Scope) -> Value:
    if name not in scope.names:
        file, declaration = scope.declared.get(name, (None, None))
        if isinstance(declaration, ast.Function):
            return _function(node, declaration, file, args, keywords, scope)
        if declaration is None and name in _BUILTINS and not keywords:
            found = _BUILTINS[name](args, scope, " ".join(node.span.text.split()))
            return found if found is not None else _as_called(name, args)
    function = scope.names.get(name) if name in scope.names else declared_value(name, scope)
    return _bound(function, node, args, keywords) if isinstance(function, Block) else written(node, args)


def _as_called(name: str, args: list[Value]) -> Form:
    return named(f"{name}({', '.join(map(text, args))})", any(map(is_turn, args)))


def _bound(block: Block, node: ast.Call, args: list[Value], keywords: dict[str, Value]) -> Block:
    """A block with more arguments: those by position fill the parameters that have none."""
    free = [p.name for p in block.block.params if not p.rest and p.name not in block.given]
    given = {**block.given, **dict(zip(free, args, strict=False)), **keywords}
    return Block(block.block, block.declared, given, " ".join(node.span.text.split()))


def _function(node: ast.Call, function: ast.Function, file: Any, args: list[Value], keywords: dict[str, Value],
              scope: Scope) -> Value:  # fmt: skip
    """The value of a function of the file; where it calls itself, its call."""
    if is_read(function, scope):
        return written(node, args)
    inner = scope.inside(names={}, declared=file.names, calls=(*scope.calls, function))
    given = {**dict(zip((p.name for p in function.params), args, strict=False)), **keywords}
    for param in function.params:
        if param.name in given:
            inner.names[param.name] = given[param.name]
        elif param.default is not None:
            inner.names[param.name] = inner.value(param.default)
    value = inner.value(function.body)
    unknown = isinstance(value, Form) and value.atom is not None and not is_turn(value)
    return _as_called(function.name, args) if unknown else value


# --------------------------------------------------------------------------------------------------- built in


def _len(args: list[Value], scope: Scope, shown: str) -> Value:
    return listed_of(args[0]).length if len(args) == 1 else None


def _range(args: list[Value], scope: Scope, shown: str) -> Value:
    if not 1 <= len(args) <= 3 or not all(map(is_number, args)):
        return None
    start, stop = (0, args[0]) if len(args) == 1 else args[:2]
    step = args[2] if len(args) == 3 else 1
    return range_(start, stop, step, shown) if isinstance(step, int) and step else None


def _enumerate(args: list[Value], scope: Scope, shown: str) -> Value:
    if len(args) != 1:
        return None
    listed = listed_of(args[0])
    return Listed(listed.length, lambda i: (i, listed.item(i)), shown, listed.falls)


def _zip(args: list[Value], scope: Scope, shown: str) -> Value:
    """As long as the first list whose length is not known, else as the shortest."""
    lists = [listed_of(a) for a in args]
    if not lists:
        return ()
    open_ = [x.length for x in lists if not isinstance(x.length, int)]
    length = open_[0] if open_ else min(x.length for x in lists if isinstance(x.length, int))
    return Listed(length, lambda i: tuple(x.item(i) for x in lists), shown)


def _reversed(args: list[Value], scope: Scope, shown: str) -> Value:
    if len(args) != 1:
        return None
    listed = listed_of(args[0])
    length = listed.length
    return Listed(length, lambda i: listed.item(plus(plus(length, 1, -1), i, -1)), shown, falls=not listed.falls)


def _extreme(wanted: int) -> Callable[[list[Value], Scope, str], Value]:
    def extreme(args: list[Value], scope: Scope, shown: str) -> Value:
        values = list(args[0]) if len(args) == 1 and isinstance(args[0], tuple) else args
        if len(values) < 2 - (len(args) == 1) or not all(map(is_number, values)):
            return None
        best: Number = values[0]
        for value in values[1:]:
            sign = signs(plus(value, best, -1))
            if len(sign) > 1:
                return None
            best = value if sign == {wanted} else best
        return best

    return extreme


def _of_known(function: Callable[..., Any]) -> Callable[[list[Value], Scope, str], Value]:
    def known(args: list[Value], scope: Scope, shown: str) -> Value:
        try:
            return function(*args) if all(_plain(a) for a in args) else None
        except (TypeError, ValueError, ArithmeticError):
            return None

    return known


def _plain(value: Value) -> bool:
    return all(map(_plain, value)) if isinstance(value, tuple) else isinstance(value, (bool, int, float, str))


_BUILTINS: dict[str, Callable[[list[Value], Scope, str], Value]] = {
    "len": _len, "range": _range, "enumerate": _enumerate, "zip": _zip, "reversed": _reversed, "max": _extreme(1),
    "min": _extreme(-1), "sum": _of_known(sum), "abs": _of_known(abs), "int": _of_known(int), "str": _of_known(str),
    "round": _of_known(round), "any": _of_known(any), "all": _of_known(all),
    "sorted": _of_known(lambda xs: tuple(sorted(xs))), "is_list": _of_known(lambda x: isinstance(x, tuple)),
}  # fmt: skip

# --------------------------------------------------------------------------------------------------- entries


def index(node: ast.Index, scope: Scope) -> Value:
    """An entry of a list or dict, a member of a family, an output of a step, or a slice of a tensor."""
    base = scope.value(node.value)
    only = node.indices[0] if len(node.indices) == 1 else None
    if isinstance(base, (Tensor, Family)):
        return _of_tensors(node, base, only, scope)
    if only is None or isinstance(only, (ast.Dots, ast.Star)):
        return written(node, (base,))
    if isinstance(only, ast.Slice):
        return _slice(node, base, only, scope)
    at = scope.value(only)
    if isinstance(base, dict):
        return base[at] if _plain(at) and not isinstance(at, tuple) and at in base else entry(_short(node, base), at)
    return _entry(node, base, at, scope)


def _entry(node: ast.Index, base: Value, at: Value, scope: Scope) -> Value:
    if isinstance(base, tuple) and isinstance(at, int) and -len(base) <= at < len(base):
        return base[at]
    if not is_number(at) or isinstance(base, (tuple, str)):
        return entry(_short(node, base), at, is_turn(base))
    listed = listed_of(base)
    return listed.item(plus(listed.length, at) if isinstance(at, int) and at < 0 else at)


def _short(node: ast.Index, base: Value) -> str:
    return text(base) if isinstance(base, Form) else " ".join(node.value.span.text.split())


def _slice(node: ast.Index, base: Value, at: ast.Slice, scope: Scope) -> Value:
    lower = 0 if at.lower is None else scope.value(at.lower)
    upper = None if at.upper is None else scope.value(at.upper)
    whole = at.step is None and isinstance(lower, int) and (upper is None or isinstance(upper, int))
    if isinstance(base, (tuple, str)) and whole:
        return base[lower:upper]
    if not whole or lower < 0 or (upper or 0) > 0 or isinstance(base, (dict, str)):
        return written(node, (base,))
    return sliced(listed_of(base), lower, upper or 0)


def _of_tensors(node: ast.Index, base: Tensor | Family, only: Any, scope: Scope) -> Value:
    at = None if only is None or isinstance(only, (ast.Slice, ast.Dots, ast.Star)) else scope.value(only)
    if isinstance(base, Family):
        return base.member(at) if at is not None and is_number(at) and base.members else written(node)
    if isinstance(at, int) and at >= 0:
        return base.output(at)
    return joins.sliced(node, base, scope)
