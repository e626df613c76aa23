"""The flat graph of a network as data for other programs: node-link JSON, and GraphML.

docs/json.md says what each attribute is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from netspec.analysis.inputs import bind_inputs
from netspec.analysis.parameters import parameters_of
from netspec.dims import Dim, Size, evaluate
from netspec.graph import Graph, OpCall, RawTensor
from netspec.types import TensorType

if TYPE_CHECKING:
    import networkx as nx

#: Grows where an attribute changes its meaning or leaves; new attributes may come at any time.
VERSION = 1
#: What GraphML's nodes have of their tensors, and where it comes from.
_OF_TENSORS = (("shape", "text"), ("dtype", "dtype"))


def graph_data(graph: Graph, inputs: Mapping[str, Sequence[int]] | None = None) -> dict[str, Any]:
    """The flat graph as networkx's node-link data: ``networkx.node_link_graph(data, edges="edges")`` reads it.

    Sizes are ints, or texts where no sizes of the inputs are given. Raises `SpecError` for a shape that does not fit.
    """
    import networkx as nx

    data: dict[str, Any] = nx.node_link_data(_plain_graph(graph, inputs), edges="edges")
    return data


def graphml(graph: Graph, inputs: Mapping[str, Sequence[int]] | None = None) -> bytes:
    """The flat graph as GraphML, for Gephi, yEd and others: what is a list or an object there is text.

    Raises `SpecError` for a shape that does not fit.
    """
    from networkx.readwrite.graphml import write_graphml_xml

    flat = _plain_graph(graph, inputs)
    numeric = all(isinstance(node["multiply_adds"], int) for _, node in flat.nodes(data=True))
    for _, node in flat.nodes(data=True):
        outputs = node.pop("outputs")
        node |= {key: ", ".join(output[name] for output in outputs) for key, name in _OF_TENSORS}
        node["attributes"] = ", ".join(f"{name}={value}" for name, value in node["attributes"].items())
        node["multiply_adds"] = node["multiply_adds"] if numeric else str(node["multiply_adds"])
    for number, (_, _, edge) in enumerate(flat.edges(data=True)):
        edge |= {"shape": edge.pop("text"), "id": f"e{number}"}
    flat.graph["arguments"] = ", ".join(f"{name}={value}" for name, value in flat.graph["arguments"].items())
    written = BytesIO()
    write_graphml_xml(flat, written, edge_id_from_attribute="id")
    return written.getvalue() + b"\n"


def _plain_graph(graph: Graph, inputs: Mapping[str, Sequence[int]] | None) -> nx.MultiDiGraph[str]:
    """The flat graph with attributes that JSON has."""
    import networkx as nx

    values = bind_inputs(graph, inputs) if inputs else {}
    flat = graph.networkx()
    arguments = {name: _plain(value) for name, value in graph.definition.arguments.items()}
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    plain.graph.update(netspec_graph=VERSION, name=graph.name, file=graph.definition.span.source.name)
    plain.graph["arguments"] = arguments
    for name, node in flat.nodes(data=True):
        incoming = {number: edge["type"] for _, _, number, edge in flat.in_edges(name, keys=True, data=True)}
        plain.add_node(name, **_node(name, node, [incoming[n] for n in sorted(incoming)], values))
    for source, target, number, edge in flat.edges(keys=True, data=True):
        plain.add_edge(source, target, key=number, input=number, port=edge["port"], **_tensor(edge["type"], values))
    return plain


def _node(name: str, node: Mapping[str, Any], types: Sequence[TensorType], values: Mapping[str, int]) -> dict[str, Any]:
    body, shown = node["body"], node["span"].shown
    return {
        "path": node["path"],
        "label": node["path"].rpartition(".")[2],
        "op": node["op"],
        "stage": node["stage"],
        "attributes": {key: _plain(value) for key, value in node["attributes"].items()},
        "outputs": [_tensor(type_, values) for type_ in node["types"]],
        "parameters": _parameters(node, tuple(types)) if name == node["path"] else 0,
        "multiply_adds": _multiply_adds(node, types, values) if isinstance(body, OpCall) else 0,
        "file": shown.source.name,
        "line": shown.line,
    }


def _parameters(node: Mapping[str, Any], types: tuple[TensorType, ...]) -> int:
    body = node["body"]
    if body is None:
        return 0
    return parameters_of(body, node["types"] if isinstance(body, RawTensor) else types)


def _multiply_adds(node: Mapping[str, Any], types: Sequence[TensorType], values: Mapping[str, int]) -> int | str:
    ins, outs = tuple(_known(t, values) for t in types), tuple(_known(t, values) for t in node["types"])
    return _size(node["body"].op.multiply_adds(ins, outs))


def _tensor(type_: TensorType, values: Mapping[str, int]) -> dict[str, Any]:
    """A tensor: its kind of numbers, its sizes, and its shape as text."""
    known = _known(type_, values)
    text = f"[{', '.join(map(str, known.dims))}]"
    return {"dtype": known.dtype, "shape": [_size(size) for size in known.dims], "text": text}


def _known(type_: TensorType, values: Mapping[str, int]) -> TensorType:
    return TensorType(type_.dtype, tuple(evaluate(d, values) for d in type_.dims)) if values else type_


def _size(size: Size) -> int | str:
    return size if isinstance(size, int) else str(size)


def _plain(value: Any) -> Any:
    """A value as JSON has it; what it has not is text."""
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, Dim) or not (value is None or isinstance(value, (bool, int, float, str))):
        from netspec.elaborate.values.words import show

        return show(value, 1000)
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
