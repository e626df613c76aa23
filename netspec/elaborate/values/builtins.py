"""The built-in functions: a subset of Python's, with Python's meaning."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from netspec.diagnostics import mistake
from netspec.dims import Dim
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int, is_number, truth
from netspec.elaborate.values.kinds import UNKNOWN, Family, Table, Tensor, Value
from netspec.elaborate.values.measure import checked_int, checked_size, extent_of, holding
from netspec.elaborate.values.operators import arithmetic, extreme, finite
from netspec.elaborate.values.words import bounded, count, kind, show
from netspec.source import Span

Call = Callable[[tuple[Value, ...], Frame, Span], Value]


@dataclass(frozen=True, slots=True)
class Signature:
    """How many arguments a built-in function takes (``most`` None: any number), and what it does."""

    least: int
    most: int | None
    call: Call

    @property
    def arity(self) -> str:
        """``1 argument``, ``1 to 3 arguments``, ``1 or more arguments``."""
        if self.most is None:
            return f"{self.least} or more arguments"
        return count(self.least, "argument") if self.least == self.most else f"{self.least} to {self.most} arguments"


def call_builtin(name: str, args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    """Call a built-in with checked arity; `UNKNOWN` in gives `UNKNOWN` out."""
    signature = BUILTINS[name]
    if any(a is UNKNOWN for a in args):
        return UNKNOWN
    check_count(name, len(args), span)
    return signature.call(args, frame, span)


def check_count(name: str, given: int, span: Span) -> None:
    """Refuse a number of arguments that a built-in does not take."""
    signature = BUILTINS[name]
    if given < signature.least or (signature.most is not None and given > signature.most):
        code = "NS204" if given > signature.least else "NS202"
        mistake(code, f"`{name}` takes {signature.arity}, not {given}", span)


def text_of(value: Value, span: Span) -> str:
    """A value inside a string, as ``str`` gives it."""
    if isinstance(value, str):
        return value
    if isinstance(value, (Tensor, Family)):
        mistake("NS207", f"{kind(value)} cannot stand in a string", span)
    if extent_of(value).size > _LONGEST:
        mistake("NS601", f"a value of more than {_LONGEST:,} parts cannot stand in a string", span)
    return show(value, _LONGEST * 100)


_LONGEST: Final = 1000


def items_of(value: Value, name: str, span: Span, frame: Frame) -> tuple[Value, ...]:
    """The items of a list, or the keys of a dict, paid for."""
    if isinstance(value, Table):
        value = tuple(k for k, _ in value.pairs)
    if not isinstance(value, tuple):
        mistake("NS207", f"`{name}` needs a list, not {kind(value)}", span)
    frame.session.charge(span, len(value))
    return value


def _known(args: tuple[Value, ...], name: str, span: Span) -> None:
    for a in args:
        if isinstance(a, Dim):
            from netspec.elaborate.advice.methods import POSITIONS

            help_ = POSITIONS if name == "range" else ""
            mistake("NS214", f"`{name}` needs a known number, and {bounded(str(a))} is an open size", span, help=help_)


def _ints(args: tuple[Value, ...], span: Span, name: str) -> tuple[int, ...]:
    _known(args, name, span)
    for a in args:
        if not is_int(a):
            mistake("NS207", f"`{name}` needs ints, not {kind(a)}", span)
    return args


def _numbers(values: tuple[Value, ...], span: Span, name: str) -> None:
    for v in values:
        if not is_number(v) and not isinstance(v, Dim):
            mistake("NS207", f"`{name}` needs numbers, not {kind(v)}", span)


def _range(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    bounds = _ints(args, span, "range")
    if len(bounds) == 3 and bounds[2] == 0:
        mistake("NS207", "the step of `range` cannot be 0", span)
    numbers = range(*bounds)
    size = max(0, (numbers.stop - numbers.start + numbers.step - (1 if numbers.step > 0 else -1)) // numbers.step)
    checked_size(size, span)
    frame.session.charge(span, size)
    return tuple(numbers)


def _len(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    value = args[0]
    if isinstance(value, Table):
        return len(value.pairs)
    if not isinstance(value, (tuple, str, Family)):
        help_ = "`x.rank` is its number of axes, `x.shape` its sizes" if isinstance(value, Tensor) else ""
        mistake("NS207", f"`len` needs a list, not {kind(value)}", span, help=help_)
    return len(value)


def _extreme(name: str) -> Call:
    def of_values(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
        values = items_of(args[0], name, span, frame) if len(args) == 1 else args
        if not values:
            mistake("NS207", f"`{name}` of an empty list", span)
        if all(isinstance(v, str) for v in values):
            return min(values) if name == "min" else max(values)
        _numbers(values, span, name)
        if any(isinstance(v, Dim) for v in values):
            return extreme(name, values, span, frame)
        return min(values) if name == "min" else max(values)

    return of_values


def _fold(name: str, op: str, start: int) -> Call:
    def of_list(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
        values = items_of(args[0], name, span, frame)
        _numbers(values, span, name)
        total: Value = start
        for v in values:
            total = arithmetic(op, total, v, span, frame)
        return total

    return of_list


def _real(name: str, function: Callable[..., Any]) -> Call:
    def of_numbers(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
        _known(args, name, span)
        for a in args:
            if not is_number(a):
                mistake("NS207", f"`{name}` needs a number, not {kind(a)}", span)
        try:
            return finite(function(*args), span)
        except (ValueError, OverflowError, ZeroDivisionError):
            mistake("NS207", f"`{name}` is not defined for {', '.join(map(show, args))}", span)

    return of_numbers


def _round(value: Any, digits: int = 0) -> Any:
    """Python's ``round``: to an int without digits, to a float with them."""
    if isinstance(digits, float):
        raise ValueError
    if abs(digits) > 400:
        return value if digits > 0 else type(value)(0)
    return round(value, digits) if digits else round(value)


