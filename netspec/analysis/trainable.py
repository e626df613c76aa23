"""Which parameters take a gradient."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from netspec.graph import Definition, Graph, state
from netspec.graph.policies import definitions, targets, unrepeated
from netspec.graph.walk import instances, join

FREEZING = frozenset({"freeze", "freeze_weights"})


def frozen_parameters(graph: Graph) -> int:
    """The number of parameters without gradient: those at and beneath what ``freeze`` and ``freeze_weights`` name."""
    holding = {d for d in definitions(graph.definition) if any(p.kind in FREEZING for p in d.policies)}
    if not holding:
        return 0
    around = {d for d in definitions(graph.definition) if not holding.isdisjoint(definitions(d))}
    frozen = set(_frozen(graph.definition, "", around))
    weights = ((key, w) for key, w in state(graph.definition) if w.kind == "param")
    return sum(prod(w.shape) for key, w in weights if not frozen.isdisjoint(_beginnings(key)))


def _frozen(definition: Definition, path: str, around: set[Definition]) -> Iterator[str]:
    """The paths that are frozen by a definition at ``path`` and those in it; only ``around`` hold any."""
    for policy in definition.policies:
        if policy.kind in FREEZING:
            yield from (join(path, target) for target in targets(definition, policy))
    for module in definition.modules:
        body = unrepeated(module.body)
        if isinstance(body, Definition) and body in around:
            for label, _ in instances(module.label, module.body):
                yield from _frozen(body, join(path, label), around)


def _beginnings(key: str) -> Iterator[str]:
    """``a.b.c`` and all paths above it."""
    while key:
        yield key
        key = key.rpartition(".")[0]
