"""A block that is one module itself is a class of its own where the spec names it by ``as``."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import netspec
from netspec.analysis.rows import attribute_rows, layer_rows
from netspec.pytorch.source import generate
from tests.texts import graph_of

TEXT = """
block Pointwise(planes: int) as "Pointwise" { input x; output x -> self: Conv2d(planes, 1, bias=False) }
block Plain(planes: int) { input x; output x -> self: Conv2d(planes, 1, bias=False) }
block Layer(planes: int) as "ConvAct{planes}" { input x; output x -> self: [Pointwise(planes), ReLU()] }
block LayerNorm2d() { input x; output permute(x, (0, 2, 3, 1)) -> self: LayerNorm() -> permute((0, 3, 1, 2)) }
block Hidden(size: int) as "Hidden" { input x; y, h = x -> self: GRU(size); output y, h }
block Renamed as "Other" = Plain
network Net() {
    input x: [B, 3, H, W]
    y = x -> a: Pointwise(4) -> b: Plain(5) -> c: Layer(6) -> d: Layer(6) -> norm: LayerNorm2d() -> e: Renamed(3)
    z, h = rearrange(y, "b c h w -> b (h w) c") -> rnn: Hidden(2)
    output z, h
    init Conv2d { weight = 1 }
}
"""


@pytest.fixture(scope="module")
def model() -> nn.Module:
    return netspec.build(graph_of(TEXT))


def test_repr_shows_the_name_and_torch_the_base(model: nn.Module) -> None:
    names = {path: module._get_name() for path, module in model.named_children()}  # type: ignore[no-untyped-call]
    assert names == {"a": "Pointwise", "b": "Conv2d", "c": "ConvAct6", "d": "ConvAct6", "norm": "LayerNorm2d",
                     "e": "Other", "rnn": "Hidden"}  # fmt: skip
    assert isinstance(model.a, nn.Conv2d)
    assert isinstance(model.c, nn.Sequential)
    assert isinstance(model.norm, nn.LayerNorm)
    assert isinstance(model.rnn, nn.GRU)
    assert repr(model.a) == "Pointwise(3, 4, kernel_size=(1, 1), stride=(1, 1), bias=False)"


def test_it_is_called_and_keyed_as_what_it_is(model: nn.Module) -> None:
    assert [key for key in model.state_dict() if key.endswith("weight")] == [
        "a.weight", "b.weight", "c.0.weight", "d.0.weight", "norm.weight", "e.weight"]  # fmt: skip
    assert all(bool((model.get_parameter(f"{path}.weight") == 1).all()) for path in ("a", "b", "c.0", "e"))
    sequence, state = model(torch.zeros(2, 3, 4, 5))
    assert (sequence.shape, state.shape) == ((2, 20, 2), (1, 2, 2))


def test_tables_show_the_name() -> None:
    graph = graph_of(TEXT)
    named = [("a", "Pointwise"), ("b", "Conv2d"), ("c.0", "Pointwise"), ("c.1", "ReLU"), ("d.0", "Pointwise"),
             ("d.1", "ReLU"), ("norm", "LayerNorm2d"), ("e", "Other"), ("rnn", "Hidden")]  # fmt: skip
    assert [(path, name) for path, name, _ in attribute_rows(graph)] == named
    rows = layer_rows(netspec.summary(graph, x=(2, 3, 4, 5)))
    assert [(path, name) for path, name, *_ in rows] == named
    assert rows[6] == ["norm", "LayerNorm2d", [2, 6, 4, 5], [2, 6, 4, 5], 12]


def test_the_source_inherits_what_the_block_does_not_change() -> None:
    source = generate(graph_of(TEXT))
    start = source.index("class Pointwise")
    assert "def forward" not in source[start : source.index("class ", start + 1)].partition("class ConvAct6")[0]
