"""Sums and products of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from netspec.dims.atoms import Atom, Group, Monomial, interned_symbol
from netspec.dims.form import Dim, Size
from netspec.dims.nodes import interned

#: Products of sums are multiplied out while that makes no more terms than this; else the sums stay factors.
TERMS_LIMIT: Final = 256
#: How many results each operation remembers.
MEMORY: Final = 2_048


def symbol(name: str) -> Dim:
    """An open size, at least 1.

    >>> 2 * symbol("H") + 1
    2*H + 1
    """
    return of_atom(interned_symbol(name))


def of_atom(atom: Atom) -> Dim:
    """The size that is one atom."""
    return interned(Dim, 0, (((atom,), 1),))


def collect(constant: int, coefficients: Mapping[Monomial, int]) -> Size:
    """The sum of these terms; an int if none is left."""
    terms = [term for term in coefficients.items() if term[1]]
    if not terms:
        return constant
    if len(terms) > 1:
        terms.sort(key=_place)
    return interned(Dim, constant, tuple(terms))


def _place(term: tuple[Monomial, int]) -> tuple[int, list[str]]:
    """Terms stand by falling degree, then by name."""
    return -len(term[0]), [atom.key for atom in term[0]]


@lru_cache(MEMORY)
def add(a: Size, b: Size) -> Size:
    """The sum of two sizes."""
    if isinstance(a, int):
        a, b = b, a
    if isinstance(a, int):
        return a + b
    if isinstance(b, int):
        return interned(Dim, a.constant + b, a.terms)
    coefficients = dict(a.terms)
    for monomial, coefficient in b.terms:
        coefficients[monomial] = coefficients.get(monomial, 0) + coefficient
    return collect(a.constant + b.constant, coefficients)


def subtract(a: Size, b: Size) -> Size:
    """The difference of two sizes."""
    return add(a, -b if isinstance(b, int) else multiply(b, -1))


@lru_cache(MEMORY)
def multiply(a: Size, b: Size) -> Size:
    """The product of two sizes, multiplied out."""
    if isinstance(a, int):
        a, b = b, a
    if isinstance(a, int):
        return a * b
    if isinstance(b, int):
        return interned(Dim, a.constant * b, tuple([(m, c * b) for m, c in a.terms])) if b else 0
    if (len(a.terms) + 1) * (len(b.terms) + 1) > TERMS_LIMIT:
        return _factored(a, b)
    coefficients: dict[Monomial, int] = {}
    for left, p in (*a.terms, ((), a.constant)):
        for right, q in (*b.terms, ((), b.constant)):
            monomial = _joined(left, right)
            coefficients[monomial] = coefficients.get(monomial, 0) + p * q
    return collect(coefficients.pop((), 0), coefficients)


def _joined(left: Monomial, right: Monomial) -> Monomial:
    return tuple(sorted(left + right, key=_key)) if left and right else left or right


def _key(atom: Atom) -> str:
    return atom.key


def _factored(a: Dim, b: Dim) -> Size:
    """The product as one term, sums standing as factors."""
    (left, p), (right, q) = _as_term(a), _as_term(b)
    return collect(0, {_joined(left, right): p * q})


def _as_term(size: Dim) -> tuple[Monomial, int]:
    lone = len(size.terms) == 1 and size.constant == 0
    return size.terms[0] if lone else ((interned(Group, size),), 1)


def product(sizes: Iterable[Size]) -> Size:
    """The product of all sizes; 1 of none.

    >>> product([symbol("H"), 4, symbol("W")])
    4*H*W
    """
    result: Size = 1
    for size in sizes:
        result = result * size
    return result
