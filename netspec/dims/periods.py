"""The period of a size in one of its symbols.

Let ``x = r + L*t`` with a fixed r. For a long enough L, a size of x is, for every r, a polynomial in t with integer
coefficients (several, one after the other, where a minimum or maximum changes sides). By induction over the form:

* a constant and a symbol are such with ``L = 1``; sums and products with the common multiple of the L of their parts;
* let all coefficients of ``p(t)`` but the constant be multiples of ``step``, and ``k = d / gcd(d, step)``. With
  ``t = s + k*u`` all coefficients in u but the constant are multiples of ``k*step``, hence of d, and leave the floor:
  ``floor(p/d)`` is a polynomial in u. So the period of a floor is ``L*k``, its step ``k*step/d``.

For sums of symbols and floors the polynomials have degree 1 and the same slope for every r: ``f(x + L) = f(x) + rise``.
Then the rise of a sum is the exact sum (the period of ``2*floor(H/2) - H`` is 2, its rise 0), else a common divisor.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd, lcm
from typing import Final, NamedTuple

from netspec.dims.algebra import MEMORY
from netspec.dims.atoms import Atom, Extremum, Floor, Group, Monomial, Symbol
from netspec.dims.form import Dim, Size

#: Sizes of a longer period, and products of a higher degree, are not looked at.
PERIOD_LIMIT: Final = 100_000
DEGREE_LIMIT: Final = 8


class Period(NamedTuple):
    """``length`` L; ``step`` divides all coefficients but the constant, and is the rise itself where ``exact``."""

    length: int
    step: int
    exact: bool
    degree: int

    def stretched(self, length: int) -> Period:
        """The same size looked at with a multiple of its period."""
        return Period(length, self.step * (length // self.length), self.exact, self.degree)


_CONSTANT = Period(1, 0, True, 0)


def period(size: Size, name: str) -> Period | None:
    """The period of a size in one symbol, the others standing still; None beyond the limits or if there is none.

    >>> from netspec.dims import symbol
    >>> period(3 * (symbol("H") // 4), "H")
    Period(length=4, step=3, exact=True, degree=1)
    """
    return _CONSTANT if isinstance(size, int) or name not in size.symbols else _of_dim(size, name)


@lru_cache(MEMORY)
def _of_dim(size: Dim, name: str) -> Period | None:
    parts = [_of_term(monomial, coefficient, name) for monomial, coefficient in size.terms]
    found = _common(parts)
    if found is None:
        return None
    rise = sum(p.stretched(found.length).step for p in parts if p and p.exact)
    exact = all(p.exact for p in parts if p)
    others = [p.stretched(found.length).step for p in parts if p and not p.exact]
    return found._replace(step=rise if exact else gcd(rise, *others), exact=exact)


def _common(parts: list[Period | None]) -> Period | None:
    """One period for several sizes, exact where they rise alike, as those of a minimum may."""
    found = [p for p in parts if p is not None]
    length = lcm(*(p.length for p in found))
    if len(found) < len(parts) or length > PERIOD_LIMIT:
        return None
    stretched = [p.stretched(length) for p in found]
    steps = [p.step for p in stretched]
    exact = all(p.exact for p in found) and len(set(steps)) == 1
    return Period(length, steps[0] if exact else gcd(*steps), exact, max(p.degree for p in found))


def _of_term(monomial: Monomial, coefficient: int, name: str) -> Period | None:
    if len(monomial) == 1:
        found = _of_atom(monomial[0], name)
        return found and found._replace(step=found.step * coefficient)
    if not any(name in atom.symbols for atom in monomial):
        return _CONSTANT
    parts = [_of_atom(atom, name) for atom in monomial]
    found = _common(parts)
    mixed = any(atom.symbols != {name} for atom in monomial)
    degree = sum(p.degree for p in parts if p)
    if found is None or mixed or degree > DEGREE_LIMIT:
        return None
    return Period(found.length, found.step * coefficient, False, degree)


def _of_atom(atom: Atom, name: str) -> Period | None:
    if name not in atom.symbols:
        return _CONSTANT
    match atom:
        case Symbol():
            return Period(1, 1, True, 1)
        case Floor():
            return _of_floor(period(atom.numerator, name), atom.divisor)
        case Extremum():
            return _common([period(size, name) for size in atom.sizes])
        case Group():
            return period(atom.size, name)
    return None


def _of_floor(inner: Period | None, divisor: int) -> Period | None:
    if inner is None:
        return None
    stretch = divisor // gcd(divisor, inner.step)
    if inner.length * stretch > PERIOD_LIMIT:
        return None
    return Period(inner.length * stretch, inner.step * stretch // divisor, inner.exact, inner.degree)
