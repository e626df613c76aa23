"""Comparisons of values, and their truth."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final, Literal

from netspec.diagnostics import Edit, Help, mistake
from netspec.dims import Condition, Dim
from netspec.elaborate.proofs.deciding import decided
from netspec.elaborate.session import Session
from netspec.elaborate.values.kinds import Family, Part, Repetition, Table, Tensor, Value, identity
from netspec.elaborate.values.measure import extent_of
from netspec.elaborate.values.words import bounded, kind, show
from netspec.source import Span

Relation = Literal["==", "!=", "<", "<=", ">", ">="]
_ORDER: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def truth(value: Value, span: Span) -> bool:
    """Python's truth of a value; an open size or a tensor has none."""
    if isinstance(value, (Dim, Tensor, Family, Part, Repetition)):
        mistake("NS207", f"{kind(value)} is neither true nor false", span)
    return bool(value.pairs) if isinstance(value, Table) else bool(value)


def is_number(value: Value) -> bool:
    """An int or a float; a bool is no number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_int(value: Value) -> bool:
    """An int that is no bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def compare(op: str, left: Value, right: Value, span: Span, session: Session) -> bool:
    """``left op right`` for every comparison operator."""
    if op in ("in", "not in"):
        return contains(left, right, span, session) == (op == "in")
    if op in ("==", "!="):
        return equal(left, right, op, span, session) == (op == "==")
    if isinstance(left, Dim) or isinstance(right, Dim):
        return _for_all(op, left, right, span, session)
    if not (is_number(left) and is_number(right)) and not (isinstance(left, str) and isinstance(right, str)):
        mistake("NS207", f"`{op}` does not compare {kind(left)} and {kind(right)}", span)
    return _ORDER[op](left, right)


def equal(left: Value, right: Value, op: str, span: Span, session: Session) -> bool:
    """``left == right``: unlike kinds are an error, but anything compares with None.

    Lists are equal item by item; sizes in them when they are equal for every value of the open ones.
    """
    if left is None or right is None:
        return left is right
    if isinstance(left, tuple) and isinstance(right, tuple):
        session.charge(span, 1 + min(len(left), len(right)))
        return len(left) == len(right) and all(
            _same_item(a, b, op, span, session) for a, b in zip(left, right, strict=True)
        )
    if isinstance(left, Dim) or isinstance(right, Dim):
        return _for_all(op, left, right, span, session) == (op == "==")
    _check_comparable(left, right, op, span)
    session.charge(span, extent_of(left).size)
    return bool(identity(left) == identity(right))


def _check_comparable(left: Value, right: Value, op: str, span: Span) -> None:
    for value in (left, right):
        if isinstance(value, (Tensor, Family)):
            help_ = "compare shapes: `x.shape == y.shape`" if isinstance(value, Tensor) else ""
            mistake("NS207", f"`{op}` does not compare tensors", span, help=help_)
    if not like(left, right):
        result = "False" if op == "==" else "True"
        help_ = _unquoted(left, right, span)
        mistake("NS207", f"`{op}` compares {kind(left)} with {kind(right)}", span, f"always {result}", help=help_)


def _unquoted(left: Value, right: Value, span: Span) -> str:
    """A number in quotes beside a number: ``depth == "18"``."""
    text, number = (left, right) if isinstance(left, str) else (right, left)
    if not isinstance(text, str) or not is_number(number):
        return ""
    if not text.isdecimal():
        return f"anything compares with None: write `None` for `{show(text)}`, or write `str(…) == {show(text)}`"
    at = span.text.find(f'"{text}"')
    place = Span(span.source, span.start + at, span.start + at + len(text) + 2)
    return Help(f"leave out the quotes: `{text}`", *([Edit(place, text)] if at >= 0 else []))


def like(left: Value, right: Value) -> bool:
    """Whether two values are of one kind: numbers, or of one type."""
    return (is_number(left) and is_number(right)) or type(left) is type(right)


def _same_item(left: Value, right: Value, op: str, span: Span, session: Session) -> bool:
    """Items of lists: sizes are the same when they are for every value of the open ones."""
    if not isinstance(left, Dim) and not isinstance(right, Dim):
        return equal(left, right, op, span, session)
    if not isinstance(left, Dim | int) or not isinstance(right, Dim | int):
        mistake("NS207", f"`{op}` compares {kind(left)} with {kind(right)}", span)
    verdict = decided(Condition(left, "==", right), span, session)
    if verdict.truth == "unknown":
        sizes = f"{bounded(str(left))} and {bounded(str(right))}"
        mistake("NS213", f"cannot decide whether {sizes} are equal for all sizes", span)
    return verdict.truth == "always"


def _for_all(op: str, left: Value, right: Value, span: Span, session: Session) -> bool:
    """A condition over open sizes must hold for all of them or for none."""
    if not (isinstance(left, Dim) or is_int(left)) or not (isinstance(right, Dim) or is_int(right)):
        mistake("NS207", f"`{op}` does not compare {kind(left)} and {kind(right)}", span)
    relation: Any = op
    verdict = decided(Condition(left, relation, right), span, session)
    if verdict.truth in ("always", "never"):
        return verdict.truth == "always"
    where = f"holds only when {bounded(verdict.holds)}" if verdict.truth == "sometimes" else "cannot be decided"
    condition = f"{bounded(str(left))} {op} {bounded(str(right))}"
    mistake(
        "NS213",
        f"`{condition}` must hold for all sizes, or for none",
        span,
        where,
        help="a structure cannot depend on an open size: compare whole shapes, or give the size a number",
    )


def contains(left: Value, right: Value, span: Span, session: Session) -> bool:
    """``left in right``: items are compared by their value, and at least one must be of left's kind."""
    if isinstance(right, str) and isinstance(left, str):
        session.charge(span, 1 + len(right) // 8)
        return left in right
    if not isinstance(right, (tuple, Table)) or isinstance(left, (Tensor, Family, Dim)):
        mistake("NS207", f"`in` does not look for {kind(left)} in {kind(right)}", span)
    items = right if isinstance(right, tuple) else tuple(k for k, _ in right.pairs)
    session.charge(span, 1 + extent_of(items).size)
    if items and left is not None and not any(item is None or like(left, item) for item in items):
        others = kind(items[0]).partition(" ")[2] + "s"
        mistake("NS207", f"`in` looks for {kind(left)} among {others}", span, "never there")
    wanted = identity(left)
    return any(identity(item) == wanted for item in items)
