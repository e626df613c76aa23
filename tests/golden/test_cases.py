"""Every recorded network against its spec: tables without running anything, then the module and its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
import torch
from torch import nn

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
    rows = layer_rows(netspec.summary(graph, **networks.input_shapes(name)))
    assert recorded.layers(rows, case) == case["layers"]
    assert recorded.attributes(attribute_rows(graph), case) == case["attributes"]


#: The largest of their kind, whose smaller ones are built in every run.
LARGE = ("tv_vgg11_bn", "tv_resnet152", "tv_vit_b_16", "pyskl_r3d101_default", "pyskl_r3d152_default")


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.slow) if n in LARGE else n for n in NAMES])
def test_the_module_is_that_of_the_original(name: str) -> None:
    case = recorded.load(name)
    model = networks.module(name)
    assert [[k, list(v.shape), str(v.dtype)[6:]] for k, v in model.state_dict().items()] == case["state_dict"]
    assert sum(p.numel() for p in model.parameters()) == case["parameters"]["total"]
    assert [[path, m._get_name()] for path, m in leaves(model)] == [[path, cls] for path, cls, _ in case["attributes"]]
    if "zero_init" in case:
        zero = [k for k, v in model.state_dict().items() if k.endswith(".weight") and v.dim() == 1 and not v.any()]
        assert zero == case["zero_init"]
    if case["numerics"] and "checkpoint_2d" not in case:
        _compare_numbers(model, case)


def leaves(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """The modules that hold no others, in order of registration."""
    return [(path, m) for path, m in model.named_modules() if not [*m.children()]]


@contextmanager
def calls_of_leaves(model: nn.Module) -> Iterator[list[list[Any]]]:
    """``[path, class, input shape, output shape, own parameters]`` of each call of a leaf, as hooks see them; the
    parameters at the first call only."""
    rows: list[list[Any]] = []

    def hook(path: str, own: list[int], module: nn.Module, inputs: Any, output: torch.Tensor) -> None:
        shapes = [list(x.shape) for x in inputs]
        rows.append([path, module._get_name(), *shapes, list(output.shape), own.pop() if own else 0])

    handles = [m.register_forward_hook(partial(hook, path, [sum(p.numel() for p in m.parameters())]))
               for path, m in leaves(model)]  # fmt: skip
    yield rows
    for handle in handles:
        handle.remove()


def _compare_numbers(model: torch.nn.Module, case: recorded.Case) -> None:
    assert case["eval"]
    fill.fill_module(model.eval())
    with torch.no_grad(), calls_of_leaves(model) as rows:
        result = model(*fill.inputs_for(case["input_shape"]))
    assert recorded.layers(rows, case) == case["layers"]
    outputs = result if isinstance(result, tuple) else (result,)
    assert [list(o.shape) for o in outputs] == case["output_shapes"]
    for output, wanted in zip(outputs, case["numerics"]["outputs"], strict=True):
        found = fill.describe(output.numpy())
        tolerance = 1e-5 * wanted["abs_max"]
        for key in ("first16", "spread16", "mean", "std", "abs_max"):
            assert found[key] == pytest.approx(wanted[key], rel=0, abs=tolerance)
