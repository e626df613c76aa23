"""Items of values: ``xs[i]``, ``xs[a:b]``, ``table[key]``, ``family[i]``."""

from __future__ import annotations

from netspec.diagnostics import did_you_mean, mistake
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.functions import index_tensor
from netspec.elaborate.values.kinds import UNKNOWN, Family, Table, Tensor, Value
from netspec.elaborate.values.words import kind, show
from netspec.source import Span
from netspec.syntax import ast


def index(expr: ast.Index, frame: Frame) -> Value:
    """The value of ``value[indices]``."""
    value = evaluate(expr.value, frame)
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Tensor):
        return index_tensor(value, expr, frame)
    return _of_value(value, expr, frame)


def _of_value(value: Value, expr: ast.Index, frame: Frame) -> Value:
    first = expr.indices[0]
    if len(expr.indices) != 1 or isinstance(first, (ast.Star, ast.Dots)):
        mistake("NS207", f"{kind(value)} takes one index", expr.span)
    if isinstance(first, ast.Slice):
        return _slice(value, first, frame)
    key = evaluate(first, frame)
    if key is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Table):
        return _entry(value, key, first.span)
    if isinstance(value, Family):
        return _member(value, key, first.span)
    return _item(value, key, expr, first.span)


def _entry(table: Table, key: Value, span: Span) -> Value:
    found, result = table.get(key)
    if not found:
        names = [k for k, _ in table.pairs if isinstance(k, str)]
        near = did_you_mean(key, names) if isinstance(key, str) else ""
        keys = ", ".join(show(k) for k, _ in table.pairs[:8])
        mistake("NS212", f"no entry {show(key)}", span, help=near or (f"the keys are {keys}" if keys else ""))
    return result


def _member(family: Family, key: Value, span: Span) -> Value:
    if isinstance(key, str) and key in family.labels:
        return family.members[family.labels.index(key)]
    if is_int(key):
        if key in family.members:
            return family.members[key]
        if -len(family) <= key < 0:
            return list(family)[key]
    known = ", ".join(str(n) for n in sorted(family.members)[:12])
    if any(family.labels):
        known = ", ".join(show(label) for label in family.labels[:12])
    mistake("NS212", f"no member {show(key)} in this family", span, help=f"it has {known}" if known else "it is empty")


def _item(value: Value, key: Value, expr: ast.Index, span: Span) -> Value:
    if not isinstance(value, (tuple, str)):
        mistake("NS207", f"{kind(value)} has no items", expr.span)
    if not is_int(key):
        mistake("NS207", f"an index is an int, not {kind(key)}", span)
    if not -len(value) <= key < len(value):
        what = "a string" if isinstance(value, str) else "a list"
        last = f"indices go from 0 to {len(value) - 1}" if value else f"{what} without items"
        mistake("NS212", f"index {key} of {what} of {len(value)}", span, last)
    return value[key]


def _slice(value: Value, part: ast.Slice, frame: Frame) -> Value:
    if not isinstance(value, (tuple, str)):
        mistake("NS207", f"{kind(value)} cannot be sliced", part.span)
    bounds = [None if b is None else evaluate(b, frame) for b in (part.lower, part.upper, part.step)]
    if UNKNOWN in bounds:
        return UNKNOWN
    for bound in bounds:
        if bound is not None and not is_int(bound):
            mistake("NS207", f"a slice needs ints, not {kind(bound)}", part.span)
    if bounds[2] == 0:
        mistake("NS207", "a slice's step cannot be 0", part.span)
    result = value[slice(*bounds)]
    frame.session.charge(part.span, len(result))
    return result
