"""The canonical form of a size, of which one copy exists.

A size is a plain ``int``, or a `Dim`: ``constant + sum(coefficient * monomial)``. A monomial is a sorted product of
atoms. Equal forms are the same object; the copies are held weakly.
"""

from __future__ import annotations

from typing import NoReturn, TypeAlias

from netspec.dims.atoms import Terms
from netspec.dims.nodes import Node, check_bits, put


class Dim(Node):
    """A symbolic size in canonical form, made by `symbol` and arithmetic, never directly.

    ``==`` is identity, and identity is equality of canonical forms: True proves two sizes equal, False proves nothing
    (`decide` does). So that nobody takes one for the other, a Dim has no truth value and no order: TypeError.

    >>> from netspec.dims import symbol
    >>> H = symbol("H")
    >>> (H + 1) // 2 + 3, (H + 1) // 2 == (H - 1) // 2 + 1
    (ceil(H/2) + 3, True)
    """

    __slots__ = ("_text", "constant", "terms")
    constant: int
    terms: Terms
    _text: str

    def __init__(self, constant: int, terms: Terms) -> None:
        put(self, "constant", constant)
        put(self, "terms", terms)
        check_bits(constant)
        symbols, weight, depth = terms[0][0][0].symbols, len(terms), 1
        for monomial, coefficient in terms:
            check_bits(coefficient)
            for atom in monomial:
                symbols, weight, depth = symbols | atom.symbols, weight + atom.weight, max(depth, atom.depth)
        self.measured(symbols, weight, depth)

    def spelled(self) -> str:
        terms = [f"{coefficient:+x}{'*'.join([atom.key for atom in monomial])}" for monomial, coefficient in self.terms]
        return f"{''.join(terms)}{self.constant:+x}"

    def parts(self) -> tuple[int, Terms]:
        return self.constant, self.terms

    def __add__(self, other: Size) -> Size:
        return algebra.add(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    __radd__ = __add__

    def __sub__(self, other: Size) -> Size:
        return algebra.subtract(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rsub__(self, other: Size) -> Size:
        return algebra.subtract(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __mul__(self, other: Size) -> Size:
        return algebra.multiply(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    __rmul__ = __mul__

    def __neg__(self) -> Size:
        return algebra.multiply(self, -1)

    def __pos__(self) -> Dim:
        return self

    def __floordiv__(self, other: Size) -> Size:
        return quotient.floor_div(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rfloordiv__(self, other: Size) -> Size:
        return quotient.floor_div(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __mod__(self, other: Size) -> Size:
        return quotient.mod(self, other) if isinstance(other, (int, Dim)) else NotImplemented

    def __rmod__(self, other: Size) -> Size:
        return quotient.mod(other, self) if isinstance(other, (int, Dim)) else NotImplemented

    def __bool__(self) -> NoReturn:
        raise TypeError(f"the symbolic size {self} has no truth value; ask netspec.dims.decide")

    def _unordered(self, other: object) -> NoReturn:
        raise TypeError(f"the symbolic size {self} has no order; ask netspec.dims.decide")

    __lt__ = __le__ = __gt__ = __ge__ = _unordered

    def __str__(self) -> str:
        if not hasattr(self, "_text"):
            put(self, "_text", text.text_of(self))
        return self._text

    __repr__ = __str__


Size: TypeAlias = int | Dim


def symbols_of(size: Size) -> frozenset[str]:
    """The names of the open sizes in a size.

    >>> from netspec.dims import symbol
    >>> sorted(symbols_of(symbol("H") * symbol("W"))), sorted(symbols_of(3))
    (['H', 'W'], [])
    """
    return frozenset() if isinstance(size, int) else size.symbols


# Dim's operators live in modules that need Dim, so they are imported when it exists.
from netspec.dims import algebra, quotient, text  # noqa: E402
