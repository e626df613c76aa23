"""Which cells interpolation takes, as torch.nn.functional.interpolate does; see `netspec.ops.reads`."""

from __future__ import annotations

import math
from fractions import Fraction

from netspec.dims import Size
from netspec.ops.reads import MOST_PHASES, Reads, adaptive, phases, resampled

_HALF = Fraction(1, 2)


def sampled(axis: int, size: Size, out: Size, mode: str, ratio: Fraction | None) -> Reads:
    """The cells between which a cell of the result lies; ``ratio`` is as for `resampled`."""

    def between(ratio: Fraction, position: int) -> tuple[int, int]:
        return _between((position + _HALF) * ratio - _HALF, mode)

    return resampled(axis, size, out, _RUNS.get(mode, between), None if mode == "area" else ratio)


def cornered(axis: int, size: Size, out: Size, mode: str) -> Reads:
    """With ``align_corners``: the first and last cells of both grids are the same, so that every position differs."""
    if not (isinstance(size, int) and isinstance(out, int)):
        return "open"
    ratio = Fraction(size - 1, max(out - 1, 1))
    return phases(axis, size, [_between(position * ratio, mode) for position in range(min(out, MOST_PHASES + 1))])


def _between(place: Fraction, mode: str) -> tuple[int, int]:
    """The cell at a place, or those next to it: one on each side, or two for cubic interpolation."""
    before = math.floor(place)
    if place == before:
        return before, before
    return (before - 1, before + 2) if mode == "bicubic" else (before, before + 1)


def _nearest(ratio: Fraction, position: int) -> tuple[int, int]:
    return (math.floor(position * ratio),) * 2


def _nearest_exact(ratio: Fraction, position: int) -> tuple[int, int]:
    return (math.floor((position + _HALF) * ratio),) * 2


#: The modes that do not weigh neighbours.
_RUNS = {"nearest": _nearest, "nearest-exact": _nearest_exact, "area": adaptive}
