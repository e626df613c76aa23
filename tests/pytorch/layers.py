"""A layer and a function of a user's own, for `test_own_ops`."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Swish(nn.Module):
    def __init__(self, beta: float = 1.0) -> None:
        super().__init__()
        self.beta = beta

    def forward(self, x: Tensor) -> Tensor:
        return x * torch.sigmoid(self.beta * x)


def shifted(x: Tensor, like: Tensor, by: float) -> Tensor:
    return x + like.mean() + by
