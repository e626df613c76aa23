"""Small networks, each about one form that generated code can take."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from netspec.graph import Graph

SEQUENTIAL = """
network N(n: int = 8) { input x: [B, 3, H, W]; output x -> self: [Conv2d(n, 3), ReLU(), Flatten()] }
"""

#: functions around ``self``: subclasses of a torch class, of nn.Sequential, of another block
SUBCLASSES = """
block OneConv(n: int) { input x; output (x + 1) -> self: Conv2d(n, 1) -> flatten(2) }
block Doubled(n: int) { input x; output (x * 2) -> self: [Conv2d(n, 1), ReLU()] }
block Squared(n: int) { input x; y = x -> self: Doubled(n); output y * y }
network N() {
    input x: [B, 3, H, W]
    output x -> a: Doubled(4) -> b: Squared(5) -> c: OneConv(6), (x -> d: OneConv(2))
}
"""

OWN_OP = "network N() { input torch: [B, 3, H, W] where H >= 9; output torch -> self: Conv2d(4, 3) }"

DOTTED = """
network N() {
    input x: [B, 3, H, W]
    for i in range(3) { x = x -> "layers.{i}.conv": Conv2d(4, 1) -> "layers.{i}.act": ReLU() }
    for i in range(2, -1, -1) { x = x -> "back.{i}": Conv2d(4, 1) }
    x = x -> "odd.3": Conv2d(4, 1) -> "odd.7": Conv2d(4, 1)
    output x -> "head.cls.conv": Conv2d(4, 1) -> "head.last": Conv2d(2, 1)
}
"""

SHARED = """
block Head(n: int) { input x; output x -> conv: Conv2d(n, 1) -> relu: ReLU() }
network N() {
    input a: [B, 3, H, W]
    input b: [B, 3, H2, W2] where H2 >= 4
    module head: Head(7)
    p = a -> head
    q = b -> head
    output "p" = p
    output "q" = q -> ReLU()
}
"""

RAW = """
network N() {
    input x: [B, 8, H, W]
    param scale: [8, 1, 1] = 0.5
    param shift: [1, 8, 1, 1] = normal(std=0.02)
    param zero: [8, 1, 1]
    buffer index: int[4] = [3, 1, 2, 0]
    buffer grid: [2, 2, 1] = [[[1], [2]], [[3.5], [4]]]
    buffer on: bool[1] = True
    y = scale * x + shift
    output y - zero, y / 2, 1 - y
}
"""

SEVERAL = """
block Two() { input x; output x -> a: Conv2d(4, 1); output x -> b: Conv2d(4, 1) }
block Named() { input x; output "l" = x -> a: Conv2d(4, 1); output "r" = x -> b: Conv2d(4, 1) }
block Sum() { input a; input b; output a + b }
network N() {
    input x: [B, 3, H, W]
    a, b = x -> two: Two()
    *c = x -> named: Named()
    d = (a, b) -> join: Sum()
    e, f = x -> listed: [Conv2d(2, 1), Two()]
    output d + c[0] + c[1], f, (x -> more: Two())
}
"""

CROPPED = """
network UNet() {
    input image: [B, 1, H, W] where H % 4 == 0, W >= 20
    a = image -> down1: [Conv2d(4, 3), ReLU(inplace=True)]
    b = a -> pool: MaxPool2d(2) -> down2: [Conv2d(8, 3), ReLU(inplace=True)]
    u = b -> up: Upsample(scale_factor=2, mode="linear")
    y = concat(u, crop(a, like=u), align="center")
    z = crop(y, size=(H // 4, W // 2 - 3))
    output z -> out: Conv2d(2, 1)
}
"""

LABELLED = """
block Unit(n: int = 4) { input x; output x -> conv: Conv2d(n, 1) -> relu: ReLU(inplace=True) }
network N() {
    input x: [B, 3, H, W]
    output x -> layers: ["unit_{i}": Unit() for i in range(3)] -> deep: [Unit(), 4 * Unit()]
             -> tail: [[Unit(5), ReLU()], Unit(6)]
}
"""

RESIDUAL = """
block Bottle(n: int) {
    input x
    output (x -> conv1: Conv2d(n, 1) -> bn: BatchNorm2d()) + x
    init "bn" { weight = 0, bias = 0 }
}
network N() {
    input x: [B, 4, H, W]
    output x -> stem: Conv2d(4, 3, bias=False) -> layer1: 3 * Bottle(4) -> layer2: [Bottle(4), ReLU(), Bottle(4)]
             -> head: Conv2d(2, 1)
    init Conv2d { weight = kaiming_normal(mode="fan_out", nonlinearity="relu"), bias = 0 }
    init "head" { weight = normal(std=0.01) }
    init "layer*.0.conv1" { weight = xavier_uniform() }
}
"""

ATTENTION = """
network N() {
    input x: [B, 8, H, W] where H % 4 == 0
    tokens = rearrange(x -> embed: Conv2d(6, 1), "b (two c) h w -> two b (h w) c", two=2)
    weights = softmax(matmul(tokens[0], rearrange(tokens[1], "b n c -> b c n")) / sqrt(3))
    row = expand(x[:, :, :1], (-1, -1, H, -1)) / (H * W)
    output rearrange(matmul(weights, tokens[1]), "b (h w) c -> b c h w", h=H, w=W) -> out: Conv2d(8, 1)
    output rearrange(x, "b c (h p) ... -> b (...) (p h) 1 c", p=4), row
}
"""

#: not among ``ALL``: it cannot be scripted
POLICIES = """
block Unit(n: int) {
    input x
    output x -> conv: Conv2d(n, 1) -> bn: BatchNorm2d() -> relu: ReLU()
    freeze_stats "bn"
}
network N() {
    input x: [B, 3, H, W]
    param scale: [1, 4, 1, 1] = 0.5
    x = x -> stem: Conv2d(4, 1) -> layer1: 2 * Unit(4) -> layer2: [Unit(4), BatchNorm2d()]
    output (x * scale) -> "layers.0": Unit(4) -> "layers.1": Unit(2)
    freeze "stem"
    freeze "layer1"
    freeze_weights "scale"
    checkpoint "layer2"
    checkpoint "layers"
}
"""

ALL = {
    "sequential": SEQUENTIAL, "subclasses": SUBCLASSES, "own op": OWN_OP, "dotted": DOTTED, "shared": SHARED,
    "raw": RAW, "several": SEVERAL, "cropped": CROPPED, "labelled": LABELLED, "residual": RESIDUAL,
    "attention": ATTENTION,
}  # fmt: skip

SIZES = {"B": 3, "H": 24, "W": 32, "H2": 12, "W2": 9}


def sample(graph: Graph, more: int = 0) -> tuple[Tensor, ...]:
    """Inputs of sizes that differ from axis to axis; ``more`` is added to the open ones after the batch."""
    generator = torch.Generator().manual_seed(0)
    shapes = [
        [s if isinstance(s, int) else SIZES[str(s)] + more * (str(s) != "B") for s in t.dims]
        for t in graph.inputs.values()
    ]
    return tuple(torch.randn(shape, generator=generator) for shape in shapes)


def same(a: Any, b: Any) -> bool:
    """Whether two results are of one form and equal."""
    if isinstance(a, dict):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return torch.allclose(a, b, atol=1e-5)
