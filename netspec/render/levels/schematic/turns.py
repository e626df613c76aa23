"""Which turns of a loop are drawn: first, second, one for those left out, last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from netspec.render.levels.schematic.forms import LEFT_OUT, Atom, Form, Number, named, plus
from netspec.render.levels.schematic.lengths import length
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.values import Listed, Value, is_turn, text

#: What is drawn of a loop that has no `@draw`.
FIRST, LAST = 2, 1


class Turn(NamedTuple):
    """One turn that is drawn, with the value that the loop gives it; ``stands`` for those left out."""

    value: Value
    stands: bool = False


def turns_of(iterable: Value, scope: Scope, ends: tuple[int, int] | None = None) -> Iterator[Turn]:
    """The turns of a loop that are drawn: all of a short one whose length is known, and one alone where an outer loop's
    turn already stands for others. ``ends`` are how many first and last ones; one that counts down mirrors the rest."""
    listed = listed_of(iterable)
    first, last = ends or ((LAST, FIRST) if listed.falls else (FIRST, LAST))
    for index, stands in _indices(listed, scope.turn, first, last):
        scope.chart.spend()
        yield Turn(listed.item(index), stands)


def _indices(listed: Listed, within: bool, first: int, last: int) -> Iterator[tuple[Number, bool]]:
    """The positions that are drawn, and whether one stands for others."""
    count = listed.length
    if isinstance(count, int) and count <= first + last + 1:
        yield from ((i, False) for i in range(count))
    elif within and not isinstance(count, int):
        yield _position(listed, 0, 0), True
    else:
        yield from ((i, False) for i in range(first))
        yield _position(listed, first, last), True
        yield from ((plus(count, i, -1), False) for i in range(last, 0, -1))


def _position(listed: Listed, first: int, last: int) -> Form:
    high = plus(listed.length, 1 + last, -1)
    top = high if isinstance(high, Form) else Form((), high)
    return Form(((Atom(listed.text, turn=True, low=first, high=top), 1),))


def listed_of(value: Value) -> Listed:
    """A value as a list: one that is known, a list in the making, or a name whose entries are ``name[i]``."""
    if isinstance(value, Listed):
        return value
    if isinstance(value, dict):
        value = tuple(value)
    if isinstance(value, tuple):
        return Listed(len(value), lambda i: _known(value, i), text(value))
    shown = text(value)
    return Listed(length(shown), lambda i: entry(shown, i, is_turn(value)), shown)


def _known(items: tuple[Value, ...], index: Number) -> Value:
    if isinstance(index, int) and -len(items) <= index < len(items):
        return items[index]
    return named(LEFT_OUT, turn=True)


def entry(listed: str, index: Number, turn: bool = False) -> Form:
    """``layers[n-1]``."""
    return named(f"{listed}[{index}]", turn or is_turn(index))


def range_(start: Number, stop: Number, step: int, shown: str) -> Listed:
    """``range(m - 2, -1, -1)``."""
    count = plus(stop, start, -1) if step > 0 else plus(start, stop, -1)
    if abs(step) > 1:
        count = -(-count // abs(step)) if isinstance(count, int) else named(f"({count})//{abs(step)}")
    if isinstance(count, int):
        count = max(count, 0)
    return Listed(count, lambda i: plus(start, i, step), shown, falls=step < 0)


def sliced(listed: Listed, lower: int, upper: int) -> Listed:
    """``layers[1:-1]``: from ``lower`` on, up to ``upper`` (0: the end) from the end."""
    left = plus(listed.length, lower - upper, -1)
    rest = max(left, 0) if isinstance(left, int) else left
    return replace(listed, length=rest, item=lambda i: listed.item(plus(i, lower)))
