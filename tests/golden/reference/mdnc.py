"""MDNC's networks, of ``conv`` and of ``resnet``, for one, two and three axes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from tests.golden.reference.mdnc_blocks import CONV, BlockBottleneck, BlockPlain, ConvModern, Size, per_axis

_POOL = {1: nn.AdaptiveAvgPool1d, 2: nn.AdaptiveAvgPool2d, 3: nn.AdaptiveAvgPool3d}
LAYERS: dict[str, type[nn.Module]] = {"plain": BlockPlain, "bottleneck": BlockBottleneck, "conv": ConvModern}


class Stage(nn.Module):
    """``count - 1`` layers of the hidden width, then the layer that scales."""

    def __init__(
        self,
        net: Network,
        c_in: int,
        c_out: int,
        count: int,
        scaler: str,
        hidden: int | None = None,
        scale: bool = True,
    ) -> None:
        super().__init__()
        hidden = c_out if hidden is None else hidden
        padding = tuple(k // 2 for k in net.kernel)
        widths = [c_in, *[hidden] * (count - 1)]
        self.conv_list = nn.ModuleList(net.layer(net.rank, a, b, net.kernel, 1, padding) for a, b in pairwise(widths))
        stride = net.stride if scale else 1
        self.conv_scale = net.layer(net.rank, widths[-1], c_out, net.kernel, stride, padding, scaler=scaler)

    def before_scaling(self, x: Tensor) -> Tensor:
        for conv in self.conv_list:
            x = conv(x)
        return x

    def forward(self, x: Tensor) -> Tensor:
        return self.conv_scale(self.before_scaling(x))


class Network(nn.Module):
    """What all networks share: kernels per axis, the kind of layer, the first and the last convolution."""

    def __init__(self, rank: int, block: str, kernel_size: Any, layers: Sequence[int]) -> None:
        super().__init__()
        if len(layers) < 2 or min(layers) < 1:
            raise ValueError(layers)
        self.rank, self.layers = rank, tuple(layers)
        self.layer = LAYERS[block.lower()]
        self.kernel = per_axis(kernel_size, rank)
        self.stride = tuple(2 if k > 1 else 1 for k in self.kernel)

    def conv(self, c_in: int, c_out: int, bias: bool, wide: bool) -> nn.Module:
        """A convolution with the kernel of the inner layers, or with the wide one of the network's ends."""
        kernel = tuple(k + 2 if wide and k > 1 else k for k in self.kernel)
        return CONV[self.rank](c_in, c_out, kernel, padding=tuple(k // 2 for k in kernel), bias=bias)


def crop(x: Tensor, size: Sequence[int]) -> Tensor:
    """The middle of a tensor, per axis at most ``size``; the offset is rounded down."""
    for axis, wanted in enumerate(size, start=2):
        if x.shape[axis] > wanted:
            x = x.narrow(axis, (x.shape[axis] - wanted) // 2, wanted)
    return x


class UNet(Network):
    skips = True

    def __init__(
        self,
        rank: int,
        channel: int,
        layers: Sequence[int],
        block: str = "conv",
        kernel_size: Any = 3,
        in_planes: int = 1,
        out_planes: int = 1,
    ) -> None:
        super().__init__(rank, block, kernel_size, layers)
        n, c, wider = len(layers), channel, 2 if self.skips else 1
        self.nlayers = self.layer.depth * (layers[-1] + 2 * sum(layers[:-1])) + 2
        self.conv_first = self.conv(in_planes, c, bias=False, wide=True)
        widths = [c * 2**i for i in range(n - 1)]
        ins = [c, *widths]
        self.conv_down_list = nn.ModuleList(
            Stage(self, a, b, k, "down") for a, b, k in zip(ins, widths, layers, strict=False)
        )
        ups = []
        for i in range(n - 2, 0, -1):
            ups.append(Stage(self, wider * widths[i], widths[i - 1], layers[i], "up", hidden=widths[i]))
        ups.append(Stage(self, wider * c, c, layers[0], "down", scale=False))
        self.conv_up_list = nn.ModuleList(ups)
        self.conv_middle_up = Stage(self, widths[-1], widths[-1], layers[-1], "up", hidden=2 * widths[-1])
        self.conv_final = self.conv(c, out_planes, bias=True, wide=True)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv_first(x)
        kept = []
        for stage in self.conv_down_list:
            skip = stage.before_scaling(x)
            kept.append(skip if self.skips else x)
            x = stage.conv_scale(skip)
        x = self.conv_middle_up(x)
        for stage, skip in zip(self.conv_up_list, reversed(kept), strict=True):
            x = crop(x, skip.shape[2:])
            x = stage(torch.cat([x, crop(skip, x.shape[2:])], dim=1) if self.skips else x)
        return self.conv_final(x)


class AE(UNet):
    skips = False


class EncoderNet(Network):
    def __init__(
        self,
        rank: int,
        channel: int,
        layers: Sequence[int],
        block: str = "conv",
        kernel_size: Any = 3,
        in_planes: int = 1,
        out_length: int | None = 2,
    ) -> None:
        super().__init__(rank, block, kernel_size, layers)
        self.nlayers = self.layer.depth * sum(layers) + 2
        widths = [channel, *[channel * 2**i for i in range(len(layers))]]
        body = [self.conv(in_planes, channel, bias=False, wide=True)]
        body += [Stage(self, a, b, k, "down") for a, b, k in zip(widths, widths[1:], layers, strict=False)]
        body.append(self.conv(widths[-1], widths[-1], bias=True, wide=False))
        body += [_POOL[rank]((1,) * rank)] if out_length else []
        self.netbody = nn.Sequential(*body)
        if out_length:
            self.fc = nn.Linear(widths[-1], out_length)

    def forward(self, x: Tensor) -> Tensor:
        x = self.netbody(x)
        return self.fc(x.flatten(1)) if hasattr(self, "fc") else x


class DecoderNet(Network):
    def __init__(
        self,
        rank: int,
        channel: int,
        layers: Sequence[int],
        out_size: Any,
        block: str = "conv",
        kernel_size: Any = 3,
        in_length: int | None = 2,
        out_planes: int = 1,
    ) -> None:
        super().__init__(rank, block, kernel_size, layers)
        self.nlayers = self.layer.depth * sum(layers) + (3 if in_length else 2)
        self.level_shapes: list[Size] = [per_axis(out_size, rank)]
        for _ in layers:
            if not prod(s // t for s, t in zip(self.level_shapes[-1], self.stride, strict=True)):
                raise ValueError(out_size)
            self.level_shapes.append(tuple(-(-s // t) for s, t in zip(self.level_shapes[-1], self.stride, strict=True)))
        smallest, wide = self.level_shapes[-1], channel * 2 ** (len(layers) - 1)
        self.input_size = (in_length,) if in_length else (wide, *smallest)
        if in_length:
            self.conv_in = CONV[rank](in_length, wide, smallest, padding=tuple(s - 1 for s in smallest))
        self.conv_first = self.conv(wide, wide, bias=False, wide=False)
        outs = [wide // 2 ** (i + 1) for i in range(len(layers) - 1)] + [channel]
        self.netbody = nn.ModuleList(
            Stage(self, a, b, k, "up") for a, b, k in zip([wide, *outs], outs, layers, strict=False)
        )
        self.conv_last = self.conv(channel, out_planes, bias=True, wide=True)

    def forward(self, x: Tensor) -> Tensor:
        if hasattr(self, "conv_in"):
            x = self.conv_in(x.reshape(*x.shape, *(1,) * self.rank))
        x = self.conv_first(x)
        for stage, size in zip(self.netbody, reversed(self.level_shapes[:-1]), strict=True):
            x = crop(stage(x), size)
        return self.conv_last(x)


def construct(name: str) -> Callable[..., nn.Module]:
    """The class of a system: ``resnet.UNet2d``. Those of ``conv`` take no ``block``."""
    module, kind = name.split(".")
    made = {c.__name__: c for c in (ConvModern, BlockPlain, BlockBottleneck, UNet, AE, EncoderNet, DecoderNet)}[
        kind[:-2]
    ]
    network = issubclass(made, Network) and module == "resnet"
    return lambda **arguments: made(int(kind[-2]), **({"block": "bottleneck"} if network else {}) | arguments)
