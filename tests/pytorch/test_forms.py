"""Every form of generated code in every way that torch runs it."""

from __future__ import annotations

import copy
import io
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from netspec.graph import Graph, state
from netspec.pytorch.build import build_graph
from netspec.pytorch.shapes import dynamic_shapes
from tests.pytorch.networks import ALL, same, sample
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(scope="module", params=list(ALL))
def network(request: pytest.FixtureRequest) -> tuple[Graph, nn.Module]:
    graph = graph_of(ALL[request.param])
    return graph, build_graph(graph).eval()


def _saved(model: nn.Module) -> nn.Module:
    buffer = io.BytesIO()
    torch.save(model, buffer)
    buffer.seek(0)
    loaded: nn.Module = torch.load(buffer, weights_only=False)
    return loaded


def _scripted_and_saved(model: nn.Module) -> Any:
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(model), buffer)
    buffer.seek(0)
    return torch.jit.load(buffer)


WAYS: dict[str, Callable[[nn.Module], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda m: pickle.loads(pickle.dumps(m)),
    "torch.save": _saved,
    "script": torch.jit.script,
    "script, saved": _scripted_and_saved,
    "compile": lambda m: torch.compile(m, fullgraph=True, backend="aot_eager"),
}


@pytest.mark.parametrize("way", list(WAYS))
def test_gives_the_same_numbers(network: tuple[Graph, nn.Module], way: str) -> None:
    graph, model = network
    inputs = sample(graph)
    with torch.no_grad():
        assert same(model(*inputs), WAYS[way](model)(*inputs))


def test_exports_with_open_sizes(network: tuple[Graph, nn.Module]) -> None:
    graph, model = network
    program = torch.export.export(model, sample(graph), dynamic_shapes=dynamic_shapes(graph)).module()
    for more in (4, 12):
        assert same(program(*sample(graph, more)), model(*sample(graph, more)))


def test_the_state_dict_is_that_of_the_graph(network: tuple[Graph, nn.Module]) -> None:
    graph, model = network
    weights = [(k, w.shape, f"torch.{w.dtype}") for k, w in state(graph.definition)]
    assert weights == [(k, tuple(v.shape), str(v.dtype)) for k, v in model.state_dict().items()]


def test_meta_half_and_modes(network: tuple[Graph, nn.Module]) -> None:
    graph, model = network
    with torch.device("meta"):
        meta = build_graph(graph)
    assert all(t.is_meta for t in [*meta.parameters(), *meta.buffers()])
    half = copy.deepcopy(model).bfloat16()
    result = half(*(t.bfloat16() for t in sample(graph)))
    first = (
        next(iter(result.values())) if isinstance(result, dict) else result[0] if isinstance(result, tuple) else result
    )
    assert first.dtype == torch.bfloat16
    assert model.train() is model
    assert all(m.training for m in model.modules())
    assert model.eval() is model
    assert not any(m.training for m in model.modules())
