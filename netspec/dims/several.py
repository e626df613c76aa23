"""What can be proven of claims about several symbols at once.

Each proof looks at the sizes that the one-symbol claims of a contract admit. Claims that tie symbols are left out: what
holds for more sizes holds for fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod
from typing import Final, Literal

from netspec.dims.algebra import collect, of_atom
from netspec.dims.atoms import Extremum, Monomial
from netspec.dims.bounds import at_least
from netspec.dims.claims import Claim, cofactor, common_factor
from netspec.dims.evaluation import evaluate
from netspec.dims.extents import Extent, extent
from netspec.dims.form import Dim, symbols_of
from netspec.dims.grids import grid, residue_claims
from netspec.dims.periods import period
from netspec.dims.tables import EVALUATIONS_LIMIT, tabulate

#: With how many conditions that tie several sizes one is compared.
COMPARED: Final = 20
Proven = Literal["always", "never", "sometimes"]
_OPPOSITE: Final[dict[Proven, Proven]] = {"always": "never", "never": "always", "sometimes": "sometimes"}


def prove(claim: Claim, admitted: Sequence[Claim]) -> Proven | None:
    """What can be proven of a claim; None where nothing can. "sometimes" is for the one-symbol claims only."""
    gap = claim.gap
    if isinstance(gap, int):
        return "always" if claim.holds_at(gap) else "never"
    if claim.sign == "!=":
        found = prove(Claim(gap, "=="), admitted)
        return found and _OPPOSITE[found]
    if len(gap.symbols) == 1:
        return _of_one(claim, admitted, min(gap.symbols))
    if _implied(claim, admitted):
        return "always"
    by_parts = _by_parts(claim, admitted) or _by_residues(claim, admitted) or _by_factor(claim, admitted)
    return by_parts or _by_grid(claim, admitted)


def own(admitted: Sequence[Claim], name: str) -> list[Claim]:
    """The claims about one symbol alone."""
    return [c for c in admitted if isinstance(c.gap, Dim) and c.gap.symbols == {name}]


def _of_one(claim: Claim, admitted: Sequence[Claim], name: str) -> Proven | None:
    for admitting in (own(admitted, name), []):
        table = tabulate(claim, admitting, name)
        if table and table.least(False) is None:
            return "always"
        if table and table.least(True) is None:
            return "never"
        if table and admitting == own(admitted, name):
            return "sometimes"
    return None


def _implied(claim: Claim, admitted: Sequence[Claim]) -> bool:
    """Whether an admitting claim says it, or more."""
    if claim in admitted:
        return True
    stronger = [c.gap for c in admitted if claim.sign == c.sign == ">=" and len(symbols_of(c.gap)) > 1]
    gaps = [claim.gap - gap for gap in stronger[:COMPARED]]
    return any(at_least(gap, 0) or _always(Claim(gap, ">=")) for gap in gaps)


def _always(claim: Claim) -> bool:
    """Whether a claim holds for every size, as far as the cells of its grid tell."""
    found = grid(claim)
    return found is not None and all(found.cells.values())


def parts_of(gap: Dim) -> dict[str, Dim]:
    """A sum of sizes of one symbol each, less its constant; empty if some term has several."""
    parts: dict[str, dict[Monomial, int]] = {}
    for monomial, coefficient in gap.terms:
        names = frozenset[str]().union(*(atom.symbols for atom in monomial))
        if len(names) > 1:
            return {}
        parts.setdefault(min(names), {})[monomial] = coefficient
    sums = {name: collect(0, terms) for name, terms in sorted(parts.items())}
    return {name: part for name, part in sums.items() if isinstance(part, Dim)}


def _extents(gap: Dim, admitted: Sequence[Claim]) -> dict[str, Extent]:
    """The extents of the parts of a sum; empty if one is not known."""
    parts = parts_of(gap)
    limit = EVALUATIONS_LIMIT // max(1, len(parts))
    found = {name: extent(part, own(admitted, name), limit) for name, part in parts.items()}
    known = {name: e for name, e in found.items() if e is not None}
    return known if len(known) == len(parts) else {}


def _by_parts(claim: Claim, admitted: Sequence[Claim]) -> Proven | None:
    """Symbols are free of each other, so the extremes of a sum are the sums of the extremes of its parts."""
    assert isinstance(claim.gap, Dim)
    extents = list(_extents(claim.gap, admitted).values())
    if not extents:
        return None
    low = _total([e.low for e in extents], claim.gap.constant)
    high = _total([e.high for e in extents], claim.gap.constant)
    return _of_range(claim, low, high) or _of_values(claim.gap.constant, [e.values for e in extents])


def _total(numbers: list[int | None], constant: int) -> int | None:
    known = [n for n in numbers if n is not None]
    return constant + sum(known) if len(known) == len(numbers) else None


def _of_range(claim: Claim, low: int | None, high: int | None) -> Proven | None:
    """What follows from the least and the greatest value of the gap, which it takes; None is without end."""
    positive, negative = low is not None and low > 0, high is not None and high < 0
    if claim.sign == "==":
        return "always" if low == high == 0 else "never" if positive or negative else None
    if low is not None and low >= 0:
        return "always"
    return "never" if negative else "sometimes"


def _of_values(constant: int, sets: list[frozenset[int] | None]) -> Proven | None:
    """Whether a sum can be zero whose parts take these values; their range has shown that it is not always."""
    known = [values for values in sets if values is not None]
    if len(known) < len(sets) or prod(map(len, known)) > EVALUATIONS_LIMIT:
        return None
    sums = {constant}
    for values in known:
        sums = {a + b for a in sums for b in values}
    return "sometimes" if 0 in sums else "never"


def _by_residues(claim: Claim, admitted: Sequence[Claim]) -> Proven | None:
    """A gap that falls with no symbol is least within one period of each: ``f(x + L) = f(x) + rise``, rise >= 0."""
    gap = claim.gap
    assert isinstance(gap, Dim)
    names = sorted(gap.symbols)
    periods = [p for p in (period(gap, name) for name in names) if p is not None and p.exact]
    if len(periods) < len(names) or prod(p.length for p in periods) * gap.weight > EVALUATIONS_LIMIT:
        return None
    rising, falling = any(p.step > 0 for p in periods), any(p.step < 0 for p in periods)
    if rising and falling:
        return None
    values = {evaluate(gap, dict(zip(names, point, strict=True))) for point in _box([p.length for p in periods])}
    found = _of_range(claim, None if falling else min(values), None if rising else max(values))
    if found is None and not rising and not falling:
        found = "sometimes" if 0 in values else "never"
    return None if found == "sometimes" and admitted else found


def _by_grid(claim: Claim, admitted: Sequence[Claim]) -> Proven | None:
    """What the cells of the grid of periods tell."""
    found = grid(claim)
    states = set(found.cells.values()) if found else {None}
    if states == {True}:
        return "always"
    if states == {False}:
        return "never"
    return "sometimes" if None not in states and not admitted else None


def _box(lengths: list[int]) -> Iterator[tuple[int, ...]]:
    return product(*(range(1, length + 1) for length in lengths))


def _by_factor(claim: Claim, admitted: Sequence[Claim]) -> Proven | None:
    """A factor that is nowhere negative keeps what always holds of the rest."""
    gap = claim.gap
    assert isinstance(gap, Dim)
    factor = common_factor(gap)
    if factor is None or not at_least(of_atom(factor), 0):
        return None
    return "always" if prove(Claim(cofactor(gap, factor), claim.sign), admitted) == "always" else None


def conjuncts(claim: Claim, admitted: Sequence[Claim]) -> list[Claim]:
    """Simpler claims that together say what a claim says; none where it does not fall apart.

    * a product of sizes that are nowhere negative is at least 1 where each of them is;
    * a minimum is at least a number where all its sizes are;
    * a sum that is nowhere negative is zero where each of its parts is least;
    * what holds in some cells of the grid of periods, and nowhere else, is often said of each symbol by itself.
    """
    gap = claim.gap
    if not isinstance(gap, Dim):
        return []
    simple = _least_parts(gap, admitted) if claim.sign == "==" else _of_product(claim, gap)
    if simple or len(gap.symbols) < 2:
        return simple
    found = grid(claim)
    return residue_claims(found) if found else []


def _of_product(claim: Claim, gap: Dim) -> list[Claim]:
    if claim.sign != ">=" or len(gap.terms) > 1:
        return []
    monomial, coefficient = gap.terms[0]
    if len(monomial) > 1:
        positive = coefficient == -gap.constant == 1 and all(at_least(of_atom(atom), 0) for atom in monomial)
        return [Claim(of_atom(atom) - 1, ">=") for atom in dict.fromkeys(monomial)] if positive else []
    (atom,) = monomial
    if isinstance(atom, Extremum) and (atom.kind == "min") == (coefficient > 0):
        return [Claim(size * coefficient + gap.constant, ">=") for size in atom.sizes]
    return []


def _least_parts(gap: Dim, admitted: Sequence[Claim]) -> list[Claim]:
    parts, extents = parts_of(gap), _extents(gap, admitted)
    for ends in ({n: e.low for n, e in extents.items()}, {n: e.high for n, e in extents.items()}):
        if ends and _total(list(ends.values()), gap.constant) == 0:
            return [Claim(parts[name] - (end or 0), "==") for name, end in ends.items()]
    return []
