"""The flat graph as data: what it says, that networkx reads it back, and that its bytes stay."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from click.testing import CliRunner

import netspec
from netspec import SpecError
from netspec.analysis.graph_data import graph_data, graphml
from netspec.cli.main import main
from tests.texts import graph_of

TEXT = """
block Unit(planes: int) {
    input x
    output x -> conv: Conv2d(planes, 3, padding=1, bias=False) -> act: ReLU()
}
network Net(planes: int = 4, act: block = ReLU) {
    input x: [B, 4, H, W]
    module head: Unit(planes)
    param scale: [4, 1, 1] = 1
    y = x -> stage body: 2 * Unit(planes)
    output (y -> head) * scale + (x -> head), y -> flatten()
}
"""


def nodes_of(data: dict[str, Any]) -> dict[str, Any]:
    return {node["id"]: node for node in data["nodes"]}


def test_what_a_node_says() -> None:
    data = graph_data(graph_of(TEXT))
    assert data["graph"] == {
        "netspec_graph": 1, "name": "Net", "file": "spec.netspec", "arguments": {"planes": 4, "act": "ReLU"}
    }  # fmt: skip
    assert nodes_of(data)["body.1.conv"] == {
        "id": "body.1.conv", "path": "body.1.conv", "label": "conv", "op": "Conv2d", "stage": "body",
        "attributes": {"in_channels": 4, "out_channels": 4, "kernel_size": [3, 3], "stride": [1, 1],
                       "padding": [1, 1], "dilation": [1, 1], "groups": 1, "bias": False},
        "outputs": [{"dtype": "float", "shape": ["B", 4, "H", "W"], "text": "[B, 4, H, W]"}],
        "parameters": 4 * 4 * 3 * 3, "multiply_adds": "144*B*H*W", "file": "spec.netspec", "line": 5,
    }  # fmt: skip


def test_order_is_that_of_execution() -> None:
    data = graph_data(graph_of(TEXT))
    assert list(nodes_of(data)) == [
        "x", "scale", "body.0.conv", "body.0.act", "body.1.conv", "body.1.act", "head.conv", "head.act", "mul",
        "head.conv#2", "head.act#2", "add", "flatten", "output.0", "output.1",
    ]  # fmt: skip
    assert [nodes_of(data)[n]["op"] for n in ("x", "scale", "mul", "output.0")] == ["input", "param", "mul", "output"]


def test_weights_count_once_and_work_counts_twice() -> None:
    nodes = nodes_of(graph_data(graph_of(TEXT), {"x": (1, 4, 2, 2)}))
    assert [(nodes[n]["parameters"], nodes[n]["multiply_adds"]) for n in ("head.conv", "head.conv#2", "scale")] == [
        (144, 576), (0, 576), (4, 0)
    ]  # fmt: skip
    assert [nodes[n]["path"] for n in ("head.conv", "head.conv#2")] == ["head.conv", "head.conv"]


def test_an_edge_says_which_tensor_goes_where() -> None:
    data = graph_data(graph_of(TEXT), {"x": (2, 4, 8, 6)})
    joins = [edge for edge in data["edges"] if edge["target"] == "mul"]
    tensor = {"dtype": "float", "port": 0}
    assert joins == [
        {"source": "scale", "target": "mul", "key": 1, "input": 1, "shape": [4, 1, 1], "text": "[4, 1, 1]", **tensor},
        {"source": "head.act", "target": "mul", "key": 0, "input": 0, "shape": [2, 4, 8, 6], "text": "[2, 4, 8, 6]",
         **tensor},
    ]  # fmt: skip


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(SpecError, match="NS801"):
        graph_data(graph_of(TEXT), {"x": (1, 3, 2, 2)})


@pytest.mark.parametrize("inputs", [{}, {"x": (1, 4, 2, 2)}])
def test_networkx_reads_node_link_data_back(inputs: dict[str, Any]) -> None:
    graph = graph_of(TEXT)
    read = nx.node_link_graph(json.loads(json.dumps(graph_data(graph, inputs))), edges="edges")
    flat = graph.networkx()
    assert list(read) == list(flat)
    assert sorted(read.edges(keys=True)) == sorted(flat.edges(keys=True))
    assert read.graph["netspec_graph"] == 1


@pytest.mark.parametrize(("inputs", "cost"), [({}, "144*B*H*W"), ({"x": (1, 4, 2, 2)}, 576)])
def test_networkx_reads_graphml_back(inputs: dict[str, Any], cost: object) -> None:
    graph = graph_of(TEXT)
    read = nx.read_graphml(io.BytesIO(graphml(graph, inputs)), force_multigraph=True)
    flat = graph.networkx()
    assert list(read) == list(flat)
    edges = [(source, target, edge["input"]) for source, target, edge in read.edges(data=True)]
    assert sorted(edges) == sorted(flat.edges(keys=True))
    node = read.nodes["body.0.conv"]
    assert (node["op"], node["stage"], node["parameters"], node["multiply_adds"]) == ("Conv2d", "body", 144, cost)
    assert node["attributes"].startswith("in_channels=4, out_channels=4, kernel_size=[3, 3]")
    assert (read.graph["netspec_graph"], read.graph["arguments"]) == (1, "planes=4, act=ReLU")


def test_every_edge_of_graphml_has_an_id_of_its_own() -> None:
    text = graphml(graph_of(TEXT)).decode()
    ids = [line.split('id="')[1].split('"')[0] for line in text.splitlines() if "<edge " in line]
    assert len(ids) == len(set(ids)) == graph_of(TEXT).networkx().number_of_edges()


def test_bytes_are_the_same_each_time() -> None:
    assert graphml(graph_of(TEXT)) == graphml(graph_of(TEXT))
    assert json.dumps(graph_data(graph_of(TEXT))) == json.dumps(graph_data(graph_of(TEXT)))


def test_the_public_function(tmp_path: Path) -> None:
    path = tmp_path / "net.netspec"
    path.write_text(f"netspec 1\n{TEXT}", encoding="utf-8")
    assert netspec.graph_data(path, x=(1, 4, 2, 2)) == netspec.graph_data(netspec.load(path), x=(1, 4, 2, 2))


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["graph", *words])


def test_the_command(tmp_path: Path) -> None:
    path, written = tmp_path / "net.netspec", tmp_path / "net.graphml"
    path.write_text(f"netspec 1\n{TEXT}", encoding="utf-8")
    printed = run(str(path), "--set", "planes=4", "--input", "x=1,4,2,2")
    assert printed.exit_code == 0
    assert json.loads(printed.stdout)["graph"]["arguments"]["planes"] == 4
    assert run(str(path), "--format", "graphml", "-o", str(written)).stdout == f"wrote {written}\n"
    assert nx.read_graphml(written).graph["name"] == "Net"
    wrong = run(str(path), "--input", "x=1,3,2,2")
    assert (wrong.exit_code, wrong.stdout) == (1, "")
    assert "NS801" in wrong.stderr


@pytest.mark.parametrize(
    ("words", "starts"),
    [
        (["-o", "net.graphml"], "<?xml"), (["-o", "net.GraphML"], "<?xml"), (["-o", "net.json"], "{"),
        (["--format", "graphml", "-o", "net.graphml"], "<?xml"), (["--format", "graphml", "-o", "net"], "<?xml"),
    ],
)  # fmt: skip
def test_the_ending_of_the_file_says_its_form(
    words: list[str], starts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.netspec").write_text(f"netspec 1\n{TEXT}", encoding="utf-8")
    assert run("net.netspec", *words).stdout == f"wrote {words[-1]}\n"
    assert Path(words[-1]).read_text(encoding="utf-8").startswith(starts)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "net.gexf"], "`.gexf` is no form of a graph: end the file with .json or .graphml"),
        (["-o", "net"], "`net` has no ending: end the file with .json or .graphml"),
        (["--format", "graphml", "-o", "net.gexf"], "`.gexf` is no form of a graph"),
        (["--format", "json", "-o", "net.graphml"], "--format json and `net.graphml` say different forms"),
    ],
)
def test_other_endings_are_refused(
    words: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.netspec").write_text(f"netspec 1\n{TEXT}", encoding="utf-8")
    refused = run("net.netspec", *words)
    assert (refused.exit_code, Path(words[-1]).exists()) == (2, False)
    assert told in refused.stderr
