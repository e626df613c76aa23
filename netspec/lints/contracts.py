"""Contracts that are stronger than the network needs."""

from __future__ import annotations

import re

from netspec.diagnostics import Diagnostic, Label
from netspec.graph import Graph, InputPort
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
        sizes = ", ".join(f"{_written(name, graph)} = {size}" for name, size in (excess.excluded or {}).items())
        label = f"it excludes {sizes}" if sizes else ""
        help_ = f"`where {_written(excess.needed, graph)}` is enough" if excess.needed else "leave it out"
        message = f"`{_written(excess.contract.text, graph)}` is stronger than {graph.name} needs"
        return Diagnostic("NS510", message, Label(excess.contract.span, label), help=help_)

    found = {excess.contract.span: objection(excess) for excess in excesses(graph)}
    for contract in stated:
        uses.add("NS510", contract.span, found.get(contract.span))


def _written(text: str, graph: Graph) -> str:
    """Sizes as a spec names them: ``L[0]`` is the first of ``*L[2]``, which elsewhere is called ``L1``."""
    inputs = (node.body.declared for node in graph.definition.nodes if isinstance(node.body, InputPort))
    names = {name for declared in inputs for name in re.findall(r"\*\s*([A-Za-z_]\w*)\s*\[", declared)}
    if not names:
        return text
    return re.sub(rf"\b({'|'.join(sorted(names))})(\d+)\b", lambda m: f"{m[1]}[{int(m[2]) - 1}]", text)
