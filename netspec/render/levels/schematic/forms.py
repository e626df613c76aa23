"""Numbers before they are known: linear forms of names, and what can be told of them when loops are long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netspec.render.words import shortened

#: How a turn that stands for those left out is written.
LEFT_OUT = "..."
#: What is open counts as this many where it has to be a number.
SAMPLE = 1000
#: A text gets no longer.
TEXT_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Atom:
    """What has a name and no value: a parameter (``channel``), an entry (``layers[0]``), the length of a list (``n``).

    ``turn`` marks what depends on a turn that stands for others. ``low`` and ``high`` bound such a turn's position.
    """

    text: str
    length: bool = False
    turn: bool = False
    low: int = 0
    high: Form | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """``2n - 1``: a sum of atoms with whole factors, none of them 0, and a constant."""

    terms: tuple[tuple[Atom, int], ...]
    constant: int = 0

    @property
    def atom(self) -> Atom | None:
        """The atom that it is, if it is one."""
        return self.terms[0][0] if len(self.terms) == 1 and self.constant == 0 and self.terms[0][1] == 1 else None

    @property
    def turn(self) -> bool:
        return any(a.turn for a, _ in self.terms)

    def __str__(self) -> str:
        if self.turn:
            return LEFT_OUT
        ordered = sorted(self.terms, key=lambda term: term[1] < 0)
        text = "".join(_signed(_factor(abs(k), a.text), k, i == 0) for i, (a, k) in enumerate(ordered))
        return shortened(text + (f"{self.constant:+}" if self.constant else ""), TEXT_LENGTH)


Number = int | Form


def _factor(factor: int, text: str) -> str:
    if factor == 1:
        return text
    return f"{factor}{text}" if len(text) == 1 or text[0] == text[-1] == "\0" else f"{factor}*{text}"


def _signed(text: str, factor: int, first: bool) -> str:
    return f"-{text}" if factor < 0 else text if first else f"+{text}"


def named(text: str, turn: bool = False) -> Form:
    """A form of one new atom."""
    return Form(((Atom(shortened(text, TEXT_LENGTH), turn=turn), 1),))


def plus(a: Number, b: Number, factor: int = 1) -> Number:
    """``a + factor * b``.

    >>> str(plus(named("n"), 1, -1))
    'n-1'
    """
    terms: dict[Atom, int] = {}
    for form, k in ((a, 1), (b, factor)):
        for atom, coefficient in form.terms if isinstance(form, Form) else ():
            terms[atom] = terms.get(atom, 0) + k * coefficient
    constant = _constant(a) + factor * _constant(b)
    kept = tuple((atom, k) for atom, k in terms.items() if k)
    return Form(kept, constant) if kept else constant


def times(a: Number, factor: int) -> Number:
    return plus(0, a, factor)


def _constant(form: Number) -> int:
    return form.constant if isinstance(form, Form) else form


def signs(form: Number) -> frozenset[int]:
    """The signs that a form can have when all lengths are large: ``{1}`` of ``n - 1``; all where nothing is known.

    >>> sorted(signs(plus(Form(((Atom("n", length=True), 1),)), 1, -1)))
    [1]
    """
    if not isinstance(form, Form):
        return frozenset({(form > 0) - (form < 0)})
    turn = next((a for a, _ in form.terms if a.high is not None), None)
    if turn is not None:
        ends = [signs(_at(form, turn, end)) for end in (turn.low, turn.high or 0)]
        return ends[0] if ends[0] == ends[1] and len(ends[0]) == 1 else _ANY
    if not all(a.length for a, _ in form.terms):
        return _ANY
    directions = {(k > 0) - (k < 0) for _, k in form.terms}
    return frozenset(directions) if len(directions) == 1 else _ANY


_ANY = frozenset({-1, 0, 1})


def _at(form: Form, atom: Atom, value: Number) -> Number:
    """A form with a number put in for one of its atoms."""
    factor = dict(form.terms)[atom]
    rest = Form(tuple((a, k) for a, k in form.terms if a != atom), form.constant)
    return plus(rest if rest.terms else rest.constant, value, factor)


def may_be(turn: Number, position: Number) -> bool:
    """May a turn that stands for others be at a position, whatever is open being large?"""
    if not isinstance(turn, Form) or (isinstance(position, Form) and position.turn):
        return False
    standing = next((a for a, _ in turn.terms if a.high is not None), None)
    if standing is None:
        return False
    ends = [_sampled(_at(turn, standing, end)) for end in (standing.low, standing.high or 0)]
    return min(ends) <= _sampled(position) <= max(ends)


def _sampled(form: Number) -> int:
    """A form with the same large number for whatever is open."""
    return form.constant + sum(k * SAMPLE for _, k in form.terms) if isinstance(form, Form) else form


def atoms(values: object) -> Iterator[Atom]:
    """The atoms in a value."""
    if isinstance(values, Form):
        yield from (a for a, _ in values.terms)
    elif isinstance(values, (tuple, list)):
        for value in values:
            yield from atoms(value)
