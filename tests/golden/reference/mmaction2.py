"""MMAction2's ResNet3d, with mmcv's NonLocal3d. Sizes are (time, height, width)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
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


class NonLocal3d(nn.Module):
    """Every position answers every other: ``x + conv_out(weights @ g(x))``."""

    def __init__(
        self,
        in_channels: int,
        reduction: int = 2,
        sub_sample: bool = False,
        use_scale: bool = True,
        norm_cfg: Config | None = None,
        mode: str = "embedded_gaussian",
    ) -> None:
        super().__init__()
        if mode not in ("gaussian", "embedded_gaussian", "dot_product", "concatenation"):
            raise ValueError(mode)
        self.mode, self.use_scale, self.sub_sample = mode, use_scale, sub_sample
        inner = max(in_channels // reduction, 1)
        self.g = Unit(in_channels, inner, 1)
        self.conv_out = Unit(inner, in_channels, 1, norm_cfg=norm_cfg)
        embedded = [self.g.conv]
        if mode != "gaussian":
            self.theta = Unit(in_channels, inner, 1)
            self.phi = Unit(in_channels, inner, 1)
            embedded += [self.theta.conv, self.phi.conv]
        if mode == "concatenation":
            self.concat_project = Unit(
                2 * inner, 1, 1, conv_cfg={"type": "Conv2d"}, act_cfg={"type": "ReLU"}, bias=False
            )
        for conv in embedded:
            nn.init.normal_(conv.weight, 0, 0.01)
            nn.init.zeros_(conv.bias)
        last = self.conv_out.conv if norm_cfg is None else self.conv_out.bn
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)
        if sub_sample:
            pool = nn.MaxPool3d((1, 2, 2))
            self.g = nn.Sequential(self.g, pool)
            self.phi = pool if mode == "gaussian" else nn.Sequential(self.phi, pool)

    def weights(self, x: Tensor) -> Tensor:
        """How much each position [B, N, M] takes from each of the others."""
        if self.mode == "gaussian":
            theta, phi = x, self.phi(x) if self.sub_sample else x
        else:
            theta, phi = self.theta(x), self.phi(x)
        theta, phi = theta.flatten(2), phi.flatten(2)
        if self.mode == "concatenation":
            n, m = theta.shape[2], phi.shape[2]
            left = theta.unsqueeze(3).expand(-1, -1, n, m)
            right = phi.unsqueeze(2).expand(-1, -1, n, m)
            return self.concat_project(torch.cat([left, right], dim=1)).squeeze(1) / m
        pairs = theta.transpose(1, 2) @ phi
        if self.mode == "dot_product":
            return pairs / pairs.shape[-1]
        if self.mode == "embedded_gaussian" and self.use_scale:
            pairs = pairs / theta.shape[1] ** 0.5
        return pairs.softmax(dim=-1)

    def forward(self, x: Tensor) -> Tensor:
        g = self.g(x).flatten(2).transpose(1, 2)
        y = (self.weights(x) @ g).transpose(1, 2)
        return x + self.conv_out(y.reshape(x.shape[0], y.shape[1], *x.shape[2:]))


class BasicBlock(nn.Module):
    """Two convolutions; stride and dilation are the first one's."""

    expansion = 1
    last = "conv2"

    def __init__(
        self,
        c_in: int,
        planes: int,
        stride: tuple[int, int],
        dilation: int,
        downsample: nn.Module | None,
        inflate: bool,
        non_local: Config | None,
        cfg: Config,
        inflate_style: str,
        style: str,
    ) -> None:
        super().__init__()
        assert style in ("pytorch", "caffe")
        time = 3 if inflate else 1
        steps = (stride[0], stride[1], stride[1])
        self.conv1 = Unit(
            c_in, planes, (time, 3, 3), steps, (time // 2, dilation, dilation), (1, dilation, dilation), **cfg
        )
        self.conv2 = Unit(planes, planes, (time, 3, 3), 1, (time // 2, 1, 1), **cfg | {"act_cfg": None})
        if downsample is not None:
            self.downsample = downsample
        self.relu = activation(cfg["act_cfg"])
        if non_local is not None:
            self.non_local_block = NonLocal3d(planes, **non_local)

    def branch(self, x: Tensor) -> Tensor:
        return self.conv2(self.conv1(x))

    def forward(self, x: Tensor) -> Tensor:
        y = self.relu(add(self.branch(x), self.downsample(x) if hasattr(self, "downsample") else x))
        return self.non_local_block(y) if hasattr(self, "non_local_block") else y


class Bottleneck(BasicBlock):
    """1x1, kxk, 1x1; the strides sit on the second (``pytorch``) or the first (``caffe``)."""

    expansion = 4
    last = "conv3"

    def __init__(
        self,
        c_in: int,
        planes: int,
        stride: tuple[int, int],
        dilation: int,
        downsample: nn.Module | None,
        inflate: bool,
        non_local: Config | None,
        cfg: Config,
        inflate_style: str,
        style: str,
    ) -> None:
        nn.Module.__init__(self)
        assert style in ("pytorch", "caffe")
        assert inflate_style in ("3x1x1", "3x3x3")
        first = 3 if inflate and inflate_style == "3x1x1" else 1
        second = 3 if inflate and inflate_style == "3x3x3" else 1
        steps = (stride[0], stride[1], stride[1])
        one, two = (1, steps) if style == "pytorch" else (steps, 1)
        padding, dilations = (second // 2, dilation, dilation), (1, dilation, dilation)
        self.conv1 = Unit(c_in, planes, (first, 1, 1), one, (first // 2, 0, 0), **cfg)
        self.conv2 = Unit(planes, planes, (second, 3, 3), two, padding, dilations, **cfg)
        self.conv3 = Unit(planes, planes * 4, 1, **cfg | {"act_cfg": None})
        if downsample is not None:
            self.downsample = downsample
        self.relu = activation(cfg["act_cfg"])
        if non_local is not None:
            self.non_local_block = NonLocal3d(planes * 4, **non_local)

    def branch(self, x: Tensor) -> Tensor:
        return self.conv3(self.conv2(self.conv1(x)))


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
        dilations: Sequence[int] = (1, 1, 1, 1),
        conv1_kernel: Any = (3, 7, 7),
        conv1_stride_s: int = 2,
        conv1_stride_t: int = 1,
        pool1_stride_s: int = 2,
        pool1_stride_t: int = 1,
        with_pool1: bool = True,
        with_pool2: bool = True,
        style: str = "pytorch",
        frozen_stages: int = -1,
        inflate: Any = (1, 1, 1, 1),
        inflate_style: str = "3x1x1",
        conv_cfg: Config = CONV,
        norm_cfg: Config = NORM,
        act_cfg: Config = ACT,
        norm_eval: bool = False,
        with_cp: bool = False,
        non_local: Any = (0, 0, 0, 0),
        non_local_cfg: Config | None = None,
        zero_init_residual: bool = True,
        init_cfg: Config | None = None,
    ) -> None:
        super().__init__()
        basic, counts = DEPTHS[depth]
        counts = counts[:num_stages] if stage_blocks is None else stage_blocks
        assert len(counts) == num_stages
        assert 1 <= num_stages <= 4
        assert len(spatial_strides) == len(temporal_strides) == len(dilations) == num_stages
        assert max(out_indices) < num_stages
        self.num_stages, self.out_indices, self.frozen_stages = num_stages, out_indices, frozen_stages
        self.norm_eval, self.zero_init_residual = norm_eval, zero_init_residual
        self.with_pool1, self.with_pool2 = with_pool1, with_pool2
        cfg = {"conv_cfg": conv_cfg, "norm_cfg": norm_cfg, "act_cfg": act_cfg}
        block = BasicBlock if basic else Bottleneck
        inflate, non_local = per_stage(inflate, num_stages), per_stage(non_local, num_stages)
        inflated = [per_block(inflate[i], count) for i, count in enumerate(counts)]
        answering = [per_block(non_local[i], count) for i, count in enumerate(counts)]

        def make(i: int, j: int, c_in: int, planes: int, stride: tuple[int, int], projected: bool) -> nn.Module:
            skip = plain_shortcut(c_in, planes * block.expansion, stride, cfg) if projected else None
            answer = dict(non_local_cfg or {}) if answering[i][j] == 1 else None
            settings = (inflated[i][j] == 1, answer, cfg, inflate_style, style)
            return block(c_in, planes, stride, dilations[i], skip, *settings)

        strides = (conv1_stride_t, conv1_stride_s), (pool1_stride_t, pool1_stride_s)
        self.add_stem(in_channels, base_channels, conv1_kernel, *strides, cfg)
        self.pool2 = nn.MaxPool3d((2, 1, 1), (2, 1, 1))
        self.add_stages(base_channels, counts, temporal_strides, spatial_strides, block.expansion, make)

    def stem(self, x: Tensor) -> Tensor:
        x = self.conv1(x)
        return self.maxpool(x) if self.with_pool1 else x

    def after_stage(self, index: int, x: Tensor) -> Tensor:
        return self.pool2(x) if index == 0 and self.with_pool2 else x


class ResNet3dSlowOnly(ResNet3d):
    def __init__(
        self,
        *args: Any,
        conv1_kernel: Any = (1, 7, 7),
        inflate: Any = (0, 0, 1, 1),
        with_pool2: bool = False,
        **settings: Any,
    ) -> None:
        super().__init__(*args, conv1_kernel=conv1_kernel, inflate=inflate, with_pool2=with_pool2, **settings)
