"""The sizes that a decoder of MDNC goes through, from the types that are proven of its spec."""

from __future__ import annotations

from typing import Any

import pytest

import netspec
from netspec.graph import Graph
from tests.golden import networks, recorded
from tests.golden.projects.located import SPECS

NAMES = tuple(n for n in recorded.names("mdnc_") if "level_shapes" in recorded.load(n))


def decoder(**arguments: Any) -> Graph:
    return netspec.load(SPECS / "mdnc" / "networks.netspec").elaborate("DecoderNet", channel=4, **arguments)


def input_size(graph: Graph) -> list[Any]:
    """The input without its batch."""
    return list(graph.inputs["x"].dims[1:])


def level_shapes(graph: Graph) -> list[list[Any]]:
    """From the output to the smallest level: what the stages are cropped to, and what enters the first of them."""
    nodes = graph.definition.nodes
    crops = [n.types[0].spatial for n in nodes if n.name.startswith("crop")]
    return [list(sizes) for sizes in (*reversed(crops), graph.definition.by_name["conv_first"].types[0].spatial)]


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_those_of_the_original(name: str) -> None:
    case, graph = recorded.load(name), networks.graph(name)
    assert input_size(graph) == case["input_size"]
    assert level_shapes(graph) == case["level_shapes"]


def test_each_level_is_half_of_the_one_before_rounded_up() -> None:
    graph = decoder(n=1, layers=(1, 1, 1), out_size=21, in_length=None)
    assert level_shapes(graph) == [[21], [11], [6], [3]]
    assert input_size(graph) == [16, 3]


def test_an_axis_whose_kernel_is_1_keeps_its_size() -> None:
    graph = decoder(n=3, layers=(1, 2), kernel_size=(1, 3, 5), out_size=(1, 9, 6), in_length=None)
    assert level_shapes(graph) == [[1, 9, 6], [1, 5, 3], [1, 3, 2]]
    assert input_size(graph) == [8, 1, 3, 2]


def test_a_vector_becomes_the_smallest_level() -> None:
    graph = decoder(n=2, layers=(1, 1), out_size=(9, 12), in_length=5)
    assert input_size(graph) == [5]
    assert graph.definition.by_name["conv_in"].types[0].spatial == (3, 3)
    assert decoder(n=2, layers=(1, 1), out_size=(9, 12), in_length=0).inputs["x"].dims[1:] == (8, 3, 3)
