"""PYSKL's ResNet3d and ResNet3dSlowOnly. Sizes are (time, height, width)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from torch import Tensor, nn

from tests.golden.reference.backbone import (
    ACT,
    CONV,
    DEPTHS,
    NORM,
    Backbone,
    Config,
    Unit,
    activation,
    per_block,
    per_stage,
    plain_shortcut,
)
from tests.golden.reference.sums import add


class BasicBlock(nn.Module):
    """Two convolutions; the stride sits on the first."""

    expansion = 1
    last = "conv2"

    def __init__(
        self,
        c_in: int,
        planes: int,
        stride: tuple[int, int],
        downsample: nn.Module | None,
        inflate: bool,
        inflate_style: str,
        cfg: Config,
    ) -> None:
        super().__init__()
        assert inflate_style == "3x3x3"
        time = 3 if inflate else 1
        pad = (time // 2, 1, 1)
        steps = (stride[0], stride[1], stride[1])
        self.conv1 = Unit(c_in, planes, (time, 3, 3), steps, pad, **cfg)
        self.conv2 = Unit(planes, planes, (time, 3, 3), 1, pad, **cfg | {"act_cfg": None})
        if downsample is not None:
            self.downsample = downsample
        self.relu = activation(cfg["act_cfg"])

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv2(self.conv1(x))
        return self.relu(add(y, self.downsample(x) if hasattr(self, "downsample") else x))


class Bottleneck(nn.Module):
    """1x1, kxk, 1x1; both strides sit on the second convolution."""

    expansion = 4
    last = "conv3"

    def __init__(
        self,
        c_in: int,
        planes: int,
        stride: tuple[int, int],
        downsample: nn.Module | None,
        inflate: bool,
        inflate_style: str,
        cfg: Config,
    ) -> None:
        super().__init__()
        assert inflate_style in ("3x1x1", "3x3x3")
        first = 3 if inflate and inflate_style == "3x1x1" else 1
        second = 3 if inflate and inflate_style == "3x3x3" else 1
        steps = (stride[0], stride[1], stride[1])
        self.conv1 = Unit(c_in, planes, (first, 1, 1), 1, (first // 2, 0, 0), **cfg)
        self.conv2 = Unit(planes, planes, (second, 3, 3), steps, (second // 2, 1, 1), **cfg)
        self.conv3 = Unit(planes, planes * 4, 1, **cfg | {"act_cfg": None})
        if downsample is not None:
            self.downsample = downsample
        self.relu = activation(cfg["act_cfg"])

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv3(self.conv2(self.conv1(x)))
        return self.relu(add(y, self.downsample(x) if hasattr(self, "downsample") else x))


def pooled_shortcut(c_in: int, c_out: int, stride: tuple[int, int], cfg: Config) -> nn.Module:
    steps = (stride[0], stride[1], stride[1])
    conv = Unit(c_in, c_out, 1, 1, **cfg | {"act_cfg": None})
    return nn.Sequential(conv, nn.AvgPool3d(kernel_size=steps, stride=steps, ceil_mode=True))


class ResNet3d(Backbone):
    def __init__(
        self,
        depth: int = 50,
        pretrained: str | None = None,
        stage_blocks: Sequence[int] | None = None,
        pretrained2d: bool = True,
        in_channels: int = 3,
        num_stages: int = 4,
        base_channels: int = 64,
        out_indices: Sequence[int] = (3,),
        spatial_strides: Sequence[int] = (1, 2, 2, 2),
        temporal_strides: Sequence[int] = (1, 1, 1, 1),
        conv1_kernel: Any = (3, 7, 7),
        conv1_stride: tuple[int, int] = (1, 2),
        pool1_stride: tuple[int, int] = (1, 2),
        advanced: bool = False,
        frozen_stages: int = -1,
        inflate: Any = (1, 1, 1, 1),
        inflate_style: str = "3x1x1",
        conv_cfg: Config = CONV,
        norm_cfg: Config = NORM,
        act_cfg: Config = ACT,
        norm_eval: bool = False,
        zero_init_residual: bool = True,
    ) -> None:
        super().__init__()
        basic, counts = DEPTHS[depth]
        counts = counts[:num_stages] if stage_blocks is None else stage_blocks
        assert len(counts) == num_stages
        assert 1 <= num_stages <= 4
        assert len(spatial_strides) == len(temporal_strides) == num_stages
        assert max(out_indices) < num_stages
        self.num_stages, self.out_indices, self.frozen_stages = num_stages, out_indices, frozen_stages
        self.norm_eval, self.zero_init_residual = norm_eval, zero_init_residual
        cfg = {"conv_cfg": conv_cfg, "norm_cfg": norm_cfg, "act_cfg": act_cfg}
        block = BasicBlock if basic else Bottleneck
        shortcut = pooled_shortcut if advanced else plain_shortcut
        inflate = per_stage(inflate, num_stages)
        inflated = [per_block(inflate[i], count) for i, count in enumerate(counts)]

        def make(i: int, j: int, c_in: int, planes: int, stride: tuple[int, int], projected: bool) -> nn.Module:
            skip = shortcut(c_in, planes * block.expansion, stride, cfg) if projected else None
            return block(c_in, planes, stride, skip, inflated[i][j] == 1, inflate_style, cfg)

        self.add_stem(in_channels, base_channels, conv1_kernel, conv1_stride, pool1_stride, cfg)
        self.add_stages(base_channels, counts, temporal_strides, spatial_strides, block.expansion, make)


class ResNet3dSlowOnly(ResNet3d):
    def __init__(self, *args: Any, conv1_kernel: Any = (1, 7, 7), inflate: Any = (0, 0, 1, 1), **settings: Any) -> None:
        super().__init__(*args, conv1_kernel=conv1_kernel, inflate=inflate, **settings)
