"""torchvision's ResNet-18, written from the documentation alone, against its recorded case."""

from __future__ import annotations

import pytest
import torch

import netspec
from netspec.analysis.rows import attribute_rows, layer_rows
from tests.golden import fill, recorded
from tests.golden.systems import locate

NAMES = recorded.names("tv_resnet18")


@pytest.mark.parametrize("name", NAMES)
def test_static_tables(name: str) -> None:
    case = recorded.load(name)
    path, network, arguments = locate(case["system"], case["arguments"])
    graph = netspec.load(path).elaborate(network, **arguments)
    assert graph.definition.parameter_count == case["parameters"]["total"]
    assert layer_rows(netspec.summary(graph, image=case["input_shape"][0])) == case["layers"]
    assert attribute_rows(graph) == case["attributes"]


@pytest.mark.parametrize("name", NAMES)
def test_the_module(name: str) -> None:
    case = recorded.load(name)
    path, network, arguments = locate(case["system"], case["arguments"])
    model = netspec.build(path, network, **arguments)
    assert [[k, list(v.shape), str(v.dtype)[6:]] for k, v in model.state_dict().items()] == case["state_dict"]
    fill.fill_module(model.eval())
    with torch.no_grad():
        output = model(*fill.inputs_for(case["input_shape"]))
    assert [list(output.shape)] == case["output_shapes"]
    (wanted,) = case["numerics"]["outputs"]
    found = fill.describe(output.numpy())
    tolerance = 1e-5 * wanted["abs_max"]
    for key in ("first16", "spread16"):
        assert found[key] == pytest.approx(wanted[key], rel=0, abs=tolerance)
    for key in ("mean", "std", "abs_max"):
        assert found[key] == pytest.approx(wanted[key], rel=0, abs=tolerance)
