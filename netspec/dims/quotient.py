"""Division of sizes with rounding, and its remainder."""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from netspec.dims import extrema
from netspec.dims.algebra import MEMORY, add, collect, multiply, of_atom, subtract
from netspec.dims.atoms import Extremum, Floor, Monomial, Quotient
from netspec.dims.form import Dim, Size
from netspec.dims.nodes import interned


def floor_div(a: Size, b: Size) -> Size:
    """``a / b`` rounded down, as Python's ``//``.

    >>> from netspec.dims import symbol
    >>> floor_div(floor_div(symbol("H"), 2) + 5, 4)
    ceil((H + 3)/8)
    """
    if isinstance(b, Dim):
        return _by_size(a, b)
    if isinstance(a, int):
        return a // b
    if b == 0:
        raise ZeroDivisionError(f"the size {a} is divided by zero")
    return _floor(a, b) if b > 0 else _floor(multiply(a, -1), -b)


def ceil_div(a: Size, b: Size) -> Size:
    """``a / b`` rounded up.

    >>> from netspec.dims import symbol
    >>> ceil_div(symbol("H"), 4), ceil_div(7, 2)
    (ceil(H/4), 4)
    """
    return -floor_div(-a, b)


def mod(a: Size, b: Size) -> Size:
    """The remainder of `floor_div`, as Python's ``%``.

    >>> from netspec.dims import symbol
    >>> mod(symbol("H"), 2), mod(7, 4)
    (H % 2, 3)
    """
    return a % b if isinstance(a, int) and isinstance(b, int) else a - b * floor_div(a, b)


@lru_cache(MEMORY)
def _floor(a: Size, d: int) -> Size:
    """``floor(a / d)`` for ``d >= 1``: whole parts leave the floor, then common factors, then floors merge.

    ``floor(-x / d)`` is kept as ``-ceil(x / d)``, so that the idiom ``-(-x // d)`` is ``ceil_div(x, d)``.
    """
    if isinstance(a, int):
        return a // d
    odd = [coefficient for _, coefficient in a.terms if coefficient % d]
    if odd and max(odd) < 0:
        return multiply(_floor(add(multiply(a, -1), d - 1), d), -1)
    common = gcd(d, *odd)
    whole = {m: c // d for m, c in a.terms if c // d}
    outer = collect(a.constant // d, whole) if whole else a.constant // d
    if not odd:
        return outer
    if common == 1 and outer == 0 and not whole:
        return _fraction(a, d)
    inner = collect(a.constant % d // common, {m: c % d // common for m, c in a.terms})
    assert isinstance(inner, Dim)
    return add(outer, _fraction(inner, d // common))


def _fraction(inner: Dim, d: int) -> Size:
    """A floor whose coefficients lie within 1 .. d-1 and share no factor with d.

    With ``F = floor(N/b)`` and a whole ``Y``: ``Y + F = floor((b*Y + N)/b)``, hence
    ``floor((Y + F)/d) = floor((b*Y + N)/(b*d))``. A coefficient of ``d - 1`` is one of -1, and
    ``-F = floor((b - 1 - N)/b)``. A minimum moves outwards, because rounding keeps the order.
    """
    atoms = [(m[0], c) for m, c in inner.terms if len(m) == 1]
    for coefficient in (1, d - 1):
        floors = [a for a, c in atoms if c == coefficient and isinstance(a, Floor)]
        if len(floors) == 1:
            return _merged(inner, floors[0], coefficient, d)
    extremes = [(a, c) for a, c in atoms if isinstance(a, Extremum)]
    if len(extremes) == 1:
        return _spread(inner, *extremes[0], d)
    return of_atom(interned(Floor, inner, d))


def _merged(inner: Dim, atom: Floor, coefficient: int, d: int) -> Size:
    b = atom.divisor
    others = multiply(subtract(inner, multiply(of_atom(atom), coefficient)), b)
    if coefficient == 1:
        return _floor(add(others, atom.numerator), b * d)
    return add(of_atom(atom), _floor(add(subtract(others, atom.numerator), b - 1), b * d))


def _spread(inner: Dim, atom: Extremum, coefficient: int, d: int) -> Size:
    others = subtract(inner, multiply(of_atom(atom), coefficient))
    return extrema.extremum(atom.kind, [_floor(add(others, multiply(s, coefficient)), d) for s in atom.sizes])


@lru_cache(MEMORY)
def _by_size(a: Size, b: Dim) -> Size:
    """A quotient by a symbolic size; the terms that it divides leave. Sizes where b is 0 have no value."""
    if isinstance(a, int):
        return of_atom(interned(Quotient, a, b)) if a else 0
    if len(b.terms) == 1 and b.constant == 0:
        return _by_term(a, b)
    factor, left = divmod(a.terms[0][1], b.terms[0][1])
    if left == 0 and subtract(a, multiply(b, factor)) == 0:
        return factor
    return of_atom(interned(Quotient, a, b))


def _by_term(a: Dim, b: Dim) -> Size:
    monomial, divisor = b.terms[0]
    whole: dict[Monomial, int] = {}
    rest: dict[Monomial, int] = {}
    for factors, coefficient in a.terms:
        left = _without(factors, monomial)
        if left is None or coefficient % divisor:
            rest[factors] = coefficient
        else:
            whole[left] = coefficient // divisor
    outer = collect(whole.pop((), 0), whole)
    inner = collect(a.constant, rest)
    return outer if inner == 0 else add(outer, of_atom(interned(Quotient, inner, b)))


def _without(factors: Monomial, removed: Monomial) -> Monomial | None:
    """The monomial less some factors; None if it lacks one of them."""
    left = list(factors)
    for atom in removed:
        if atom not in left:
            return None
        left.remove(atom)
    return tuple(left)
