"""The least and the greatest value of a size of one symbol, exactly, over the sizes admitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from netspec.dims.claims import Claim
from netspec.dims.curves import curve, poly_at
from netspec.dims.form import Dim
from netspec.dims.polynomials import Poly, at, difference, sign_runs
from netspec.dims.tables import CURVES_LIMIT, EVALUATIONS_LIMIT, StateRuns, common_period, runs_of

#: Sets of more values are not kept.
VALUES_LIMIT: Final = 1_000


class Extent(NamedTuple):
    """All values lie within low .. high, and these are taken; None is without end. ``values`` are all, if few."""

    low: int | None
    high: int | None
    values: frozenset[int] | None


def extent(size: Dim, admitted: Sequence[Claim], limit: int = EVALUATIONS_LIMIT) -> Extent | None:
    """The extent of a size of one symbol where the claims admit it; None where it cannot be known.

    >>> from netspec.dims import symbol
    >>> H = symbol("H")
    >>> extent(5 - H // 2, [])
    Extent(low=None, high=5, values=None)
    """
    (name,) = size.symbols
    step = common_period([size, *(c.gap for c in admitted)], name, limit)
    if step is None:
        return None
    allowed = runs_of(admitted, name, step)
    if allowed is None or step * size.weight > CURVES_LIMIT:
        return None
    pieces = [piece for first, runs in enumerate(allowed, 1) for piece in _pieces(size, runs, first, step)]
    marks = [mark for p, low, high in pieces for mark in _marks(p, low, high)]
    low = None if any(high is None and p[1:] and p[-1] < 0 for p, _, high in pieces) else min(marks)
    high = None if any(high is None and p[1:] and p[-1] > 0 for p, _, high in pieces) else max(marks)
    return Extent(low, high, _values(pieces))


def _pieces(size: Dim, runs: StateRuns, first: int, step: int) -> Iterator[tuple[Poly, int, int | None]]:
    """The polynomials of one residue, each with the first and last t for which it counts."""
    cut = curve(size, first, step)
    starts = sorted({start for start, _ in cut} | {start for start, _ in runs})
    for i, start in enumerate(starts):
        if next(state for begin, state in reversed(runs) if begin <= start):
            yield poly_at(cut, start), start, starts[i + 1] - 1 if i + 1 < len(starts) else None


def _marks(p: Poly, low: int, high: int | None) -> list[int]:
    """The values at the ends and turning points of a polynomial: between them it is monotone."""
    turns = [t for t, _ in sign_runs(difference(p)) if low < t and (high is None or t < high)]
    return [at(p, t) for t in [low, *turns, *([] if high is None else [high])]]


def _values(pieces: list[tuple[Poly, int, int | None]]) -> frozenset[int] | None:
    values: set[int] = set()
    for p, low, high in pieces:
        last = low if len(p) <= 1 else high
        if last is None or last - low > VALUES_LIMIT or len(values) > VALUES_LIMIT:
            return None
        values.update(at(p, t) for t in range(low, last + 1))
    return frozenset(values)
