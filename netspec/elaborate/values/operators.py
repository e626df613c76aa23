"""Arithmetic of values (not of tensors)."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Final

from netspec.diagnostics import Edit, Help, mistake
from netspec.dims import Dim, SizeTooLarge, floor_div, maximum, minimum, mod
from netspec.elaborate.advice.listwise import of_lists
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int, is_number
from netspec.elaborate.values.kinds import Labelled, Part, Repetition, Value
from netspec.elaborate.values.measure import checked_int, checked_text, holding
from netspec.elaborate.values.words import bounded, kind
from netspec.source import Span


def negative(value: Value, span: Span, frame: Frame) -> Value:
    """``-value``."""
    if isinstance(value, Dim):
        return arithmetic("*", -1, value, span, frame)
    if not is_number(value):
        mistake("NS207", f"`-` needs a number, not {kind(value)}", span)
    return -value


def arithmetic(op: str, left: Value, right: Value, span: Span, frame: Frame) -> Value:
    """``left op right`` for numbers, sizes, strings and ``n * step``."""
    if op == "*" and (is_step(left) or is_step(right)):
        return _repetition(left, right, span, frame)
    if op == "+" and isinstance(left, str) and isinstance(right, str):
        checked_text(len(left) + len(right), span)
        frame.session.charge(span, (len(left) + len(right)) // 8)
        return left + right
    if not _is_size(left) or not _is_size(right):
        _refuse(op, left, right, span)
    if isinstance(left, Dim) or isinstance(right, Dim):
        return _size_arithmetic(op, left, right, span, frame)
    return _number_arithmetic(op, left, right, span)


def _is_size(value: Value) -> bool:
    return is_number(value) or isinstance(value, Dim)


def _refuse(op: str, left: Value, right: Value, span: Span) -> None:
    help_ = ""
    if isinstance(left, tuple) or isinstance(right, tuple):
        help_ = of_lists(op, left, right, span)
    elif op == "+" and isinstance(left, str):
        help_ = 'put a value into a string with braces: `"layer{i}"`'
    mistake("NS207", f"`{op}` does not work on {kind(left)} and {kind(right)}", span, help=help_)


# --------------------------------------------------------------------------------------------------- n * step


def is_step(value: Value) -> bool:
    """Whether a value is an op, a block, a repetition, or a list with a step in it."""
    if isinstance(value, tuple):
        return any(map(is_step, value))
    return isinstance(value, (Part, Repetition, Labelled))


def _repetition(left: Value, right: Value, span: Span, frame: Frame) -> Repetition:
    """``n * step``, either way round; ``m * (n * step)`` is ``m * n`` steps."""
    count, step = (right, left) if is_step(left) else (left, right)
    if isinstance(count, Dim):
        mistake("NS214", f"a step cannot be repeated {bounded(str(count))} times", span, "an open size",
                help="a structure cannot depend on an open size")  # fmt: skip
    if not is_int(count):
        mistake("NS207", f"`*` does not work on {kind(left)} and {kind(right)}", span)
    if count < 0:
        mistake("NS207", f"a step cannot be repeated {count} times", span)
    if isinstance(step, Repetition):
        count, step = checked_int(count * step.count, span), step.step
    return Repetition(count, step, holding((step,), span, frame.session))


# --------------------------------------------------------------------------------------------------- numbers


_NUMBERS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod,
}  # fmt: skip


def _number_arithmetic(op: str, left: Any, right: Any, span: Span) -> Value:
    if op in ("/", "//", "%") and right == 0:
        mistake("NS207", "division by zero", span)
    try:
        return finite(_power(left, right, span) if op == "**" else _NUMBERS[op](left, right), span)
    except OverflowError:
        mistake("NS602", "a number beyond 2**63", span)


def finite(value: Any, span: Span) -> Value:
    """A number that the language has: within 2**63, or a finite float."""
    if isinstance(value, int):
        return checked_int(value, span)
    if isinstance(value, complex):
        mistake("NS207", "a root of a negative number", span)
    if not math.isfinite(value):
        from netspec.elaborate.advice.methods import FINITE

        mistake("NS602", "a number that is not finite", span, help=FINITE)
    return value


def _power(left: Any, right: Any, span: Span) -> Any:
    """``left ** right``, refused before it is computed where it would be huge."""
    if left == 0 and right < 0:
        mistake("NS207", "division by zero", span)
    if isinstance(left, int) and isinstance(right, int) and abs(left) > 1 and right * math.log2(abs(left)) > 64:
        mistake("NS602", "a number beyond 2**63", span)
    return left**right


# --------------------------------------------------------------------------------------------------- open sizes


def _size_arithmetic(op: str, left: Any, right: Any, span: Span, frame: Frame) -> Value:
    """Arithmetic with open sizes; noted, so that the module can do it when it runs."""
    size = bounded(str(left if isinstance(left, Dim) else right))
    if op in ("/", "**"):
        help_ = "`//` rounds down, `-(-a // b)` rounds up" if op == "/" else ""
        if op == "/" and span.text.count("/") == 1:
            place = span.start + span.text.index("/")
            help_ = Help(help_, Edit(Span(span.source, place, place + 1), "//"))
        mistake("NS214", f"`{op}` does not work on the open size {size}", span, help=help_)
    if isinstance(left, float) or isinstance(right, float):
        mistake("NS214", f"`{op}` does not work on the open size {size} and a float", span)
    if op in ("//", "%") and (isinstance(right, Dim) or right <= 0):
        mistake("NS214", f"`{op}` of the open size {size} needs a known divisor above 0", span)
    result = sized({"//": floor_div, "%": mod}.get(op) or _NUMBERS[op], (left, right), span)
    if frame.draft:
        frame.draft.note_size(result, op, (left, right))
    return result


def extreme(name: str, sizes: tuple[Value, ...], span: Span, frame: Frame) -> Value:
    """The least or largest of several sizes, some of them open."""
    if any(isinstance(s, float) for s in sizes):
        mistake("NS214", f"`{name}` does not take an open size and a float", span)
    result = sized(minimum if name == "min" else maximum, sizes, span)
    if frame.draft:
        frame.draft.note_size(result, name, sizes)
    return result


def sized(function: Callable[..., Any], sizes: tuple[Value, ...], span: Span) -> Value:
    """The result of arithmetic with open sizes; past the limits of that a mistake."""
    try:
        result = function(*sizes)
    except SizeTooLarge as error:
        mistake("NS601", f"a size too complicated: {error}", span)
    return checked_int(result, span) if isinstance(result, int) else result
