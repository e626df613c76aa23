"""For which sizes of one symbol a claim holds, exactly: per residue, in runs.

With a common period L of all claims, their gaps are polynomials in t for ``x = r + L*t`` (`periods`), whose signs are
known for all t (`polynomials`). So the L residues 1 .. L, each with finitely many runs, are all sizes there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import lcm
from typing import Final, NamedTuple

from netspec.dims.claims import Claim
from netspec.dims.curves import curve, signs
from netspec.dims.form import Size
from netspec.dims.periods import period

#: A decision that would look at more residues times parts of the sizes is "unknown".
EVALUATIONS_LIMIT: Final = 100_000
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
        return min((s.first + self.step * s.low for s in self.stretches(state)), default=None)

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
    length = common_period([claim.gap, *(c.gap for c in admitted)], name, limit)
    if length is None:
        return None
    residues = range(1, length + 1)
    return Table(length, [_restricted(_runs(claim, r, length), admitted_runs(admitted, r, length)) for r in residues])


def common_period(sizes: Sequence[Size], name: str, limit: int = EVALUATIONS_LIMIT) -> int | None:
    """A period of all sizes; None if there is none within the limit."""
    found = [period(size, name) for size in sizes]
    length = lcm(*(p.length for p in found if p))
    parts = sum(1 if isinstance(size, int) else size.weight for size in sizes)
    return None if None in found or length * parts > limit else length


def admitted_runs(admitted: Sequence[Claim], first: int, step: int) -> StateRuns:
    """Which sizes of one residue all claims admit; step is a multiple of their periods."""
    runs: StateRuns = [(0, True)]
    for claim in admitted:
        runs = _restricted(runs, _runs(claim, first, step))
    return runs


def _runs(claim: Claim, first: int, step: int) -> StateRuns:
    return _merged([(start, claim.holds_at(sign)) for start, sign in signs(curve(claim.gap, first, step))])


def _restricted(runs: StateRuns, admitted: StateRuns) -> StateRuns:
    if len(admitted) == 1:
        return runs if admitted[0][1] else [(0, None)]
    starts = sorted({start for start, _ in runs} | {start for start, _ in admitted})
    return _merged([(t, _state_at(runs, t) if _state_at(admitted, t) else None) for t in starts])


def _merged(runs: StateRuns) -> StateRuns:
    return [run for i, run in enumerate(runs) if i == 0 or runs[i - 1][1] is not run[1]]


def _state_at(runs: StateRuns, t: int) -> bool | None:
    return next(state for start, state in reversed(runs) if start <= t)
