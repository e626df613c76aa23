"""What several conditions say together: the weakest condition on each size, and which of them ask for most.

A U-Net's four joins each need a part (``H % 16 < 8``, ``H % 8 < 4``, ...); together they need ``H % 16 == 0``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from netspec.dims.algebra import symbol
from netspec.dims.claims import Claim, claim_of, simplified
from netspec.dims.contracts import Contract, contract_of
from netspec.dims.decide import decide
from netspec.dims.domain import EVERYWHERE, Condition, Domain
from netspec.dims.form import symbols_of
from netspec.dims.nodes import SizeTooLarge
from netspec.dims.question import Question
from netspec.dims.several import COMPARED, conjuncts, own, prove
from netspec.dims.tables import Table, common_period, tabulate, tabulate_all
from netspec.dims.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Share:
    """What conditions say of one size, or of sizes that one of them ties: ``names``.

    ``members`` are the numbers of the conditions that take part, ``strongest`` is the one that asks for most,
    ``enough`` are conditions that say as much as all of them.
    """

    names: tuple[str, ...]
    verdict: Verdict
    members: tuple[int, ...]
    strongest: int
    enough: tuple[int, ...]


#: Stands for a text that is too long.
_TOO_LONG = "?"


@dataclass(frozen=True, slots=True)
class _Part:
    """One claim that the condition with this number makes; ``least`` is from which size on, where it says just that."""

    member: int
    claim: Claim
    least: int | None


def together(conditions: Sequence[Condition], domain: Domain = EVERYWHERE) -> tuple[Share, ...]:
    """What conditions say together, a share for each size; those that always hold take no part.

    >>> from netspec.dims import symbol
    >>> H = symbol("H")
    >>> joins = [Condition(2 * (H // 4), "==", H // 2), Condition(2 * (H // 2), "==", H), Condition(H, ">=", 3)]
    >>> [(share.verdict.holds, share.strongest) for share in together(joins)]
    [('H % 4 == 0', 0)]
    """
    contract = contract_of(domain)
    if contract.empty:
        return ()
    shares: list[Share] = []
    single: dict[str, list[_Part]] = {}
    tied: list[int] = []
    for number, condition in enumerate(conditions):
        parts = _parts(number, condition, contract)
        if parts is None:
            tied.append(number)
            continue
        for part in parts:
            (name,) = symbols_of(part.claim.gap)
            single.setdefault(name, []).append(part)
    for name, parts in single.items():
        shares += _of_one(name, parts, conditions, contract, domain)
    return (*shares, *_of_several(tied, conditions, Domain((*domain.conditions, *_said(shares, conditions)))))


def says_one_of(condition: Condition, others: Sequence[Condition]) -> bool:
    """Whether a condition says just what one of others says, as far as their forms tell."""
    own, names = simplified(claim_of(condition)), _names(condition)
    near = (other for other in others if other.relation == condition.relation and _names(other) == names)
    return any(simplified(claim_of(other)) == own for other in near)


def _said(shares: Sequence[Share], conditions: Sequence[Condition]) -> list[Condition]:
    """What shares of one size say, in few conditions."""
    found: list[Condition] = []
    for share in shares:
        least = [Condition(symbol(name), ">=", number) for name, number in share.verdict.minimum.items()]
        found += least or [conditions[share.strongest]]
    return found


def _parts(number: int, condition: Condition, contract: Contract) -> list[_Part] | None:
    """The claims about one size each that say what a condition says; None where there are no such."""
    try:
        claim = Question(condition, contract).claim()
        if isinstance(claim, bool):
            return [] if claim else None
        parts = [_Part(number, each, _least(each)) for each in _split(claim, contract)]
    except (SizeTooLarge, ZeroDivisionError):
        return None
    tied = any(len(symbols_of(part.claim.gap)) != 1 for part in parts)
    return None if tied else parts


def _split(claim: Claim, contract: Contract) -> list[Claim]:
    """Claims about one size each, as far as a claim falls into such."""
    names = symbols_of(claim.gap)
    if len(names) < 2:
        return [claim]
    admitted = contract.relevant(names)
    if prove(claim, admitted) == "always":
        return []
    found: list[Claim] = []
    for part in [simplified(part) for part in conjuncts(claim, admitted)]:
        if part is False:
            return [claim]
        if isinstance(part, Claim):
            found += _split(part, contract)
    return found or [claim]


def _least(claim: Claim) -> int | None:
    """From which size on an order holds that says just that; None of others."""
    names = symbols_of(claim.gap)
    if claim.sign != ">=" or len(names) != 1 or isinstance(claim.gap, int):
        return None
    (name,) = names
    if claim.gap.terms == symbol(name).terms:
        return -claim.gap.constant
    table = tabulate(claim, [], name)
    return table.threshold() if table else None


def _of_one(name: str, parts: list[_Part], conditions: Sequence[Condition], contract: Contract,
            domain: Domain) -> list[Share]:  # fmt: skip
    """The share of one symbol of the contract; several where they are too much to be seen at once."""
    admitted = own(contract.claims, name)
    if len(admitted) < len(contract.relevant(frozenset((name,)))):
        return _of_several(_members(parts), conditions, domain)
    orders = [part for part in parts if part.least is not None]
    left = [part for part in parts if part.least is None]
    greatest = max(orders, key=lambda part: part.least or 0, default=None)
    shares: list[Share] = []
    while left or orders:
        taken = _fitting(name, left, admitted)
        claims = [part.claim for part in (*left[:taken], *([greatest] if orders and greatest else []))]
        table = tabulate_all(claims, admitted, name)
        here = [*left[:taken], *orders]
        if table is None:
            shares += _of_several(_members(here), conditions, domain)
        else:
            share = _described(table, name, here, conditions, domain)
            shares += [share] if share.verdict.truth != "always" else []
        left, orders = left[taken:], []
    return shares


def _fitting(name: str, parts: list[_Part], admitted: Sequence[Claim]) -> int:
    """How many of the first parts have a common period within the limit; at least 1."""
    low, high = min(1, len(parts)), len(parts)
    while low < high:
        middle = (low + high + 1) // 2
        gaps = [part.claim.gap for part in parts[:middle]] + [claim.gap for claim in admitted]
        low, high = (middle, high) if common_period(gaps, name) is not None else (low, middle - 1)
    return low


def _described(table: Table, name: str, parts: list[_Part], conditions: Sequence[Condition],
               domain: Domain) -> Share:  # fmt: skip
    """A table in words, and the condition that asks for most."""
    contract, members = contract_of(domain), _members(parts)
    questions = (Question(conditions[member], contract) for member in members)
    question = next((q for q in questions if q.scale(name)), Question(conditions[members[0]], contract))
    verdict, scale = question.from_table(table, name, _TOO_LONG), question.scale(name)
    if verdict.holds == _TOO_LONG:
        written = (_bracketed(decide(conditions[member], domain).holds) for member in members)
        verdict = replace(verdict, holds=" and ".join(written))
    names = (scale.name,) if scale else tuple(sorted({n for m in members for n in _names(conditions[m])}))
    fails = verdict.counterexample
    if fails is not None:
        verdict = replace(verdict, counterexample={n: v for n, v in fails.items() if n in names})
    return Share(names, verdict, members, *_strongest(table, name, parts, own(contract.claims, name)))


def _names(condition: Condition) -> frozenset[str]:
    return symbols_of(condition.left) | symbols_of(condition.right)


def _strongest(table: Table, name: str, parts: list[_Part], admitted: Sequence[Claim]) -> tuple[int, tuple[int, ...]]:
    """The condition that asks for most, and conditions that say as much as all of them."""
    members = _members(parts)
    if len(members) == 1:
        return members[0], members
    own_parts = {member: [part for part in parts if part.member == member] for member in members}
    greatest = max(members, key=lambda m: max((p.least or 0 for p in own_parts[m]), default=0))
    others = [m for m in members if any(part.least is None for part in own_parts[m])]
    if not others:
        return greatest, (greatest,)
    tables = {m: tabulate_all([part.claim for part in own_parts[m]], admitted, name) for m in others}
    strongest = max(others, key=lambda m: _demand(tables[m]))
    alone = tables[strongest]
    enough = alone is not None and table.step % alone.step == 0 and _same(table, alone)
    return strongest, (strongest,) if enough else members


def _same(table: Table, other: Table) -> bool:
    """Whether two tables say the same, the other one of a shorter period; only settled ones are compared."""
    settled = table.settled() and other.settled()
    return settled and all(runs == other.runs[i % other.step] for i, runs in enumerate(table.runs))


def _bracketed(text: str) -> str:
    return f"({text})" if " or " in text else text


def _demand(table: Table | None) -> tuple[float, int]:
    """How much a table asks for: the part of the residues that it leaves out, then the length of its pattern."""
    if table is None:
        return 0.0, 0
    return 1 - sum(bool(runs[-1][1]) for runs in table.runs) / table.step, table.step


def _members(parts: list[_Part]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(part.member for part in parts))


def _of_several(members: Sequence[int], conditions: Sequence[Condition], domain: Domain) -> list[Share]:
    """A share for each condition that stays as it is, less those that follow from the others."""
    left = list(members)
    for member in members if len(members) <= COMPARED else ():
        others = tuple(conditions[i] for i in left if i != member)
        if others and decide(conditions[member], Domain((*domain.conditions, *others))).truth == "always":
            left.remove(member)
    shares = []
    for member in left:
        condition = conditions[member]
        verdict = decide(condition, domain)
        if verdict.truth != "always":
            names = tuple(sorted(_names(condition)))
            shares.append(Share(names, verdict, (member,), member, (member,)))
    return shares
