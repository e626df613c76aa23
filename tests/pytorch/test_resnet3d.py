"""The main network: everything that the issue asks of a module, on ResNet3d-50 itself."""

from __future__ import annotations

import copy
import pickle
import re
import traceback

import pytest
import torch
from torch import nn

import netspec
from netspec.graph import Graph
from netspec.pytorch.build import build_graph
from tests.benchmarks.handwritten import ResNet3d50

PATH = "specs/resnet3d50.netspec"
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(scope="module")
def graph() -> Graph:
    return netspec.load(PATH).elaborate()


@pytest.fixture(scope="module")
def model(graph: Graph) -> nn.Module:
    torch.manual_seed(0)
    return build_graph(graph).eval()


@pytest.fixture(scope="module")
def written(model: nn.Module) -> nn.Module:
    other = ResNet3d50().eval()
    other.load_state_dict(model.state_dict())
    return other


def _clip(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(3))


def test_keys_numbers_and_tree_are_those_of_a_written_module(model: nn.Module, written: nn.Module) -> None:
    assert list(model.state_dict()) == list(written.state_dict())
    with torch.no_grad():
        for clip in (_clip(1, 3, 2, 32, 32), _clip(2, 3, 1, 33, 17)):
            assert torch.equal(model(clip), written(clip))
    assert repr(model) == re.sub(r"\n *\((activate|downsample)\): None", "", repr(written))


def test_gradients_are_those_of_a_written_module(model: nn.Module, written: nn.Module) -> None:
    a, b = copy.deepcopy(model).train(), copy.deepcopy(written).train()
    for net in (a, b):
        net(_clip(2, 3, 1, 32, 32)).square().mean().backward()
    for (name, p), q in zip(a.named_parameters(), b.parameters(), strict=True):
        assert p.grad is not None
        assert q.grad is not None
        assert torch.allclose(p.grad, q.grad, rtol=1e-4, atol=1e-7), name


def test_copies(model: nn.Module) -> None:
    clip = _clip(1, 3, 2, 32, 32)
    for other in (copy.deepcopy(model), pickle.loads(pickle.dumps(model))):
        assert type(other) is type(model)
        assert torch.equal(other(clip), model(clip))


def test_scripts(model: nn.Module) -> None:
    clip = _clip(1, 3, 2, 33, 32)
    assert torch.allclose(torch.jit.script(model)(clip), model(clip), atol=1e-5)


def test_exports_with_open_sizes(graph: Graph, model: nn.Module) -> None:
    shapes = netspec.dynamic_shapes(graph)
    assert {n: list(axes) for n, axes in shapes.items()} == {"clip": [0, 2, 3, 4]}
    program = torch.export.export(model, (_clip(2, 3, 2, 64, 64),), dynamic_shapes=shapes)
    for shape in ((1, 3, 1, 65, 65), (3, 3, 2, 47, 35), (2, 3, 3, 33, 96)):
        clip = _clip(*shape)
        assert torch.allclose(program.module()(clip), model(clip), atol=1e-5)


def test_compiles_whole(model: nn.Module) -> None:
    clip = _clip(1, 3, 2, 32, 32)
    compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
    with torch.no_grad():
        assert torch.allclose(compiled(clip), model(clip), atol=1e-5)


def test_on_the_meta_device(graph: Graph) -> None:
    with torch.device("meta"):
        meta = build_graph(graph)
        assert meta(torch.empty(2, 3, 8, 224, 224)).shape == (2, 2048, 8, 7, 7)
    assert all(p.is_meta for p in meta.parameters())


def test_a_wrong_input_shows_the_line_of_the_spec(model: nn.Module) -> None:
    with pytest.raises(
        ValueError, match=r"^clip is \[1, 4, 2, 32, 32\]; ResNet3d50 takes \[B, 3, T, H, W\]: channels"
    ) as error:
        model(_clip(1, 4, 2, 32, 32))
    shown = "".join(traceback.format_exception(error.value))
    assert re.search(r"raise ValueError\(  # specs/resnet3d50\.netspec:\d+", shown)
    with pytest.raises(RuntimeError) as error:
        model.layer1(_clip(1, 3, 2, 32, 32))
    shown = "".join(traceback.format_exception(error.value))
    assert re.search(r"self\.conv1\(x\)  # specs/resnet3d50\.netspec:\d+", shown)
    assert re.search(r"self\.conv\(x\)  # std/conv:\d+", shown)
