"""Evaluating expressions and running statements, by the rules of the session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netspec.diagnostics import Diagnostic, Label, Mistake, mistake, with_trail
from netspec.elaborate.scopes import assigned
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import truth
from netspec.elaborate.values.kinds import UNKNOWN, Family, Value
from netspec.elaborate.values.words import kind
from netspec.syntax import ast


def evaluate(expr: ast.Expr, frame: Frame) -> Value:
    """The value of an expression. Raises `Mistake`; `UNKNOWN` in gives `UNKNOWN` out."""
    session = frame.session
    session.fuel -= 1
    if session.fuel < 0:
        session.exhausted(expr.span)
    return session.rules.expressions[type(expr)](expr, frame)


def condition(expr: ast.Expr, frame: Frame) -> Any:
    """True, False or `UNKNOWN`."""
    value = evaluate(expr, frame)
    return value if value is UNKNOWN else truth(value, expr.span)


def text(expr: ast.Constant | ast.Interpolation, frame: Frame) -> Any:
    """The string that a label, message or selector stands for; `UNKNOWN` where a part is."""
    value = evaluate(expr, frame)
    return value if value is UNKNOWN else str(value)


def label_of(label: ast.Label | None, frame: Frame) -> Any:
    """The text of a label, None where there is none, or `UNKNOWN`."""
    if label is None:
        return None
    return label.value.id if isinstance(label.value, ast.Name) else text(label.value, frame)


def spread(star: ast.Star, frame: Frame) -> tuple[Value, ...]:
    """The members of ``*xs``."""
    value = evaluate(star.value, frame)
    if value is UNKNOWN:
        return (UNKNOWN,)
    if isinstance(value, Family):
        return tuple(value)
    if not isinstance(value, tuple):
        mistake("NS207", f"`*` needs a list, not {kind(value)}", star.span)
    return value


# --------------------------------------------------------------------------------------------------- statements


#: What ends the whole block (a failed assertion: what follows relies on it) or the run (too much work).
_ENDING = ("NS208", "NS600")


def run_all(statements: Iterable[ast.Statement], frame: Frame) -> bool:
    """Run statements in order; False where one failed or left something unknown."""
    known = True
    for statement in statements:
        known = run(statement, frame) and known
    return known


def run(statement: ast.Statement, frame: Frame) -> bool:
    """Run one statement. Its mistake is reported, and what it would have bound is unknown."""
    session = frame.session
    session.charge(statement.span)
    try:
        known = session.rules.statements[type(statement)](statement, frame) is not False
    except Mistake as error:
        if error.diagnostic.code in _ENDING:
            raise Mistake(with_trail(error.diagnostic, session.trail)) from None
        session.report(error.diagnostic)
        forget([statement], frame)
        known = False
    except RecursionError:
        raise Mistake(_too_deep(statement, session.trail)) from None
    if not known and frame.draft:
        frame.draft.failed = True
    return known


def _too_deep(statement: ast.Statement, trail: str) -> Diagnostic:
    return Diagnostic("NS600", "expressions and blocks nested too deeply", Label(statement.span), trail=trail)


def forget(statements: Iterable[ast.Statement], frame: Frame) -> None:
    """Make every name that statements would bind unknown; names of inputs only where they are not bound yet."""
    for name, again in assigned(statements):
        if again or name not in frame.names:
            frame.names[name] = UNKNOWN
