"""The printed tables of the originals, and the number of convolutions along the depth."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import netspec
from netspec.analysis import Summary
from netspec.analysis.torchsummary import torchsummary_rows
from tests.golden import networks, recorded
from tests.golden.systems import locate

FOLDER = recorded.SHARED.parent
DOCUMENTED = FOLDER / "doc_tables.json"
PAGES = json.loads(DOCUMENTED.read_text())["tables"] if DOCUMENTED.is_file() else []
#: The tables kept as text, and the cases of the same networks.
TEXTS = {
    "000_blockbottleneck3d_1": "seed000_mdnc_bottleneck3d_down",
    "000_blockbottleneck3d_2": "seed000_mdnc_bottleneck3d_up",
    "001_encodernet3d_1": "seed001_mdnc_encodernet3d_vector",
    "001_encodernet3d_2": "seed001_mdnc_encodernet3d_tensor",
}
PRINTED = tuple(n for n in recorded.names("") if "summary_rows" in recorded.load(n))
COUNTED = tuple(n for n in recorded.names("") if "nlayers" in recorded.load(n))


@pytest.mark.parametrize("text", sorted(p.stem for p in (FOLDER / "seed_tables").glob("*.txt")))
def test_the_printed_text_is_that_of_the_original(text: str) -> None:
    wanted = (FOLDER / "seed_tables" / f"{text}.txt").read_text()
    assert _folded(_summary(TEXTS[text]).table("torchsummary")) == _folded(wanted)


@pytest.mark.parametrize("name", PRINTED)
def test_rows_and_totals_are_those_of_the_original(name: str) -> None:
    case = recorded.load(name)
    assert torchsummary_rows(_summary(name)) == case["summary_rows"]
    assert _totals(_summary(name)) == case["summary_totals"]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: f"{p['page']}-{p['example']}")
def test_documented_tables_are_printed_but_for_the_known_differences(page: dict[str, Any]) -> None:
    path, network, arguments = locate(page["system"], page["arguments"])
    graph = netspec.load(path).elaborate(network, **arguments)
    (input_,) = graph.inputs
    summary = netspec.summary(graph, **{input_: (1, *page["input_shape_without_batch"])})
    wanted, totals = list(page["summary_rows"]), dict(page["summary_totals"])
    for difference in page["differences"]:
        if "row" in difference:
            wanted[difference["row"]] = difference["program"]
        else:
            totals[difference["total"]] = difference["program"]
    assert torchsummary_rows(summary) == wanted
    assert _totals(summary) == totals
    assert summary.parameters == page["program_total_params"]
    assert summary.nlayers == page["nlayers_program"] or page["nlayers_program"] is None


@pytest.mark.parametrize("name", COUNTED)
def test_convolutions_along_the_depth_are_those_of_the_original(name: str) -> None:
    assert _summary(name).nlayers == recorded.load(name)["nlayers"]


@pytest.mark.parametrize("layers", [(1, 1), (3, 1), (2, 2, 4), (1, 3, 2, 5)])
@pytest.mark.parametrize("block", ["conv", "plain", "bottleneck"])
def test_convolutions_along_the_depth_follow_from_the_stages(block: str, layers: tuple[int, ...]) -> None:
    each = {"conv": 1, "plain": 2, "bottleneck": 3}[block]  # convolutions of one block
    down, across = each * sum(layers) + 2, each * (2 * sum(layers[:-1]) + layers[-1]) + 2
    assert _nlayers("EncoderNet", block, layers, out_length=None) == down
    assert _nlayers("EncoderNet", block, layers, out_length=3) == down  # the linear layer does not count
    assert _nlayers("DecoderNet", block, layers, in_length=None, out_size=(37, 40)) == down
    assert _nlayers("DecoderNet", block, layers, in_length=3, out_size=(37, 40)) == down + 1
    assert _nlayers("AE", block, layers) == _nlayers("UNet", block, layers) == across


def _nlayers(network: str, block: str, layers: tuple[int, ...], **arguments: Any) -> int:
    kind = {} if block == "conv" else {"block": block}
    system = f"mdnc.{'resnet' if kind else 'conv'}.{network}2d"
    path, name, found = locate(system, {"channel": 4, "layers": list(layers), **kind, **arguments})
    return netspec.summary(netspec.load(path).elaborate(name, **found)).nlayers


def _summary(name: str) -> Summary:
    return netspec.summary(networks.graph(name), **networks.input_shapes(name))


def _totals(summary: Summary) -> dict[str, str]:
    found = re.findall(r"^(.+): ([\d.,]+)$", summary.table("torchsummary"), re.MULTILINE)
    return {name: number.replace(",", "") for name, number in found}


def _folded(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.strip().splitlines()]
