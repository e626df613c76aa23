"""For which sizes of one symbol a claim holds, exactly: per residue, in runs.

With a common period L of all claims, their gaps are polynomials in t for ``x = r + L*t`` (`periods`), whose signs are
known for all t (`polynomials`). So the L residues 1 .. L, each with finitely many runs, are all sizes there are. Where
a gap rises alike in all residues, lists of numbers stand for the polynomials (`columns`), which is faster.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from math import lcm
from typing import Final, NamedTuple

from netspec.dims.claims import Claim
from netspec.dims.columns import column
from netspec.dims.curves import curve, signs
from netspec.dims.form import Dim, Size
from netspec.dims.periods import period
from netspec.dims.polynomials import linear_runs

#: A decision that would look at more residues times parts of the sizes is "unknown".
EVALUATIONS_LIMIT: Final = 100_000
#: Polynomials take longer than lists of numbers: of so many residues times parts they are not made.
CURVES_LIMIT: Final = 20_000
#: What holds for no more sizes than this is meant by nobody.
FEW: Final = 12
#: From each t on, until the next: whether the claim holds; None where the size is not admitted.
StateRuns = list[tuple[int, bool | None]]


class Stretch(NamedTuple):
    """Sizes ``first + step*low .. first + step*high`` of one state; without end where ``high`` is None."""

    first: int
    low: int
    high: int | None
    state: bool | None


class Table(NamedTuple):
    """For every size which state it has: the runs of each residue 1 .. step."""

    step: int
    runs: list[StateRuns]

    def stretches(self, *states: bool | None) -> Iterator[Stretch]:
        """The stretches of some states."""
        for first, runs in enumerate(self.runs, 1):
            for i, (low, state) in enumerate(runs):
                if state in states:
                    yield Stretch(first, low, runs[i + 1][0] - 1 if i + 1 < len(runs) else None, state)

    def least(self, state: bool) -> int | None:
        """The least size of a state."""
        best: int | None = None
        for first, runs in enumerate(self.runs, 1):
            if best is not None and first >= best:
                break
            low = next((low for low, each in runs if each is state), None)
            if low is not None and (best is None or first + self.step * low < best):
                best = first + self.step * low
        return best

    def settled(self) -> bool:
        """Whether each residue has one state from its first size on."""
        return all(len(runs) == 1 for runs in self.runs)

    def threshold(self) -> int | None:
        """The size from which on it is True, where it is False before; None where that is not all it says."""
        fails = list(self.stretches(False))
        if any(s.high is None for s in fails):
            return None
        least = max((s.first + self.step * (s.high or 0) for s in fails), default=0) + 1
        return None if self.has_within(True, 1, least - 1) else least

    def lasting(self) -> bool:
        """Whether it is True of sizes without end, or of more than `FEW`."""
        if any(runs[-1][1] for runs in self.runs):
            return True
        return sum((s.high or 0) - s.low + 1 for s in self.stretches(True)) > FEW

    def has_within(self, state: bool, low: int, high: int) -> bool:
        """Whether a size of a state lies within low .. high."""
        for s in self.stretches(state):
            start = max(s.low, -((s.first - low) // self.step))
            end = (high - s.first) // self.step
            if start <= (end if s.high is None else min(end, s.high)):
                return True
        return False


def tabulate(claim: Claim, admitted: Sequence[Claim], name: str, limit: int = EVALUATIONS_LIMIT) -> Table | None:
    """Where a claim holds among the sizes for which others do; None where that cannot be known within the limit."""
    return tabulate_all([claim], admitted, name, limit)


def tabulate_all(
    claims: Sequence[Claim], admitted: Sequence[Claim], name: str, limit: int = EVALUATIONS_LIMIT
) -> Table | None:
    """Where all of some claims hold, as `tabulate`."""
    return _tabulated(tuple(claims), tuple(admitted), name, limit)


@lru_cache(32)
def _tabulated(claims: tuple[Claim, ...], admitted: tuple[Claim, ...], name: str, limit: int) -> Table | None:
    length = common_period([c.gap for c in (*claims, *admitted)], name, limit)
    if length is None:
        return None
    states, allowed = runs_of(claims, name, length), runs_of(admitted, name, length)
    if states is None or allowed is None:
        return None
    if not admitted:
        return Table(length, states)
    return Table(length, [_restricted(runs, admitting) for runs, admitting in zip(states, allowed, strict=True)])


def common_period(sizes: Sequence[Size], name: str, limit: int = EVALUATIONS_LIMIT) -> int | None:
    """A period of all sizes; None if there is none within the limit."""
    found = [period(size, name) for size in sizes]
    length = lcm(*(p.length for p in found if p))
    parts = sum(1 if isinstance(size, int) else size.weight for size in sizes)
    return None if None in found or length * parts > limit else length


_ALWAYS: Final[StateRuns] = [(0, True)]
_NEVER: Final[StateRuns] = [(0, False)]
_NOWHERE: Final[StateRuns] = [(0, None)]


def runs_of(claims: Sequence[Claim], name: str, length: int) -> list[StateRuns] | None:
    """For each residue where all claims hold; length is a multiple of their periods. None beyond the limit."""
    states: list[StateRuns] | None = None
    for claim in claims:
        found = _runs(claim, name, length)
        if found is None:
            return None
        states = found if states is None else [_both(a, b) for a, b in zip(states, found, strict=True)]
    return [_ALWAYS] * length if states is None else states


def _runs(claim: Claim, name: str, length: int) -> list[StateRuns] | None:
    found = column(claim.gap, name, length)
    if found is None:
        if isinstance(claim.gap, Dim) and length * claim.gap.weight > CURVES_LIMIT:
            return None
        signs_of = (signs(curve(claim.gap, first, length)) for first in range(1, length + 1))
        return [_merged([(start, claim.holds_at(sign)) for start, sign in each]) for each in signs_of]
    turns = len(found.values) // length - 1
    tails = found.values[turns * length :]
    if found.rise == 0:
        runs = [_ALWAYS if claim.holds_at(value) else _NEVER for value in tails]
    else:
        runs = [_along(claim, value, found.rise) for value in tails]
    return [_after(claim, found.values[first::length], run) for first, run in enumerate(runs)] if turns else runs


def _after(claim: Claim, values: list[int], tail: StateRuns) -> StateRuns:
    """The runs of single values, of which the last one begins the tail."""
    heads: StateRuns = [(t, claim.holds_at(value)) for t, value in enumerate(values[:-1])]
    if len(tail) == 1 and all(state is tail[0][1] for _, state in heads):
        return tail
    return _merged([*heads, *((t + len(heads), state) for t, state in tail)])


def _along(claim: Claim, value: int, rise: int) -> StateRuns:
    """Where a claim holds of a gap ``value + rise*t``."""
    if claim.sign == ">=":
        if value >= 0 < rise:
            return _ALWAYS
        if value < 0 > rise:
            return _NEVER
    elif value % rise or value * rise > 0:
        return _ALWAYS if claim.sign == "!=" else _NEVER
    return _merged([(start, claim.holds_at(sign)) for start, sign in linear_runs(value, rise)])


def _both(left: StateRuns, right: StateRuns) -> StateRuns:
    """Where both hold."""
    if left is _ALWAYS or right is _NEVER:
        return right
    if right is _ALWAYS or left is _NEVER:
        return left
    starts = sorted({start for start, _ in left} | {start for start, _ in right})
    return _merged([(t, _state_at(left, t) and _state_at(right, t)) for t in starts])


def _restricted(runs: StateRuns, admitted: StateRuns) -> StateRuns:
    if len(admitted) == 1:
        return runs if admitted[0][1] else _NOWHERE
    starts = sorted({start for start, _ in runs} | {start for start, _ in admitted})
    return _merged([(t, _state_at(runs, t) if _state_at(admitted, t) else None) for t in starts])


def _merged(runs: StateRuns) -> StateRuns:
    return [run for i, run in enumerate(runs) if i == 0 or runs[i - 1][1] is not run[1]]


def _state_at(runs: StateRuns, t: int) -> bool | None:
    return next(state for start, state in reversed(runs) if start <= t)
