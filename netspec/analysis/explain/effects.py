"""What the policies of a network do to one place."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from netspec.analysis.explain.model import Effect
from netspec.analysis.explain.reasons import place_of
from netspec.graph import Definition, Policy
from netspec.graph.decisions import assignments, beginnings, contenders, selections


def effects(network: Definition, path: str, keys: Collection[str]) -> Iterator[Effect]:
    """The policies on what is at a path, with the ``init`` of its own weights (``keys``), the strongest first."""
    above = set(beginnings(path))
    for selection in selections(network, "freeze", "freeze_weights", "freeze_stats", "checkpoint"):
        if not above.isdisjoint(selection.paths):
            yield _effect(selection.policy, "")
    deciding = {(a.path, a.attribute): a for a in assignments(network)} if keys else {}
    for key in keys:
        found = sorted((c for c in contenders(network) if c[0] == key), key=lambda c: c[1], reverse=True)
        for _, _, a in found:
            won = deciding[a.path, a.attribute].policy is a.policy
            yield _effect(a.policy, key.rpartition(".")[2], won)


def _effect(policy: Policy, on: str, won: bool = True) -> Effect:
    return Effect(policy.kind, on, " ".join(policy.span.text.split()), place_of(policy.span), won)
