"""What a declaration binds and reads, from the AST alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netspec.elaborate.scopes import children, dim_name, target_names
from netspec.source import Span
from netspec.syntax import ast


class Scope:
    """The names that a declaration reads, and the nodes in it that bind names, in order."""

    def __init__(self, declaration: ast.Declaration) -> None:
        self.read: set[str] = set()
        self.binding: list[Any] = []
        todo: list[Any] = [declaration]
        while todo:
            node = todo.pop()
            kind = type(node)
            if kind is ast.Name:
                self.read.add(node.id)
            elif kind is ast.Selector and not node.quoted and isinstance(node.text, ast.Constant):
                self.read.add(str(node.text.value))
            elif kind is ast.ListType and isinstance(node.length, str):
                self.read.add(node.length)
            elif kind in _BINDING:
                self.binding.append(node)
            todo += _inside(node)
        self.binding.sort(key=lambda node: node.span.start)


def _inside(node: Any) -> Iterator[Any]:
    """The nodes in a node, less the names that stand for themselves: those of labels and of an input's open sizes."""
    if isinstance(node, ast.Label) and isinstance(node.value, ast.Name):
        return
    for child in children(node):
        if not isinstance(node, ast.Input) or not isinstance(child, (ast.Name, ast.Star)) or dim_name(child) is None:
            yield child
        elif isinstance(child, ast.Star) and isinstance(child.value, ast.Index):
            yield from child.value.indices


_BINDING = frozenset({ast.Parameter, ast.Input, ast.Let, ast.Const, ast.Bind, ast.RawTensor, ast.For, ast.Clause})


def bound(node: Any) -> list[str]:
    """The names that a node binds."""
    if isinstance(node, ast.Bind):
        return [target.name for target in node.targets]
    if isinstance(node, ast.Let):
        return list(target_names((node.target,)))
    if isinstance(node, (ast.For, ast.Clause)):
        return list(target_names(node.targets))
    return [node.name]


def place(node: Any) -> Span:
    """Where a node says the names that it binds."""
    if isinstance(node, ast.Bind):
        return node.targets[0].span.to(node.targets[-1].span)
    if isinstance(node, ast.Let):
        return node.target.span
    if isinstance(node, (ast.For, ast.Clause)):
        return node.targets[0].span.to(node.targets[-1].span)
    span: Span = node.name_span
    return span
