"""Lints of names: what nothing reads. A name that begins with ``_`` is meant to be unread."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.diagnostics import Diagnostic, Edit, Label
from netspec.elaborate.program import File
from netspec.elaborate.scopes import open_names
from netspec.lints.hiding import hidden, hides_op
from netspec.lints.scope import Scope, bound, place
from netspec.source import Span
from netspec.syntax import ast


def names(file: File) -> Iterator[Diagnostic]:
    """The warnings about the names of one file."""
    read: set[str] = set()
    for declaration in file.document.declarations:
        if isinstance(declaration, ast.Use):
            yield from (d for name in declaration.names for d in hides_op(name.alias, name.span))
            continue
        scope = Scope(declaration)
        read |= scope.read
        if isinstance(declaration, (ast.Block, ast.Function)):
            yield from _unread(declaration, scope)
            yield from hidden(declaration, scope, file)
        if not isinstance(declaration, ast.Example):
            yield from hides_op(declaration.name, declaration.name_span)
    for use in file.declared(ast.Use):
        yield from (_unused_import(use, i) for i, name in enumerate(use.names) if name.alias not in read)


def _unread(declaration: ast.Block | ast.Function, scope: Scope) -> Iterator[Diagnostic]:
    """Of several names that are bound together one may be read, of an input a size, and the others need not."""
    told: set[str] = set()
    for node in scope.binding:
        lint = _UNREAD.get(type(node))
        each = bound(node)
        sizes = open_names(node) if isinstance(node, ast.Input) else ()
        if lint and not any(n in scope.read or n in told or n.startswith("_") for n in (*each, *sizes)):
            told.update(each)
            code, what = lint
            message = f"nothing reads {what} {' and '.join(f'`{name}`' for name in each)}"
            help_ = "use it, or leave it out"
            if isinstance(node, ast.Parameter):
                message = f"`{declaration.name}` reads its parameter `{each[0]}` nowhere"
            yield Diagnostic(code, message, Label(place(node)), help=help_)


#: What is told where nothing reads a name. Constants of a block are for others, counters of a loop may only count.
_UNREAD: dict[type, tuple[str, str]] = {
    ast.Parameter: ("NS505", "parameter"), ast.Input: ("NS504", "the input"), ast.Bind: ("NS504", "the tensor"),
    ast.RawTensor: ("NS504", "the tensor"), ast.Let: ("NS507", "the value"),
}  # fmt: skip


def _unused_import(use: ast.Use, number: int) -> Diagnostic:
    name = use.names[number]
    edit = Edit(_whole_line(use.span), "") if len(use.names) == 1 else _without(use, number)
    message = f"`{name.alias}` is imported, and not used"
    return Diagnostic("NS506", message, Label(name.span), help="leave it out", edits=(edit,))


def _whole_line(span: Span) -> Span:
    """A span with the end of its last line, where nothing else is on its lines."""
    text = span.source.text
    alone = span.start == 0 or text[span.start - 1] == "\n"
    return Span(span.source, span.start, span.end + 1) if alone and text[span.end : span.end + 1] == "\n" else span


def _without(use: ast.Use, number: int) -> Edit:
    """Takes a name out of a list of several, with the comma that belongs to it."""
    span = use.names[number].span
    if number + 1 < len(use.names):
        return Edit(Span(span.source, span.start, use.names[number + 1].span.start), "")
    return Edit(Span(span.source, use.names[number - 1].span.end, span.end), "")
