"""MDNC's layer and its residual blocks, for one, two and three axes."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from tests.golden.reference.sums import add

Size = tuple[int, ...]
CONV = {1: nn.Conv1d, 2: nn.Conv2d, 3: nn.Conv3d}
_BATCH = {1: nn.BatchNorm1d, 2: nn.BatchNorm2d, 3: nn.BatchNorm3d}
_INSTANCE = {1: nn.InstanceNorm1d, 2: nn.InstanceNorm2d, 3: nn.InstanceNorm3d}
NORMALIZERS = ("batch", "inst", "pinst", "null")
_MODE = {1: "linear", 2: "bilinear", 3: "trilinear"}


def per_axis(value: Any, rank: int) -> Size:
    return (value,) * rank if isinstance(value, int) else tuple(value)


def norm(rank: int, normalizer: str, channels: int) -> list[nn.Module]:
    if normalizer == "batch":
        return [_BATCH[rank](channels)]
    return [] if normalizer == "null" else [_INSTANCE[rank](channels, affine=normalizer == "pinst")]


def activation(activator: str, channels: int) -> list[nn.Module]:
    if activator == "prelu":
        return [nn.PReLU(channels)]
    return [nn.ReLU()] if activator == "relu" else []


def upsample(rank: int, stride: Size, output_size: Any) -> nn.Module:
    settings = {"mode": _MODE[rank], "align_corners": True}
    if output_size is not None:
        return nn.Upsample(size=per_axis(output_size, rank), **settings)
    return nn.Upsample(scale_factor=stride, **settings)


def scales(stride: Size, output_size: Any, scaler: str) -> bool:
    return max(stride) > 1 or (output_size is not None and scaler == "up")


def layer(
    rank: int,
    c_in: int,
    c_out: int,
    kernel: Any,
    stride: Any,
    padding: Any,
    output_size: Any,
    normalizer: str,
    activator: str,
    order: str,
    scaler: str,
) -> nn.Sequential:
    """Convolution, norm and activation in their order, with a stride or an upsample before the convolution."""
    if normalizer not in NORMALIZERS:
        raise ValueError(normalizer)
    stride = per_axis(stride, rank)
    scaling = scales(stride, output_size, scaler)
    if scaling and scaler not in ("up", "down"):
        raise ValueError(scaler)
    up = [upsample(rank, stride, output_size)] if scaling and scaler == "up" else []
    steps = stride if scaling and scaler == "down" else 1
    kernel, padding = per_axis(kernel, rank), per_axis(padding, rank)
    conv = [*up, CONV[rank](c_in, c_out, kernel, steps, padding, bias=normalizer == "null")]
    if normalizer == "null":
        return nn.Sequential(*conv, *activation(activator, c_out))
    if order == "new":
        return nn.Sequential(*norm(rank, normalizer, c_in), *activation(activator, c_in), *conv)
    if order == "old":
        return nn.Sequential(*conv, *norm(rank, normalizer, c_out), *activation(activator, c_out))
    return nn.Sequential(*conv)


class ConvModern(nn.Module):
    depth = 1

    def __init__(
        self,
        rank: int,
        in_planes: int,
        out_planes: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = 1,
        output_size: Any = None,
        normalizer: str = "pinst",
        activator: str = "prelu",
        layer_order: str = "new",
        scaler: str = "down",
    ) -> None:
        super().__init__()
        style = (normalizer, activator, layer_order, scaler)
        self.mconv = layer(rank, in_planes, out_planes, kernel_size, stride, padding, output_size, *style)

    def forward(self, x: Tensor) -> Tensor:
        return self.mconv(x)


class Block(nn.Module):
    """A residual block: its convolutions, and a shortcut ``in_node`` where sizes or widths change."""

    depth: int

    def __init__(
        self,
        rank: int,
        in_planes: int,
        out_planes: int,
        kernel_size: Any = 3,
        stride: Any = 1,
        padding: Any = 1,
        output_size: Any = None,
        normalizer: str = "pinst",
        activator: str = "prelu",
        layer_order: str = "new",
        scaler: str = "down",
    ) -> None:
        super().__init__()
        if normalizer not in NORMALIZERS or activator not in ("prelu", "relu", "null"):
            raise ValueError((normalizer, activator))
        if layer_order not in ("new", "old"):
            raise ValueError(layer_order)
        style = (normalizer, activator, layer_order, scaler)
        scaled = (kernel_size, stride, padding, output_size)
        same, point = (kernel_size, 1, padding, None), (1, 1, 0, None)
        if self.depth == 2:
            self.conv1 = layer(rank, in_planes, in_planes, *same, *style)
            self.conv2 = layer(rank, in_planes, out_planes, *scaled, *style)
        else:
            self.conv1 = layer(rank, in_planes, in_planes, *point, *style)
            self.conv2 = layer(rank, in_planes, in_planes, *scaled, *style)
            self.conv3 = layer(rank, in_planes, out_planes, *point, *style)
        steps = per_axis(stride, rank)
        if scales(steps, output_size, scaler) or in_planes != out_planes:
            if scaler not in ("up", "down"):
                raise ValueError(scaler)
            up = [upsample(rank, steps, output_size)] if scaler == "up" else []
            conv = CONV[rank](in_planes, out_planes, 1, 1 if up else steps, bias=normalizer == "null")
            self.in_node = nn.Sequential(*up, conv, *norm(rank, normalizer, out_planes))

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(self.conv1(x))
        y = self.conv3(y) if self.depth == 3 else y
        return add(y, self.in_node(x) if hasattr(self, "in_node") else x)


class BlockPlain(Block):
    depth = 2


class BlockBottleneck(Block):
    depth = 3
