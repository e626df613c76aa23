"""Receptive fields, against those found from gradients, and by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netspec
from netspec.analysis.calls import Calls
from netspec.analysis.cost.fields import taken_by
from netspec.analysis.cost.steps import schedule
from netspec.graph import Graph
from netspec.ops.reads import Cells, Reads
from tests.analysis.branching import drawn, positive, support


def graph_of(tmp_path: Path, text: str) -> Graph:
    path = tmp_path / "net.netspec"
    path.write_text(text)
    return netspec.load(path).elaborate()


def run_at(cells: Reads, position: int, size: int) -> tuple[int, int] | None:
    """The first and last cell for a position, less the padding; None where there is none."""
    assert isinstance(cells, Cells)
    turns, phase = divmod(position, len(cells.first))
    first, last = (bound[phase] + turns * cells.step for bound in (cells.first, cells.last))
    return (max(first, 0), min(last, size - 1)) if first <= last else None


@pytest.mark.parametrize("number", range(24))
def test_the_field_of_a_drawn_network_is_where_the_gradient_reaches(number: int, tmp_path: Path) -> None:
    graph = graph_of(tmp_path, drawn(number))
    made = schedule(graph.definition, Calls({}), set())
    taken, image = taken_by(made)[made.outputs[0]][0], torch.ones(*graph.inputs["image"].dims)
    model = positive(netspec.build(graph))
    spatial = [int(size) for size in made.types[made.outputs[0]].spatial]
    for ahead in range(4):  # neighbours in the middle: of other phases
        position = tuple((size // 2 + ahead * (axis + 1)) % size for axis, size in enumerate(spatial))
        expected = [run_at(*row) for row in zip(taken[2:], position, image.shape[2:], strict=True)]
        assert support(model, image, position) == expected


def fields(tmp_path: Path, body: str, **inputs: tuple[int, ...]) -> dict[str, list[tuple[str, str, str]]]:
    """Of the output for each input: name, size and stride of each axis."""
    graph = graph_of(tmp_path, f"netspec 1\nnetwork Net() {{\n{body}\n}}\n")
    found = netspec.cost(graph, **inputs).outputs["output"]
    return {name: [(f.name, str(f), str(f.stride)) for f in axes] for name, axes in found.items()}


def test_vgg_16_has_the_published_field() -> None:
    """212 cells and stride 32 at its last pool: Araujo et al., Distill 2019, table of convolutional networks."""
    graph = netspec.load("specs/torchvision/vgg.netspec").elaborate("VGG16")
    pool = [row for row in netspec.cost(graph).rows if row.op == "MaxPool2d"][-1]
    assert [(f.size, f.stride) for f in pool.fields["image"]] == [(212, 32)] * 2


def test_kernels_and_strides_by_hand(tmp_path: Path) -> None:
    # 3 cells; stride 2: 3 + 2 * 2 = 7 with dilation 2: 3 + 2 * 4 = 11; it begins at 0, in padding 1 of the second
    body = "input x: [B, 1, L]\noutput x -> a: Conv(1, 3, stride=2) -> b: Conv(1, 3, dilation=2, padding=1)"
    graph = graph_of(tmp_path, f"netspec 1\nnetwork Net() {{\n{body}\n}}\n")
    (field,) = netspec.cost(graph).outputs["output"]["x"]
    assert (field.name, field.kind, field.size, field.stride, field.start, field.along) == ("L", "window", 11, 2, -2, 2)


def test_a_branch_joins_to_the_hull_of_both(tmp_path: Path) -> None:
    body = """input x: [B, 1, L]
        a = x[:, :, 5:]
        output crop(x, like=a) + (a -> conv: Conv(1, 3, padding=1))"""
    # the crop takes L - (L - 5) = 5, half of it rounded down: cell p + 2; the slice p + 4, p + 5, p + 6
    assert fields(tmp_path, body) == {"x": [("L", "5", "1")]}


@pytest.mark.parametrize(("step", "size", "stride"), [
    ("up: Upsample(scale_factor=2)", "1", "1/2"),
    ('up: Upsample(scale_factor=2, mode="linear")', "2", "1/2"),
    ('up: Upsample(scale_factor=4, mode="bicubic")', "4", "1/4"),
    ("up: ConvTranspose2d(1, 3, stride=2)", "2", "1/2"),
    ("pool: AvgPool2d(3, ceil_mode=True)", "3", "3"),
    ("norm: BatchNorm2d()", "1", "1"),
])  # fmt: skip
def test_layers_move_by_their_stride(step: str, size: str, stride: str, tmp_path: Path) -> None:
    body = f"input x: [B, 1, H, W]\noutput x -> {step}"
    assert fields(tmp_path, body) == {"x": [("H", size, stride), ("W", size, stride)]}


@pytest.mark.parametrize("steps", [
    "y = x -> pool: AdaptiveAvgPool2d(1)",
    "y = x -> norm: InstanceNorm2d()",
    "y = x -> pool: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(3)",
    'y, h, c = x -> rearrange("b c h w -> b (h w) c") -> lstm: LSTM(4)',
])  # fmt: skip
def test_what_mixes_all_cells_takes_the_whole_axis(steps: str, tmp_path: Path) -> None:
    body = f"input x: [B, 2, H, W]\n{steps}\noutput y"
    assert fields(tmp_path, body) == {"x": [("H", "whole", "None"), ("W", "whole", "None")]}


def test_attention_takes_the_whole_sequence(tmp_path: Path) -> None:
    body = """input x: [B, L, 4]
        scores = matmul(x -> q: Linear(4), (x -> k: Linear(4)) -> rearrange("b l d -> b d l"))
        output matmul(softmax(scores), x)"""
    assert fields(tmp_path, body) == {"x": [("L", "whole", "None")]}


def test_axes_are_followed_through_a_rearrangement(tmp_path: Path) -> None:
    body = """input x: [B, 2, H, W]
        output x -> conv: Conv2d(2, (3, 1)) -> rearrange("b c h w -> b c w h") -> again: Conv2d(2, (1, 5))"""
    # `again` is 5 wide along what was H: 3 + 4
    assert fields(tmp_path, body) == {"x": [("H", "7", "1"), ("W", "1", "1")]}


def test_patches_are_strides(tmp_path: Path) -> None:
    body = """input x: [B, 3, H, W] where H % 4 == 0, W % 4 == 0
        output x -> rearrange("b c (h p) (w q) -> b (c p q) h w", p=4, q=4) -> mix: Conv2d(8, 1)"""
    assert fields(tmp_path, body) == {"x": [("H", "4", "4"), ("W", "4", "4")]}


def test_one_cell_that_is_taken_out_does_not_move(tmp_path: Path) -> None:
    body = "input x: [B, 2, H, W]\noutput (x -> conv: Conv2d(2, 3))[:, :, 4]"
    assert fields(tmp_path, body) == {"x": [("H", "3", "None"), ("W", "3", "1")]}


def test_inputs_are_told_apart(tmp_path: Path) -> None:
    body = """input x: [B, 2, L]
        input y: [B, 2, L]
        input mask: [B, 1, L]
        output x + (y -> conv: Conv1d(2, 3, padding=1))"""
    assert fields(tmp_path, body) == {"x": [("L", "1", "1")], "y": [("L", "3", "1")]}


def test_what_depends_on_sizes_is_open_without_them(tmp_path: Path) -> None:
    body = "input x: [B, 2, L]\noutput x -> up: Upsample(size=30)"
    assert fields(tmp_path, body) == {"x": [("L", "open", "None")]}
    assert fields(tmp_path, body, x=(1, 2, 15)) == {"x": [("L", "1", "1/2")]}


def test_positions_without_cells_have_none(tmp_path: Path) -> None:
    """A kernel of 1 with stride 3 gives one position of three anything but the bias."""
    body = "input x: [B, 2, L]\noutput x -> up: ConvTranspose1d(2, 1, stride=3)"
    assert fields(tmp_path, body) == {"x": [("L", "1", "1/3")]}


def test_an_op_that_says_nothing_takes_all(tmp_path: Path) -> None:
    class Unknown(netspec.ops.Op):
        def infer(self, *inputs: netspec.ops.TensorType) -> netspec.ops.Inferred:
            return netspec.ops.Inferred(inputs)

    x = netspec.ops.TensorType("float", (1, 2, 3))
    assert Unknown().reads((x,), x) == (("all",) * 3,)
