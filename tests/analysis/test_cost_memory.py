"""The memory of activations, against what torch holds on the CPU and what autograd saves."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netspec
from netspec.graph import Graph
from tests.analysis.tracking import peak, saved

Sizes = dict[str, tuple[int, ...]]

NETWORKS: list[tuple[str, str | None, Sizes]] = [
    ("resnet3d50.netspec", None, {"clip": (1, 3, 4, 32, 32)}),
    ("torchvision/resnet.netspec", "ResNet18", {"image": (2, 3, 64, 64)}),
    ("torchvision/mobilenet_v2.netspec", "MobileNetV2", {"image": (2, 3, 32, 32)}),
    ("mdnc/networks.netspec", "UNet", {"x": (1, 1, 48, 32)}),
    ("mdnc/networks.netspec", "AE", {"x": (1, 1, 40, 32)}),
    ("mdnc/networks.netspec", "DecoderNet", {}),
    ("generative/dcgan.netspec", None, {"z": (2, 100, 1, 1)}),
]


def measured(graph: Graph, sizes: Sizes) -> tuple[int, int, int]:
    """The peaks in inference and training, and what autograd saves."""
    model, inputs = netspec.build(graph), [torch.zeros(s) for s in sizes.values()]
    return peak(model, inputs, False), peak(model, inputs, True), saved(model, inputs)


def modelled(graph: Graph, sizes: Sizes) -> tuple[int, int, int]:
    memory = netspec.cost(graph, **sizes).memory
    assert memory is not None
    return memory.inference.bytes, memory.training.bytes, memory.saved


@pytest.mark.parametrize(("file", "network", "sizes"), NETWORKS)
def test_published_networks_take_what_the_model_says(file: str, network: str | None, sizes: Sizes) -> None:
    spec = netspec.load(f"specs/{file}")
    graph = spec.elaborate(network or spec.networks[0])
    sizes = sizes or {n: (2, *(int(d) for d in t.dims[1:])) for n, t in graph.inputs.items()}
    assert modelled(graph, sizes) == measured(graph, sizes)


#: What is between `x` and the output, by what it shows.
STEPS = {
    "a product keeps both factors": "output (x -> a: Conv2d(4, 1)) * (x -> b: Conv2d(4, 1))",
    "a sum keeps nothing": "output (x -> a: Conv2d(4, 1)) + (x -> b: Conv2d(4, 1))",
    "a gate": "output x * (x -> pool: AdaptiveAvgPool2d(1) -> fc: Conv2d(4, 1) -> act: Sigmoid())",
    "in place with its result": "output x -> a: Conv2d(4, 3) -> act: LeakyReLU(inplace=True) -> b: Conv2d(4, 1)",
    "in place with a copy": "output x -> a: Conv2d(4, 3) -> act: ReLU6(inplace=True) -> b: Conv2d(4, 1)",
    "indices of a pool": "output x -> a: Conv2d(4, 3) -> pool: MaxPool2d(2) -> b: Conv2d(4, 1)",
    "no gradient before the first weight": "output x -> pool: MaxPool2d(2) -> act: ReLU() -> a: Conv2d(4, 1)",
    "dropout": "output x -> a: Conv2d(4, 3) -> drop: Dropout(0.5) -> drop2: Dropout(0) -> b: Conv2d(4, 1)",
    "up": 'output x -> a: Conv2d(4, 3) -> up: Upsample(scale_factor=2, mode="linear") -> b: ConvTranspose2d(2, 2)',
    "a slice": "y = x -> a: Conv2d(4, 3)\noutput y[:, :2] -> b: Conv2d(2, 1)",
    "frozen": 'output x -> a: Conv2d(4, 3) -> act: ReLU() -> b: Conv2d(4, 3)\nfreeze "a"',
    "checkpoint": """output x -> body: [Conv2d(4, 3), ReLU(), Conv2d(4, 3), ReLU()] -> last: Conv2d(4, 1)
                     checkpoint "body" """,
}  # fmt: skip

#: Steps that make and free tensors inside, which only their own code knows.
WITH_INNER = {
    "several terms": "output (x -> a: Conv2d(4, 1)) + (x -> b: Conv2d(4, 1)) + x",
    "a view": 'output x -> a: Conv2d(4, 3) -> rearrange("b c h w -> b h w c") -> fc: Linear(3)',
    "a copy": 'output x -> a: Conv2d(4, 3) -> rearrange("b c h w -> b (h w) c") -> fc: Linear(3)',
    "statistics": "output x -> a: InstanceNorm2d(affine=True) -> b: BatchNorm2d() -> c: GroupNorm(2) -> d: PReLU()",
    "attention": """t = x -> rearrange("b c h w -> b (h w) c")
                    output (t, t, t) -> attn: MultiheadAttention(2) -> norm: LayerNorm()""",
    "softmax": """t = x -> a: Conv2d(4, 1) -> flatten(2)
                  output matmul(softmax(matmul(t, x -> rearrange("b c h w -> b (h w) c"))), t)""",
}


def graph_of(steps: str, folder: Path) -> Graph:
    path = folder / "net.netspec"
    path.write_text(f"netspec 1\nnetwork Net() {{\ninput x: [B, 4, H, W]\n{steps}\n}}\n")
    return netspec.load(path).elaborate()


@pytest.mark.parametrize("what", STEPS)
def test_layers_take_what_the_model_says(what: str, tmp_path: Path) -> None:
    graph, sizes = graph_of(STEPS[what], tmp_path), {"x": (2, 4, 8, 6)}
    assert modelled(graph, sizes) == measured(graph, sizes)


@pytest.mark.parametrize("what", WITH_INNER)
def test_autograd_keeps_what_the_model_says(what: str, tmp_path: Path) -> None:
    graph, sizes = graph_of(WITH_INNER[what], tmp_path), {"x": (2, 4, 8, 6)}
    model, real = modelled(graph, sizes), measured(graph, sizes)
    assert model[2] == real[2]
    assert model[0] <= real[0]
    assert model[1] <= real[1]


def test_a_dtype_changes_floats_and_no_other_tensors(tmp_path: Path) -> None:
    """The indices of a max pool stay 8 bytes each; everything else here is float."""
    graph, sizes = graph_of(STEPS["indices of a pool"], tmp_path), {"x": (2, 4, 8, 6)}
    single, half = (netspec.cost(graph, dtype=d, **sizes).memory for d in ("float32", "float16"))
    indices = 8 * 2 * 4 * 3 * 2
    assert single
    assert half
    assert single.saved - indices == 2 * (half.saved - indices)


def test_memory_needs_sizes(tmp_path: Path) -> None:
    graph = graph_of(STEPS["a gate"], tmp_path)
    cost = netspec.cost(graph)
    assert cost.memory is None
    assert {row.memory for row in cost.rows} == {None}
    assert "Activation memory: give input sizes for a number" in str(cost)
