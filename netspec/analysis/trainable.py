"""Which parameters take a gradient."""

from __future__ import annotations

from math import prod

from netspec.graph import Graph, state
from netspec.graph.decisions import FREEZING, beginnings, selections


def frozen_parameters(graph: Graph) -> int:
    """The number of parameters without gradient: those at and beneath what ``freeze`` and ``freeze_weights`` name."""
    frozen = {path for selection in selections(graph.definition, *FREEZING) for path in selection.paths}
    if not frozen:
        return 0
    weights = ((key, w) for key, w in state(graph.definition) if w.kind == "param")
    return sum(prod(w.shape) for key, w in weights if not frozen.isdisjoint(beginnings(key)))
