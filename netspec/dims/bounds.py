"""Bounds of a size, from the bounds of its symbols: always right, not always tight."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from netspec.dims.atoms import Atom, Extremum, Floor, Group, Quotient, Symbol
from netspec.dims.form import Size

#: The least and the greatest value; None where it is not known.
Bounds = tuple[int | None, int | None]


def bounds(size: Size, least: Mapping[str, int] | None = None) -> Bounds:
    """Bounds of a size whose symbols are at least 1, or what is said of them.

    >>> from netspec.dims import symbol
    >>> bounds((symbol("H") + 5) // 2), bounds(4 - symbol("H"), {"H": 3})
    ((3, None), (None, 1))
    """
    if isinstance(size, int):
        return size, size
    low: int | None = size.constant
    high: int | None = size.constant
    for monomial, coefficient in size.terms:
        below, above = _product([_of_atom(atom, least or {}) for atom in monomial])
        below, above = (below, above) if coefficient > 0 else (above, below)
        low = None if low is None or below is None else low + coefficient * below
        high = None if high is None or above is None else high + coefficient * above
    return low, high


def at_least(size: Size, number: int, least: Mapping[str, int] | None = None) -> bool:
    """Whether the bounds show that a size is never below a number."""
    low, _ = bounds(size, least)
    return low is not None and low >= number


def _product(factors: list[Bounds]) -> Bounds:
    if len(factors) == 1:
        return factors[0]
    lows = [low for low, _ in factors if low is not None and low >= 0]
    if len(lows) < len(factors):
        return None, None
    highs = [high for _, high in factors if high is not None]
    return prod(lows), prod(highs) if len(highs) == len(factors) else None


def _of_atom(atom: Atom, least: Mapping[str, int]) -> Bounds:
    match atom:
        case Symbol():
            return least.get(atom.name, 1), None
        case Floor():
            low, high = bounds(atom.numerator, least)
            return low if low is None else low // atom.divisor, high if high is None else high // atom.divisor
        case Quotient():
            return _quotient(bounds(atom.numerator, least), bounds(atom.divisor, least))
        case Extremum():
            return _extremum(atom, [bounds(size, least) for size in atom.sizes])
        case Group():
            return bounds(atom.size, least)
    return None, None


def _quotient(above: Bounds, below: Bounds) -> Bounds:
    if above[0] is None or below[0] is None or above[0] < 0 or below[0] < 1:
        return None, None
    return 0 if below[1] is None else above[0] // below[1], None if above[1] is None else above[1] // below[0]


def _extremum(atom: Extremum, found: list[Bounds]) -> Bounds:
    lows, highs = ([b[side] for b in found if b[side] is not None] for side in (0, 1))
    every_low, every_high = len(lows) == len(found), len(highs) == len(found)
    if atom.kind == "min":
        return min(lows) if every_low else None, min(highs, default=None)  # type: ignore[type-var]
    return max(lows, default=None), max(highs) if every_high else None  # type: ignore[type-var]
