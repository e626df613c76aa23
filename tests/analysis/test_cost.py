"""What a network costs: rows, totals, the table, the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import netspec
from netspec.cli.main import main
from netspec.graph import Graph

SMALL = """netspec 1

network Small() {
    input image: [B, 3, H, W]
    input mask: [B, 1, H, W]
    x = image -> stem: Conv2d(8, 3, stride=2, padding=1) -> bn: BatchNorm2d() -> relu: ReLU(inplace=True)
    y = x -> again: 2 * Conv2d(8, 3, padding=1)
    up = (y + x) -> up: Upsample(scale_factor=2)
    output "up" = crop(up, like=mask) * mask
    output "class" = y -> pool: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(5)
    freeze "fc"
}
"""
SIZES = {"image": (2, 3, 16, 12), "mask": (2, 1, 16, 12)}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    path = tmp_path / "small.netspec"
    path.write_text(SMALL)
    return path


@pytest.fixture
def graph(spec: Path) -> Graph:
    return netspec.load(spec).elaborate()


def test_rows_hold_what_each_call_costs(graph: Graph) -> None:
    rows = {row.path: row for row in netspec.cost(graph, **SIZES).rows}
    # 2 * 8 * 8 * 6 elements, each of 3 * 9 products; the weights are 8 * 3 * 9, and 8
    stem, relu = rows["stem"], rows["relu"]
    assert (stem.outputs, stem.multiply_adds, stem.parameters) == (((2, 8, 8, 6),), 768 * 27, 224)
    # its input is kept for its gradient; relu works in place, and its result is kept
    assert (stem.memory, stem.saved, relu.memory, relu.saved) == (768 * 4, 2 * 3 * 16 * 12 * 4, 0, 768 * 4)


def test_totals_are_those_of_the_summary(graph: Graph) -> None:
    cost, summary = netspec.cost(graph, **SIZES), netspec.summary(graph, **SIZES)
    assert cost.multiply_adds == summary.multiply_adds == sum(row.multiply_adds for row in cost.rows)
    assert cost.parameters.count == summary.parameters == sum(row.parameters for row in cost.rows)
    assert cost.parameters.bytes == 4 * summary.parameters
    assert cost.trainable == summary.trainable == summary.parameters - 45
    # running mean and variance, and a count of 8 bytes
    assert (cost.buffers.count, cost.buffers.bytes) == (17, 16 * 4 + 8)


def test_half_precision_takes_half_the_memory(graph: Graph) -> None:
    single, half = (netspec.cost(graph, dtype=d, **SIZES) for d in ("float32", "bfloat16"))
    assert single.memory
    assert half.memory
    assert single.memory.inference.bytes == 2 * half.memory.inference.bytes
    assert single.parameters.bytes == 2 * half.parameters.bytes


def test_each_output_has_a_field_on_each_input(graph: Graph) -> None:
    fields = netspec.cost(graph, **SIZES).outputs
    told = {(output, source): [str(f) for f in axes] for output in fields for source, axes in fields[output].items()}
    # 3, then twice 3 with stride 2: 3 + 2 * 2 + 2 * 2; the mask is read at the cell itself
    assert told == {
        ("up", "image"): ["11", "11"],
        ("up", "mask"): ["1", "1"],
        ("class", "image"): ["whole", "whole"],
    }


def test_a_module_that_is_used_again_has_its_parameters_once(tmp_path: Path) -> None:
    path = tmp_path / "twice.netspec"
    path.write_text("netspec 1\nnetwork Net() {\ninput x: [B, 4, L]\ny = x -> a: Conv1d(4, 1)\noutput y -> a\n}\n")
    assert [row.parameters for row in netspec.cost(path).rows] == [20, 0]


def test_the_table_is_symbolic_without_sizes(graph: Graph) -> None:
    text = str(netspec.cost(graph))
    assert "memory (MB)" not in text
    assert "216*B*ceil(H/2)*ceil(W/2)" in text
    assert "Receptive field of class on image: H: the whole axis" in text


def test_all_of_it_is_plain_data(graph: Graph) -> None:
    for cost in (netspec.cost(graph), netspec.cost(graph, **SIZES)):
        data = cost.as_json()
        assert json.loads(json.dumps(data)) == data
    assert data["memory"]["inference"]["bytes"] == cost.memory.inference.bytes if cost.memory else False
    assert data["rows"][0]["fields"]["image"][0] == {
        "axis": 2, "name": "H", "kind": "window", "size": 3, "stride": 2, "start": -1, "along": 2,
    }  # fmt: skip


def test_the_command_prints_the_table_or_data(spec: Path) -> None:
    inputs = ["--input", "image=2,3,16,12", "--input", "mask=2,1,16,12"]
    text = CliRunner().invoke(main, ["cost", str(spec), *inputs])
    assert (text.exit_code, text.output) == (0, f"{netspec.cost(spec, **SIZES)}\n")
    data = CliRunner().invoke(main, ["cost", str(spec), *inputs, "--dtype", "float16", "--format", "json"])
    assert json.loads(data.output) == netspec.cost(spec, dtype="float16", **SIZES).as_json()


def test_sizes_that_do_not_fit_are_mistakes_of_the_user(spec: Path) -> None:
    result = CliRunner().invoke(main, ["cost", str(spec), "--input", "image=2,4,16,12"])
    assert result.exit_code == 1
    assert "error[NS801]: image is (2, 4, 16, 12): channels must be 3" in result.output


def test_another_dtype_is_refused(graph: Graph) -> None:
    with pytest.raises(ValueError, match="dtype is one of float64, float32, float16, bfloat16, not 'int8'"):
        netspec.cost(graph, dtype="int8")
