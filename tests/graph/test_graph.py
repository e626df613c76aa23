"""Shared definitions, repetitions, and the flat networkx graph."""

from __future__ import annotations

from netspec.graph import Definition, Graph, Repeat, leaves, state
from tests.texts import graph_of

UNIT = """
block Unit(planes: int) {
    input x
    output x -> conv: Conv2d(planes, 1, bias=False) -> act: ReLU()
}
"""


def _network(body: str) -> Graph:
    return graph_of(f"{UNIT}network Net() {{\n input x: [B, 4, H, W]\n{body}\n}}")


def test_equal_instances_share_one_definition() -> None:
    graph = _network("output x -> a: Unit(4) -> b: Unit(4) -> c: Unit(8)")
    a, b, c = (m.body for m in graph.definition.modules)
    assert a is b
    assert a is not c


def test_a_repetition_is_one_node() -> None:
    graph = _network("output x -> units: [Unit(8), 9 * Unit(8)]")
    (module,) = graph.definition.modules
    assert isinstance(module.body, Definition)
    first, rest = module.body.modules
    assert isinstance(first.body, Definition)  # from 4 to 8 channels: another definition
    assert isinstance(rest.body, Repeat)
    assert (rest.label, rest.body.count) == ("1", 9)
    assert graph.definition.node_count == 20  # ten times a convolution and an activation
    assert graph.definition.parameter_count == 4 * 8 + 9 * 8 * 8


def test_a_definition_holds_its_children_as_a_networkx_graph() -> None:
    graph = _network("y = x -> a: Unit(4)\noutput y + y")
    inner = graph.definition.graph
    assert list(inner) == ["x", "a", "add"]
    assert list(inner.edges(keys=True)) == [("x", "a", 0), ("a", "add", 0), ("a", "add", 1)]
    assert str(inner.edges["a", "add", 1]["type"]) == "[B, 4, H, W]"


def test_the_flat_graph_has_every_call_with_its_path() -> None:
    graph = _network("y = x -> units: 2 * Unit(4)\noutput y + x")
    flat = graph.networkx()
    paths = ["units.0.conv", "units.0.act", "units.1.conv", "units.1.act"]
    assert list(flat) == ["x", *paths, "add", "output.0"]
    assert list(flat.edges()) == [
        ("x", "units.0.conv"), ("x", "add"), ("units.0.conv", "units.0.act"), ("units.0.act", "units.1.conv"),
        ("units.1.conv", "units.1.act"), ("units.1.act", "add"), ("add", "output.0"),
    ]  # fmt: skip
    node = flat.nodes["units.1.conv"]
    assert (node["path"], node["op"], node["attributes"]["out_channels"]) == ("units.1.conv", "Conv2d", 4)
    assert [str(t) for t in node["types"]] == ["[B, 4, H, W]"]
    assert node["span"].text == "Conv2d(planes, 1, bias=False)"
    assert [flat.nodes[n]["op"] for n in ("x", "add", "output.0")] == ["input", "add", "output"]


def test_the_number_of_an_input_is_the_key_of_its_edge() -> None:
    flat = _network("y = x -> a: Unit(4)\noutput x - y")
    assert sorted(flat.networkx().in_edges("sub", keys=True)) == [("a.act", "sub", 1), ("x", "sub", 0)]


def test_a_module_used_twice_is_two_nodes_of_one_path() -> None:
    graph = _network("module head: Unit(4)\noutput (x -> head) + (x -> head)")
    flat = graph.networkx()
    assert [flat.nodes[n]["path"] for n in ("head.conv", "head.conv#2")] == ["head.conv", "head.conv"]
    assert [leaf.first for leaf in leaves(graph.definition) if leaf.path == "head.conv"] == [True, False]
    assert [key for key, _ in state(graph.definition)] == ["head.conv.weight"]


def test_a_block_that_is_its_module_adds_nothing_to_paths() -> None:
    graph = graph_of("""
block Layer(planes: int) { input x; output x -> self: [Conv2d(planes, 1, bias=False), ReLU()] }
network Net() { input x: [B, 4, H, W]; output x -> a: Layer(2) }
""")
    assert [leaf.path for leaf in leaves(graph.definition)] == ["a.0", "a.1"]
    assert list(graph.networkx()) == ["x", "a.0", "a.1", "output.0"]


def test_raw_tensors_come_first_in_the_state_dict() -> None:
    graph = graph_of("""
network Net() {
    input x: [B, 4]
    buffer shift: [4]
    y = x -> fc: Linear(4, bias=False)
    param scale: [4] = 1
    output y * scale + shift
}
""")
    assert [(key, w.shape, w.kind) for key, w in state(graph.definition)] == [
        ("scale", (4,), "param"), ("shift", (4,), "buffer"), ("fc.weight", (4, 4), "param"),
    ]  # fmt: skip
