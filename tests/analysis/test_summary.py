"""The summary: rows, totals, sizes, and its text."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from netspec.analysis import layer_rows, summarise
from tests.texts import graph_of

HERE = Path(__file__).parent

SMALL = """
use "std/conv" { ConvModule }

network Small() {
    input image: [B, 3, H, W]
    x = image -> conv1: ConvModule(8, 3, stride=2)
    x = x + (x -> body: [2 * ConvModule(8, 3)])
    output x -> avgpool: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(10)
}
"""

SHARED = """
network Shared() {
    input x: [B, 4, H, W]
    module head: Conv2d(4, 3, padding=1)
    param scale: [1, 4, 1, 1] = 1
    output (x -> head -> head) * scale
}
"""

FROZEN = """
network Frozen() {
    input x: [B, 4, H, W]
    output x -> a: Conv2d(4, 1) -> b: [Conv2d(4, 1), BatchNorm2d()]
    freeze "a"
    freeze_weights BatchNorm2d
    freeze_stats BatchNorm2d
}
"""


def test_numbers_with_input_sizes() -> None:
    summary = summarise(graph_of(SMALL), {"image": (1, 3, 32, 32)})
    assert [r.path for r in summary.rows][:3] == ["conv1.conv", "conv1.bn", "conv1.activate"]
    first, *_, last = summary.rows
    assert (first.op, first.inputs, first.outputs) == ("Conv2d", ((1, 3, 32, 32),), ((1, 8, 16, 16),))
    assert (first.parameters, first.multiply_adds) == (3 * 8 * 9, 3 * 8 * 9 * 16 * 16)
    assert (last.op, last.outputs, last.multiply_adds) == ("Linear", ((1, 10),), 80)
    assert summary.multiply_adds == sum(r.multiply_adds for r in summary.rows if isinstance(r.multiply_adds, int))
    assert summary.parameters == sum(r.parameters for r in summary.rows) == summary.trainable


def test_sizes_in_mb_are_those_of_one_sample() -> None:
    one = summarise(graph_of(SMALL), {"image": (1, 3, 32, 32)}).megabytes
    two = summarise(graph_of(SMALL), {"image": (2, 3, 32, 32)}).megabytes
    assert one is not None
    assert one == two
    rows = summarise(graph_of(SMALL), {"image": (1, 3, 32, 32)}).rows
    elements = sum(_volume(shape) for row in rows for shape in row.outputs)
    assert one.inputs == 3 * 32 * 32 * 4 / 2**20
    assert one.passes == 2 * elements * 4 / 2**20
    assert one.total == one.inputs + one.passes + one.parameters


def _volume(shape: tuple[object, ...]) -> int:
    total = 1
    for size in shape:
        assert isinstance(size, int)
        total *= size
    return total


def test_functions_are_rows_but_no_layers() -> None:
    summary = summarise(graph_of(SMALL), {"image": (1, 3, 32, 32)})
    functions = [r.op for r in summary.rows if r.kind == "function"]
    assert functions == ["add", "flatten"]
    assert not {"add", "flatten"} & {row[1] for row in layer_rows(summary)}


def test_symbolic_without_input_sizes() -> None:
    summary = summarise(graph_of(SMALL))
    assert summary.megabytes is None
    assert str(summary.rows[0].outputs[0][2]) == "ceil(H/2)"
    assert str(summary.rows[0].multiply_adds) == "216*B*ceil(H/2)*ceil(W/2)"


def test_a_second_use_has_no_parameters_of_its_own() -> None:
    summary = summarise(graph_of(SHARED))
    heads = [r for r in summary.rows if r.path == "head"]
    assert [r.parameters for r in heads] == [148, 0]
    assert summary.parameters == 152
    (scale,) = [r for r in summary.rows if r.kind == "tensor"]
    assert (scale.path, scale.op, scale.parameters) == ("scale", "Parameter", 4)


def test_frozen_parameters_are_not_trainable() -> None:
    summary = summarise(graph_of(FROZEN))
    assert (summary.parameters, summary.trainable, summary.non_trainable) == (48, 20, 28)


def test_the_text() -> None:
    assert summarise(graph_of(SMALL)).table() + "\n" == (HERE / "small_symbolic.txt").read_text()
    numbers = summarise(graph_of(SMALL), {"image": (2, 3, 32, 32)})
    assert str(numbers) + "\n" == (HERE / "small_2x3x32x32.txt").read_text()


def test_a_cost_too_long_to_read_is_left_out() -> None:
    sizes = "HEIGHT_OF_IMAGE, WIDTH_OF_IMAGE"
    text = f"network N() {{\n    input x: [B, 4, {sizes}]\n    output x -> c: Conv2d(4, 3, stride=2)\n}}"
    row = summarise(graph_of(text)).table().splitlines()[4]
    assert row.endswith("...")


def test_torch_and_drawing_are_not_imported() -> None:
    code = (
        "import sys\nfrom tests.texts import graph_of\nfrom netspec.analysis import summarise\n"
        f"str(summarise(graph_of({SMALL!r}), {{'image': (1, 3, 32, 32)}}))\n"
        "print({'torch', 'networkx', 'graphviz', 'rich', 'sympy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
