"""Policies in the source: the statements of the constructor, and what they cost."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from netspec.pytorch.build import build_graph
from netspec.pytorch.source import generate
from tests.pytorch.networks import POLICIES
from tests.pytorch.policies import built, graph
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def statements(*policies: str, inner: str = "") -> str:
    """The lines that policies add to the network's constructor, without the places in the spec."""
    source, plain = generate(graph(*policies, inner=inner)), generate(graph())
    constructor, known = (
        text.split("class Net(")[1].split("    def ")[1].rstrip().splitlines() for text in (source, plain)
    )
    assert constructor[: len(known)] == known
    return "\n".join(line.split("  # ")[0].removeprefix(" " * 8) for line in constructor[len(known) :])


BY_CLASS = """for module in self.modules():
    if isinstance(module, nn.BatchNorm2d):
        _pin(module)"""
BY_BLOCK = """for module in self.modules():
    if isinstance(module, Unit):
        _checkpoint(module)"""
IN_BLOCK = """for module in self.modules():
    if isinstance(module, Unit):
        _pin(module.bn)"""
BENEATH = """for module in self.layer1.modules():
    if isinstance(module, nn.BatchNorm2d):
        _pin(module)"""
BY_NAME = """for name in (
    "layer1.0.conv", "layer1.1.conv", "layer2.0.conv", "parts.0.conv", "parts.1.conv",
):
    _pin(self.get_submodule(name).requires_grad_(False))"""


@pytest.mark.parametrize(
    ("policy", "inner", "text"),
    [
        ('freeze "layer1"', "", "_pin(self.layer1.requires_grad_(False))"),
        ('freeze "layer1.0"', "", '_pin(self.get_submodule("layer1.0").requires_grad_(False))'),
        ('freeze_weights "s*"', "", "self.stem.requires_grad_(False)\nself.scale.requires_grad_(False)"),
        ('freeze_stats "parts.0.bn"', "", '_pin(self.get_submodule("parts.0.bn"))'),
        ("freeze_stats BatchNorm2d", "", BY_CLASS),
        ("checkpoint Unit", "", BY_BLOCK),
        ("", 'freeze_stats "bn"', IN_BLOCK),
        ("", "freeze_stats BatchNorm2d", IN_BLOCK),
        ('freeze_stats "layer1"', "", BENEATH),
        ('freeze "*.*.conv"', "", BY_NAME),
        ("", 'freeze "bn" if on', '_pin(self.get_submodule("layer2.0.bn").requires_grad_(False))'),
        ('checkpoint "head"', "", "_checkpoint(self.head.fc)"),
    ],
)
def test_the_statements(policy: str, inner: str, text: str) -> None:
    assert statements(policy, inner=inner) == text


def test_a_policy_that_is_off_costs_nothing() -> None:
    off = 'freeze "layer1" if not on; freeze_stats "layer1" if not on; checkpoint "layer2" if not on'
    assert generate(graph(off, inner='freeze "bn" if False')) == generate(graph())


def test_policies_make_no_classes_of_blocks() -> None:
    classes = [line for line in generate(graph_of(POLICIES)).splitlines() if line.startswith("class ")]
    assert [c.split("  #")[0] for c in classes] == [
        "class _Instead:",
        "class _Pinned(_Instead):",
        "class _Checkpointed(_Instead):",
        "class Unit(nn.Module):",
        "class Unit_1(Unit):",
        "class Unit_2(Unit):",  # two outputs instead of four
        "class N(nn.Module):",
    ]


def test_names_of_the_source_are_left_to_blocks() -> None:
    text = """block weakref() { input x; output x -> c: Conv2d(3, 1) }
    block checkpoint() { input x; output x -> c: Conv2d(3, 1) -> d: Conv2d(3, 1) }
    network Pinned() { input x: [B, 3, H, W]; output x -> pin: weakref() -> instead: checkpoint()
    freeze "pin"; checkpoint "instead" }"""
    model = build_graph(graph_of(text))
    model(torch.randn(1, 3, 2, 2)).sum().backward()
    assert [type(m).__name__ for m in model.children()] == ["weakref_", "checkpoint"]
    assert [m._get_name() for m in model.children()] == ["weakref", "checkpoint"]


@pytest.mark.parametrize(
    ("policies", "what"),
    [
        (['freeze "layer1"'], "freezing"),
        (["freeze_stats BatchNorm2d"], "freezing"),
        (['checkpoint "layer1"'], "checkpoints"),
        (['freeze "layer1"', 'checkpoint "layer2"'], "freezing and checkpoints"),
    ],
)
def test_scripting_is_refused_in_words(policies: list[str], what: str) -> None:
    model, x = built(*policies), torch.randn(2, 3, 4, 4)
    message = f"^Net cannot be scripted: TorchScript would lose its {what}; build it without these"
    for outer in (model, nn.Sequential(model)):
        with pytest.raises(RuntimeError, match=message):
            torch.jit.script(outer)
    for module in model.modules():
        vars(module).pop("train", None)
        vars(module).pop("forward", None)
    assert torch.allclose(torch.jit.script(model.eval())(x), model(x), atol=1e-6)


def test_weights_without_gradient_script() -> None:
    scripted = torch.jit.script(built('freeze_weights "stem"'))
    assert [n for n, p in scripted.named_parameters() if not p.requires_grad] == ["stem.weight", "stem.bias"]
