"""Every recorded network against its spec: tables without running anything, then the module and its numbers."""

from __future__ import annotations

import pytest
import torch

import netspec
from netspec.analysis.rows import attribute_rows, layer_rows
from netspec.graph import state
from tests.golden import fill, networks, recorded
from tests.golden.systems import SYSTEMS

NAMES = tuple(n for n in recorded.names("") if recorded.load(n)["system"] in SYSTEMS)


@pytest.mark.parametrize("name", NAMES)
def test_static_tables_are_those_of_the_original(name: str) -> None:
    case = recorded.load(name)
    graph = networks.graph(name)
    assert [[k, list(w.shape), w.dtype] for k, w in state(graph.definition)] == case["state_dict"]
    assert graph.definition.parameter_count == case["parameters"]["total"]
    assert layer_rows(netspec.summary(graph, **networks.input_shapes(name))) == case["layers"]
    assert attribute_rows(graph) == case["attributes"]


@pytest.mark.parametrize("name", NAMES)
def test_the_module_is_that_of_the_original(name: str) -> None:
    case = recorded.load(name)
    model = networks.module(name)
    assert [[k, list(v.shape), str(v.dtype)[6:]] for k, v in model.state_dict().items()] == case["state_dict"]
    assert sum(p.numel() for p in model.parameters()) == case["parameters"]["total"]
    if "zero_init" in case:
        zero = [k for k, v in model.state_dict().items() if k.endswith(".weight") and v.dim() == 1 and not v.any()]
        assert zero == case["zero_init"]
    if case["numerics"] and "checkpoint_2d" not in case:
        _compare_numbers(model, case)


def _compare_numbers(model: torch.nn.Module, case: recorded.Case) -> None:
    assert case["eval"]
    fill.fill_module(model.eval())
    with torch.no_grad():
        result = model(*fill.inputs_for(case["input_shape"]))
    outputs = result if isinstance(result, tuple) else (result,)
    assert [list(o.shape) for o in outputs] == case["output_shapes"]
    for output, wanted in zip(outputs, case["numerics"]["outputs"], strict=True):
        found = fill.describe(output.numpy())
        tolerance = 1e-5 * wanted["abs_max"]
        for key in ("first16", "spread16", "mean", "std", "abs_max"):
            assert found[key] == pytest.approx(wanted[key], rel=0, abs=tolerance)
