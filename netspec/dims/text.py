"""How sizes are written for users."""

from __future__ import annotations

from functools import lru_cache

from netspec.dims.atoms import Atom, Extremum, Floor, Group, Monomial, Opaque, Quotient, Symbol
from netspec.dims.form import Dim, Size


def text_of(size: Size) -> str:
    """The size as users read it: the shorter of floor and ceil, ``%`` where one was meant.

    >>> from netspec.dims import symbol
    >>> H = symbol("H")
    >>> text_of((H - 1) // 2 + 1), text_of((H - 1) // 2), text_of(3 - H), text_of(8 - H % 8)
    ('ceil(H/2)', 'ceil(H/2) - 1', '3 - H', '8 - (H % 8)')
    """
    if isinstance(size, int):
        return str(size)
    parts, terms, constant = _remainders(size)
    lone = [m[0] for m in terms if len(m) == 1 and isinstance(m[0], Floor)]
    if len(lone) != 1:
        return _joined([*parts, *_written(terms)], constant)
    (floor,) = lone
    factor = terms[(floor,)]
    texts = [_joined([*parts, *_written(terms, {floor: t})], constant + factor * whole) for t, whole in _ways(floor)]
    return min(texts, key=_length)


def _remainders(size: Dim) -> tuple[list[str], dict[Monomial, int], int]:
    """Take ``k*N - k*d*floor(N/d)`` out of a sum as ``k*(N % d)``: the texts, the other terms, the other constant."""
    terms, constant, texts = dict(size.terms), size.constant, []
    for (atom, *more), coefficient in size.terms:
        if more or not isinstance(atom, Floor) or coefficient % atom.divisor:
            continue
        factor = -coefficient // atom.divisor
        if factor < 0 and atom.numerator.constant:
            continue
        if all(terms.get(m) == factor * c for m, c in atom.numerator.terms):
            for m in (*(m for m, _ in atom.numerator.terms), (atom,)):
                del terms[m]
            constant -= factor * atom.numerator.constant
            remainder = f"{_bracketed(text_of(atom.numerator))} % {atom.divisor}"
            texts.append(_scaled(remainder if factor == 1 else f"({remainder})", factor))
    return texts, terms, constant


@lru_cache(1024)
def _ways(floor: Floor) -> list[tuple[str, int]]:
    """The ways to write a floor, each with the whole number to add."""
    numerator, divisor = floor.numerator, floor.divisor
    return [
        (_ratio("floor", numerator, divisor), 0),
        (_ratio("ceil", numerator - divisor + 1, divisor), 0),
        (_ratio("floor", numerator - divisor, divisor), 1),
        (_ratio("ceil", numerator + 1, divisor), -1),
    ]


def _length(text: str) -> int:
    """Its length, whichever way it rounds."""
    return len(text.replace("ceil", "floor"))


def _written(terms: dict[Monomial, int], texts: dict[Floor, str] | None = None) -> list[str]:
    texts = texts or {}
    return [_scaled("*".join([texts.get(a) or _atom(a) for a in m]), c) for m, c in terms.items()]  # type: ignore[call-overload]


def _scaled(text: str, factor: int) -> str:
    if factor == 1:
        return text
    return f"-{text}" if factor == -1 else f"{factor}*{text}"


def _joined(parts: list[str], constant: int) -> str:
    """The sum of the parts; a positive one leads if there is any."""
    if constant or not parts:
        parts = [*parts, str(constant)]
    first = next((i for i, part in enumerate(parts) if not part.startswith("-")), 0)
    ordered = [parts[first], *parts[:first], *parts[first + 1 :]]
    return ordered[0] + "".join([f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in ordered[1:]])


def _atom(atom: Atom) -> str:
    match atom:
        case Symbol():
            return atom.name
        case Floor():
            return min((text for text, whole in _ways(atom) if whole == 0), key=_length)
        case Quotient():
            return _ratio("floor", atom.numerator, atom.divisor)
        case Extremum():
            return f"{atom.kind}({', '.join(map(text_of, atom.sizes))})"
        case Opaque():
            return f"{atom.name}({atom.size})"
        case Group():
            return f"({atom.size})"
    raise TypeError(type(atom).__name__)


def _ratio(rounding: str, numerator: Size, divisor: Size) -> str:
    below = str(divisor)
    below = below if below.isalnum() else f"({below})"
    return f"{rounding}({_bracketed(str(numerator))}/{below})"


def _bracketed(text: str) -> str:
    return f"({text})" if " " in text else text
