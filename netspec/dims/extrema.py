"""The least and the greatest of several sizes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from math import gcd
from typing import Final, Literal

from netspec.dims.algebra import MEMORY, add, collect, multiply, of_atom, subtract
from netspec.dims.atoms import Extremum, Monomial, key_of
from netspec.dims.bounds import at_least
from netspec.dims.columns import column
from netspec.dims.curves import curve, signs
from netspec.dims.form import Dim, Size
from netspec.dims.nodes import interned
from netspec.dims.periods import period

Kind = Literal["min", "max"]
#: While a minimum is made, proofs that one size never exceeds another look at no more residues times parts in all.
PROOFS_LIMIT: Final = 8_192


def minimum(*sizes: Size) -> Size:
    """The least of the sizes; one that another never exceeds is left out.

    >>> from netspec.dims import ceil_div, symbol
    >>> H = symbol("H")
    >>> minimum(H, 32), minimum(H, 2 * ceil_div(H, 2)), minimum(7, 5)
    (min(H, 32), H, 5)
    """
    return extremum("min", sizes)


def maximum(*sizes: Size) -> Size:
    """The greatest of the sizes; one that never exceeds another is left out.

    >>> from netspec.dims import symbol
    >>> maximum(symbol("H") // 2, 1), maximum(symbol("H"), 1)
    (max(floor(H/2), 1), H)
    """
    return extremum("max", sizes)


def extremum(kind: Kind, sizes: Iterable[Size]) -> Size:
    """The least or the greatest of the sizes."""
    return _extremum(kind, tuple(dict.fromkeys(sizes)))


@lru_cache(MEMORY)
def _extremum(kind: Kind, sizes: tuple[Size, ...]) -> Size:
    """What all sizes share leaves: ``min(H + 1, W + 3) = min(H, W + 2) + 1``, ``min(2*H, 4) = 2*min(H, 2)``."""
    kept = _undefeated(kind, _flat(kind, sizes))
    if len(kept) == 1:
        return kept[0]
    shared = _shared(kept)
    rest = [subtract(size, shared) for size in kept]
    factor = gcd(*(n for size in rest for n in _numbers(size)))
    divided = sorted((_divided(size, factor) for size in rest), key=_place)
    return add(shared, multiply(of_atom(interned(Extremum, kind, tuple(divided))), factor))


def _place(size: Size) -> tuple[bool, str]:
    return isinstance(size, int), key_of(size)


def _flat(kind: Kind, sizes: Iterable[Size]) -> list[Size]:
    """The sizes, those of an extremum of the same kind in its place."""
    flat = [each for size in sizes for each in (_opened(kind, size) if isinstance(size, Dim) else [size])]
    return list(dict.fromkeys(flat))


def _opened(kind: Kind, size: Dim) -> list[Size]:
    """``2*min(a, b) + 1`` as ``2*a + 1`` and ``2*b + 1``."""
    (atom, *others), factor = size.terms[0]
    if others or len(size.terms) > 1 or factor < 0 or not isinstance(atom, Extremum) or atom.kind != kind:
        return [size]
    return [add(multiply(each, factor), size.constant) for each in atom.sizes]


def _undefeated(kind: Kind, sizes: list[Size]) -> list[Size]:
    limit = PROOFS_LIMIT // max(1, len(sizes) * (len(sizes) - 1))
    kept: list[Size] = []
    for size in sizes:
        if not any(_beats(kind, other, size, limit) for other in kept):
            kept = [other for other in kept if not _beats(kind, size, other, limit)] + [size]
    return kept


def _beats(kind: Kind, a: Size, b: Size, limit: int) -> bool:
    """Whether a is never above b (for a minimum), or never below it, as far as that is cheaply proven."""
    gap = subtract(b, a) if kind == "min" else subtract(a, b)
    return at_least(gap, 0) or _never_negative(gap, limit)


def _never_negative(gap: Size, limit: int) -> bool:
    if isinstance(gap, int) or len(gap.symbols) > 1:
        return False
    (name,) = gap.symbols
    found = period(gap, name)
    if found is None or found.length * gap.weight > limit:
        return False
    values = column(gap, name, found.length) if found.exact else None
    if values is not None:
        return values.rise >= 0 and min(values.values) >= 0
    return all(sign >= 0 for r in range(found.length) for _, sign in signs(curve(gap, r + 1, found.length)))


def _shared(sizes: list[Size]) -> Size:
    """The terms that all sizes have, and the least constant."""
    dims = [size for size in sizes if isinstance(size, Dim)]
    constant = min(size if isinstance(size, int) else size.constant for size in sizes)
    if len(dims) < len(sizes):
        return constant
    common: set[tuple[Monomial, int]] = set(dims[0].terms).intersection(*(d.terms for d in dims))
    return collect(constant, {m: c for m, c in dims[0].terms if (m, c) in common})


def _numbers(size: Size) -> list[int]:
    return [size] if isinstance(size, int) else [size.constant, *(c for _, c in size.terms)]


def _divided(size: Size, factor: int) -> Size:
    if isinstance(size, int):
        return size // factor
    return collect(size.constant // factor, {m: c // factor for m, c in size.terms})
