"""What a sum cannot express: the factors of a size's terms."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from netspec.dims.nodes import Node, check_bits, interned, interned_as, put

if TYPE_CHECKING:
    from netspec.dims.form import Dim, Size

Monomial = tuple["Atom", ...]
Terms = tuple[tuple[Monomial, int], ...]


class Atom(Node):
    """A factor of a term. In the order of their keys symbols come first."""

    __slots__ = ()


class Symbol(Atom):
    """An open size, at least 1."""

    __slots__ = ("name",)
    name: str

    def __init__(self, name: str) -> None:
        put(self, "name", name)
        self.measured(frozenset((name,)), 1, 1)

    def spelled(self) -> str:
        return self.name

    def parts(self) -> tuple[str]:
        return (self.name,)


class Floor(Atom):
    """``numerator / divisor`` rounded down; the divisor is an int of at least 2."""

    __slots__ = ("divisor", "numerator")
    numerator: Dim
    divisor: int

    def __init__(self, numerator: Dim, divisor: int) -> None:
        check_bits(divisor)
        put(self, "numerator", numerator)
        put(self, "divisor", divisor)
        self.measured(numerator.symbols, numerator.weight + 1, numerator.depth + 1)

    def spelled(self) -> str:
        return f"~/({self.numerator.key},{self.divisor:x})"

    def parts(self) -> tuple[Dim, int]:
        return self.numerator, self.divisor


class Quotient(Atom):
    """``numerator / divisor`` rounded down, where the divisor is symbolic."""

    __slots__ = ("divisor", "numerator")
    numerator: Size
    divisor: Dim

    def __init__(self, numerator: Size, divisor: Dim) -> None:
        put(self, "numerator", numerator)
        put(self, "divisor", divisor)
        _measure_all(self, (numerator, divisor))

    def spelled(self) -> str:
        return f"~//({key_of(self.numerator)},{self.divisor.key})"

    def parts(self) -> tuple[Size, Dim]:
        return self.numerator, self.divisor


class Extremum(Atom):
    """The least (``min``) or greatest (``max``) of sizes of which none is known to be beaten everywhere."""

    __slots__ = ("kind", "sizes")
    kind: Literal["min", "max"]
    sizes: tuple[Size, ...]

    def __init__(self, kind: Literal["min", "max"], sizes: tuple[Size, ...]) -> None:
        put(self, "kind", kind)
        put(self, "sizes", sizes)
        _measure_all(self, sizes)

    def spelled(self) -> str:
        return f"~{self.kind}({','.join(map(key_of, self.sizes))})"

    def parts(self) -> tuple[str, tuple[Size, ...]]:
        return self.kind, self.sizes


class Opaque(Atom):
    """What a Python function makes of a size; atoms of equal names and sizes are equal."""

    __slots__ = ("function", "name", "size")
    name: str
    function: Callable[[int], int]
    size: Dim

    def __init__(self, name: str, function: Callable[[int], int], size: Dim) -> None:
        put(self, "name", name)
        put(self, "function", function)
        put(self, "size", size)
        self.measured(size.symbols, size.weight + 1, size.depth + 1)

    def spelled(self) -> str:
        return f"~{self.name}({self.size.key})"

    def parts(self) -> tuple[str, Callable[[int], int], Dim]:
        return self.name, self.function, self.size

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return interned_opaque, self.parts()


class Group(Atom):
    """A sum as one factor, where multiplying out would make too many terms."""

    __slots__ = ("size",)
    size: Dim

    def __init__(self, size: Dim) -> None:
        put(self, "size", size)
        self.measured(size.symbols, size.weight + 1, size.depth + 1)

    def spelled(self) -> str:
        return f"~({self.size.key})"

    def parts(self) -> tuple[Dim]:
        return (self.size,)


def interned_opaque(name: str, function: Callable[[int], int], size: Dim) -> Opaque:
    """The one copy of an opaque atom; the function is no part of what makes it equal."""
    return interned_as((Opaque, name, size), Opaque, name, function, size)


def interned_symbol(name: str) -> Symbol:
    """The one copy of a symbol."""
    return interned(Symbol, name)


def key_of(size: Size) -> str:
    """A text that no other size has."""
    return f"{size:+x}" if isinstance(size, int) else size.key


def _measure_all(atom: Atom, sizes: tuple[Size, ...]) -> None:
    dims = [s for s in sizes if not isinstance(s, int)]
    symbols: frozenset[str] = frozenset().union(*(d.symbols for d in dims))
    atom.measured(symbols, 1 + len(sizes) + sum(d.weight for d in dims), 1 + max(d.depth for d in dims))
