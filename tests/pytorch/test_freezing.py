"""Freezing: what stays without gradient and in evaluation mode, whatever becomes of the module."""

from __future__ import annotations

import copy
import gc
import os
import pickle
import subprocess
import sys
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from netspec.analysis import summarise
from netspec.pytorch.build import build_graph
from tests.pytorch.policies import built, frozen, graph, pinned
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

UNIT = ["", ".conv", ".bn", ".relu"]
UNITS = ["layer1.0", "layer1.1", "layer2.0", "parts.0", "parts.1"]


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ('freeze "stem"', ["stem"]),
        ('freeze "layer1"', ["layer1", *(f"layer1.{i}{name}" for i in range(2) for name in UNIT)]),
        ('freeze "layer1.1"', [f"layer1.1{name}" for name in UNIT]),
        ('freeze "layer1.*.bn"', ["layer1.0.bn", "layer1.1.bn"]),
        ('freeze "parts"', ["parts", *(f"parts.{i}{name}" for i in range(2) for name in UNIT)]),
        ('freeze "head"', ["head", "head.fc"]),
        ("freeze Norm", ["layer2.1"]),
        ("freeze Conv2d", ["stem", *(f"{unit}.conv" for unit in UNITS), "head.fc"]),
    ],
)  # fmt: skip
def test_freeze_takes_gradients_and_keeps_evaluation_mode(policy: str, names: list[str]) -> None:
    model = built(policy)
    assert [n for n, m in model.named_modules() if not m.training] == names
    assert pinned(model) == names
    assert {n.rpartition(".")[0] for n in frozen(model)} <= {*names}
    assert frozen(model) == [n for n, _ in model.named_parameters() if n.rpartition(".")[0] in names]


def test_freeze_weights_takes_gradients_only() -> None:
    model = built('freeze_weights "layer1.0"', 'freeze_weights "scale"')
    assert frozen(model) == ["scale", *(f"layer1.0.{m}.{n}" for m in ("conv", "bn") for n in ("weight", "bias"))]
    assert pinned(model) == []


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ("freeze_stats BatchNorm2d", [*(f"{unit}.bn" for unit in UNITS[:3]), "layer2.1", "parts.0.bn", "parts.1.bn"]),
        ('freeze_stats "layer2"', ["layer2.0.bn", "layer2.1"]),  # the InstanceNorm2d there has no statistics
        ('freeze_stats "layer1.*"', ["layer1.0.bn", "layer1.1.bn"]),
        ('freeze_stats "layer1.0.bn"', ["layer1.0.bn"]),
    ],
)  # fmt: skip
def test_freeze_stats_keeps_norms_in_evaluation_mode_and_nothing_else(policy: str, names: list[str]) -> None:
    model = built(policy)
    assert frozen(model) == []
    assert pinned(model) == names
    before = {k: v.clone() for k, v in model.named_buffers()}
    model(torch.randn(2, 3, 4, 4)).sum().backward()
    kept = [k.removesuffix(".running_mean") for k, v in model.named_buffers() if "mean" in k and v.equal(before[k])]
    assert kept == names
    assert all(p.grad is not None for p in model.parameters())


def test_a_policy_of_a_block_holds_in_each_of_its_instances() -> None:
    model = built(inner='freeze "bn"')
    assert pinned(model) == [f"{unit}.bn" for unit in UNITS]
    model = built(inner='freeze "bn" if on')  # the instances differ in nothing else
    assert pinned(model) == ["layer2.0.bn"]
    assert type(model.layer1[0]) is type(model.layer2[0])


def test_policies_add_up() -> None:
    model = built('freeze_weights "layer1"', 'freeze "layer1.0.conv"', 'freeze_stats "layer1"', inner='freeze "relu"')
    assert [n for n in pinned(model) if n.startswith("layer1")] == [
        f"layer1.{name}" for name in ("0.conv", "0.bn", "0.relu", "1.bn", "1.relu")
    ]
    assert frozen(model) == [n for n, _ in model.named_parameters() if n.startswith("layer1")]


def test_a_module_that_is_used_twice_is_frozen_in_both_uses() -> None:
    text = """network Net() {
        input a: [B, 3, H, W]
        input b: [B, 3, H, W]
        module head: BatchNorm2d()
        output (a -> head) + (b -> head)
        freeze "head"
    }"""
    model = build_graph(graph_of(text)).train()
    model(torch.randn(2, 3, 4, 4), torch.randn(2, 3, 4, 4))
    assert model.head.num_batches_tracked == 0
    assert pinned(model) == ["head"]


def test_a_network_that_is_one_module() -> None:
    text = "network Net() { input x: [B, 3, H, W]; output x -> self: [Conv2d(4, 1), BatchNorm2d()]\nfreeze POLICY }"
    assert pinned(build_graph(graph_of(text.replace("POLICY", '"1"')))) == ["1"]
    text = "network Net() { input x: [B, 3, H, W]; output x -> self: BatchNorm2d()\nfreeze BatchNorm2d }"
    assert pinned(build_graph(graph_of(text))) == [""]


