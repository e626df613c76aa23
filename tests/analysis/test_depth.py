"""The number of convolutions along the depth."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import netspec
from netspec.analysis import nlayers
from netspec.graph import Graph
from tests.texts import graph_of

SPECS = Path(__file__).parents[2] / "specs"

RESIDUAL = """
block Residual(planes: int) {
    input x
    main = x -> conv1: Conv2d(planes, 3, padding=1) -> conv2: Conv2d(planes, 3, padding=1)
    output main + (x -> project: Conv2d(planes, 1))
}
"""
COUNTS = {
    "network Net() { input x: [B, 3]; output x -> fc: Linear(4) }": 0,
    "network Net() { input x: [B, 3, L]; output x -> a: Conv1d(4, 1) -> b: ConvTranspose1d(4, 1) -> r: ReLU() }": 2,
    # the branch of two, not the projection
    RESIDUAL + "network Net() { input x: [B, 3, H, W]; output x -> a: Residual(4) }": 2,
    RESIDUAL + "network Net() { input x: [B, 4, H, W]; output x -> stem: Conv2d(4, 1) -> a: 50 * Residual(4) }": 101,
    # a module that is used again is gone through again
    "network Net() { input x: [B, 4, H, W]; module c: Conv2d(4, 1); output x -> c -> c -> c }": 3,
    # the deeper of two outputs; what leads to none does not count
    "network Net() { input x: [B, 4, L]; y = x -> a: Conv1d(4, 1); output y; output y -> b: Conv1d(4, 1) }": 2,
    # of a block with two inputs each has its own way
    """block Join() { input a, b; output a + (b -> c: Conv1d(4, 1)) }
       network Net() { input x: [B, 4, L]; y = x -> d: [3 * Conv1d(4, 1)]; output (y, x) -> j: Join() }""": 3,
    """block Join() { input a, b; output a + (b -> c: Conv1d(4, 1)) }
       network Net() { input x: [B, 4, L]; y = x -> d: [3 * Conv1d(4, 1)]; output (x, y) -> j: Join() }""": 4,
    # of a block with two outputs too
    """block Two() { input x; output x; output x -> c: [2 * Conv1d(4, 1)] }
       network Net() { input x: [B, 4, L]; a, b = x -> t: Two(); output a -> d: Conv1d(4, 1); output b }""": 2,
    # a way may begin in a parameter
    "network Net() { input x: [B, 4, L]; param p: [1, 4, 8] = 0; output x[:, :, :1] + (p -> c: Conv1d(4, 8)) }": 1,
}  # fmt: skip


@pytest.mark.parametrize("text", COUNTS)
def test_the_longest_way_counts(text: str) -> None:
    assert nlayers(graph_of(text).definition) == COUNTS[text]


@pytest.mark.parametrize(
    ("path", "network", "arguments"),
    [
        ("resnet3d50", "ResNet3d50", {}),
        ("pyskl/resnet3d", "ResNet3d", {"depth": 152, "out_indices": (0, 1)}),
        ("mdnc/networks", "UNet", {"block": "bottleneck"}),
        ("mdnc/networks", "DecoderNet", {"block": "plain"}),
    ],
)
def test_it_is_the_longest_way_in_the_flat_graph(path: str, network: str, arguments: dict[str, object]) -> None:
    graph = netspec.load(SPECS / f"{path}.netspec").elaborate(network, **arguments)
    assert nlayers(graph.definition) == _longest(graph)


def _longest(graph: Graph) -> int:
    flat = graph.networkx()
    for _, target, data in flat.edges(data=True):
        data["weight"] = flat.nodes[target]["op"].startswith("Conv")
    outputs = [n for n, data in flat.nodes(data=True) if data["op"] == "output"]
    leading = set(outputs).union(*(nx.ancestors(flat, n) for n in outputs))
    length: int = nx.dag_longest_path_length(flat.subgraph(leading), weight="weight")
    return length
