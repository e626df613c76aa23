"""Layers and functions as a user of torch would write them by hand, where that is not ``nn.Name(**kwargs)``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from tests.ops import by_hand


class StochasticDepth(nn.Module):
    """arXiv 1603.09382, section 3: in evaluation all layers are there. torchvision's has the same repr and weights."""

    def __init__(self, p: float, mode: str = "row") -> None:
        super().__init__()
        if p < 0 or p > 1 or mode not in ("row", "batch"):
            raise ValueError
        self.p, self.mode = p, mode

    def extra_repr(self) -> str:
        return f"p={self.p}, mode={self.mode}"

    def forward(self, x: Tensor) -> Tensor:
        if self.training:
            raise NotImplementedError
        return x


def layer_norm(shape: tuple[int, ...], normalized_shape: Any = None, **kwargs: Any) -> nn.Module:
    return nn.LayerNorm(shape[-1] if normalized_shape is None else normalized_shape, **kwargs)


def rms_norm(shape: tuple[int, ...], normalized_shape: Any = None, **kwargs: Any) -> nn.Module:
    return nn.RMSNorm(shape[-1] if normalized_shape is None else normalized_shape, **kwargs)


def group_norm(shape: tuple[int, ...], num_groups: Any, **kwargs: Any) -> nn.Module:
    return nn.GroupNorm(num_groups, shape[1], **kwargs)


#: by the shape of the input and the attributes
MODULES: dict[str, Callable[..., nn.Module]] = {
    "LayerNorm": layer_norm,
    "RMSNorm": rms_norm,
    "GroupNorm": group_norm,
    "Permute": lambda shape, **kwargs: by_hand.Permute(**kwargs),
    "StochasticDepth": lambda shape, **kwargs: StochasticDepth(**kwargs),
}


def _along(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A function whose dim is an axis here."""
    return lambda x, axis, **kwargs: function(x, dim=axis, **kwargs)


#: by the tensors and the attributes
FUNCTIONS: dict[str, Callable[..., Any]] = {
    **by_hand.FUNCTIONS,
    "relu": torch.relu,
    "leaky_relu": functional.leaky_relu,
    "gelu": functional.gelu,
    "silu": functional.silu,
    "softplus": functional.softplus,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "exp": torch.exp,
    "log": torch.log,
    "sqrt": torch.sqrt,
    "abs": torch.abs,
    "neg": torch.neg,
    "pow": lambda x, exponent: x**exponent,
    "clamp": torch.clamp,
    "maximum": torch.maximum,
    "minimum": torch.minimum,
    "softmax": lambda x, axis=-1: torch.softmax(x, axis),
    "log_softmax": lambda x, axis=-1: torch.log_softmax(x, axis),
    "normalize": lambda x, p=2.0, axis=1, eps=1e-12: functional.normalize(x, p, axis, eps),
    "mean": _along(torch.mean),
    "sum": _along(torch.sum),
    "amax": _along(torch.amax),
    "amin": _along(torch.amin),
    "var": _along(torch.var),
}
