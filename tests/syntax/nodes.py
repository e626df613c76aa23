"""AST nodes without places, for expected trees: ``Name("x")`` instead of ``Name("x", span=…)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from netspec.source import Source, Span
from netspec.syntax import ast

_NOWHERE = Span(Source("nowhere", ""), 0, 0)


def _without_span(node: type[Any]) -> Callable[..., Any]:
    places = {f.name: _NOWHERE for f in fields(node) if f.name in ("span", "name_span", "path_span")}
    return lambda *args, **kwargs: node(*args, **kwargs, **places)


Name, Constant, Interpolation, List, Clause, ListComp, Dict, DictComp, Attribute, Slice, Index, Star, Keyword = map(
    _without_span,
    (ast.Name, ast.Constant, ast.Interpolation, ast.List, ast.Clause, ast.ListComp, ast.Dict, ast.DictComp,
     ast.Attribute, ast.Slice, ast.Index, ast.Star, ast.Keyword),
)  # fmt: skip
Call, Unary, Binary, Sum, Compare, BoolOp, Conditional, Annotation, Label, Step, Chain, Dots = map(
    _without_span,
    (ast.Call, ast.Unary, ast.Binary, ast.Sum, ast.Compare, ast.BoolOp, ast.Conditional, ast.Annotation, ast.Label,
     ast.Step, ast.Chain, ast.Dots),
)  # fmt: skip
NamedType, LiteralType, ListType, OptionalType, UnionType, Parameter, Target = map(
    _without_span,
    (ast.NamedType, ast.LiteralType, ast.ListType, ast.OptionalType, ast.UnionType, ast.Parameter, ast.Target),
)
Input, Output, Let, Const, Assert, BindTarget, Bind, For, If, Selector, Policy, Module, RawTensor, Order = map(
    _without_span,
    (ast.Input, ast.Output, ast.Let, ast.Const, ast.Assert, ast.BindTarget, ast.Bind, ast.For, ast.If, ast.Selector,
     ast.Policy, ast.Module, ast.RawTensor, ast.Order),
)  # fmt: skip
Import, Use, Function, Block, Variant, Example = map(
    _without_span, (ast.Import, ast.Use, ast.Function, ast.Block, ast.Variant, ast.Example)
)


def call(name: str, *args: Any, **keywords: Any) -> Any:
    """``name(args, keyword=value)``."""
    return Call(Name(name), args, tuple(Keyword(k, v) for k, v in keywords.items()))


def labelled(name: str, value: Any, **parts: Any) -> Any:
    """The step ``name: value``."""
    return Step(value, Label(Name(name)), **parts)


a, b, c, d, x, y = map(Name, "abcdxy")
zero, one, two, three = map(Constant, range(4))