def _round_call(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    result = _real("round", _round)(args, frame, span)
    return float(result) if len(args) == 2 and isinstance(args[0], float) else result


def _convert(name: str) -> Call:
    def of_value(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
        value = args[0]
        _known(args, name, span)
        if isinstance(value, str):
            return _read_number(name, value, span)
        if not is_number(value):
            mistake("NS207", f"`{name}` does not take {kind(value)}", span)
        return checked_int(int(value), span) if name == "int" else float(value)

    return of_value


def _read_number(name: str, text: str, span: Span) -> Value:
    try:
        if len(text) > 30 or not text.isascii() or "_" in text:
            raise ValueError
        return finite(int(text) if name == "int" else float(text), span)
    except ValueError:
        mistake("NS207", f"{show(text)} is no {name}", span)


def _quantified(name: str) -> Call:
    def of_list(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
        found = (truth(v, span) for v in items_of(args[0], name, span, frame))
        return any(found) if name == "any" else all(found)

    return of_list


def _sorted(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    values = items_of(args[0], "sorted", span, frame)
    _known(values, "sorted", span)
    if not all(map(is_number, values)) and not all(isinstance(v, str) for v in values):
        mistake("NS207", "`sorted` needs numbers, or strings", span)
    return tuple(sorted(values))


def _list(values: list[Value], frame: Frame, span: Span) -> Value:
    holding(values, span, frame.session)
    return tuple(values)


def _reversed(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    return tuple(reversed(items_of(args[0], "reversed", span, frame)))


def _zip(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    return _list(list(zip(*(items_of(a, "zip", span, frame) for a in args), strict=False)), frame, span)


def _enumerate(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    start = _ints(args[1:], span, "enumerate")[0] if len(args) > 1 else 0
    items = items_of(args[0], "enumerate", span, frame)
    checked_int(start + len(items), span)
    return _list(list(enumerate(items, start)), frame, span)


def _str(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    return text_of(args[0], span)


def _is_list(args: tuple[Value, ...], frame: Frame, span: Span) -> Value:
    return isinstance(args[0], tuple)


BUILTINS: Final[dict[str, Signature]] = {
    "range": Signature(1, 3, _range),
    "len": Signature(1, 1, _len),
    "min": Signature(1, None, _extreme("min")),
    "max": Signature(1, None, _extreme("max")),
    "sum": Signature(1, 1, _fold("sum", "+", 0)),
    "prod": Signature(1, 1, _fold("prod", "*", 1)),
    "any": Signature(1, 1, _quantified("any")),
    "all": Signature(1, 1, _quantified("all")),
    "round": Signature(1, 2, _round_call),
    "ceil": Signature(1, 1, _real("ceil", math.ceil)),
    "floor": Signature(1, 1, _real("floor", math.floor)),
    "abs": Signature(1, 1, _real("abs", abs)),
    "sqrt": Signature(1, 1, _real("sqrt", math.sqrt)),
    "log": Signature(1, 2, _real("log", math.log)),
    "int": Signature(1, 1, _convert("int")),
    "float": Signature(1, 1, _convert("float")),
    "str": Signature(1, 1, _str),
    "sorted": Signature(1, 1, _sorted),
    "reversed": Signature(1, 1, _reversed),
    "zip": Signature(1, None, _zip),
    "enumerate": Signature(1, 2, _enumerate),
    "is_list": Signature(1, 1, _is_list),
}
