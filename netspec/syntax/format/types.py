"""The types of parameters as text."""

from __future__ import annotations

from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.format.literals import quoted

_NOWHERE = Span(Source("", ""), 0, 0)


def type_text(node: ast.Type) -> str:
    """``int | (int | int[])[]``."""
    match node:
        case ast.UnionType():
            return " | ".join([_single(member) for member in node.members])
        case ast.OptionalType():
            return f"{_single(node.item)}?"
        case ast.ListType():
            return f"{_single(node.item)}[{'' if node.length is None else node.length}]"
        case ast.NamedType():
            return node.name
    if isinstance(node.value, int):
        return str(node.value)
    return quoted(ast.Constant(node.value, span=_NOWHERE), 0, str)


def _single(node: ast.Type) -> str:
    text = type_text(node)
    return f"({text})" if isinstance(node, ast.UnionType) else text
