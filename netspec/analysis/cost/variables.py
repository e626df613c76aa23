"""Which variable of the generated ``forward`` holds which tensor; see `netspec.pytorch.variables`.

A variable holds its tensor until it is given another one, or the block returns. Tensors that the spec does not name
share variables that are given another one soon: they are left out here.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from netspec.graph import Definition, Node, Ref

#: Holds what nobody reads of several results.
UNREAD = "_"


def variables(definition: Definition) -> dict[Ref, str]:
    """The variable of each tensor with a name of the spec, and of those on the way to one in a chain.

    A name whose tensor is still read is left to it: the next one gets ``y_2``.
    """
    last = _last_reads(definition)
    names = _names(definition, last)
    found: dict[Ref, str] = {}
    held: dict[str, int] = {}
    for number, node in enumerate(definition.nodes):
        refs = [Ref(node.name, port) for port in range(len(node.types))]
        if last.keys().isdisjoint(refs):
            continue
        for ref in refs:
            if ref not in last:
                found[ref] = UNREAD
            elif ref in names:
                found[ref] = variable = _free(names[ref], held, number)
                held[variable] = last[ref]
        found |= _together(node)
    return found


def _free(name: str, held: Mapping[str, int], number: int) -> str:
    names = (name if i == 1 else f"{name}_{i}" for i in count(1))
    return next(n for n in names if held.get(n, number) <= number)


def _last_reads(definition: Definition) -> dict[Ref, int]:
    """The number of the last node that reads each tensor; of results one that there is not."""
    reads = {ref: number for number, node in enumerate(definition.nodes) for ref in node.inputs}
    return reads | dict.fromkeys((o.ref for o in definition.outputs), len(definition.nodes))


def _names(definition: Definition, last: Mapping[Ref, int]) -> dict[Ref, str]:
    """The names of the spec, and for a tensor that one step alone takes, as the first, that of its result."""
    names = dict(definition.tensors)
    readers: dict[Ref, list[Node]] = {}
    for node in definition.nodes:
        for ref in dict.fromkeys(node.inputs):
            readers.setdefault(ref, []).append(node)
    for node in reversed(definition.nodes):
        for ref in (Ref(node.name, port) for port in range(len(node.types))):
            after = readers.get(ref, [])
            alone = len(after) == 1 and last[ref] < len(definition.nodes)
            if ref in names or not alone or len(after[0].types) != 1 or after[0].inputs[0] != ref:
                continue
            if Ref(after[0].name) in names:
                names[ref] = names[Ref(after[0].name)]
    return names


def _together(node: Node) -> dict[Ref, str]:
    """The outputs of a block that gives a dict: one variable holds them all, to the end."""
    if not isinstance(node.body, Definition) or node.body.outputs[0].label is None:
        return {}
    return {Ref(node.name, port): f"{node.name}[{port}]" for port in range(len(node.types))}
