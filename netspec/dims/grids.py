"""Sizes of several symbols on the grid of their periods: a polynomial in each cell.

Let ``x = r + L*t`` for every symbol x, each with its own L and t. For long enough periods a size is, in every cell of
residues, a polynomial in the t with integer coefficients: the argument of `periods`, made for all symbols at once. A
polynomial without terms is zero everywhere in its cell; one whose coefficients have one sign is least, or greatest, in
the corner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import gcd, lcm, prod
from typing import Final, NamedTuple

from netspec.dims.algebra import symbol
from netspec.dims.atoms import Atom, Extremum, Floor, Group, Monomial, Symbol
from netspec.dims.claims import Claim
from netspec.dims.form import Size

#: Grids of more cells times parts are not looked at.
CELLS_LIMIT: Final = 20_000

#: Coefficients by the sorted names of the t that they belong to; ``()`` is the constant. No coefficient is zero.
Surface = dict[tuple[str, ...], int]


class _Spread(NamedTuple):
    """The periods of symbols, and a divisor of all coefficients but the constant."""

    lengths: Mapping[str, int]
    step: int


class Grid(NamedTuple):
    """For each cell, by the residues of the names in order, whether a claim holds in all of it; None: not known."""

    names: tuple[str, ...]
    lengths: tuple[int, ...]
    cells: Mapping[tuple[int, ...], bool | None]


def grid(claim: Claim) -> Grid | None:
    """Where a claim holds and where not, as far as its cells tell; None beyond the limit, or if there are no periods.

    >>> H, W = symbol("H"), symbol("W")
    >>> grid(Claim(H * W - 2 * (H // 2) * W, "==")).cells
    {(1, 1): False, (2, 1): True}
    """
    gap = claim.gap
    spread = _spread(gap)
    if isinstance(gap, int) or spread is None:
        return None
    names = tuple(sorted(gap.symbols))
    lengths = tuple(spread.lengths[name] for name in names)
    if prod(lengths) * gap.weight > CELLS_LIMIT:
        return None
    periods = dict(zip(names, lengths, strict=True))
    cells: dict[tuple[int, ...], bool | None] = {}
    for residues in product(*(range(1, length + 1) for length in lengths)):
        surface = _surface(gap, dict(zip(names, residues, strict=True)), periods)
        cells[residues] = None if surface is None else _state(claim, surface)
    return Grid(names, lengths, cells)


def grid_effort(gap: Size) -> int:
    """The cells times parts that `grid` looks at."""
    spread = _spread(gap)
    if isinstance(gap, int) or spread is None:
        return 0
    total = prod(spread.lengths.values()) * gap.weight
    return total if total <= CELLS_LIMIT else 0


def residue_claims(found: Grid) -> list[Claim]:
    """What a grid says as claims about one symbol each; empty where it says something else."""
    if None in found.cells.values():
        return []
    true = [residues for residues, state in found.cells.items() if state]
    sets = [sorted({residues[i] for residues in true}) for i in range(len(found.names))]
    if not true or len(true) < prod(map(len, sets)):
        return []
    claims: list[Claim] = []
    for name, length, residues in zip(found.names, found.lengths, sets, strict=True):
        if len(residues) < length:
            start = _start(residues, length)
            if start is None:
                return []
            claims.append(Claim(len(residues) - 1 - (symbol(name) - start) % length, ">="))
    return claims


def _start(residues: Sequence[int], length: int) -> int | None:
    """Where residues begin that follow each other without a gap, the last one by the first; None where they do not."""
    starts = [r for r in residues if (r - 2) % length + 1 not in residues]
    return starts[0] if len(starts) == 1 else None


def _state(claim: Claim, surface: Surface) -> bool | None:
    constant = surface.get((), 0)
    others = [c for names, c in surface.items() if names]
    rises, falls = all(c > 0 for c in others), all(c < 0 for c in others)
    if not others:
        return claim.holds_at(constant)
    if claim.sign == ">=":
        return True if rises and constant >= 0 else False if falls and constant < 0 else None
    apart = (rises and constant > 0) or (falls and constant < 0)
    return claim.sign == "!=" if apart else None


# --------------------------------------------------------------------------------------------------- periods


def _spread(size: Size) -> _Spread | None:
    if isinstance(size, int):
        return _Spread({}, 0)
    return _joined([_of_term(monomial, coefficient) for monomial, coefficient in size.terms])


def _of_term(monomial: Monomial, coefficient: int) -> _Spread | None:
    found = _joined([_of_atom(atom) for atom in monomial])
    return found and found._replace(step=found.step * abs(coefficient))


def _joined(parts: Sequence[_Spread | None]) -> _Spread | None:
    lengths: dict[str, int] = {}
    for part in parts:
        if part is None:
            return None
        for name, length in part.lengths.items():
            lengths[name] = lcm(lengths.get(name, 1), length)
    if any(length > CELLS_LIMIT for length in lengths.values()):
        return None
    return _Spread(lengths, gcd(*(part.step for part in parts if part)))


def _of_atom(atom: Atom) -> _Spread | None:
    match atom:
        case Symbol():
            return _Spread({atom.name: 1}, 1)
        case Group():
            return _spread(atom.size)
        case Extremum():
            return _joined([_spread(size) for size in atom.sizes])
        case Floor():
            inner = _spread(atom.numerator)
            if inner is None:
                return None
            stretch = atom.divisor // gcd(atom.divisor, inner.step)
            lengths = {name: length * stretch for name, length in inner.lengths.items()}
            return _Spread(lengths, inner.step * stretch // atom.divisor)
    return None


# --------------------------------------------------------------------------------------------------- polynomials


def _surface(size: Size, residues: Mapping[str, int], periods: Mapping[str, int]) -> Surface | None:
    """A size in one cell; None where a minimum has no side that is the least in all of it."""
    if isinstance(size, int):
        return {(): size} if size else {}
    total: Surface = {(): size.constant} if size.constant else {}
    for monomial, coefficient in size.terms:
        term: Surface = {(): coefficient}
        for atom in monomial:
            factor = _atom_surface(atom, residues, periods)
            if factor is None:
                return None
            term = _times(term, factor)
        total = _plus(total, term)
    return total


def _atom_surface(atom: Atom, residues: Mapping[str, int], periods: Mapping[str, int]) -> Surface | None:
    match atom:
        case Symbol():
            return {(): residues[atom.name], (atom.name,): periods[atom.name]}
        case Group():
            return _surface(atom.size, residues, periods)
        case Floor():
            inner = _surface(atom.numerator, residues, periods)
            return inner and {names: value for names, c in inner.items() if (value := c // atom.divisor)}
        case Extremum():
            found = [_surface(size, residues, periods) for size in atom.sizes]
            return next(_outermost(found, -1 if atom.kind == "min" else 1), None)
    return None


def _outermost(surfaces: Sequence[Surface | None], side: int) -> Iterator[Surface]:
    """The surface that nowhere lies within another, if there is one."""
    known = [surface for surface in surfaces if surface is not None]
    if len(known) < len(surfaces):
        return
    for surface in known:
        gaps = [_plus(surface, other, -1) for other in known if other is not surface]
        if all(c * side > 0 for gap in gaps for c in gap.values()):
            yield surface


def _plus(left: Surface, right: Surface, factor: int = 1) -> Surface:
    total = dict(left)
    for names, c in right.items():
        total[names] = total.get(names, 0) + factor * c
    return {names: c for names, c in total.items() if c}


def _times(left: Surface, right: Surface) -> Surface:
    total: Surface = {}
    for (a, p), (b, q) in product(left.items(), right.items()):
        names = tuple(sorted(a + b))
        total[names] = total.get(names, 0) + p * q
    return {names: c for names, c in total.items() if c}
