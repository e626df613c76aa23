"""An input contract made ready for decisions: symbols that it ties are replaced, the rest are left as claims.

``H % 16 == 0, H >= 32`` admits the sizes ``16*k + 16`` for k = 1, 2, 3, ..., so H becomes ``16*H + 16`` of a new H that
is at least 1 as every symbol: what holds by the contract then holds by the canonical form. ``H == W`` puts one for the
other.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd
from typing import NamedTuple

from netspec.dims.algebra import collect, symbol
from netspec.dims.atoms import Symbol
from netspec.dims.bounds import at_least
from netspec.dims.claims import Claim, claim_of, simplified
from netspec.dims.domain import Domain
from netspec.dims.evaluation import substitute
from netspec.dims.form import Dim, Size, symbols_of
from netspec.dims.tables import Table, tabulate


class Contract(NamedTuple):
    """What stands for each symbol, and which claims remain of what stands for them. ``empty`` admits no size."""

    sizes: dict[str, Size]
    claims: tuple[Claim, ...]
    empty: bool = False

    def replaced(self, size: Size) -> Size:
        """A size in the new symbols."""
        return substitute(size, self.sizes)

    def relevant(self, names: frozenset[str]) -> tuple[Claim, ...]:
        """The claims that touch these symbols, or symbols that such claims touch."""
        chosen: list[Claim] = []
        while found := [c for c in self.claims if c not in chosen and not names.isdisjoint(_symbols(c))]:
            chosen += found
            names = names.union(*map(_symbols, found))
        return tuple(chosen)


_NOTHING = Contract({}, (), empty=True)
_TRUE = Claim(0, "==")


class _ContradictionError(Exception):
    """No size is admitted."""


@lru_cache(256)
def contract_of(domain: Domain) -> Contract:
    """The contract of a domain."""
    try:
        contract = Contract({}, _reduced([claim_of(c) for c in domain.conditions]))
        contract = _tied(contract)
        for name in sorted(frozenset[str]().union(*map(_symbols, contract.claims))):
            contract = _rescaled(contract, name)
        return _ordered(contract)
    except _ContradictionError:
        return _NOTHING


def _symbols(claim: Claim) -> frozenset[str]:
    return symbols_of(claim.gap)


def _reduced(claims: list[Claim]) -> tuple[Claim, ...]:
    """The claims that still say something."""
    reduced = [simplified(claim) for claim in claims]
    if False in reduced:
        raise _ContradictionError
    return tuple(dict.fromkeys(claim for claim in reduced if isinstance(claim, Claim)))


def _put(contract: Contract, name: str, size: Size) -> Contract:
    """The contract with a size in place of a symbol."""
    sizes = {key: substitute(old, {name: size}) for key, old in contract.sizes.items()}
    claims = [Claim(substitute(c.gap, {name: size}), c.sign) for c in contract.claims]
    return Contract({name: size, **sizes}, _reduced(claims))


def _tied(contract: Contract) -> Contract:
    """The contract without equalities that say what a symbol is."""
    while found := next(filter(None, map(_solved, contract.claims)), None):
        name, size = found
        contract = _put(contract, name, size)
        contract = contract._replace(claims=_reduced([*contract.claims, Claim(size - 1, ">=")]))
    return contract


def _ordered(contract: Contract) -> Contract:
    """The contract without orders ``x >= size`` of symbols that no other claim is about: x becomes ``size + x - 1``."""
    for claim in contract.claims:
        others = frozenset[str]().union(*(_symbols(c) for c in contract.claims if c is not claim))
        found = _isolated(claim.gap, (1,)) if claim.sign == ">=" else []
        for name, size in found:
            if name not in others and at_least(size, 1):
                return _ordered(_put(contract, name, size + symbol(name) - 1))
    return contract


def _solved(claim: Claim) -> tuple[str, Size] | None:
    """An equality solved for a symbol, rather one whose size is surely positive."""
    found = _isolated(claim.gap, (1, -1)) if claim.sign == "==" else []
    return next((f for f in found if at_least(f[1], 1)), found[0] if found else None)


def _isolated(gap: Size, coefficients: tuple[int, ...]) -> list[tuple[str, Size]]:
    """The symbols, last ones first, that stand alone and once in a gap, each with the size that makes it zero."""
    found: list[tuple[str, Size]] = []
    for monomial, coefficient in reversed(gap.terms if isinstance(gap, Dim) else ()):
        if coefficient not in coefficients or len(monomial) != 1 or not isinstance(monomial[0], Symbol):
            continue
        assert isinstance(gap, Dim)
        rest = collect(gap.constant, {m: c for m, c in gap.terms if m != monomial})
        if monomial[0].name not in symbols_of(rest):
            found.append((monomial[0].name, rest * -coefficient))
    return found


def _rescaled(contract: Contract, name: str) -> Contract:
    """The contract with the sizes of one symbol counted 1, 2, 3, ... where its claims leave a progression."""
    own = [claim for claim in contract.claims if _symbols(claim) == {name}]
    known = [claim for claim in own if tabulate(_TRUE, [claim], name)]
    table = tabulate(_TRUE, known, name)
    if not known or table is None:
        return contract
    least = table.least(True)
    if least is None:
        raise _ContradictionError
    factor = _spacing(table, least)
    scaled = factor * symbol(name) + (least - factor) if factor else least
    contract = _put(contract, name, scaled)
    claims = [c for c in contract.claims if _symbols(c) != {name} or not _always(c, name)]
    return contract._replace(claims=tuple(claims))


def _spacing(table: Table, least: int) -> int:
    """The greatest number by multiples of which all admitted sizes differ; 0 where there is one size only."""
    spacing = 0
    for stretch in table.stretches(True):
        spacing = gcd(spacing, stretch.first + table.step * stretch.low - least)
        if stretch.high != stretch.low:
            spacing = gcd(spacing, table.step)
    return spacing


def _always(claim: Claim, name: str) -> bool:
    table = tabulate(claim, [], name)
    return table is not None and table.least(False) is None
