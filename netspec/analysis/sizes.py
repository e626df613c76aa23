"""For which sizes of its inputs a network works, and what needs that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netspec.dims import Condition, Domain, decide, symbols_of
from netspec.dims.together import Share, says_one_of, together
from netspec.graph import Contract, Graph, Requirement


@dataclass(frozen=True, slots=True)
class SizeCondition:
    """The weakest condition on one open size, or on sizes that an op ties: ``names``.

    ``holds`` is a Python condition (``H % 16 == 0``; ``False`` where no size works), ``proven`` whether it is known to
    be needed. ``counterexample`` are the least sizes that fail, if known. ``needed_by`` asks for most of it;
    ``others`` ask for part of it.
    """

    names: tuple[str, ...]
    holds: str
    proven: bool
    counterexample: dict[str, int] | None
    needed_by: Requirement
    others: tuple[Requirement, ...] = ()


@dataclass(frozen=True, slots=True)
class Excess:
    """A stated contract that excludes sizes for which the network works: ``excluded`` are the least such sizes.

    ``needed`` is the condition that is enough; empty where nothing needs one.
    """

    contract: Contract
    needed: str
    excluded: dict[str, int] | None


def size_conditions(graph: Graph) -> tuple[SizeCondition, ...]:
    """What a network needs of its open sizes, whatever its contract says; nothing of a size that may be any.

    >>> [c.holds for c in size_conditions(graph)]                                               # doctest: +SKIP
    ['H % 16 == 0', 'W % 16 == 0']
    """
    needs = graph.requirements
    shares = together([need.condition for need in needs])
    order = {name: i for i, name in enumerate(open_sizes(graph))}
    ordered = sorted(shares, key=lambda share: [order.get(name, 0) for name in share.names])
    return tuple(_condition(share, needs) for share in ordered)


def open_sizes(graph: Graph) -> tuple[str, ...]:
    """The open sizes of a network in the order of its inputs."""
    dims = (dim for type_ in graph.inputs.values() for dim in type_.dims)
    return tuple(dict.fromkeys(name for dim in dims for name in sorted(symbols_of(dim))))


def _condition(share: Share, needs: tuple[Requirement, ...]) -> SizeCondition:
    verdict, strongest = share.verdict, share.strongest
    others = tuple(needs[member] for member in share.members if member != strongest)
    proven = verdict.truth != "unknown" or verdict.counterexample is not None
    return SizeCondition(share.names, verdict.holds, proven, verdict.counterexample, needs[strongest], others)


def excesses(graph: Graph) -> Iterator[Excess]:
    """The stated contracts that are stronger than the network needs, as far as that is proven."""
    stated = [c for c in graph.definition.contracts if c.kind == "stated"]
    needs = [need.condition for need in graph.requirements]
    if stated and all(says_one_of(c.condition, needs) for c in stated):
        return
    shares = together(needs)
    said = {share.names: share.verdict.holds for share in shares}
    enough = tuple(dict.fromkeys(needs[member] for share in shares for member in share.enough))
    for contract in stated:
        others = tuple(c.condition for c in stated if c is not contract)
        verdict = decide(contract.condition, Domain((*enough, *others)))
        if verdict.truth in ("sometimes", "never"):
            yield Excess(contract, said.get(_names(contract.condition), ""), verdict.counterexample)


def _names(condition: Condition) -> tuple[str, ...]:
    return tuple(sorted(symbols_of(condition.left) | symbols_of(condition.right)))
