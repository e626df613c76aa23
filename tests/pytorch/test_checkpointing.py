"""Checkpointing: the same numbers and gradients, with less kept between the passes."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from netspec.pytorch.build import build_graph
from tests.pytorch.networks import SEVERAL, same, sample
from tests.pytorch.policies import built
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

SELECTORS = ['"layer1"', '"layer*.*"', "Unit", '"parts"', "Conv2d"]


def pair(*policies: str) -> tuple[nn.Module, nn.Module]:
    """The network with and without policies, with the same weights."""
    plain, other = built(), built(*policies)
    other.load_state_dict(plain.state_dict())
    return plain, other


def image() -> Tensor:
    return torch.randn(2, 3, 5, 4, generator=torch.Generator().manual_seed(0))


def gradients(model: nn.Module, seed: int = 0) -> list[Tensor]:
    torch.manual_seed(seed)
    model.zero_grad()
    model(image()).square().sum().backward()
    return [p.grad for p in model.parameters() if p.grad is not None]


def calls(module: nn.Module) -> list[int]:
    """Counts the calls of a module from now on, in a list of one number."""
    count = [0]

    def hook(*_: Any) -> None:
        count[0] += 1

    module.register_forward_hook(hook)
    return count


@pytest.mark.parametrize("selector", SELECTORS)
@pytest.mark.parametrize("training", [True, False])
def test_gradients_are_those_without(selector: str, training: bool) -> None:
    plain, model = pair(f"checkpoint {selector}")
    with torch.no_grad():
        assert torch.equal(copy.deepcopy(model).eval()(image()), copy.deepcopy(plain).eval()(image()))
    found, wanted = gradients(model.train(training)), gradients(plain.train(training))
    assert len(found) == len(wanted) == len(list(plain.parameters()))
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    ("policy", "times"),
    [
        ("", {"stem": 1, "layer1.0.conv": 1, "layer1.1.conv": 1, "parts.1.conv": 1}),
        ('checkpoint "layer1"', {"stem": 1, "layer1.0.conv": 2, "layer1.1.conv": 2, "parts.1.conv": 1}),
        ('checkpoint "layer1.1"', {"stem": 1, "layer1.0.conv": 1, "layer1.1.conv": 2, "parts.1.conv": 1}),
        ('checkpoint "parts"', {"stem": 1, "layer1.0.conv": 1, "layer1.1.conv": 1, "parts.1.conv": 2}),
        ("checkpoint Unit", {"stem": 1, "layer1.0.conv": 2, "layer1.1.conv": 2, "parts.1.conv": 2}),
    ],
)
def test_what_is_computed_again(policy: str, times: dict[str, int]) -> None:
    model = built(policy)
    counted = {name: calls(model.get_submodule(name)) for name in times}
    model(image()).sum().backward()
    assert {name: count for name, (count,) in counted.items()} == times
    with torch.no_grad():
        model(image())
    assert {name: count for name, (count,) in counted.items()} == {name: n + 1 for name, n in times.items()}


def test_less_is_kept_for_the_gradients() -> None:
    def kept(model: nn.Module) -> int:
        sizes: list[int] = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t: sizes.append(t.numel()), lambda _: None):
            model(image())
        return sum(sizes)

    # Inside a checkpoint torch's own hooks come first, so that these see what is kept outside of it.
    plain, model = pair('checkpoint "layer1"')
    assert kept(model) < kept(plain)


def test_statistics_are_updated_twice_as_torch_does() -> None:
    """Both passes go through the batch norms: momentum counts twice, here and with torch.utils.checkpoint by hand."""
    plain, model = pair('checkpoint "layer1.0.bn"')
    by_hand = copy.deepcopy(plain.layer1[0].bn)
    with torch.no_grad():
        between = plain.layer1[0].conv(plain.stem(image()))
    checkpoint(by_hand, between.requires_grad_(), use_reentrant=False).sum().backward()
    gradients(plain)
    gradients(model)
    once, twice = plain.layer1[0].bn, model.layer1[0].bn
    assert (once.num_batches_tracked, twice.num_batches_tracked, by_hand.num_batches_tracked) == (1, 2, 2)
    assert torch.allclose(twice.running_mean, by_hand.running_mean, atol=1e-6)
    mean = between.detach().mean((0, 2, 3))
    assert torch.allclose(once.running_mean, 0.1 * mean, atol=1e-6)
    assert torch.allclose(twice.running_mean, 0.1 * mean + 0.9 * 0.1 * mean, atol=1e-6)


def test_frozen_statistics_stay() -> None:
    model = built('checkpoint "layer1"', 'freeze_stats "layer1"')
    gradients(model)
    assert model.layer1[0].bn.num_batches_tracked == 0


def test_dropout_draws_the_same_again() -> None:
    plain, model = pair('checkpoint "layer1"')
    for net in (plain, model):
        net.layer1[0].relu = nn.Dropout(0.5)
    found, wanted = gradients(model.train()), gradients(plain.train())
    assert all(torch.allclose(a, b, atol=1e-6) for a, b in zip(found, wanted, strict=True))
    assert not torch.allclose(gradients(model, seed=1)[0], wanted[0])


def test_several_outputs_and_inputs() -> None:
    policies = 'checkpoint "two"\ncheckpoint "named"\ncheckpoint "join"\ncheckpoint "listed"'
    text = SEVERAL.replace("output d + c[0]", f"{policies}\n    output d + c[0]")
    plain, model, inputs = build_graph(graph_of(SEVERAL)), build_graph(graph_of(text)), sample(graph_of(text))
    model.load_state_dict(plain.state_dict())
    assert same(model(*inputs), plain(*inputs))
    for net in (plain, model):
        sum(t.square().sum() for t in net(*inputs)).backward()
    found, wanted = ([p.grad for p in net.parameters() if p.grad is not None] for net in (model, plain))
    assert all(torch.allclose(a, b) for a, b in zip(found, wanted, strict=True))


def test_a_module_that_is_used_twice_is_computed_again_twice() -> None:
    text = """network Net() { input x: [B, 3, H, W]
        module head: Conv2d(3, 1)
        output x -> head -> head
        checkpoint "head" }"""
    model = build_graph(graph_of(text))
    count = calls(model.head)
    inner = [0]
    original = nn.Conv2d._conv_forward

    def counted(self: nn.Conv2d, *args: Any) -> Tensor:
        inner[0] += 1
        return original(self, *args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nn.Conv2d, "_conv_forward", counted)
        model(image()).sum().backward()
    assert (count, inner) == ([2], [4])  # hooks of the module itself stand outside


COPIES: dict[str, Callable[[nn.Module], Any]] = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda m: pickle.loads(pickle.dumps(m)),
    "compile": lambda m: torch.compile(m, fullgraph=True, backend="aot_eager"),
}


@pytest.mark.parametrize("way", COPIES)
def test_copies_and_compiled_modules_give_the_same_gradients(way: str) -> None:
    plain, model = pair('checkpoint "layer1"', 'checkpoint "layer1.*"')
    other = COPIES[way](model)
    assert all(torch.allclose(a, b, atol=1e-5) for a, b in zip(gradients(other), gradients(plain), strict=True))
    count = calls(model.layer1[0].conv)
    if way != "compile":
        gradients(other)
        assert count == [0]


def test_exports() -> None:
    model = built('checkpoint "layer1"').eval()
    for strict in (False, True):
        with torch.no_grad():
            program = torch.export.export(model, (image(),), strict=strict)
            assert torch.allclose(program.module()(image()), model(image()), atol=1e-6)
