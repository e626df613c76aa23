"""The specs of recorded cases as graphs and modules."""

from __future__ import annotations

from functools import lru_cache

import torch

import netspec
from netspec.graph import Graph
from tests.golden import recorded
from tests.golden.systems import locate


@lru_cache(4)
def graph(name: str) -> Graph:
    """The graph of a case's network."""
    case = recorded.load(name)
    path, network, arguments = locate(case["system"], case["arguments"])
    return netspec.load(path).elaborate(network, **arguments)


def module(name: str) -> torch.nn.Module:
    """A case's network, built."""
    return netspec.build(graph(name))


def input_shapes(name: str) -> dict[str, list[int]]:
    """The shapes of a case's inputs by the names that the spec gives them."""
    inputs = graph(name).definition.inputs
    return {node.name: shape for node, shape in zip(inputs, recorded.load(name)["input_shape"], strict=True)}
