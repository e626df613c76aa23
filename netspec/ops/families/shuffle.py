"""Channels and places that change into each other."""

from __future__ import annotations

from typing import ClassVar

from netspec.dims import Size, floor_div, mod
from netspec.ops.base import Op, PositiveInt, Saves
from netspec.ops.contract import Inferred, Need, Refused, shown
from netspec.ops.reads import Reads, mixed, phases, same, window
from netspec.types import TensorType


class PixelShuffle(Op):
    """Channels as places of a finer grid: ``[*, C * r * r, H, W] -> [*, C, H * r, W * r]`` with ``r = upscale_factor``
    (torch.nn.PixelShuffle; arXiv 1609.05158, equation 4).

        x -> up: [Conv2d(4 * 64, 3, padding=1), PixelShuffle(2)]
    """

    saves: ClassVar[Saves] = ()

    upscale_factor: PositiveInt

    def infer(self, *inputs: TensorType) -> Inferred:
        *batch, channels, height, width = _image(self, inputs[0])
        r = self.upscale_factor
        message = f"{shown(channels)} channels are no multiple of upscale_factor squared ({r * r})"
        need = Need(mod(channels, r * r), "==", 0, message)
        dims = (*batch, floor_div(channels, r * r), height * r, width * r)
        return Inferred((TensorType(inputs[0].dtype, dims),), (need,))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """One of ``r * r`` channels, by the place: any of them."""
        r, axis = self.upscale_factor, output.rank - 3
        places = [phases(i, 1, [(0, 0)] * r) for i in (axis + 1, axis + 2)]
        return ((*map(same, range(axis)), window(axis, r * r, 0, r * r - 1), *places),)


class PixelUnshuffle(Op):
    """Places of a grid as channels: ``[*, C, H * r, W * r] -> [*, C * r * r, H, W]`` with ``r = downscale_factor``
    (torch.nn.PixelUnshuffle).

        x -> down: PixelUnshuffle(4) -> conv: Conv2d(64, 3)
    """

    saves: ClassVar[Saves] = ()

    downscale_factor: PositiveInt

    def infer(self, *inputs: TensorType) -> Inferred:
        *batch, channels, height, width = _image(self, inputs[0])
        r, rank = self.downscale_factor, inputs[0].rank
        needs = []
        for axis, size in ((rank - 2, height), (rank - 1, width)):
            message = f"axis {axis} of size {shown(size)} is no multiple of downscale_factor ({r})"
            needs.append(Need(mod(size, r), "==", 0, message))
        dims = (*batch, channels * (r * r), floor_div(height, r), floor_div(width, r))
        return Inferred((TensorType(inputs[0].dtype, dims),), tuple(needs))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """One of ``r * r`` places, by the channel: any of them."""
        r, axis = self.downscale_factor, output.rank - 3
        places = [window(i, r, 0, r - 1) for i in (axis + 1, axis + 2)]
        return ((*map(same, range(axis)), phases(axis, 1, [(0, 0)] * r * r), *places),)


def _image(op: Op, x: TensorType) -> tuple[Size, ...]:
    if x.rank < 3:
        name = type(op).__name__
        raise Refused(f"{name} takes [batch, channels, height, width], got {shown(x)} of rank {x.rank}", operand=0)
    return x.dims


class ChannelShuffle(Op):
    """The channels of ``groups`` groups in turn, ``[B, g * n, *] -> [B, n * g, *]``: the shape stays
    (torch.nn.ChannelShuffle; arXiv 1707.01083, figure 1).

        x -> conv: Conv2d(60, 1, groups=3) -> shuffle: ChannelShuffle(3)
    """

    saves: ClassVar[Saves] = ()

    groups: PositiveInt

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.rank < 3:
            message = f"ChannelShuffle takes [batch, channels, *], at least rank 3, got {shown(x)} of rank {x.rank}"
            raise Refused(message, operand=0)
        message = f"{shown(x.channels)} channels are no multiple of groups ({self.groups})"
        return Inferred((x,), (Need(mod(x.channels, self.groups), "==", 0, message),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (mixed(output, (1,)),)
