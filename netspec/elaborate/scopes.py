"""What statements bind, read from the AST alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from netspec.source import Span
from netspec.syntax import ast


def target_names(targets: Iterable[ast.Target]) -> Iterator[str]:
    """The names that a value is unpacked to."""
    for target in targets:
        if target.name is not None:
            yield target.name
        yield from target_names(target.group)


def assigned(statements: Iterable[Any]) -> Iterator[tuple[str, bool]]:
    """Every name that statements bind, in any branch; False for the open sizes of inputs, which may be bound before."""
    for s in statements:
        if isinstance(s, ast.Input):
            yield s.name, True
            yield from ((name, False) for name in open_names(s))
        elif isinstance(s, (ast.Const, ast.RawTensor)):
            yield s.name, True
        elif isinstance(s, ast.Let):
            yield from ((name, True) for name in target_names((s.target,)))
        elif isinstance(s, ast.Bind):
            yield from ((t.name, True) for t in s.targets)
        elif isinstance(s, ast.For):
            yield from ((name, True) for name in target_names(s.targets))
            yield from assigned(s.body)
        elif isinstance(s, ast.If):
            for _, body in s.branches:
                yield from assigned(body)


def tensor_names(statements: Iterable[Any]) -> Iterator[str]:
    """The names that statements bind to tensors, in any branch."""
    for s in statements:
        if isinstance(s, ast.Input):
            yield s.name
        elif isinstance(s, ast.Bind):
            yield from (t.name for t in s.targets)
        elif isinstance(s, ast.For):
            yield from tensor_names(s.body)
        elif isinstance(s, ast.If):
            for _, body in s.branches:
                yield from tensor_names(body)


def open_names(statement: ast.Input) -> Iterator[str]:
    """The capital names among the dims of an input: ``B``, ``H`` and the ``L`` of ``*L[n]``."""
    for dim in statement.dims or ():
        name = dim_name(dim)
        if name is not None:
            yield name


def dim_name(dim: ast.Expr | ast.Star) -> str | None:
    """The name of an open size, if a dim can be one: it starts with a capital."""
    expr: Any = dim.value.value if isinstance(dim, ast.Star) and isinstance(dim.value, ast.Index) else dim
    return expr.id if isinstance(expr, ast.Name) and expr.id[0].isupper() else None


def binders(statements: Iterable[Any], name: str) -> Iterator[ast.Node]:
    """The statements that bind a name, at whatever depth."""
    for s in statements:
        inner: Iterable[Any] = ()
        if isinstance(s, ast.For):
            inner = s.body
            if name in target_names(s.targets):
                yield s
        elif isinstance(s, ast.If):
            inner = [x for _, body in s.branches for x in body]
        elif any(name == bound for bound, _ in assigned([s])):
            yield s
        yield from binders(inner, name)


def children(node: Any) -> Iterator[Any]:
    """The nodes directly in a node, in order."""
    for name in getattr(type(node), "__dataclass_fields__", ()):
        if name not in _PLACES:
            yield from _nodes(getattr(node, name))


_PLACES = frozenset({"span", "name_span", "path_span"})


def _nodes(value: Any) -> Iterator[Any]:
    if isinstance(value, tuple):
        if not isinstance(value, Span):
            for item in value:
                yield from _nodes(item)
    elif isinstance(value, ast.Node):
        yield value


def labels_in(node: Any) -> Iterator[ast.Label]:
    """The labels of steps and declared modules in a node or several."""
    todo = list(reversed(node)) if isinstance(node, tuple) else [node]
    while todo:
        each = todo.pop()
        if isinstance(each, ast.Label):
            yield each
        todo += reversed(list(children(each)))


def label_head(label: ast.Label) -> str | None:
    """What is known of a label without evaluation: all of it, or the container that a string begins with."""
    if label.plain is not None:
        return label.plain
    first = label.value.parts[0] if isinstance(label.value, ast.Interpolation) else None
    if not isinstance(first, str) or "." not in first:
        return None
    return first.rpartition(".")[0]


def label_heads(statements: tuple[Any, ...], prefix: str = "") -> Iterator[str]:
    """The paths of all labels in statements as far as they are known without evaluation."""
    todo = [(s, prefix) for s in reversed(statements)]
    while todo:
        node, path = todo.pop()
        inner = path
        if isinstance(node, (ast.Step, ast.Module)) and node.label is not None:
            head = label_head(node.label)
            inner = f"{path}.{head}" if path and head else head or path
            if head:
                yield inner
        todo += [(child, inner) for child in reversed(list(children(node)))]
