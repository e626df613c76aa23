"""Functions that move, pad, cut and choose elements, as a user would write them in torch, by the spec's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

LINEAR = {3: "linear", 4: "bilinear", 5: "trilinear"}


class Permute(nn.Module):
    """As torchvision.ops has it."""

    def __init__(self, dims: list[int]) -> None:
        super().__init__()
        self.dims = dims

    def forward(self, x: Tensor) -> Tensor:
        return torch.permute(x, self.dims)


def interpolate(x: Tensor, like: Tensor | None = None, mode: str = "nearest", **kwargs: Any) -> Tensor:
    if like is not None:
        if like.dim() != x.dim() or kwargs.get("size") is not None:
            raise ValueError("like")
        kwargs["size"] = like.shape[2:]
    return F.interpolate(x, mode=LINEAR.get(x.dim(), mode) if mode == "linear" else mode, **kwargs)


def roll(x: Tensor, shifts: Any, axes: Any) -> Tensor:
    if axes == ():
        raise ValueError("axes")
    return torch.roll(x, shifts, axes)


def shift_mask(x: Tensor, window: int | tuple[int, int], shift: int | tuple[int, int]) -> Tensor:
    """Region by region, as the reference implementation of Swin Transformer numbers them."""
    windows = (window,) * 2 if isinstance(window, int) else window
    shifts = (shift,) * 2 if isinstance(shift, int) else shift
    _, height, width, _ = x.shape
    if any(not 0 <= s < w for s, w in zip(shifts, windows, strict=True)) or not x.is_floating_point():
        raise ValueError("shift")
    regions = x.new_zeros(height, width)
    for i, rows in enumerate(_slices(windows[0], shifts[0])):
        for j, columns in enumerate(_slices(windows[1], shifts[1])):
            regions[rows, columns] = 3 * i + j
    cut = regions.view(height // windows[0], windows[0], width // windows[1], windows[1]).transpose(1, 2)
    cells = cut.reshape(-1, windows[0] * windows[1])
    different = cells.unsqueeze(1) - cells.unsqueeze(2)
    return different.masked_fill(different != 0, -100.0)


def _slices(window: int, shift: int) -> tuple[slice, slice, slice]:
    return slice(0, -window), slice(-window, -shift), slice(-shift, None)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "permute": lambda x, axes: torch.permute(x, axes),
    "transpose": torch.transpose,
    "flip": lambda x, axes: torch.flip(x, (axes,) if isinstance(axes, int) else axes),
    "roll": roll,
    "squeeze": lambda x, axis: torch.squeeze(x, axis),
    "unsqueeze": lambda x, axis: torch.unsqueeze(x, axis),
    "pad": lambda x, padding, **kwargs: F.pad(x, padding, **kwargs),
    "interpolate": interpolate,
    "take": lambda table, index: table[index],
    "masked_fill": lambda x, mask, value: x.masked_fill(mask, value),
    "chunk": lambda x, chunks, axis=1: torch.chunk(x, chunks, axis),
    "split": lambda x, split_size, axis=1: torch.split(x, split_size, axis),
    "unbind": lambda x, axis=0: torch.unbind(x, axis),
    "stack": lambda *tensors, axis=0: torch.stack(tensors, axis),
    "shift_mask": shift_mask,
}
