"""The style torchsummary against torch: hooks on the modules that are built, and one forward pass."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netspec
from netspec.analysis import Summary, summarise
from netspec.analysis.styles import STYLES
from netspec.analysis.torchsummary import torchsummary_rows
from netspec.cli.summary import command
from tests.analysis.hooked import hooked_table
from tests.texts import graph_of

HERE = Path(__file__).parent
SPECS = HERE.parents[1] / "specs"

UNITS = """
block Unit(planes: int) as "ConvolutionWithActivation" {
    input x
    output x -> conv: Conv2d(planes, 3, padding=1, bias=False) -> act: PReLU(per_channel=True)
}
"""
TEXTS = {
    "lists and repetitions have no row": UNITS + """
        network Net() {
            input x: [B, 3, H, W]
            output x -> body: [2 * Unit(4), [ReLU(), 2 * Conv2d(4, 1)]] -> "tail.{0}": Unit(2) -> "tail.{1}": Unit(3)
        }""",
    "a module called twice has two rows, and its parameters once": UNITS + """
        network Net() {
            input x: [B, 4, H, W]
            module unit: Unit(4)
            y = x -> unit -> relu: ReLU() -> unit -> relu
            output y + x
        }""",
    "a block that is itself a list, a layer or a block has the rows of that": UNITS + """
        block List(planes: int) { input x; output x -> self: [Conv2d(planes, 1), ReLU()] }
        block Layer(planes: int) { input x; output x -> self: Conv2d(planes, 1) }
        block Same(planes: int) { input x; output x -> self: Unit(planes) }
        network Net() {
            input x: [B, 3, H, W]
            output x -> list: List(4) -> layer: Layer(5) -> same: Same(6)
        }""",
    "a block that is itself a layer and does more, or has a name, is one layer": UNITS + """
        block Halved(planes: int) { input x; output (x * 2) -> self: Conv2d(planes, 1) -> flatten(2) }
        block Twice() { input x: [B, C, H, W]; output x -> self: Conv2d(C, 1) -> self() }
        block Named(planes: int) as "Projection" { input x; output x -> self: Conv2d(planes, 1) }
        block Again(planes: int) as "Outer" { input x; output x -> self: Named(planes) }
        block Listed(planes: int) as "Activated" { input x; output x -> self: [Conv2d(planes, 1), ReLU()] }
        network Net() {
            input x: [B, 3, H, W]
            y = x -> named: Named(4) -> again: Again(5) -> listed: Listed(6) -> twice: Twice()
            output y -> halved: Halved(7)
        }""",
    "every output has a line": UNITS + """
        block Two() { input x; y = x -> unit: Unit(4); output y; output y -> pool: MaxPool2d(2) }
        network Net() {
            input x: [B, 3, H, W]
            a, b = x -> two: Two()
            output "low" = a
            output "high" = b -> unit: Unit(5)
        }""",
    "raw parameters are those of the block that holds them": UNITS + """
        block Scaled() {
            input x
            param scale: [1, 4, 1, 1] = 1
            buffer shift: [1, 4, 1, 1] = 0
            output (x -> unit: Unit(4)) * scale + shift
        }
        network Net() {
            input x: [B, 3, H, W]
            param bias: [1, 4, 1, 1] = 0
            output (x -> blocks: 2 * Scaled()) + bias
        }""",
    "the network is last, even where it is a list": UNITS + """
        network Net() { input x: [B, 3, H, W]; output x -> self: [Unit(4), ReLU()] }""",
    "a network without layers is one row": "network Net() { input x: [B, 3, H, W]; output x -> flatten() }",
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_the_table_is_what_hooks_see(name: str) -> None:
    graph = graph_of(TEXTS[name].replace("[B, 3, H, W]", "[B, 4, H, W]"))
    model = netspec.build(graph)
    shape = (2, 4, 6, 8)
    assert summarise(graph, {"x": shape}).table("torchsummary") == hooked_table(model, torch.zeros(shape))


@pytest.mark.parametrize(
    ("path", "network", "arguments", "shape"),
    [
        ("resnet3d50", "ResNet3d50", {}, (1, 3, 2, 32, 32)),
        ("pyskl/resnet3d", "ResNet3d", {"depth": 50, "advanced": True, "out_indices": (0, 2, 3)}, (2, 3, 3, 33, 40)),
        ("torchvision/resnet", "ResNet18", {}, (3, 3, 32, 32)),
        ("mdnc/networks", "UNet", {"block": "bottleneck", "channel": 4, "layers": (2, 2, 1)}, (1, 1, 21, 26)),
        ("mdnc/networks", "DecoderNet", {"n": 3, "channel": 4, "layers": (2, 1), "out_size": 15}, (1, 2)),
    ],
)
def test_published_networks_too(path: str, network: str, arguments: dict[str, object], shape: tuple[int, ...]) -> None:
    graph = netspec.load(SPECS / f"{path}.netspec").elaborate(network, **arguments)
    (input_,) = graph.inputs
    model = netspec.build(graph).eval()
    assert summarise(graph, {input_: shape}).table("torchsummary") == hooked_table(model, torch.zeros(shape))


def test_several_inputs() -> None:
    graph = graph_of(
        "network Net() { input a: [B, 3, H, W]; input b: [B, 5, H, W]; output concat(a, b) -> c: Conv2d(4, 1) }"
    )
    summary = summarise(graph, {"a": (2, 3, 4, 4), "b": (2, 5, 4, 4)})
    assert summary.table("torchsummary") == hooked_table(
        netspec.build(graph), torch.zeros(2, 3, 4, 4), torch.zeros(2, 5, 4, 4)
    )


def test_without_input_sizes_shapes_are_symbolic_and_sizes_left_out() -> None:
    summary = summarise(graph_of(UNITS + "network Net() { input x: [B, 3, H, W]; output x -> a: Unit(4) }"))
    assert torchsummary_rows(summary) == [
        ["Conv2d-1", [-1, 4, "H", "W"], 108],
        ["PReLU-2", [-1, 4, "H", "W"], 4],
        ["Convolut...ivation-3", [-1, 4, "H", "W"], 0],
        ["Net-4", [-1, 4, "H", "W"], 0],
    ]
    assert summary.table("torchsummary").splitlines()[-4:] == [
        "Total params: 112", "Trainable params: 112", "Non-trainable params: 0", "-" * 64,
    ]  # fmt: skip


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="no style `keras`: there are netspec, torchsummary"):
        _any().table("keras")


def test_the_command_offers_every_style() -> None:
    (option,) = [p for p in command.params if p.name == "style"]
    assert list(option.type.choices) == list(STYLES)


def _any() -> Summary:
    return summarise(graph_of("network Net() { input x: [B, 3]; output x -> fc: Linear(4) }"))


def test_symbolic_shapes_widen_their_column() -> None:
    # "[-1, 8, ceil(H/2) + 1, ceil(W/2) + 1]" has 37 characters, 12 more than the column of torchsummary
    text = "network Net() { input x: [B, 3, H, W]; output x -> conv: Conv2d(8, 3, stride=2, padding=2) }"
    lines = summarise(graph_of(text)).table("torchsummary").splitlines()
    assert lines[:4] == [
        76 * "-",
        f"{'Layer (type)':>20}  {'Output Shape':>37} {'Param #':>15}",
        76 * "=",
        "            Conv2d-1  [-1, 8, ceil(H/2) + 1, ceil(W/2) + 1]             224",
    ]
    assert {line for line in lines if set(line) == {"-"}} == {76 * "-"}
