"""Names that hide other names (NS509)."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.diagnostics import Diagnostic, Label
from netspec.elaborate.program import File
from netspec.elaborate.values.builtins import BUILTINS
from netspec.lints.scope import Scope, bound, place
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast


def hides_op(name: str, span: Span) -> Iterator[Diagnostic]:
    """A name of the file that is also that of an op or a built-in function."""
    what = "the function" if name in BUILTINS else "the op" if name in registry.names() else ""
    if what:
        yield _warning(name, span, f"{what} `{name}`")


def hidden(declaration: ast.Block | ast.Function, scope: Scope, file: File) -> Iterator[Diagnostic]:
    """Names of a declaration that hide one of the file, or one of another kind in the same declaration.

    A tensor or value that takes the place of its own kind (``x = x -> relu()``) is the usual way to write.
    """
    first: dict[str, tuple[str, Span]] = {}
    told: set[str] = set()
    for node in scope.binding:
        kind, sort = _KINDS[type(node)]
        for name in bound(node):
            if name in told:
                continue
            known = first.setdefault(name, (sort, place(node)))
            if sort != known[0]:
                told.add(name)
                yield _warning(name, place(node), f"another `{name}`", Label(known[1], "this one"))
            elif name in file.names and name != declaration.name:
                told.add(name)
                yield _of_file(name, kind, place(node), file)


def _of_file(name: str, kind: str, span: Span, file: File) -> Diagnostic:
    owner, declared = file.names[name]
    related = (Label(declared.name_span, "this one"),) if owner is file else ()
    return _warning(name, span, f"the {_DECLARED[type(declared)]} `{name}`", *related, of=kind)


def _warning(name: str, span: Span, what: str, *related: Label, of: str = "") -> Diagnostic:
    message = f"the {of} `{name}` hides {what}" if of else f"this `{name}` hides {what}"
    return Diagnostic("NS509", message, Label(span), related, help="give it another name")


#: What each node binds, and of which sort that is: only another sort is hidden.
_KINDS: dict[type, tuple[str, str]] = {
    ast.Parameter: ("parameter", "value"), ast.Let: ("value", "value"), ast.Const: ("constant", "value"),
    ast.Input: ("input", "tensor"), ast.Bind: ("tensor", "tensor"), ast.RawTensor: ("tensor", "tensor"),
    ast.For: ("counter", "counter"), ast.Clause: ("counter", "counter"),
}  # fmt: skip
_DECLARED: dict[type, str] = {
    ast.Const: "constant", ast.Function: "function", ast.Block: "block", ast.Variant: "block",
}  # fmt: skip

