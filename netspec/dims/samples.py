"""Small sizes tried one after the other: for counterexamples, and where nothing is proven."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final, NamedTuple

from netspec.dims.claims import Claim
from netspec.dims.evaluation import evaluate
from netspec.dims.form import Size

#: How many combinations of sizes are tried at most,
SAMPLES_LIMIT: Final = 2_000
#: how many parts of sizes are evaluated for them,
PARTS_LIMIT: Final = 100_000
#: and how many of each size at first, and then.
FEW: Final = (4, 12)


class Found(NamedTuple):
    """The least sizes found for which a claim holds, and for which it fails."""

    holds: dict[str, int] | None
    fails: dict[str, int] | None


def sample(
    claim: Claim, admitted: Sequence[Claim], names: Sequence[str], shown: Sequence[Size], both: bool = True
) -> Found:
    """Try a claim where others admit it, for small values of the symbols, by rising sum of the sizes shown.

    Unless ``both`` are wanted, it is enough to know where it fails.
    """
    weight = sum(1 if isinstance(c.gap, int) else c.gap.weight for c in (claim, *admitted))
    most = _root(min(SAMPLES_LIMIT, PARTS_LIMIT // weight), len(names))
    found = Found(None, None)
    for each in (*(few for few in FEW if few < most), most):
        found = _tried(claim, admitted, _grid(names, shown, each), both)
        if found.fails and (found.holds or not both) and _is_least(found.fails, names, shown, each):
            break
    return found


def _grid(names: Sequence[str], shown: Sequence[Size], each: int) -> list[dict[str, int]]:
    grid = [dict(zip(names, point, strict=True)) for point in product(range(1, each + 1), repeat=len(names))]
    return sorted(grid, key=lambda point: _place(point, shown))


def _tried(claim: Claim, admitted: Sequence[Claim], grid: list[dict[str, int]], both: bool) -> Found:
    holds: dict[str, int] | None = None
    fails: dict[str, int] | None = None
    for point in grid:
        if not all(c.holds_at(evaluate(c.gap, point)) for c in admitted):
            continue
        if claim.holds_at(evaluate(claim.gap, point)):
            holds = point if holds is None else holds
        else:
            fails = point if fails is None else fails
        if fails is not None and (holds is not None or not both):
            break
    return Found(holds, fails)


def _is_least(point: dict[str, int], names: Sequence[str], shown: Sequence[Size], each: int) -> bool:
    """Whether no point beyond a grid has a lesser sum than this one."""
    ones = dict.fromkeys(names, 1)
    return all(_place(point, shown)[0] <= _place({**ones, name: each + 1}, shown)[0] for name in names)


def _place(point: dict[str, int], shown: Sequence[Size]) -> tuple[int, list[int]]:
    sizes = [evaluate(size, point) for size in shown]
    return sum(sizes), sizes


def _root(number: int, degree: int) -> int:
    """The greatest n with ``n ** degree <= number``, at least 1."""
    n = 1
    while degree and (n + 1) ** degree <= number:
        n += 1
    return n
