"""Arithmetic on lists, as NumPy has it: how netspec says it."""

from __future__ import annotations

import re

from netspec.diagnostics import Edit, Help
from netspec.elaborate.values.comparing import is_number
from netspec.elaborate.values.kinds import Value
from netspec.source import Span

#: Two operands without operators of their own.
_operand = r"([\w.]{1,40}|[(\[][^()\[\]]{0,40}[)\]])"
_two = re.compile(rf"{_operand}\s*(\+|-|\*\*?|//?|%)\s*{_operand}").fullmatch


def of_lists(op: str, left: Value, right: Value, span: Span) -> str:
    """The help for ``a + b`` of lists, and for ``kernel // 2``."""
    operands = _two(span.text)
    if op == "+" and isinstance(left, tuple) and isinstance(right, tuple):
        if operands is None:
            return "join lists with `[*a, *b]`"
        joined = f"[{_spread(operands[1])}, {_spread(operands[3])}]"
        return Help(f"join lists with `{joined}`", Edit(span, joined))
    each = ""
    if operands and isinstance(left, tuple) and is_number(right):
        each = f"[k {op} {operands[3]} for k in {operands[1]}]"
    elif operands and isinstance(right, tuple) and is_number(left):
        each = f"[{operands[1]} {op} k for k in {operands[3]}]"
    return Help(f"work on each item: `{each or '[2 * k for k in kernel]'}`", *([Edit(span, each)] if each else []))


def _spread(operand: str) -> str:
    """The items of a list: those that are written, or ``*xs``."""
    inside = operand[1:-1].strip().removesuffix(",")
    return inside if operand[0] in "([" and inside else f"*{operand}"
