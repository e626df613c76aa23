"""A size along one residue class of its only symbol: polynomials, one after the other."""

from __future__ import annotations

from bisect import bisect_right

from netspec.dims.atoms import Atom, Extremum, Floor, Group, Symbol
from netspec.dims.form import Size
from netspec.dims.polynomials import Poly, at, plus, sign_runs, times, trimmed

#: Polynomials in t, each from its start to the start of the next; the first one starts at 0.
Curve = list[tuple[int, Poly]]


def curve(size: Size, first: int, step: int) -> Curve:
    """A size of one symbol x, for ``x = first + step*t`` with t = 0, 1, 2, ...; step is a multiple of its period.

    >>> from netspec.dims import minimum, symbol
    >>> H = symbol("H")
    >>> curve(minimum(H, H // 2 + 8), 1, 2)
    [(0, (1, 2)), (8, (8, 1))]
    """
    if isinstance(size, int):
        return [(0, (size,) if size else ())]
    total: Curve = [(0, (size.constant,) if size.constant else ())]
    for monomial, coefficient in size.terms:
        term = _of_atom(monomial[0], first, step)
        for atom in monomial[1:]:
            other = _of_atom(atom, first, step)
            term = [(start, times(p, q)) for start, p, q in _together(term, other)]
        total = [(start, plus(p, q, coefficient)) for start, p, q in _together(total, term)]
    return total


def _of_atom(atom: Atom, first: int, step: int) -> Curve:
    match atom:
        case Symbol():
            return [(0, (first, step))]
        case Floor():
            return [(start, _floored(p, atom.divisor)) for start, p in curve(atom.numerator, first, step)]
        case Group():
            return curve(atom.size, first, step)
        case Extremum():
            side = -1 if atom.kind == "min" else 1
            best, *others = [curve(size, first, step) for size in atom.sizes]
            for other in others:
                best = _outermost(best, other, side)
            return best
    raise ValueError(f"{type(atom).__name__} has no period")


def _floored(p: Poly, divisor: int) -> Poly:
    constant, *others = p or (0,)
    assert not any(c % divisor for c in others), "the step is no multiple of the period"
    return trimmed([constant // divisor, *(c // divisor for c in others)])


def _together(left: Curve, right: Curve) -> list[tuple[int, Poly, Poly]]:
    """Two curves cut where either one is."""
    if len(left) == len(right) == 1:
        return [(0, left[0][1], right[0][1])]
    starts = sorted({start for start, _ in left} | {start for start, _ in right})
    return [(start, poly_at(left, start), poly_at(right, start)) for start in starts]


def poly_at(pieces: Curve, t: int) -> Poly:
    """The polynomial that a curve follows at t."""
    return pieces[bisect_right(pieces, t, key=_start) - 1][1]


def _start(piece: tuple[int, Poly]) -> int:
    return piece[0]


def value_at(pieces: Curve, t: int) -> int:
    """The value of a curve at t."""
    return at(poly_at(pieces, t), t)


def _outermost(left: Curve, right: Curve, side: int) -> Curve:
    """The lower (side -1) or the higher (side 1) of two curves."""
    cut = _together(left, right)
    gap = [(start, plus(p, q, -1)) for start, p, q in cut]
    best: Curve = []
    for start, sign in signs(gap):
        chosen = poly_at(left if sign * side >= 0 else right, start)
        if not best or best[-1][1] != chosen:
            best.append((start, chosen))
    return best


def signs(pieces: Curve) -> list[tuple[int, int]]:
    """Where a curve is negative, zero, positive; a run ends at every piece's start at the latest."""
    runs: list[tuple[int, int]] = []
    for i, (start, p) in enumerate(pieces):
        end = pieces[i + 1][0] if i + 1 < len(pieces) else None
        inside = sign_runs(p)
        at_start = bisect_right(inside, start, key=_begin) - 1
        for begin, sign in inside[at_start:]:
            if end is None or begin < end:
                runs.append((max(begin, start), sign))
    return runs


def _begin(run: tuple[int, int]) -> int:
    return run[0]
