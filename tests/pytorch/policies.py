"""A network for policies, and what to look at in a module."""

from __future__ import annotations

from typing import Any

from torch import nn

from netspec.graph import Graph
from netspec.pytorch.build import build_graph
from tests.texts import graph_of

NET = """
block Unit(n: int, on: bool = False) {
    input x
    output x -> conv: Conv2d(n, 1) -> bn: BatchNorm2d() -> relu: ReLU()
    INNER
}
block Norm() { input x; output x -> self: BatchNorm2d() }
network Net(on: bool = True) {
    input x: [B, 3, H, W]
    param scale: [1, 4, 1, 1] = 2
    x = x -> stem: Conv2d(4, 1) -> layer1: 2 * Unit(4) -> layer2: [Unit(4, True), Norm(), InstanceNorm2d()]
    output (x * scale) -> "parts.0": Unit(4) -> "parts.1": Unit(4) -> "head.fc": Conv2d(2, 1)
    POLICIES
}
"""


def graph(*policies: str, inner: str = "", **arguments: Any) -> Graph:
    """The network with policies of its own, and ``inner`` ones of its block ``Unit``."""
    return graph_of(NET.replace("POLICIES", "\n".join(policies)).replace("INNER", inner), **arguments)


def built(*policies: str, inner: str = "", **arguments: Any) -> nn.Module:
    return build_graph(graph(*policies, inner=inner, **arguments))


def frozen(model: nn.Module) -> list[str]:
    return [name for name, p in model.named_parameters() if not p.requires_grad]


def pinned(model: nn.Module) -> list[str]:
    """What stays in evaluation mode when everything, from the network down to each op, is told to train."""
    for _, module in [*model.named_modules()]:
        assert module.train() is module
    return [name for name, m in model.named_modules() if not m.training]
