"""One condition under one contract, from the claim to the verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from netspec.dims.algebra import symbol
from netspec.dims.atoms import Symbol
from netspec.dims.bounds import bounds
from netspec.dims.claims import Claim, claim_of, simplified
from netspec.dims.contracts import Contract
from netspec.dims.describe import Scale, describe
from netspec.dims.domain import Condition
from netspec.dims.evaluation import evaluate
from netspec.dims.form import Dim, Size, symbols_of
from netspec.dims.grids import grid_effort
from netspec.dims.samples import Found, sample
from netspec.dims.several import conjuncts, own, prove
from netspec.dims.tables import EVALUATIONS_LIMIT, Table, tabulate
from netspec.dims.verdicts import Truth, Verdict

_ALWAYS: Final = Verdict("always", "True")
_FALSE: Final = Claim(1, "==")
#: What a residue of a table counts in `Verdict.effort`.
PARTS_PER_RESIDUE: Final = 8


@dataclass(frozen=True, slots=True)
class Question:
    """Does a condition hold for the sizes of a contract?"""

    condition: Condition
    contract: Contract

    def answer(self) -> Verdict:
        """What is known."""
        claim = self.claim()
        if isinstance(claim, bool):
            return _ALWAYS if claim else self.never(())
        admitted = self.contract.relevant(symbols_of(claim.gap))
        found = None if admitted else self.by_threshold(claim)
        if found:
            return found
        found = self.by_table(claim, admitted)
        if found:
            return found
        found = self.by_conjuncts(claim, admitted) or self.by_proof(claim, admitted)
        return replace(found, effort=max(found.effort, PARTS_PER_RESIDUE * grid_effort(claim.gap)))

    def claim(self) -> Claim | bool:
        """The condition as a claim about the symbols of the contract."""
        stated = claim_of(self.condition)
        low, high = bounds(stated.gap, {name: bounds(size)[0] or 1 for name, size in self.contract.sizes.items()})
        if stated.sign == ">=" and low is not None and low >= 0:
            return True
        if (low is not None and low > 0) or (high is not None and high < 0):
            return stated.sign == "!="
        return simplified(Claim(self.contract.replaced(stated.gap), stated.sign))

    def by_threshold(self, claim: Claim) -> Verdict | None:
        """The answer where a size that is one symbol and a number must not be negative."""
        gap = claim.gap
        if claim.sign != ">=" or not isinstance(gap, Dim) or len(gap.terms) > 1:
            return None
        ((monomial, coefficient),) = gap.terms
        if coefficient != 1 or len(monomial) > 1 or not isinstance(monomial[0], Symbol):
            return None
        name, least = monomial[0].name, -gap.constant
        if not self.contract.sizes:
            return Verdict("sometimes", f"{name} >= {least}", {name: 1}, {name: least})
        scale = self.scale(name)
        if scale is None:
            return None
        least = scale.of(least)
        return Verdict("sometimes", f"{scale.name} >= {least}", self.point({name: 1}), {scale.name: least})

    def by_table(self, claim: Claim, admitted: Sequence[Claim], limit: int = EVALUATIONS_LIMIT) -> Verdict | None:
        """The answer where everything is about one symbol, and within the limits."""
        names = symbols_of(claim.gap)
        if len(names) > 1 or any(symbols_of(c.gap) != names for c in admitted):
            return None
        (name,) = names
        table = tabulate(claim, admitted, name, limit)
        return table and self.from_table(table, name)

    def from_table(self, table: Table, name: str, written: str = "") -> Verdict:
        """What a table of one symbol says; ``written`` is said of it where no short text does."""
        fails, effort = table.least(False), PARTS_PER_RESIDUE * table.step
        if fails is None:
            return Verdict("always", "True", effort=effort)
        counterexample = self.point({name: fails})
        if table.least(True) is None:
            return Verdict("never", "False", counterexample, effort=effort)
        scale = self.scale(name)
        words = describe(table, scale) if scale else None
        if scale is None or words is None:
            text = written or str(self.condition)
            return Verdict("sometimes", text, counterexample, lasting=table.lasting(), effort=effort)
        minimum = {} if words.minimum is None else {scale.name: words.minimum}
        return Verdict("sometimes", words.text, counterexample, minimum, table.lasting(), effort)

    def by_conjuncts(self, claim: Claim, admitted: Sequence[Claim]) -> Verdict | None:
        """The answer where the claim falls into claims about one symbol each."""
        parts = [simplified(part) for part in conjuncts(claim, admitted)]
        claims = [part for part in parts if isinstance(part, Claim)]
        names = [name for part in claims for name in symbols_of(part.gap)]
        tied = any(len(symbols_of(c.gap)) > 1 for c in admitted)
        if not parts or len(names) > len(claims) or len(set(names)) < len(names) or tied:
            return None
        limit = EVALUATIONS_LIMIT // max(1, len(claims))
        verdicts = [self.by_table(part, own(admitted, name), limit) for part, name in zip(claims, names, strict=True)]
        known = [verdict for verdict in verdicts if verdict and verdict.truth != "always"]
        if None in verdicts:
            return None
        if False in parts or any(verdict.truth == "never" for verdict in known):
            return self.never(admitted)
        return self.joined(known, claim, admitted)

    def joined(self, verdicts: list[Verdict], claim: Claim, admitted: Sequence[Claim]) -> Verdict:
        """The answer where several must hold, none of which always does."""
        if not verdicts:
            return _ALWAYS
        clear = all(" or " not in verdict.holds for verdict in verdicts)
        text = " and ".join(v.holds if clear else f"({v.holds})" for v in verdicts)
        least = {name: size for verdict in verdicts for name, size in verdict.minimum.items()}
        minimum = least if all(verdict.minimum for verdict in verdicts) else {}
        fails = self.shown(self.sampled(claim, admitted, both=False).fails)
        return Verdict("sometimes", text, fails, minimum, all(v.lasting for v in verdicts))

    def by_proof(self, claim: Claim, admitted: Sequence[Claim]) -> Verdict:
        """The answer where several symbols are tied up in one claim, or one goes beyond the limits."""
        proven = prove(claim, admitted)
        if proven == "always":
            return _ALWAYS
        if proven == "never":
            return self.never(admitted)
        mixed = proven == "sometimes" and not any(len(symbols_of(c.gap)) > 1 for c in admitted)
        found = self.sampled(claim, admitted, both=not mixed)
        sometimes = mixed or None not in found
        truth: Truth = "sometimes" if sometimes else "unknown"
        return Verdict(truth, str(self.condition), self.shown(found.fails), effort=EVALUATIONS_LIMIT)

    def never(self, admitted: Sequence[Claim]) -> Verdict:
        """That it fails everywhere, first at the least sizes admitted."""
        return Verdict("never", "False", self.shown(self.sampled(_FALSE, admitted, both=False).fails))

    def sampled(self, claim: Claim, admitted: Sequence[Claim], both: bool = True) -> Found:
        """Small sizes where the claim holds, and where it fails."""
        sizes = self.sizes()
        names = symbols_of(claim.gap).union(*map(symbols_of, sizes.values()))
        admitted = admitted or self.contract.relevant(names)
        names = names.union(*(symbols_of(c.gap) for c in admitted))
        return sample(claim, admitted, sorted(names), list(sizes.values()), both)

    def sizes(self) -> dict[str, Size]:
        """What stands for the open sizes of the condition."""
        names = sorted(symbols_of(self.condition.left) | symbols_of(self.condition.right))
        return {name: self.contract.sizes.get(name, symbol(name)) for name in names}

    def point(self, values: dict[str, int]) -> dict[str, int]:
        """The open sizes of the condition where the contract's symbols have these values, and others are 1."""
        sizes = self.sizes()
        others = dict.fromkeys(frozenset[str]().union(*map(symbols_of, sizes.values())), 1)
        return {name: evaluate(size, {**others, **values}) for name, size in sizes.items()}

    def shown(self, values: dict[str, int] | None) -> dict[str, int] | None:
        """`point`, if there is one."""
        return None if values is None else self.point(values)

    def scale(self, name: str) -> Scale | None:
        """An open size of the condition that counts as one symbol of the contract does."""
        for shown, size in self.sizes().items():
            if isinstance(size, Dim) and len(size.terms) == 1:
                monomial, factor = size.terms[0]
                if len(monomial) == 1 and isinstance(monomial[0], Symbol) and monomial[0].name == name and factor > 0:
                    return Scale(shown, factor, size.constant)
        return None
