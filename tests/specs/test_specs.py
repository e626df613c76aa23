"""The published networks in small run, compile, and export; torch counts the multiplications that we do."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest
import torch
from torch import Tensor, nn
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

import netspec
from netspec.analysis.summary import Summary
from netspec.graph import Graph
from tests.specs.small import SMALL, SPECS, Small

#: Ops that the counter of torch passes over, by spec: ours counts their matrix products.
UNCOUNTED = {"text/lstm": {"LSTM"}}

#: Open sizes that torch.export fixes: torch 2.13 unrolls an LSTM.
FIXED = {"text/lstm": {"L"}}

#: Tested in tests/pytorch, and too large for here.
ELSEWHERE = {("resnet3d50", "ResNet3d50")}


class Case(NamedTuple):
    small: Small
    graph: Graph
    model: nn.Module

    def inputs(self, **others: int) -> tuple[Tensor, ...]:
        return self.small.inputs(self.graph, **others)

    def summary(self, *inputs: Tensor) -> Summary:
        shapes = {name: tuple(x.shape) for name, x in zip(self.graph.inputs, inputs, strict=True)}
        return netspec.summary(self.graph, **shapes)


@pytest.fixture(scope="module", params=SMALL, ids=[small.name for small in SMALL])
def case(request: pytest.FixtureRequest) -> Case:
    """A network, built; its tests run one after another."""
    small: Small = request.param
    graph = small.graph()
    torch.manual_seed(0)
    return Case(small, graph, netspec.build(graph).eval())


def run(model: Any, inputs: tuple[Tensor, ...]) -> list[Tensor]:
    with torch.no_grad():
        return tensors(model(*inputs))


def tensors(result: Any) -> list[Tensor]:
    if isinstance(result, Tensor):
        return [result]
    return list(result.values() if isinstance(result, dict) else result)


def same(found: list[Tensor], wanted: list[Tensor]) -> bool:
    return len(found) == len(wanted) and all(map(close, found, wanted))


def close(found: Tensor, wanted: Tensor) -> bool:
    tolerance = 1e-5 * max(1.0, float(wanted.abs().max()))
    return found.shape == wanted.shape and torch.allclose(found, wanted, rtol=0, atol=tolerance)


def test_every_network_is_among_them() -> None:
    declared = {(str(path.relative_to(SPECS).with_suffix("")), name)
                for path in SPECS.rglob("*.netspec") for name in written(path.read_text())}  # fmt: skip
    assert declared - {(small.file, small.network) for small in SMALL} == ELSEWHERE


def written(text: str) -> list[str]:
    """The networks that are written out, not made of another one by `=`."""
    heads = (line.removeprefix("network ") for line in text.splitlines() if line.startswith("network "))
    return [head.partition("(")[0] for head in heads if "(" in head and "=" not in head.partition("(")[0]]


def test_outputs_have_the_shapes_that_were_proven(case: Case) -> None:
    for others in ({}, case.small.others):
        inputs = case.inputs(**others)
        wanted = case.summary(*inputs).calls[-1].outputs
        assert [tuple(y.shape) for y in run(case.model, inputs)] == list(wanted)


def test_compiles_whole(case: Case) -> None:
    torch._dynamo.reset()
    inputs = case.inputs()
    with torch._dynamo.config.patch(allow_rnn=True):
        found = run(torch.compile(case.model, fullgraph=True, backend="eager"), inputs)
    assert same(found, run(case.model, inputs))


def test_exports_with_the_sizes_of_one_call(case: Case) -> None:
    inputs = case.inputs()
    assert same(run(torch.export.export(case.model, inputs).module(), inputs), run(case.model, inputs))


@pytest.mark.slow
def test_exports_with_open_sizes(case: Case) -> None:
    fixed = FIXED.get(case.small.file, set())
    types = case.graph.inputs
    shapes = {name: {axis: hint for axis, hint in axes.items() if str(types[name].dims[axis]) not in fixed}
              for name, axes in netspec.dynamic_shapes(case.graph).items()}  # fmt: skip
    program = torch.export.export(case.model, case.inputs(), dynamic_shapes=shapes).module()
    others = case.inputs(**{name: size for name, size in case.small.others.items() if name not in fixed})
    assert same(run(program, others), run(case.model, others))


def test_torch_counts_twice_the_multiply_adds(case: Case) -> None:
    inputs = case.inputs()
    with FlopCounterMode(display=False) as counter, sdpa_kernel(SDPBackend.MATH):
        case.model.train()(*inputs)  # in evaluation attention is one call, which is not counted
    case.model.eval()
    rows = case.summary(*inputs).rows
    uncounted = UNCOUNTED.get(case.small.file, set())
    assert uncounted <= {row.op for row in rows}
    ours = sum(row.multiply_adds for row in rows if row.op not in uncounted and isinstance(row.multiply_adds, int))
    assert counter.get_total_flops() == 2 * ours
