"""PYSKL's ResNet3d against its recorded cases."""

from __future__ import annotations

import math

import pytest
import torch

import netspec
from netspec.analysis.rows import attribute_rows, layer_rows
from netspec.graph import Graph, state
from tests.golden import fill, recorded
from tests.golden.systems import locate


def _needs_policies(case: recorded.Case) -> bool:
    """Freezing and evaluation mode of norms: such a network is checked, and not built yet."""
    arguments = case["arguments"]
    return arguments["frozen_stages"] >= 0 or arguments["norm_eval"] or not arguments["norm_cfg"]["requires_grad"]


NAMES = recorded.names("pyskl_r3d")
BUILT = [n for n in NAMES if not _needs_policies(recorded.load(n))]
REFUSED = [n for n in NAMES if n not in BUILT]


def _graph(case: recorded.Case) -> Graph:
    path, network, arguments = locate(case["system"], case["arguments"])
    return netspec.load(path).elaborate(network, **arguments)


@pytest.mark.parametrize("name", NAMES)
def test_static_tables_are_those_of_the_original(name: str) -> None:
    case = recorded.load(name)
    graph = _graph(case)
    assert [[k, list(w.shape), w.dtype] for k, w in state(graph.definition)] == case["state_dict"]
    assert graph.definition.parameter_count == case["parameters"]["total"]
    assert layer_rows(netspec.summary(graph, clip=case["input_shape"][0])) == case["layers"]
    assert attribute_rows(graph) == case["attributes"]


@pytest.mark.parametrize("name", BUILT)
def test_the_module_is_that_of_the_original(name: str) -> None:
    case = recorded.load(name)
    path, network, arguments = locate(case["system"], case["arguments"])
    model = netspec.build(path, network, **arguments)
    assert [[k, list(v.shape), str(v.dtype)[6:]] for k, v in model.state_dict().items()] == case["state_dict"]
    assert sum(p.numel() for p in model.parameters()) == case["parameters"]["total"]
    if "zero_init" in case:
        zero = [k for k, v in model.state_dict().items() if k.endswith(".weight") and v.dim() == 1 and not v.any()]
        assert zero == case["zero_init"]
    if case["numerics"]:
        _compare_numbers(model, case)


def _compare_numbers(model: torch.nn.Module, case: recorded.Case) -> None:
    fill.fill_module(model.eval())
    with torch.no_grad():
        result = model(*fill.inputs_for(case["input_shape"]))
    outputs = result if isinstance(result, tuple) else (result,)
    assert [list(o.shape) for o in outputs] == case["output_shapes"]
    for output, wanted in zip(outputs, case["numerics"]["outputs"], strict=True):
        found = fill.describe(output.numpy())
        for key in ("first16", "spread16"):
            worst = max(math.fabs(a - b) for a, b in zip(found[key], wanted[key], strict=True))
            assert worst <= 1e-5 * wanted["abs_max"]
        for key in ("mean", "std", "abs_max"):
            assert math.fabs(found[key] - wanted[key]) <= 1e-5 * wanted["abs_max"]


@pytest.mark.parametrize("name", REFUSED)
def test_active_freezing_is_refused_with_its_place(name: str) -> None:
    path, network, arguments = locate("pyskl.ResNet3d", recorded.load(name)["arguments"])
    with pytest.raises(netspec.SpecError) as error:
        netspec.build(path, network, **arguments)
    assert {d.code for d in error.value.diagnostics} == {"NS800"}
    assert all(d.primary.span.text.startswith("freeze") for d in error.value.diagnostics)
