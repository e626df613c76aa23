"""Drawing annotations: what pictures show, never what is computed."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import did_you_mean, mistake
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import UNKNOWN, Value
from netspec.elaborate.values.words import bounded, kind, listing, show
from netspec.graph import Drawing
from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.annotations import ANNOTATIONS, REQUIRED, Signature, bound


def drawings(annotations: tuple[ast.Annotation, ...], frame: Frame) -> tuple[Drawing, ...]:
    """Annotations with their values, in the order of their parameters; one with an unknown value is left out."""
    found = (_drawing(a, frame) for a in annotations)
    return tuple(d for d in found if d is not None)


def _drawing(annotation: ast.Annotation, frame: Frame) -> Drawing | None:
    signature, given = ANNOTATIONS[annotation.name], bound(annotation)
    values: list[Any] = []
    for name, (_, default) in signature.parameters.items():
        value = evaluate(given[name], frame) if name in given else default
        if value is UNKNOWN or value is REQUIRED:
            return None
        if name in given:
            _check(value, annotation.name, name, signature, given[name].span)
        values.append(value)
    return Drawing(annotation.name, tuple(values))


def _check(value: Value, annotation: str, name: str, signature: Signature, span: Span) -> None:
    """The value is of the parameter's type, and one of its choices."""
    type_, default = signature.parameters[name]
    what = f"`{name}` of `@{annotation}`"
    if type_ is int and not (is_int(value) and value >= 0):
        mistake("NS203", f"{what} is an int of at least 0, not {bounded(show(value))}", span)
    if type_ is str and not isinstance(value, str) and (value is not None or default is not None):
        help_ = f'write `"{{{" ".join(span.text.split())}}}"`' if len(span.text) <= 40 else ""
        mistake("NS203", f"{what} is a string, not {kind(value)}", span, help=help_)
    choices = (signature.choices or {}).get(name)
    if choices and isinstance(value, str) and value not in choices:
        quoted = tuple(f'"{c}"' for c in choices)
        help_ = did_you_mean(f'"{value}"', quoted) or f"it is {listing(quoted)}"
        mistake("NS203", f"{what} cannot be {bounded(show(value))}", span, help=help_)