@pytest.mark.parametrize(
    "policies",
    [
        ['freeze "layer*"', 'freeze_weights "scale"'],
        ['freeze "parts.1"', "freeze_weights Norm", "freeze_weights BatchNorm2d"],
        ["freeze Unit", 'freeze "layer2"', 'freeze "head"'],
        ['freeze "*"'],
    ],
)
def test_the_summary_counts_what_is_trained(policies: list[str]) -> None:
    for inner in ("", 'freeze "conv"', "freeze_weights BatchNorm2d"):
        model = built(*policies, inner=inner)
        trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
        assert summarise(graph(*policies, inner=inner)).trainable == trained


# ----------------------------------------------------------------------------------------------- what becomes of it

COPIES: dict[str, Callable[[nn.Module], nn.Module]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda m: pickle.loads(pickle.dumps(m)),
    "old pickle": lambda m: pickle.loads(pickle.dumps(m, 2)),
}


@pytest.mark.parametrize("way", COPIES)
def test_copies_stay_frozen_by_themselves(way: str) -> None:
    model = built('freeze "layer1"', "freeze_stats BatchNorm2d")
    names, weights = pinned(model), frozen(model)
    other = COPIES[way](model)
    assert other.layer1.train() is other.layer1
    del model
    assert (pinned(other), frozen(other)) == (names, weights)
    for part in (other.layer1, other.layer1[0].bn):
        alone = COPIES[way](part)
        assert alone.train() is alone
        assert not alone.training


def test_pickles_of_parts_open_in_a_fresh_process(tmp_path: Any) -> None:
    model = built("freeze_stats BatchNorm2d")
    (tmp_path / "norm.pkl").write_bytes(pickle.dumps(model.layer1[0].bn))
    code = "import pickle; norm = pickle.load(open('norm.pkl', 'rb')); assert not norm.train().training"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={"PYTHONPATH": os.getcwd()}, check=True)


def test_a_frozen_module_is_freed_at_once() -> None:
    gc.disable()
    try:
        model = built('freeze "layer1"', 'checkpoint "layer2"')
        alive = weakref.ref(model.layer1[0].conv)
        del model
        assert alive() is None
    finally:
        gc.enable()


def test_train_of_a_module_that_nothing_holds_says_so() -> None:
    model = built('freeze "layer1"')
    with pytest.raises(ReferenceError, match="keep it in a variable first"):
        copy.deepcopy(model.layer1).train()
    assert not copy.deepcopy(model.layer1).eval().training


def test_nothing_is_changed_but_two_methods() -> None:
    plain, held = built(), built('freeze "layer1"', 'freeze_stats "parts"')
    assert repr(held) == repr(plain)
    assert list(held.state_dict()) == list(plain.state_dict())
    assert type(held.layer1) is nn.Sequential
    assert type(held.layer1[0].bn) is nn.BatchNorm2d
    assert type(held.layer1[0]) is type(held.parts[0])


def test_thawing_by_hand() -> None:
    model = built('freeze "layer1"')
    for module in model.layer1.modules():
        del module.train
    model.layer1.requires_grad_(True)
    assert (pinned(model), frozen(model)) == ([], [])


def test_what_is_put_into_a_frozen_module_follows_it() -> None:
    model = built('freeze "layer1"')
    model.layer1[0].bn = nn.BatchNorm2d(4)
    model.train()
    assert not model.layer1[0].bn.training
    assert model.layer1[0].bn.train().training


def test_a_train_of_ones_own_is_called() -> None:
    class Own(nn.Identity):
        asked: bool | None = None

        def train(self, mode: bool = True) -> nn.Module:
            self.asked = mode
            return super().train(mode)

    model = built('freeze "layer1"')
    model.layer1[0].relu = Own()
    model.train()
    assert model.layer1[0].relu.asked is False


# ----------------------------------------------------------------------------------------------- what torch does


def test_compiles_whole_and_stays_frozen() -> None:
    model = built('freeze "layer1"', "freeze_stats BatchNorm2d")
    x = torch.randn(2, 3, 4, 4, requires_grad=True)
    compiled = torch.compile(model, fullgraph=True, backend="aot_eager")
    for _ in range(2):
        compiled.train()
        wanted = torch.autograd.grad(copy.deepcopy(model)(x).sum(), x)[0]
        assert torch.allclose(torch.autograd.grad(compiled(x).sum(), x)[0], wanted, atol=1e-6)
    assert not model.layer1.training
    assert model.layer1[0].bn.num_batches_tracked == 0


@pytest.mark.parametrize("strict", [False, True])
def test_exports_in_the_mode_that_it_is_in(strict: bool) -> None:
    model = built('freeze "layer1"', "freeze_stats BatchNorm2d").train()
    x = torch.randn(2, 3, 4, 4)
    with torch.no_grad():
        program = torch.export.export(model, (x,), strict=strict)
        assert torch.allclose(program.module()(x), model(x), atol=1e-6)


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")
def test_traces() -> None:
    model, x = built('freeze "layer1"').eval(), torch.randn(2, 3, 4, 4)
    assert torch.allclose(torch.jit.trace(model, x)(x), model(x), atol=1e-6)
