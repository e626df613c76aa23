"""Contracts that are stronger than the network needs."""

from __future__ import annotations

from netspec.diagnostics import Diagnostic, Label
from netspec.graph import Graph
from netspec.lints.uses import Uses

#: Contracts of more conditions are left alone: each is decided anew.
MOST = 20


def contracts(graph: Graph, uses: Uses) -> None:
    """Each stated contract of a network (NS510)."""
    stated = [c for c in graph.definition.contracts if c.kind == "stated" and uses.own(c.span)]
    if not 0 < len(stated) <= MOST:
        return
    from netspec.analysis.sizes import Excess, excesses

    def objection(excess: Excess) -> Diagnostic:
        sizes = ", ".join(f"{name} = {size}" for name, size in (excess.excluded or {}).items())
        label = f"it excludes {sizes}" if sizes else ""
        help_ = f"`where {excess.needed}` is enough" if excess.needed else "leave it out"
        message = f"`{excess.contract.text}` is stronger than {graph.name} needs"
        return Diagnostic("NS510", message, Label(excess.contract.span, label), help=help_)

    found = {excess.contract.span: objection(excess) for excess in excesses(graph)}
    for contract in stated:
        uses.add("NS510", contract.span, found.get(contract.span))
