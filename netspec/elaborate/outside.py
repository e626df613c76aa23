"""Arguments of a network that come from Python or a command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

from netspec import limits
from netspec.diagnostics import Diagnostic, Label, Mistake, mistake
from netspec.elaborate.program import BlockRef, File
from netspec.elaborate.session import Frame, Session
from netspec.elaborate.values.arguments import Arguments, bind
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import Part, Table, Value
from netspec.elaborate.values.measure import checked_size, holding
from netspec.elaborate.values.operators import finite
from netspec.elaborate.values.words import bounded, show
from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.parse import parse

#: How the texts of arguments from outside are called, before the parameter's name.
OUTSIDE = "argument "
#: So many items of a list are quoted.
_QUOTED = 12


class Written(str):
    """An argument as written on a command line: its text, to be read as its parameter's type has it."""


def bind_outside(part: Part, arguments: Mapping[str, Any], file: File, session: Session) -> Value:
    """Bind arguments that come from Python or the command line."""
    assert isinstance(part.target, BlockRef)
    params = {p.name: p for p in part.target.block.params}
    keywords = []
    for name, value in arguments.items():
        text = value if isinstance(value, str) else _shown(value)
        source = Source(f"{OUTSIDE}{name}", text[: limits.MAX_SOURCE_BYTES])
        span = Span(source, 0, len(source.text))
        keywords.append((name, _value(value, params.get(name), span, file, session), span))
    return bind(part, Arguments((), tuple(keywords)), part.span, session)


def _shown(value: Any, depth: int = 3) -> str:
    """A Python value as a spec writes it, as far as diagnostics quote it."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return show(value, 200)
    if not isinstance(value, (list, tuple, range, dict)):
        return type(value).__name__
    if not depth:
        return "…"
    pairs = value.items() if isinstance(value, dict) else ((None, v) for v in value)
    items = [f"{_shown(k)}: " * isinstance(value, dict) + _shown(v, depth - 1) for k, v in islice(pairs, _QUOTED)]
    text = ", ".join(items + ["…"] * (len(value) > _QUOTED))
    return bounded(f"{{{text}}}" if isinstance(value, dict) else f"({text}{',' * (len(value) == 1)})", 200)


def _value(value: Any, param: ast.Parameter | None, span: Span, file: File, session: Session) -> Value:
    """A block is given as its text, everything else as a Python value; all is text on a command line."""
    if not isinstance(value, str):
        return to_value(value, span, session)
    kinds = _kinds(param.type) if param is not None else set()
    if isinstance(value, Written) and not _is_string(value, kinds):
        return evaluate_text(span.source, file, session)
    if not isinstance(value, Written) and "block" in kinds:
        return evaluate_text(span.source, file, session)
    checked_size(len(value) // 8, span)
    return str(value)


def _is_string(text: str, kinds: set[str]) -> bool:
    """Whether what is written on a command line is a string without its quotes."""
    if "str" not in kinds or text[:1] in ("'", '"') or text in ("None", "True", "False"):
        return False
    return not kinds & {"int", "float", "block"} or text.isidentifier()


def _kinds(type_: ast.Type | None) -> set[str]:
    """The kinds of values that a type mentions: ``{"int", "str"}`` of ``int | "same"``."""
    if isinstance(type_, ast.NamedType):
        return {type_.name}
    if isinstance(type_, ast.LiteralType):
        return {type(type_.value).__name__}
    if isinstance(type_, ast.UnionType):
        return {kind for member in type_.members for kind in _kinds(member)}
    return _kinds(type_.item) if isinstance(type_, (ast.OptionalType, ast.ListType)) else set()


def to_value(value: Any, span: Span, session: Session, depth: int = 1) -> Value:
    """A Python value as one of the language: lists become tuples, dicts tables. Raises `Mistake` and TypeError."""
    if depth > limits.MAX_NESTING:
        mistake("NS601", f"values nested more than {limits.MAX_NESTING} deep", span)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, float)):
        return finite(value, span)
    if isinstance(value, (list, tuple, range)):
        checked_size(len(value), span)
        items = tuple(to_value(v, span, session, depth + 1) for v in value)
        holding(items, span, session)
        return items
    if isinstance(value, dict):
        checked_size(len(value), span)
        flat = [
            (to_value(k, span, session, depth + 1), to_value(v, span, session, depth + 1)) for k, v in value.items()
        ]
        holding((x for pair in flat for x in pair), span, session)
        return Table(tuple(flat))
    if hasattr(value, "__index__"):
        return finite(value.__index__(), span)
    raise TypeError(f"a {type(value).__name__} cannot be an argument of a network")


# --------------------------------------------------------------------------------------------------- texts

_BEFORE = "netspec 1\nconst argument = "


def evaluate_text(source: Source, file: File, session: Session) -> Value:
    """The value of an expression given as text, with the names of a file; a tuple needs no parentheses."""
    expr = _parsed(source)
    try:
        return evaluate(expr, Frame(session, file, {}))
    except Mistake as error:
        raise Mistake(_moved(error.diagnostic, source)) from None


def _parsed(source: Source) -> ast.Expr:
    bare, mistakes = _expression(source.name, source.text, "", "")
    if bare is not None:
        return bare
    listed, _ = _expression(source.name, source.text, "(", "\n)")
    if isinstance(listed, ast.List) and listed.brackets == "()":
        return listed
    place = Span(source, 0, len(source.text))
    wrong = mistakes[0] if mistakes else Diagnostic("NS100", "an argument is one expression", Label(place))
    raise Mistake(_moved(wrong, source))


def _expression(name: str, text: str, before: str, after: str) -> tuple[ast.Expr | None, tuple[Diagnostic, ...]]:
    """The one expression that a text is."""
    document, mistakes = parse(Source(name, f"{_BEFORE}{before}{text}{after}\n"))
    declarations = document.declarations if document else ()
    only = declarations[0] if len(declarations) == 1 else None
    return (only.value if isinstance(only, ast.Const) else None), mistakes


def _moved(diagnostic: Diagnostic, source: Source) -> Diagnostic:
    """A diagnostic about the text as it was given, without what stands around it here."""
    related = tuple(_moved_label(label, source) for label in diagnostic.related)
    return replace(diagnostic, primary=_moved_label(diagnostic.primary, source), related=related)


def _moved_label(label: Label, source: Source) -> Label:
    there = label.span.source
    if there.name != source.name:
        return label
    size, offset = len(source.text), there.text.find(source.text, len(_BEFORE) - 1)
    start, end = (min(max(0, place - offset), size) for place in (label.span.start, label.span.end))
    return Label(Span(source, start, end), label.text)
