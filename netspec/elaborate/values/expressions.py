"""The values of names, constants, strings, attributes and operators."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.diagnostics import did_you_mean, mistake
from netspec.elaborate.names import block_constant
from netspec.elaborate.session import Frame
from netspec.elaborate.values.builtins import text_of
from netspec.elaborate.values.comparing import compare, truth
from netspec.elaborate.values.evaluation import condition, evaluate
from netspec.elaborate.values.functions import join_tensors, negated
from netspec.elaborate.values.kinds import UNKNOWN, Family, Part, Tensor, Value
from netspec.elaborate.values.measure import checked_text
from netspec.elaborate.values.operators import arithmetic, negative
from netspec.elaborate.values.words import kind
from netspec.source import Span
from netspec.syntax import ast

FACTS = ("shape", "rank", "channels", "spatial")


def constant(expr: ast.Constant, frame: Frame) -> Value:
    """``3``, ``"same"``, ``None``."""
    return expr.value


def interpolation(expr: ast.Interpolation, frame: Frame) -> Value:
    """``"layer{i + 1}"``."""
    parts: list[str] = []
    length = 0
    for part in expr.parts:
        value = part if isinstance(part, str) else evaluate(part, frame)
        if value is UNKNOWN:
            return UNKNOWN
        parts.append(text_of(value, expr.span))
        length += len(parts[-1])
        checked_text(length, expr.span)
    frame.session.charge(expr.span, length // 8)
    return "".join(parts)


def attribute(expr: ast.Attribute, frame: Frame) -> Value:
    """A fact of a tensor, or a constant of a block."""
    value = evaluate(expr.value, frame)
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Tensor):
        return fact(value, expr.name, frame, expr.name_span, expr.value.span)
    if isinstance(value, Part):
        return block_constant(value, expr.name, frame, expr.name_span)
    help_ = "take a member of it: `c[0].shape`" if isinstance(value, Family) and expr.name in FACTS else ""
    mistake("NS200", f"{kind(value)} has no `.{expr.name}`", expr.name_span, help=help_)


def fact(tensor: Tensor, name: str, frame: Frame, span: Span, written: Span) -> Value:
    """``x.shape``, ``x.rank``, ``x.channels``, ``x.spatial``; open sizes are noted, to be read when the module runs."""
    if name not in FACTS:
        from netspec.elaborate.advice.methods import of_method

        known = ", ".join(f"`.{f}`" for f in FACTS)
        help_ = of_method(name, tensor.type, written, span) or did_you_mean(name, FACTS, span) or f"it has {known}"
        mistake("NS200", f"a tensor has no `.{name}`", span, help=help_)
    if name == "channels" and tensor.type.rank < 2:
        mistake("NS212", f"a tensor {tensor.type} has no channels", span, "channels are axis 1")
    if frame.draft:
        frame.draft.note_sizes(tensor)
    if name == "channels":
        return tensor.type.channels
    return {"shape": tensor.type.dims, "rank": tensor.type.rank, "spatial": tensor.type.dims[2:]}[name]


def unary(expr: ast.Unary, frame: Frame) -> Value:
    """``-x``, ``not x``."""
    value = evaluate(expr.operand, frame)
    if value is UNKNOWN:
        return UNKNOWN
    if expr.op == "not":
        return not truth(value, expr.operand.span)
    return negated(value, frame, expr.span) if isinstance(value, Tensor) else negative(value, expr.span, frame)


def binary(expr: ast.Binary, frame: Frame) -> Value:
    """``a * b``, of values or of tensors."""
    terms = (expr.left, expr.right)
    return _combined(terms, (expr.op,), expr.span, frame)


def sum_(expr: ast.Sum, frame: Frame) -> Value:
    """``a + b - c``, of values or of tensors."""
    return _combined(expr.terms, expr.signs[1:], expr.span, frame)


def _combined(terms: Sequence[ast.Expr], ops: Sequence[str], span: Span, frame: Frame) -> Value:
    values = [evaluate(t, frame) for t in terms]
    if any(v is UNKNOWN for v in values):
        return UNKNOWN
    if any(isinstance(v, (Tensor, Family)) for v in values):
        return join_tensors(values, ops, [t.span for t in terms], frame)
    total = values[0]
    for op, value in zip(ops, values[1:], strict=True):
        total = arithmetic(op, total, value, span, frame)
    return total


def comparison(expr: ast.Compare, frame: Frame) -> Value:
    """``a < b <= c``; what follows a comparison that does not hold is not evaluated."""
    left = evaluate(expr.operands[0], frame)
    for op, operand in zip(expr.ops, expr.operands[1:], strict=True):
        right = evaluate(operand, frame)
        if left is UNKNOWN or right is UNKNOWN:
            return UNKNOWN
        if not compare(op, left, right, expr.span, frame.session):
            return False
        left = right
    return True


def bool_op(expr: ast.BoolOp, frame: Frame) -> Value:
    """``a and b``, ``a or b``: the operand that decides."""
    value: Value = None
    for operand in expr.operands:
        value = evaluate(operand, frame)
        if value is UNKNOWN or truth(value, operand.span) == (expr.op == "or"):
            return value
    return value


def conditional(expr: ast.Conditional, frame: Frame) -> Value:
    """``then if condition else otherwise``."""
    chosen = condition(expr.condition, frame)
    return UNKNOWN if chosen is UNKNOWN else evaluate(expr.then if chosen else expr.otherwise, frame)
