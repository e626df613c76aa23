"""ResNet3d as a person writes it in plain PyTorch, with PYSKL's names; what the built one is measured against."""

from __future__ import annotations

import torch
from torch import Tensor, nn

Triple = tuple[int, int, int]


class ConvModule(nn.Module):
    """Convolution, batch norm and, unless switched off, ReLU; ``kernel // 2`` is padded."""

    def __init__(self, inputs: int, outputs: int, kernel: Triple, stride: Triple = (1, 1, 1), act: bool = True) -> None:
        super().__init__()
        padding = (kernel[0] // 2, kernel[1] // 2, kernel[2] // 2)
        self.conv = nn.Conv3d(inputs, outputs, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm3d(outputs)
        self.activate = nn.ReLU(inplace=True) if act else None

    def forward(self, x: Tensor) -> Tensor:
        x = self.bn(self.conv(x))
        return x if self.activate is None else self.activate(x)


class Bottleneck3d(nn.Module):
    """1x1x1 with a temporal kernel, 3x3 in space, 1x1x1; the shortcut is projected where the shape changes."""

    def __init__(self, inputs: int, planes: int, stride: Triple = (1, 1, 1)) -> None:
        super().__init__()
        self.conv1 = ConvModule(inputs, planes, (3, 1, 1))
        self.conv2 = ConvModule(planes, planes, (1, 3, 3), stride)
        self.conv3 = ConvModule(planes, 4 * planes, (1, 1, 1), act=False)
        projected = inputs != 4 * planes or stride != (1, 1, 1)
        self.downsample = ConvModule(inputs, 4 * planes, (1, 1, 1), stride, act=False) if projected else None
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x: Tensor) -> Tensor:
        main = self.conv3(self.conv2(self.conv1(x)))
        skip = x if self.downsample is None else self.downsample(x)
        return self.relu(main + skip)


class ResNet3d(nn.Module):
    """The whole network, without a head: ``[B, 3, T, H, W]`` to ``[B, 2048, T, ceil(H/32), ceil(W/32)]``."""

    def __init__(self, blocks: tuple[int, int, int, int]) -> None:
        super().__init__()
        self.conv1 = ConvModule(3, 64, (3, 7, 7), (1, 2, 2))
        self.maxpool = nn.MaxPool3d((1, 3, 3), (1, 2, 2), (0, 1, 1))
        self.layer1 = stage(64, 64, blocks[0], (1, 1, 1))
        self.layer2 = stage(256, 128, blocks[1], (1, 2, 2))
        self.layer3 = stage(512, 256, blocks[2], (1, 2, 2))
        self.layer4 = stage(1024, 512, blocks[3], (1, 2, 2))

    def forward(self, clip: Tensor) -> Tensor:
        x = self.maxpool(self.conv1(clip))
        return self.layer4(self.layer3(self.layer2(self.layer1(x))))  # type: ignore[no-any-return]


class ResNet3d50(ResNet3d):
    """Of depth 50."""

    def __init__(self) -> None:
        super().__init__((3, 4, 6, 3))


def stage(inputs: int, planes: int, blocks: int, stride: Triple) -> nn.Sequential:
    first = Bottleneck3d(inputs, planes, stride)
    return nn.Sequential(first, *(Bottleneck3d(4 * planes, planes) for _ in range(blocks - 1)))


def tiny() -> Tensor:
    """The clip that speed is measured on."""
    return torch.randn(1, 3, 2, 16, 16)
