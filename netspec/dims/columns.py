"""A size of one symbol for all residues of a period at once: plain lists of numbers instead of polynomials.

A sum of symbols, floors and minimums is in the long run ``f(x + L) = f(x) + rise``, with one rise for all residues:
from where on no minimum changes sides any more. The values until then, those of one period more, and the rise say
everything. A product of sizes has no such rise.
"""

from __future__ import annotations

from functools import lru_cache
from math import lcm
from typing import Final, NamedTuple

from netspec.dims.algebra import MEMORY
from netspec.dims.atoms import Atom, Extremum, Floor, Group, Monomial, Symbol
from netspec.dims.form import Dim, Size

#: Columns of more values times parts are not made.
VALUES_LIMIT: Final = 400_000


class Column(NamedTuple):
    """``f(x) = values[x - 1]``, and ``f(x + length) = f(x) + rise`` where that list ends."""

    values: list[int]
    rise: int


class _Course(NamedTuple):
    """``f(x + length) = f(x) + rise`` for all ``x > start``."""

    start: int
    length: int
    rise: int

    def stretched(self, length: int) -> _Course:
        return _Course(self.start, length, self.rise * (length // self.length))


def column(size: Size, name: str, length: int) -> Column | None:
    """The values until a size has settled, a multiple of ``length`` many, and its rise; None where it never does, or
    that takes too many values. ``length`` is a multiple of the period.

    >>> from netspec.dims import minimum, symbol
    >>> column(symbol("H") // 2 + 1, "H", 4)
    Column(values=[1, 2, 2, 3], rise=2)
    >>> column(minimum(symbol("H"), 3), "H", 1)
    Column(values=[1, 2, 3], rise=0)
    """
    found = _course(size, name)
    if found is None or length % found.length:
        return None
    count = (-(-found.start // length) + 1) * length
    if count * (1 if isinstance(size, int) else size.weight) > VALUES_LIMIT:
        return None
    return Column(_values(size, 1, count, {}), found.stretched(length).rise)


def _course(size: Size, name: str) -> _Course | None:
    return _Course(0, 1, 0) if isinstance(size, int) or name not in size.symbols else _of_dim(size, name)


@lru_cache(MEMORY)
def _of_dim(size: Dim, name: str) -> _Course | None:
    parts = [_of_term(monomial, coefficient, name) for monomial, coefficient in size.terms]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    length = lcm(*(part.length for part in known))
    rise = sum(part.stretched(length).rise for part in known)
    return _Course(max(part.start for part in known), length, rise) if length * size.weight <= VALUES_LIMIT else None


def _of_term(monomial: Monomial, coefficient: int, name: str) -> _Course | None:
    if len(monomial) > 1:
        return None
    found = _course_of_atom(monomial[0], name)
    return found and found._replace(rise=found.rise * coefficient)


def _course_of_atom(atom: Atom, name: str) -> _Course | None:
    match atom:
        case Symbol():
            return _Course(0, 1, 1)
        case Group():
            return _course(atom.size, name)
        case Floor():
            inner = _course(atom.numerator, name)
            if inner is None:
                return None
            length = lcm(inner.rise, atom.divisor) // abs(inner.rise) * inner.length if inner.rise else inner.length
            return _Course(inner.start, length, inner.stretched(length).rise // atom.divisor)
        case Extremum():
            return _of_extremum(atom, name)
    return None


def _of_extremum(atom: Extremum, name: str) -> _Course | None:
    """The size that rises least (most) is at last the least (greatest): when the others have passed it."""
    found = [_course(size, name) for size in atom.sizes]
    known = [course for course in found if course is not None]
    if len(known) < len(found):
        return None
    length, start = lcm(*(course.length for course in known)), max(course.start for course in known)
    if length * atom.weight > VALUES_LIMIT:
        return None
    if len({course.stretched(length).rise for course in known}) == 1:
        return _Course(start, length, known[0].stretched(length).rise)
    side = 1 if atom.kind == "min" else -1
    slopes = [course.stretched(length).rise * side for course in known]
    values = [_values(size, start + 1, length, {}) for size in atom.sizes]
    least = min(slopes)
    best = [min(a * side for a in each) for each in _columns(values, slopes, least)]
    settled = start
    for slope, each in zip(slopes, values, strict=True):
        if slope > least:
            behind = max(0, max(b - a * side for a, b in zip(each, best, strict=True)))
            settled = max(settled, start - (-behind // (slope - least)) * length)
    return _Course(settled, length, least * side)


def _columns(values: list[list[int]], slopes: list[int], least: int) -> list[tuple[int, ...]]:
    """For each residue the values of the sizes that rise least."""
    return list(zip(*(each for each, slope in zip(values, slopes, strict=True) if slope == least), strict=True))


def _values(size: Size, first: int, count: int, known: dict[Atom, list[int]]) -> list[int]:
    """The values for ``first``, ``first + 1``, ...; ``known`` are those of atoms."""
    if isinstance(size, int):
        return [size] * count
    total: list[int] | None = None
    for monomial, coefficient in size.terms:
        part = _of_atom(monomial[0], first, count, known)
        for atom in monomial[1:]:
            part = [a * b for a, b in zip(part, _of_atom(atom, first, count, known), strict=True)]
        if total is None:
            constant = size.constant
            total = [constant + coefficient * a for a in part] if constant or coefficient != 1 else part
        else:
            total = [a + coefficient * b for a, b in zip(total, part, strict=True)]
    assert total is not None
    return total


def _of_atom(atom: Atom, first: int, count: int, known: dict[Atom, list[int]]) -> list[int]:
    if atom not in known:
        known[atom] = _computed(atom, first, count, known)
    return known[atom]


def _computed(atom: Atom, first: int, count: int, known: dict[Atom, list[int]]) -> list[int]:
    match atom:
        case Symbol():
            return list(range(first, first + count))
        case Floor():
            divisor = atom.divisor
            return [a // divisor for a in _values(atom.numerator, first, count, known)]
        case Group():
            return _values(atom.size, first, count, known)
        case Extremum():
            columns = [_values(size, first, count, known) for size in atom.sizes]
            return list(map(min if atom.kind == "min" else max, *columns))
    raise ValueError(f"{type(atom).__name__} has no period")
