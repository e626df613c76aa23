"""Polynomials with integer coefficients over the whole numbers ``t >= 0``, and where they are negative, zero, positive.

A polynomial is the tuple of its coefficients from the constant upwards, without trailing zeros: ``()`` is zero.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import comb

Poly = tuple[int, ...]
#: Maximal stretches of t with one sign (-1, 0, 1): each starts at its number and ends where the next one starts.
Runs = list[tuple[int, int]]


def trimmed(coefficients: list[int]) -> Poly:
    """Without trailing zeros."""
    while coefficients and not coefficients[-1]:
        coefficients.pop()
    return tuple(coefficients)


def plus(p: Poly, q: Poly, factor: int = 1) -> Poly:
    """``p + factor * q``."""
    size = max(len(p), len(q))
    padded = zip(p + (0,) * (size - len(p)), q + (0,) * (size - len(q)), strict=True)
    return trimmed([a + factor * b for a, b in padded])


def times(p: Poly, q: Poly) -> Poly:
    """``p * q``."""
    result = [0] * (len(p) + len(q))
    for i, a in enumerate(p):
        for j, b in enumerate(q):
            result[i + j] += a * b
    return trimmed(result)


def at(p: Poly, t: int) -> int:
    """The value at t.

    >>> at((1, 0, 2), 3)
    19
    """
    value = 0
    for coefficient in reversed(p):
        value = value * t + coefficient
    return value


@lru_cache(256)
def difference(p: Poly) -> Poly:
    """``p(t + 1) - p(t)``, of one degree less.

    >>> difference((0, 0, 1))
    (1, 2)
    """
    size = len(p)
    return trimmed([sum(p[j] * comb(j, i) for j in range(i + 1, size)) for i in range(size - 1)])


def sign(number: int) -> int:
    """-1, 0 or 1."""
    return (number > 0) - (number < 0)


def sign_runs(p: Poly) -> Runs:
    """Where p is negative, zero and positive.

    Between two sign changes of its difference p is monotone, so it changes sign where bisection finds it; on the last
    stretch, which has no end, steps that double find the bracket. Numbers of any size cost only their logarithm.

    >>> sign_runs((6, -5, 1))
    [(0, 1), (2, 0), (4, 1)]
    """
    if len(p) <= 1:
        return [(0, sign(p[0]) if p else 0)]
    if len(p) == 2:
        return linear_runs(p[0], p[1])
    slopes = sign_runs(difference(p))
    ends: list[int | None] = [start for start, _ in slopes[1:]]
    runs: Runs = []
    for (start, slope), end in zip(slopes, [*ends, None], strict=True):
        for begin, value in _monotone(p, slope, start, end):
            if not runs or runs[-1][1] != value:
                runs.append((begin, value))
    return runs


def linear_runs(a: int, b: int) -> Runs:
    """The runs of ``a + b*t``: it passes zero at ``t = -a / b``."""
    side = sign(b)
    if a * side > 0:
        return [(0, side)]
    zero, rest = divmod(abs(a), abs(b))
    if rest:
        return [(0, -side), (zero + 1, side)]
    return [(0, -side), (zero, 0), (zero + 1, side)] if zero else [(0, 0), (1, side)]


def _monotone(p: Poly, slope: int, start: int, end: int | None) -> Runs:
    """The runs of p within start .. end - 1, where it rises (slope 1), falls (-1) or stays (0)."""
    runs = [(start, sign(at(p, start)))]
    if not slope:
        return runs
    for target in range(runs[0][1] * slope + 1, 2):
        found = _first(lambda t, target=target: sign(at(p, t)) * slope >= target, runs[-1][0], end)  # type: ignore[misc]
        if found is None:
            break
        if sign(at(p, found)) == target * slope:
            runs.append((found, target * slope))
    return runs


def _first(holds: Callable[[int], bool], start: int, end: int | None) -> int | None:
    """The first t from start on, and before the end, where a condition holds that stays true once it is."""
    step = 1
    while not holds(start + step) if end is None else False:
        step *= 2
    low, high = start, start + step if end is None else end
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return None if low == end else low
