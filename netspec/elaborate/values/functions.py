"""Functions of tensors in expressions: arithmetic, ``concat(a, b)``, slicing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from netspec.diagnostics import mistake
from netspec.dims import Dim
from netspec.elaborate.advice.habits import added
from netspec.elaborate.blocks.apply import apply_op, make_op
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int, is_number
from netspec.elaborate.values.evaluation import evaluate, spread
from netspec.elaborate.values.kinds import UNKNOWN, Family, Part, Tensor, Value
from netspec.elaborate.values.words import kind
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast

_JOINS = {"+": "add", "-": "sub", "*": "mul", "/": "div"}


def apply_function(part: Part, operands: Sequence[Tensor], frame: Frame, span: Span) -> Value:
    """A function of tensors on operands, tensors given by keyword (``like=y``) after them."""
    if frame.draft is None:
        mistake("NS405", f"`{part.name}` works on tensors, and there are none here", span)
    return single(apply_op(part, make_op(part, frame.session), operands, frame, span), span)


def single(outputs: Sequence[Tensor], span: Span) -> Value:
    """One tensor, or a family of several."""
    return outputs[0] if len(outputs) == 1 else Family(dict(enumerate(outputs)), span)


def join_tensors(values: Sequence[Value], ops: Sequence[str], places: Sequence[Span], frame: Frame) -> Value:
    """``a + b - c`` with tensors among the operands: a run of ``+`` is one node."""
    left, done = values[0], 0
    while done < len(ops):
        end = done + 1
        while end < len(ops) and ops[done] == ops[end] == "+":
            end += 1
        span = places[0].to(places[end])
        left = _join(ops[done], [left, *values[done + 1 : end + 1]], frame, span)
        done = end
    return left


def _join(symbol: str, operands: list[Value], frame: Frame, span: Span) -> Value:
    if symbol == "**":
        base, exponent = operands
        return _power(base, exponent, frame, span)
    _check_operands(symbol, operands, span)
    assert frame.draft is not None
    tensors = [v for v in operands if isinstance(v, Tensor)]
    numbers = tuple((i, v) for i, v in enumerate(operands) if not isinstance(v, Tensor))
    raw = tuple(i for i, t in enumerate(tensors) if frame.draft.steps[t.ref.node].raw)
    op_name = registry.find(_JOINS[symbol])
    assert op_name is not None
    attributes: dict[str, Any] = {"numbers": numbers, "raw": raw}
    op = op_name.op(**{name: value for name, value in attributes.items() if value})
    return single(apply_op(Part(op_name, span), op, tensors, frame, span), span)


def _power(base: Value, exponent: Value, frame: Frame, span: Span) -> Value:
    """``x ** 2``."""
    if not isinstance(base, Tensor) or not is_number(exponent):
        mistake("NS207", f"`**` takes a tensor and a number, not {kind(base)} and {kind(exponent)}", span)
    return _applied("pow", (("exponent", exponent),), base, frame, span)


def negated(tensor: Tensor, frame: Frame, span: Span) -> Value:
    """``-x``."""
    return _applied("neg", (), tensor, frame, span)


def _applied(name: str, attributes: tuple[tuple[str, Value], ...], tensor: Tensor, frame: Frame, span: Span) -> Value:
    """An op that is written as an operator."""
    op_name = registry.find(name)
    assert op_name is not None
    return apply_function(Part(op_name, span, attributes), [tensor], frame, span)


def _check_operands(symbol: str, operands: list[Value], span: Span) -> None:
    if symbol not in _JOINS:
        mistake("NS207", f"`{symbol}` does not work on tensors", span)
    for value in operands:
        if not isinstance(value, (Tensor, Dim)) and not is_number(value):
            member = "take one member of it: `c[0]`" if isinstance(value, Family) else ""
            help_ = added(value.name, value.span, span) if isinstance(value, Part) and symbol == "+" else member
            mistake("NS207", f"`{symbol}` does not join a tensor and {kind(value)}", span, help=help_)
    if not any(isinstance(v, Tensor) for v in operands):
        mistake("NS207", f"`{symbol}` of numbers before a tensor", span, help="put the tensor first")


# --------------------------------------------------------------------------------------------------- slicing


def index_tensor(tensor: Tensor, expr: ast.Index, frame: Frame) -> Value:
    """``x[:, 0]``, ``x[:, :, 1:-1]``, ``x[..., None]``: Python's slicing, as the op ``index``."""
    entries = [e for i in expr.indices for e in _entries(i, frame)]
    if any(e is UNKNOWN for e in entries):
        return UNKNOWN
    if frame.draft is None:
        mistake("NS405", "a tensor is sliced where there are none", expr.span)
    op_name = registry.find("index")
    assert op_name is not None
    frame.session.charge(expr.span, len(entries))
    part = Part(op_name, expr.span, (("indices", tuple(entries)),))
    return single(apply_op(part, make_op(part, frame.session), [tensor], frame, expr.span), expr.span)


def _entries(index: Any, frame: Frame) -> list[Any]:
    """One index as data: an int, None, ``"..."``, or a slice ``(lower, upper, step)``."""
    if isinstance(index, ast.Dots):
        return ["..."]
    if isinstance(index, ast.Slice):
        return [_range(index, frame)]
    if isinstance(index, ast.Star):
        return [_position(v, index.span) for v in spread(index, frame)]
    return [_position(evaluate(index, frame), index.span)]


def _range(index: ast.Slice, frame: Frame) -> Any:
    bounds = []
    for bound in (index.lower, index.upper, index.step):
        bounds.append(None if bound is None else _position(evaluate(bound, frame), bound.span))
    if any(b is UNKNOWN for b in bounds):
        return UNKNOWN
    step = bounds[2]
    if isinstance(step, Dim) or (step is not None and step < 1):
        mistake("NS207", f"a tensor is sliced in steps of at least 1, not {step}", index.span)
    return tuple(bounds)


def _position(value: Value, span: Span) -> Value:
    if value is None or value is UNKNOWN or isinstance(value, Dim) or is_int(value):
        return value
    mistake("NS207", f"a tensor's index is an int, a slice or None, not {kind(value)}", span)
