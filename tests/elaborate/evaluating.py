"""Values of expressions, for tests."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import Diagnostic, Mistake
from netspec.elaborate import load_program
from netspec.elaborate.outside import evaluate_text
from netspec.elaborate.rules import RULES
from netspec.elaborate.session import Session
from netspec.elaborate.values.kinds import Table
from netspec.files import read_import
from netspec.source import Source


def value_of(text: str, declarations: str = "") -> Any:
    """The value of an expression, dicts as Python's."""
    program, diagnostics = load_program(Source("spec.netspec", f"netspec 1\n{declarations}\n"), read_import)
    assert program is not None, diagnostics
    return plain(evaluate_text(Source("expression", text), program.main, Session(RULES)))


def plain(value: Any) -> Any:
    if isinstance(value, Table):
        return {k: plain(v) for k, v in value.pairs}
    return tuple(map(plain, value)) if isinstance(value, tuple) else value


def mistake_of(text: str, declarations: str = "") -> Diagnostic:
    """What is wrong with an expression."""
    try:
        value = value_of(text, declarations)
    except Mistake as error:
        return error.diagnostic
    raise AssertionError(f"{text} is {value!r}")
