"""Swin's shifted windows against attention that is written pixel by pixel, for sizes that need padding."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

import netspec
from tests.specs.small import SPECS

NETWORK = """
network Attention(shift: int) {
    input x: [B, H, W, 6]
    output x -> attn: WindowAttention(heads=2, window=4, shift=shift, attention_dropout=0.0, dropout=0.0)
}
"""


def by_hand(attn: Any, x: Tensor, heads: int, window: int, shift: int) -> Tensor:
    """What a pixel takes of all pixels in its window, one pixel at a time (arXiv 2103.14030, equation 4).

    A pixel's window is found from its place after the shift; those that the shift brought around the edge attend to
    one another only. An axis of a single window is not shifted. Padding has the value 0 and takes part.
    """
    sizes = [math.ceil(s / window) * window for s in x.shape[:2]]
    shifts = [shift if size > window else 0 for size in sizes]
    padded = torch.zeros(*sizes, x.shape[2])
    padded[: x.shape[0], : x.shape[1]] = x
    query, key, value = attn.qkv(padded).reshape(*sizes, 3, heads, -1).permute(2, 3, 0, 1, 4)
    table, span = attn.relative_position_bias_table, 2 * window - 1
    result = torch.empty(*x.shape)
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            here = [place(p, s, size, window) for p, s, size in zip((i, j), shifts, sizes, strict=True)]
            near = [[q for q in range(size) if place(q, s, size, window)[:2] == h[:2]]
                    for h, s, size in zip(here, shifts, sizes, strict=True)]  # fmt: skip
            cells = [(k, m) for k in near[0] for m in near[1]]
            keys, values = (torch.stack([t[:, k, m] for k, m in cells], 1) for t in (key, value))
            apart = [[h[2] - place(p, s, size, window)[2] + window - 1
                      for h, p, s, size in zip(here, cell, shifts, sizes, strict=True)] for cell in cells]  # fmt: skip
            offsets = [row * span + column for row, column in apart]
            scores = (keys @ query[:, i, j, :, None])[..., 0] / math.sqrt(query.shape[-1]) + table[offsets].T
            result[i, j] = attn.proj((scores.softmax(-1)[:, None] @ values)[:, 0].flatten())
    return result


def place(position: int, shift: int, size: int, window: int) -> tuple[int, bool, int]:
    """After the shift: the window, whether it came around the edge, and where in the window."""
    moved = (position - shift) % size
    return moved // window, position < shift, moved % window


@pytest.mark.parametrize("size", [(8, 8), (9, 6), (3, 10), (4, 4), (2, 13)], ids=str)
@pytest.mark.parametrize("shift", [0, 1, 2])
def test_shifted_windows_of_any_size(size: tuple[int, int], shift: int, tmp_path: Path) -> None:
    spec = tmp_path / "attention.netspec"
    spec.write_text((SPECS / "torchvision" / "swin_transformer.netspec").read_text() + NETWORK)
    torch.manual_seed(0)
    model = netspec.build(spec, "Attention", shift=shift)
    x = torch.randn(1, *size, 6)
    with torch.no_grad():
        assert torch.allclose(model(x)[0], by_hand(model.attn, x[0], 2, 4, shift), atol=1e-5)
