"""Composing and joining the runs of cells of `netspec.ops.reads`.

Araujo, Norris and Sim, Computing Receptive Fields of Convolutional Neural Networks, Distill 2019, equations 1 to 4 and
the section on arbitrary computation graphs; here with runs that depend on the phase of the position, which transposed
convolutions and interpolation have.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from netspec.ops.reads import MOST_PHASES, NOTHING, Cells, Reads


@lru_cache(1 << 14)
def composed(outer: Reads, inner: Reads, single: bool = False) -> Reads:
    """What a result takes of a source, by way of a tensor between them: ``outer`` of the tensor, ``inner`` the source.

    ``single``: the axis of the tensor between has one cell.
    """
    if isinstance(inner, str):
        return inner
    if single:
        outer = Cells(None, 0, (0,), (0,))
    if inner.axis is None:
        return inner
    if isinstance(outer, str):
        return outer
    if outer.axis is None:
        first, last = _hull(inner, outer.first[0], outer.last[0])
        return Cells(None, 0, (first,), (last,))
    return _moving(outer, inner)


def _moving(outer: Cells, inner: Cells) -> Reads:
    period, phases = len(outer.first), len(inner.first)
    if period == phases == 1:
        first, last = (outer.first[0] * inner.step + inner.first[0], outer.last[0] * inner.step + inner.last[0])
        return Cells(outer.axis, outer.step * inner.step, (first,), (last,))
    repeats = phases // gcd(outer.step, phases)
    if period * repeats > MOST_PHASES:
        return "open"
    runs = [
        _hull(inner, outer.first[r] + outer.step * m, outer.last[r] + outer.step * m)
        for m in range(repeats)
        for r in range(period)
    ]
    step = outer.step * repeats // phases * inner.step
    return _shortest(Cells(outer.axis, step, tuple(f for f, _ in runs), tuple(n for _, n in runs)))


def _hull(cells: Cells, first: int, last: int) -> tuple[int, int]:
    """From the first to the last cell that the positions from ``first`` to ``last`` take."""
    phases = len(cells.first)
    if phases == 1 and first <= last:
        return cells.step * first + cells.first[0], cells.step * last + cells.last[0]
    least, most = NOTHING
    for ahead in range(min(phases, last - first + 1)):
        least = min(least, _run(cells, first + ahead)[0])
        most = max(most, _run(cells, last - ahead)[1])
    return (least, most) if least <= most else NOTHING


def _run(cells: Cells, position: int) -> tuple[int, int]:
    turns, phase = divmod(position, len(cells.first))
    first, last = cells.first[phase], cells.last[phase]
    return NOTHING if first > last else (first + turns * cells.step, last + turns * cells.step)


@lru_cache(1 << 14)
def joined(left: Reads, right: Reads) -> Reads:
    """What is taken by one of two ways, or by both: from the first to the last cell of the two runs."""
    if left == right:
        return left
    if isinstance(left, str) or isinstance(right, str):
        return "all" if "all" in (left, right) else "open"
    if left.axis != right.axis or left.step * len(right.first) != right.step * len(left.first):
        return "all"
    period = len(left.first) * len(right.first) // gcd(len(left.first), len(right.first))
    if period > MOST_PHASES:
        return "open"
    runs = [_both(_run(left, r), _run(right, r)) for r in range(period)]
    step = left.step * (period // len(left.first))
    return _shortest(Cells(left.axis, step, tuple(f for f, _ in runs), tuple(n for _, n in runs)))


def _both(left: tuple[int, int], right: tuple[int, int]) -> tuple[int, int]:
    return min(left[0], right[0]), max(left[1], right[1])


def _shortest(cells: Cells) -> Cells:
    """Without repetitions."""
    phases = len(cells.first)
    for period in range(1, phases // 2 + 1):
        if phases % period or cells.step * period % phases:
            continue
        step = cells.step * period // phases
        shorter = Cells(cells.axis, step, cells.first[:period], cells.last[:period])
        if all(_run(shorter, r) == _run(cells, r) for r in range(phases)):
            return shorter
    return cells
