"""Activations, norms, dropout and reductions in a network: the numbers of torch's own, however the network runs."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from netspec.pytorch.build import build_graph
from tests.ops.draw_elementwise import ACTIVATIONS, ALONG, FUNCTIONS, REDUCTIONS
from tests.ops.draw_norm import DROPOUTS, NORMS
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

#: layers as a spec writes them, of ``x [B, 6, 8, 4]``, and as torch does
LAYERS: dict[str, nn.Module] = {
    "ReLU()": nn.ReLU(),
    "ReLU6()": nn.ReLU6(),
    "LeakyReLU(0.2)": nn.LeakyReLU(0.2),
    "PReLU(per_channel=True)": nn.PReLU(6),
    "ELU(0.5)": nn.ELU(0.5),
    "CELU(0.5)": nn.CELU(0.5),
    "SELU()": nn.SELU(),
    'GELU("tanh")': nn.GELU("tanh"),
    "SiLU()": nn.SiLU(),
    "Mish()": nn.Mish(),
    "Softplus(2, 3)": nn.Softplus(2.0, 3.0),
    "Softsign()": nn.Softsign(),
    "Sigmoid()": nn.Sigmoid(),
    "LogSigmoid()": nn.LogSigmoid(),
    "Hardsigmoid()": nn.Hardsigmoid(),
    "Hardswish()": nn.Hardswish(),
    "Tanh()": nn.Tanh(),
    "Tanhshrink()": nn.Tanhshrink(),
    "Hardtanh(-0.5, 1)": nn.Hardtanh(-0.5, 1.0),
    "Hardshrink(0.4)": nn.Hardshrink(0.4),
    "Softshrink(0.4)": nn.Softshrink(0.4),
    "Threshold(0.1, 20)": nn.Threshold(0.1, 20.0),
    "Softmax(dim=1)": nn.Softmax(1),
    "LogSoftmax(dim=-1)": nn.LogSoftmax(-1),
    "Softmin(dim=2)": nn.Softmin(2),
    "GLU(dim=1)": nn.GLU(1),
    "LayerNorm(eps=1e-3)": nn.LayerNorm(4, eps=1e-3),
    "LayerNorm((8, 4), bias=False)": nn.LayerNorm((8, 4), bias=False),
    "LayerNorm(4, elementwise_affine=False)": nn.LayerNorm(4, elementwise_affine=False),
    "RMSNorm()": nn.RMSNorm(4),
    "RMSNorm((6, 8, 4), eps=0.1)": nn.RMSNorm((6, 8, 4), eps=0.1),
    "GroupNorm(3)": nn.GroupNorm(3, 6),
    "GroupNorm(1, affine=False)": nn.GroupNorm(1, 6, affine=False),
    "LocalResponseNorm(3, k=2)": nn.LocalResponseNorm(3, k=2.0),
    "Dropout(0.3)": nn.Dropout(0.3),
    "Dropout2d(0.3)": nn.Dropout2d(0.3),
    "AlphaDropout(0.3)": nn.AlphaDropout(0.3),
    "FeatureAlphaDropout(0.3)": nn.FeatureAlphaDropout(0.3),
    'StochasticDepth(0.3, "batch")': nn.Identity(),
}
#: layers that write into their input
INPLACE = ("ReLU", "ReLU6", "LeakyReLU", "ELU", "CELU", "SELU", "SiLU", "Mish", "Hardsigmoid", "Hardswish", "Hardtanh",
           "Dropout", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout")  # fmt: skip

#: functions as a spec writes them, and as torch does
CALLS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu(x)": torch.relu,
    "leaky_relu(x, 0.2)": lambda x: functional.leaky_relu(x, 0.2),
    'gelu(x, approximate="tanh")': lambda x: functional.gelu(x, approximate="tanh"),
    "silu(x)": functional.silu,
    "softplus(x, beta=2)": lambda x: functional.softplus(x, beta=2),
    "sigmoid(x)": torch.sigmoid,
    "tanh(x)": torch.tanh,
    "exp(-x)": lambda x: torch.exp(-x),
    "log(abs(x) + 1)": lambda x: torch.log(x.abs() + 1),
    "sqrt(x ** 2 + 1)": lambda x: torch.sqrt(x**2 + 1),
    "x -> abs -> sqrt -> log()": lambda x: x.abs().sqrt().log(),
    "clamp(x, min=0, max=0.5)": lambda x: x.clamp(0, 0.5),
    "maximum(x, -x)": torch.abs,
    "minimum(x, x * 2)": lambda x: torch.minimum(x, x * 2),
    "softmax(x, axis=1)": lambda x: torch.softmax(x, 1),
    "log_softmax(x)": lambda x: torch.log_softmax(x, -1),
    "normalize(x, axis=-1)": lambda x: functional.normalize(x, dim=-1),
    "mean(x, (2, 3))": lambda x: x.mean((2, 3)),
    "x -> sum(axis=1, keepdim=True)": lambda x: x.sum(1, keepdim=True),
    "amax(x, axis=-1)": lambda x: x.amax(-1),
    "amin(x, axis=(0, 1))": lambda x: x.amin((0, 1)),
    "var(x, axis=3, correction=0)": lambda x: x.var(3, correction=0),
}


def named(expressions: list[str], steps: bool) -> str:
    """A network with an output for each: ``output "0" = x -> op0: ReLU()``."""
    lines = (f'output "{i}" = {f"x -> op{i}: " if steps else ""}{e}' for i, e in enumerate(expressions))
    return "\n".join(("network N() {", "input x: [B, 6, 8, 4]", *lines, "}"))


def numbers() -> Tensor:
    return torch.randn(3, 6, 8, 4, generator=torch.Generator().manual_seed(0))


def ways(model: nn.Module, x: Tensor) -> dict[str, Callable[[Tensor], Any]]:
    """The model as it is, scripted, compiled and exported."""
    sizes = ({0: torch.export.Dim("B", min=2)},)
    return {
        "eager": model,
        "script": torch.jit.script(model),
        "compile": torch.compile(model, fullgraph=True, backend="eager"),
        "export": torch.export.export(model, (x,), dynamic_shapes=sizes).module(),
    }


def test_layers_give_what_torch_gives() -> None:
    model = build_graph(graph_of(named([*LAYERS], steps=True))).eval()
    x = numbers()
    for i, (text, layer) in enumerate(LAYERS.items()):
        ours = model.get_submodule(f"op{i}")
        assert repr(ours) == repr(layer) or text.startswith("StochasticDepth")
        for weight in layer.parameters():
            nn.init.normal_(weight, generator=torch.Generator().manual_seed(i))
        ours.load_state_dict(layer.state_dict())
    for way, run in ways(model, x).items():
        outputs = run(x)
        for i, (text, layer) in enumerate(LAYERS.items()):
            assert torch.equal(outputs[str(i)], layer.eval()(x)), (way, text)


def test_functions_give_what_torch_gives() -> None:
    model = build_graph(graph_of(named([*CALLS], steps=False)))
    x = numbers()
    for way, run in ways(model, x).items():
        outputs = run(x)
        for i, (text, function) in enumerate(CALLS.items()):
            assert torch.allclose(outputs[str(i)], function(x), atol=1e-6), (way, text)


def test_layers_in_place_give_the_same() -> None:
    steps = [f"(x * 1) -> op{i}: {name}(inplace=True)" for i, name in enumerate(INPLACE)]
    model = build_graph(graph_of(named(steps, steps=False))).eval()
    x = numbers()
    before = x.clone()
    for way, run in ways(model, x).items():
        outputs = run(x)
        for i, name in enumerate(INPLACE):
            assert torch.equal(outputs[str(i)], getattr(nn, name)().eval()(x)), (way, name)
        assert torch.equal(x, before)


def test_dropout_of_channels_with_other_numbers_of_axes() -> None:
    text = """network N() {
        input a: [B, 2, L]
        input b: [B, 2, T, H, W]
        output a -> Dropout1d(0.5), b -> Dropout3d(0.5)
    }"""
    model = build_graph(graph_of(text)).train()
    torch.manual_seed(0)
    for y in model(torch.ones(20, 2, 5), torch.ones(20, 2, 2, 3, 4)):
        assert set(y.flatten(2).flatten(0, 1).unique(dim=1).unique().tolist()) == {0.0, 2.0}
        assert y.flatten(2).var(-1).max() == 0  # a channel is kept as a whole


def test_every_op_is_here() -> None:
    written = " ".join((*LAYERS, *CALLS))
    special = {"neg": "-x", "pow": "**", "Dropout1d": "", "Dropout3d": ""}
    names = {*ACTIVATIONS, *ALONG, *FUNCTIONS, *REDUCTIONS, *NORMS, *DROPOUTS}
    assert [name for name in sorted(names) if special.get(name, f"{name}(") not in written] == []


# ----------------------------------------------------------------------------------------------- stochastic depth


def drop_path(p: float, mode: str) -> nn.Module:
    text = f'network N() {{ input x: [B, 5, L]; output (x * 1) -> drop: StochasticDepth({p}, mode="{mode}") }}'
    return build_graph(graph_of(text)).train()


def test_stochastic_depth_drops_whole_samples() -> None:
    """arXiv 1603.09382: a sample is 0 with probability p; divided by 1 - p its expectation stays."""
    torch.manual_seed(0)
    model = drop_path(0.25, "row")
    y = model(torch.ones(4000, 5, 3))
    assert y.flatten(1).var(1).max() == 0
    kept = y[:, 0, 0]
    assert torch.allclose(kept.unique(), torch.tensor([0.0, 1 / 0.75]))
    assert abs(kept.mean() - 1) < 3 * (0.25 / 0.75 / 4000) ** 0.5  # three standard deviations of the mean


def test_stochastic_depth_drops_whole_batches() -> None:
    torch.manual_seed(0)
    model = drop_path(0.5, "batch")
    kept = [model(torch.ones(3, 5, 2)).unique().tolist() for _ in range(20)]
    assert sorted(map(tuple, kept))[0] == (0.0,)
    assert sorted(map(tuple, kept))[-1] == (2.0,)
    assert all(len(values) == 1 for values in kept)


def test_stochastic_depth_keeps_or_drops_all() -> None:
    x = numbers()[0]
    assert torch.equal(drop_path(0, "row")(x[:, :5]), x[:, :5])
    assert drop_path(1.0, "row")(x[:, :5]).abs().max() == 0
    assert torch.equal(drop_path(1.0, "batch").eval()(x[:, :5]), x[:, :5])


def test_stochastic_depth_is_a_module_like_any_other() -> None:
    model = drop_path(0.1, "row")
    assert repr(model.drop) == "StochasticDepth(p=0.1, mode=row)"
    assert repr(pickle.loads(pickle.dumps(model))) == repr(copy.deepcopy(model)) == repr(model)
    torch.manual_seed(3)
    expected = model(torch.ones(8, 5, 2))
    torch.manual_seed(3)
    assert torch.equal(torch.jit.script(model)(torch.ones(8, 5, 2)), expected)
