"""How large values are; what would be too large is refused before it is made."""

from __future__ import annotations

from collections.abc import Iterable

from netspec import limits
from netspec.diagnostics import mistake
from netspec.elaborate.session import Session
from netspec.elaborate.values.kinds import ONE, Extent, Labelled, Part, Repetition, Table, Value
from netspec.source import Span


def extent_of(value: Value) -> Extent:
    """The unfolded size of a value, and how deep it nests. Every value that exists is within the limits."""
    if type(value) in _SMALL:
        return ONE
    if isinstance(value, (Part, Repetition, Labelled)):
        return value.extent
    if isinstance(value, tuple):
        return around(value)
    if isinstance(value, Table):
        return around(item for pair in value.pairs for item in pair)
    return Extent(1 + len(value) // 8, 1) if isinstance(value, str) else ONE


_SMALL = frozenset({int, bool, float, type(None)})


def around(values: Iterable[Value]) -> Extent:
    """The extent of what holds these values."""
    size, depth = 1, 0
    for value in values:
        extent = extent_of(value)
        size += extent.size
        depth = max(depth, extent.depth)
    return Extent(size, depth + 1)


def holding(values: Iterable[Value], span: Span, session: Session) -> Extent:
    """The extent of a value about to be made, checked and paid for."""
    extent = around(values)
    session.charge(span, extent.size)
    checked_size(extent.size, span)
    if extent.depth > limits.MAX_NESTING:
        mistake("NS601", f"values nested more than {limits.MAX_NESTING} deep", span)
    return extent


def checked_size(size: int, span: Span) -> None:
    """Refuse a value before it is made."""
    if size > limits.MAX_VALUE_SIZE:
        mistake("NS601", f"a value of more than {limits.MAX_VALUE_SIZE:,} parts", span)


def checked_text(length: int, span: Span) -> None:
    """Refuse a string before it is made: eight characters count as a part."""
    if length // 8 > limits.MAX_VALUE_SIZE:
        mistake("NS601", f"a string of more than {8 * limits.MAX_VALUE_SIZE:,} characters", span)


def checked_int(number: int, span: Span) -> int:
    """A number within 2**63."""
    if not -limits.MAX_INTEGER <= number <= limits.MAX_INTEGER:
        mistake("NS602", "a number beyond 2**63", span)
    return number
