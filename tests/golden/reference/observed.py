"""What a torch module shows of itself, as rows of plain data: those that the recorded cases hold."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

_SETTINGS = {
    "Conv": "in_channels out_channels kernel_size stride padding dilation groups bias",
    "BatchNorm": "num_features eps momentum affine track_running_stats",
    "InstanceNorm": "num_features eps momentum affine track_running_stats",
    "MaxPool": "kernel_size stride padding dilation ceil_mode",
    "AvgPool": "kernel_size stride padding ceil_mode count_include_pad",
    "AdaptiveAvgPool": "output_size",
    "Upsample": "size scale_factor mode align_corners",
    "PReLU": "num_parameters",
    "ReLU": "inplace",
    "LeakyReLU": "negative_slope inplace",
    "Linear": "in_features out_features bias",
    "ModuleList": "",
    "Sequential": "",
}


def leaves(model: nn.Module) -> dict[str, nn.Module]:
    return {path: m for path, m in model.named_modules() if not any(m.children())}


def state_rows(model: nn.Module) -> list[list[Any]]:
    return [[key, list(v.shape), str(v.dtype)[6:]] for key, v in model.state_dict().items()]


def attribute_rows(model: nn.Module) -> list[list[Any]]:
    """``[path, class, settings]`` per leaf module in registration order."""
    return [[path, type(m).__name__, _settings(m)] for path, m in leaves(model).items()]


def _settings(module: nn.Module) -> dict[str, Any]:
    kind = type(module).__name__.removesuffix("1d").removesuffix("2d").removesuffix("3d")
    found = {name: getattr(module, name) for name in _SETTINGS[kind].split()}
    if "bias" in found:
        found["bias"] = found["bias"] is not None
    return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items()}


def run(model: nn.Module, *inputs: Tensor) -> tuple[tuple[Tensor, ...], list[list[Any]]]:
    """The outputs, and ``[path, class, input shape, output shape, own parameters]`` per call of a leaf."""
    rows: list[list[Any]] = []

    def record(path: str) -> Any:
        def hook(m: nn.Module, given: tuple[Tensor, ...], found: Tensor) -> None:
            own = sum(p.numel() for p in m.parameters())
            rows.append([path, type(m).__name__, list(given[0].shape), list(found.shape), own])

        return hook

    hooks = [m.register_forward_hook(record(path)) for path, m in leaves(model).items()]
    try:
        with torch.no_grad():
            result = model(*inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return result if isinstance(result, tuple) else (result,), rows


def frozen(model: nn.Module) -> list[str]:
    return [name for name, p in model.named_parameters() if not p.requires_grad]


def in_eval(model: nn.Module) -> list[str]:
    return [name for name, m in model.named_modules() if not m.training]
