"""Modules as live objects: what pickling and copying keep, classes, refusals, limits."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import subprocess
import sys
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from netspec.diagnostics import SpecError
from netspec.pytorch import execution
from netspec.pytorch.build import build_graph
from netspec.pytorch.execution import load_class
from netspec.pytorch.source import class_name, generate
from tests.pytorch.networks import LABELLED, RESIDUAL, same, sample
from tests.texts import graph_of


def double(module: nn.Module, args: Any, output: Tensor) -> Tensor:
    return 2 * output


def _edited() -> nn.Module:
    model = build_graph(graph_of(RESIDUAL))
    model.stem.weight.requires_grad_(False)
    model.layer1[1].register_forward_hook(double)
    model.layer1.eval()
    model.note = {"added": [1, 2]}
    model.layer2[2].conv1 = nn.Sequential(nn.Conv2d(4, 4, 1), nn.Tanh())
    model.register_parameter("extra", nn.Parameter(torch.ones(2)))
    with torch.no_grad():
        model.head.bias.fill_(7)
    return model


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m)), lambda m: pickle.loads(pickle.dumps(m, 2))]
)
def test_copies_keep_every_edit(copied: Any) -> None:
    model = _edited()
    other = copied(model)
    assert type(other) is type(model)
    assert type(other.layer1[0]) is type(model.layer1[0])
    assert list(other.state_dict()) == list(model.state_dict())
    assert "extra" in other.state_dict()
    assert not other.stem.weight.requires_grad
    assert other.head.weight.requires_grad
    assert not other.layer1.training
    assert other.layer2.training
    assert other.note == {"added": [1, 2]}
    assert other.note is not model.note
    assert isinstance(other.layer2[2].conv1[1], nn.Tanh)
    inputs = sample(graph_of(RESIDUAL))
    assert same(model.eval()(*inputs), other.eval()(*inputs))
    with torch.no_grad():
        other.head.bias.zero_()
    assert model.head.bias[0] == 7


def test_a_submodule_pickles_by_itself() -> None:
    model = build_graph(graph_of(RESIDUAL))
    block = pickle.loads(pickle.dumps(model.layer1[2]))
    assert type(block) is type(model.layer1[2])
    assert same(block.conv1.weight, model.layer1[2].conv1.weight)


def test_the_source_is_pickled_once() -> None:
    source = generate(graph_of(RESIDUAL))
    assert pickle.dumps(build_graph(graph_of(RESIDUAL))).count(source[:200].encode()) == 1


def test_pickles_open_in_a_fresh_process(tmp_path: Any) -> None:
    model = build_graph(graph_of(RESIDUAL)).eval()
    inputs = sample(graph_of(RESIDUAL))
    torch.save(model, tmp_path / "model.pt")
    torch.save((inputs, model(*inputs)), tmp_path / "numbers.pt")
    code = f"""
import torch
model = torch.load({str(tmp_path / "model.pt")!r}, weights_only=False)
inputs, wanted = torch.load({str(tmp_path / "numbers.pt")!r})
assert torch.equal(model(*inputs), wanted)
assert type(model.layer1[0]) is type(model.layer1[1]) and "Bottle(" in repr(model)
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_users_subclass_is_pickled_as_python_does() -> None:
    model = build_graph(graph_of(RESIDUAL))
    assert pickle.loads(pickle.dumps(nn.Sequential(model)))[0].head.bias.shape == (2,)
    sub = type("Sub", (type(model),), {"__module__": __name__})
    globals()["Sub"] = sub
    assert type(pickle.loads(pickle.dumps(sub()))) is sub


# ------------------------------------------------------------------------------------------------------- classes


def test_one_recipe_gives_one_class() -> None:
    a, b = build_graph(graph_of(RESIDUAL)), build_graph(graph_of(RESIDUAL))
    assert type(a) is type(b)
    assert type(a.layer1[0]) is type(b.layer1[1])


def test_variants_share_a_base_and_show_its_name() -> None:
    model = build_graph(graph_of(LABELLED))
    module = sys.modules[type(model).__module__]
    units = [m for m in model.modules() if isinstance(m, module.Unit)]
    assert len(units) == 10
    assert len({type(u) for u in units}) == 4
    assert all(u._get_name() == "Unit" for u in units)
    assert "(unit_0): Unit(" in repr(model)
    assert [n for n, _ in model.layers.named_children()] == ["unit_0", "unit_1", "unit_2"]
    assert type(model).__module__.isidentifier()
    assert type(model).__name__ == "N"


def test_inspect_finds_the_source() -> None:
    model = build_graph(graph_of(LABELLED))
    assert "def forward(self, x: Tensor)" in inspect.getsource(type(model))
    assert inspect.getmodule(type(model)) is sys.modules[type(model).__module__]


def test_unused_classes_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "KEPT", 8)
    monkeypatch.setattr(execution, "_limit", 8)
    monkeypatch.setattr(execution, "_modules", {})
    graph = graph_of("network N() { input x: [B, 3]; output x -> f: Linear(3) }")
    source, name = generate(graph), class_name(graph)
    held = load_class(f"{source}# held\n", name)()
    for number in range(40):
        load_class(f"{source}# {number}\n", name)
    gc.collect()
    assert len(execution._modules) <= 17
    assert sum(m.startswith("netspec_N_") for m in sys.modules) <= 40  # those of other tests too
    assert type(held).__module__ in sys.modules
    assert pickle.loads(pickle.dumps(held)).f.weight.shape == (3, 3)
    assert type(pickle.loads(pickle.dumps(held))) is type(held)
    assert inspect.getsource(type(held))


# ----------------------------------------------------------------------------------------------- limits, refusals


def test_parameters_are_counted_before_they_are_allocated() -> None:
    graph = graph_of("network Big() { input x: [B, 10000000]; output x -> f: Linear(10000000) }")
    with pytest.raises(SpecError, match="Big has 100,000,010,000,000 parameters") as error:
        build_graph(graph)
    assert error.value.diagnostics[0].code == "NS604"
    small = graph_of("network N() { input x: [B, 3]; output x -> s: 5 * Linear(3) }")
    with pytest.raises(SpecError, match="60 parameters"):
        build_graph(small, max_parameters=59)
    assert sum(p.numel() for p in build_graph(small, max_parameters=60).parameters()) == 60


def test_the_default_dtype_holds() -> None:
    torch.set_default_dtype(torch.float64)
    try:
        model = build_graph(graph_of(RESIDUAL))
    finally:
        torch.set_default_dtype(torch.float32)
    assert {p.dtype for p in model.parameters()} == {torch.float64}
