"""Functions of tensors in a network give what the same formula written in torch gives."""

from __future__ import annotations

import torch

from netspec.pytorch.build import build_graph
from tests.pytorch.networks import ATTENTION, sample
from tests.texts import graph_of


def test_attention_is_that_of_torch() -> None:
    graph = graph_of(ATTENTION)
    model = build_graph(graph).eval()
    (x,) = sample(graph)
    batch, channels, height, width = x.shape
    y, blocks, row = model(x)

    queries, keys = (t.flatten(2).transpose(1, 2) for t in model.embed(x).chunk(2, dim=1))
    weights = torch.softmax(queries @ keys.transpose(1, 2) / 3**0.5, dim=-1)
    mixed = (weights @ keys).transpose(1, 2).reshape(batch, 3, height, width)
    assert torch.allclose(y, model.out(mixed), atol=1e-6)

    split = x.reshape(batch, channels, height // 4, 4, width)
    assert torch.equal(blocks, split.permute(0, 4, 3, 2, 1).reshape(batch, width, height, 1, channels))
    assert torch.equal(row, x[:, :, :1].repeat(1, 1, height, 1) / (height * width))


def test_an_open_size_is_an_operand_like_a_number() -> None:
    model = build_graph(graph_of("network N() { input x: [B, 2, L]\noutput x / L, L * 2 - x, x * x.shape[2] + B }"))
    x = torch.randn(3, 2, 5, generator=torch.Generator().manual_seed(0))
    assert all(map(torch.equal, model(x), (x / 5, 10 - x, x * 5 + 3)))
