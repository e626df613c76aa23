"""The flat networkx graph of a whole network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netspec.graph.model import Body, Definition, Graph, InputPort, OpCall, RawTensor, Ref, Repeat
from netspec.graph.walk import join
from netspec.source import Span
from netspec.types import TensorType

if TYPE_CHECKING:
    import networkx as nx

Place = tuple[str, int]


def flatten(graph: Graph) -> nx.MultiDiGraph[str]:
    """One node per call of an op, repetitions unfolded, in execution order.

    Nodes are keyed by path (a second call of a shared module gets ``#2``) and carry ``path``, ``op`` (``Conv3d``,
    ``input``, ``output``, ``param``), ``attributes``, ``types`` (of its outputs), ``stage`` (the path of the innermost
    one that it is in, or nothing), ``body`` (what is called; None for inputs and outputs) and ``span``; edges are keyed
    by the number of the input that they lead to and carry ``port`` (of their source) and ``type``.
    """
    import networkx as nx

    flat: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=graph.name)
    places: dict[Ref, Place] = {}
    for node in graph.definition.inputs:
        _add_port(flat, node.name, "input", node.types, node.span)
        places[Ref(node.name)] = (node.name, 0)
    results = _expand(flat, graph.definition, places, "", "")
    for number, (output, place) in enumerate(zip(graph.definition.outputs, results, strict=True)):
        name = _unused(flat, f"output.{output.label if output.label is not None else number}")
        _add_port(flat, name, "output", (output.type,), output.span)
        flat.add_edge(place[0], name, key=0, port=place[1], type=output.type)
    return flat


def _add_port(flat: nx.MultiDiGraph[str], name: str, kind: str, types: tuple[TensorType, ...], span: Span) -> None:
    flat.add_node(name, path=name, op=kind, attributes={}, types=types, stage="", body=None, span=span)


def _expand(flat: nx.MultiDiGraph[str], definition: Definition, places: dict[Ref, Place], prefix: str,
            stage: str) -> list[Place]:  # fmt: skip
    """Add the nodes of a definition whose inputs are at ``places``; where its outputs are."""
    for node in definition.nodes:
        if isinstance(node.body, InputPort):
            continue
        sources = [places[r] for r in node.inputs]
        types = [definition.type_of(r) for r in node.inputs]
        path = join(prefix, node.module or node.name)
        results = _add(flat, node.body, sources, types, node.types, path, path if node.stage else stage, node.span)
        places |= {Ref(node.name, i): place for i, place in enumerate(results)}
    return [places[o.ref] for o in definition.outputs]


def _add(flat: nx.MultiDiGraph[str], body: Body, sources: list[Place], types: list[TensorType],
         outputs: tuple[TensorType, ...], path: str, stage: str, span: Span) -> list[Place]:  # fmt: skip
    """Add what one node stands for; where its outputs are."""
    if isinstance(body, Repeat):
        head, _, number = path.rpartition(".")
        for i in range(body.count):
            sources = _add(flat, body.body, sources, types, outputs, join(head, str(int(number) + i)), stage, span)
        return sources
    if isinstance(body, Definition):
        inner = {Ref(n.name): s for n, s in zip(body.inputs, sources, strict=True)}
        return _expand(flat, body, inner, path, stage)
    op, attributes = (body.name, body.op.settings(*types)) if isinstance(body, OpCall) else (_kind(body), {})
    name = _unused(flat, path)
    flat.add_node(name, path=path, op=op, attributes=attributes, types=outputs, stage=stage, body=body, span=span)
    for place, ((source, port), type_) in enumerate(zip(sources, types, strict=True)):
        flat.add_edge(source, name, key=place, port=port, type=type_)
    return [(name, i) for i in range(len(outputs))]


def _kind(body: Body) -> str:
    return body.kind if isinstance(body, RawTensor) else "input"


def _unused(flat: nx.MultiDiGraph[str], path: str) -> str:
    name, n = path, 1
    while name in flat:
        n += 1
        name = f"{path}#{n}"
    return name
