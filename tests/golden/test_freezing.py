"""What is frozen in the recorded networks, before and after ``train()``, and what the summary counts."""

from __future__ import annotations

import pytest
from torch import nn

import netspec
from tests.golden import networks, recorded
from tests.golden.systems import SYSTEMS

FACTS = ("frozen", "frozen_before_train_call", "eval_after_train", "all_modules_eval_after_train")
NAMES = tuple(n for n in recorded.names("") if recorded.load(n)["system"] in SYSTEMS)
FROZEN = tuple(n for n in NAMES if any(fact in recorded.load(n) for fact in FACTS))


def _without_gradient(model: nn.Module) -> list[str]:
    return [name for name, p in model.named_parameters() if not p.requires_grad]


def _in_evaluation(model: nn.Module, kind: type[nn.Module] | tuple[type[nn.Module], ...] = nn.Module) -> list[str]:
    return [name for name, m in model.named_modules() if not m.training and isinstance(m, kind)]


@pytest.mark.parametrize("name", FROZEN)
def test_freezing_is_that_of_the_original(name: str) -> None:
    case = recorded.load(name)
    model = networks.module(name)
    before = _without_gradient(model)
    model.train()
    for module in model.modules():
        module.train()
    assert _without_gradient(model) == case["frozen"]
    assert _in_evaluation(model, nn.BatchNorm3d) == case["eval_after_train"]
    assert _in_evaluation(model) == case["all_modules_eval_after_train"]
    assert before == case["frozen"]
    if "frozen_before_train_call" in case:
        # The originals freeze stages inside train(), so that nothing is frozen before; ours are frozen from the start.
        late = case["arguments"]["frozen_stages"] >= 0
        assert case["frozen_before_train_call"] == ([] if late else before)


@pytest.mark.parametrize("name", FROZEN)
def test_frozen_modules_are_in_evaluation_mode_from_the_start(name: str) -> None:
    assert _in_evaluation(networks.module(name)) == recorded.load(name)["all_modules_eval_after_train"]


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_counts_what_the_original_trains(name: str) -> None:
    parameters = recorded.load(name)["parameters"]
    summary = netspec.summary(networks.graph(name), **networks.input_shapes(name))
    assert (summary.parameters, summary.trainable) == (parameters["total"], parameters["trainable"])


@pytest.mark.parametrize("name", FROZEN)
def test_the_summary_counts_what_the_module_trains(name: str) -> None:
    model = networks.module(name)
    summary = netspec.summary(networks.graph(name), **networks.input_shapes(name))
    assert summary.trainable == sum(p.numel() for p in model.parameters() if p.requires_grad)
