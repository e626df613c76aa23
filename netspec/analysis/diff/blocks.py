"""The blocks that only one of two networks has."""

from __future__ import annotations

from collections import Counter

from netspec.analysis.diff.members import members
from netspec.graph import Definition, Graph, Repeat


def blocks_apart(graph: Graph, other: Graph) -> list[Definition]:
    """The blocks of a network whose name no block of the other one has, each once, outer ones first."""
    found, known = _blocks(graph.definition), _blocks(other.definition)
    return [definition for name, definition in found.items() if name not in known]


def steps_of(definition: Definition) -> dict[str, int]:
    """What a block is made of, with how often: ``{"Conv3d": 2, "ReLU": 1}``; of one that is a list its members."""
    found = members(definition)
    if len(found) == 1 and found[0].label == "self" and isinstance(found[0].body, Definition):
        return steps_of(found[0].body)
    return Counter(member.what for member in found)


def _blocks(network: Definition) -> dict[str, Definition]:
    found: dict[str, Definition] = {}
    seen: set[Definition] = set()
    waiting = [network]
    while waiting:
        definition = waiting.pop()
        bodies = (n.body.body if isinstance(n.body, Repeat) else n.body for n in definition.nodes)
        inner = [b for b in bodies if isinstance(b, Definition) and b not in seen]
        seen.update(inner)
        found.update({b.name: b for b in inner if b.kind != "sequential" and b.name not in found})
        waiting += reversed(inner)
    return found
