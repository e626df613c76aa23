"""Sizes with numbers, or other sizes, put in for their symbols."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from netspec.dims.algebra import of_atom
from netspec.dims.atoms import Atom, Extremum, Floor, Group, Opaque, Quotient, Symbol, interned_opaque
from netspec.dims.extrema import extremum
from netspec.dims.form import Size
from netspec.dims.quotient import floor_div


def opaque(name: str, function: Callable[[int], int], size: Size) -> Size:
    """What a Python function makes of a size; nothing else is known of it, but equal names and sizes are equal.

    >>> from netspec.dims import symbol
    >>> opaque("scaled", lambda n: int(n * 1.3), symbol("H")), opaque("scaled", lambda n: int(n * 1.3), 10)
    (scaled(H), 13)
    """
    return function(size) if isinstance(size, int) else of_atom(interned_opaque(name, function, size))


def evaluate(size: Size, sizes: Mapping[str, int]) -> int:
    """The number that a size is for these sizes of its symbols. Raises KeyError for a symbol without one.

    >>> from netspec.dims import symbol
    >>> evaluate(symbol("H") // 2 + 1, {"H": 32})
    17
    """
    if isinstance(size, int):
        return size
    total = size.constant
    for monomial, coefficient in size.terms:
        for atom in monomial:
            coefficient *= _value(atom, sizes)
        total += coefficient
    return total


def _value(atom: Atom, sizes: Mapping[str, int]) -> int:
    match atom:
        case Symbol():
            return sizes[atom.name]
        case Floor() | Quotient():
            return evaluate(atom.numerator, sizes) // evaluate(atom.divisor, sizes)
        case Extremum():
            values = [evaluate(size, sizes) for size in atom.sizes]
            return min(values) if atom.kind == "min" else max(values)
        case Opaque():
            return atom.function(evaluate(atom.size, sizes))
        case Group():
            return evaluate(atom.size, sizes)
    raise TypeError(type(atom).__name__)


def substitute(size: Size, sizes: Mapping[str, Size]) -> Size:
    """The size with other sizes, at least 1 as symbols are, in place of some of its symbols, all at once.

    >>> from netspec.dims import symbol
    >>> H, W = symbol("H"), symbol("W")
    >>> substitute((H + 1) // 2, {"H": 2 * H}), substitute(H - W, {"H": W, "W": H})
    (H, W - H)
    """
    if isinstance(size, int) or size.symbols.isdisjoint(sizes):
        return size
    total: Size = size.constant
    for monomial, coefficient in size.terms:
        term: Size = coefficient
        for atom in monomial:
            term = term * _replaced(atom, sizes)
        total = total + term
    return total


def _replaced(atom: Atom, sizes: Mapping[str, Size]) -> Size:
    if atom.symbols.isdisjoint(sizes):
        return of_atom(atom)
    match atom:
        case Symbol():
            return sizes[atom.name]
        case Floor() | Quotient():
            return floor_div(substitute(atom.numerator, sizes), substitute(atom.divisor, sizes))
        case Extremum():
            return extremum(atom.kind, [substitute(each, sizes) for each in atom.sizes])
        case Opaque():
            return opaque(atom.name, atom.function, substitute(atom.size, sizes))
        case Group():
            return substitute(atom.size, sizes)
    raise TypeError(type(atom).__name__)
