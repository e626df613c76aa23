"""What the video networks of PYSKL and MMAction2 share: mmcv's units, stages, freezing, initial values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn

#: depth: (basic block, number of blocks per stage)
DEPTHS = {
    18: (True, (2, 2, 2, 2)),
    34: (True, (3, 4, 6, 3)),
    50: (False, (3, 4, 6, 3)),
    101: (False, (3, 4, 23, 3)),
    152: (False, (3, 8, 36, 3)),
}
_CONV = {"Conv3d": nn.Conv3d, "Conv2d": nn.Conv2d}
_NORM = {"BN3d": nn.BatchNorm3d}
_ACT = {"ReLU": nn.ReLU, "LeakyReLU": nn.LeakyReLU}
Config = dict[str, Any]
Make = Callable[[int, int, int, int, tuple[int, int], bool], nn.Module]
CONV: Config = {"type": "Conv3d"}
NORM: Config = {"type": "BN3d", "requires_grad": True}
ACT: Config = {"type": "ReLU", "inplace": True}


def triple(value: Any) -> tuple[int, int, int]:
    return (value, value, value) if isinstance(value, int) else tuple(value)


def activation(config: Config) -> nn.Module:
    settings = dict(config)
    return _ACT[settings.pop("type")](**settings)


def norm(config: Config, channels: int) -> nn.Module:
    settings = dict(config)
    kind = _NORM[settings.pop("type")]
    trainable = settings.pop("requires_grad", True)
    made = kind(channels, **settings)
    for parameter in made.parameters():
        parameter.requires_grad = trainable
    return made


class Unit(nn.Module):
    """Convolution, norm (``bn``) and activation (``activate``), the last two where they are asked for."""

    def __init__(
        self,
        c_in: int,
        c_out: int,
        kernel: Any,
        stride: Any = 1,
        padding: Any = 0,
        dilation: Any = 1,
        conv_cfg: Config | None = None,
        norm_cfg: Config | None = None,
        act_cfg: Config | None = None,
        bias: bool | None = None,
    ) -> None:
        super().__init__()
        bias = norm_cfg is None if bias is None else bias
        kind = _CONV[(conv_cfg or CONV)["type"]]
        self.conv = kind(c_in, c_out, kernel, stride, padding, dilation, bias=bias)
        if norm_cfg is not None:
            self.bn = norm(norm_cfg, c_out)
        if act_cfg is not None:
            self.activate = activation({"inplace": True, **act_cfg})
        slope = (act_cfg or {}).get("negative_slope", 0.01) if (act_cfg or {}).get("type") == "LeakyReLU" else 0
        nn.init.kaiming_normal_(
            self.conv.weight, a=slope, mode="fan_out", nonlinearity="leaky_relu" if slope else "relu"
        )
        if bias:
            nn.init.zeros_(self.conv.bias)

    def forward(self, x: Tensor) -> Tensor:
        for layer in self.children():
            x = layer(x)
        return x


def plain_shortcut(c_in: int, c_out: int, stride: tuple[int, int], cfg: Config) -> nn.Module:
    return Unit(c_in, c_out, 1, (stride[0], stride[1], stride[1]), **cfg | {"act_cfg": None})


def per_stage(value: Any, num_stages: int) -> Sequence[Any]:
    return (value,) * num_stages if isinstance(value, int) else value


def per_block(value: Any, blocks: int) -> Sequence[Any]:
    found = (value,) * blocks if isinstance(value, int) else value
    assert len(found) == blocks
    return found


class Backbone(nn.Module):
    """What the two projects share: collecting outputs, freezing, initial values."""

    num_stages: int
    out_indices: Sequence[int]
    frozen_stages: int
    norm_eval: bool
    zero_init_residual: bool
    #: No argument of the originals, which project for a spatial stride or other channels only.
    projects_time = False

    def add_stem(
        self, c_in: int, c_out: int, kernel: Any, conv: Sequence[int], pool: Sequence[int], cfg: Config
    ) -> None:
        """``conv`` and ``pool`` are strides: temporal, spatial."""
        (conv_t, conv_s), (pool_t, pool_s) = conv, pool
        padding = tuple((k - 1) // 2 for k in triple(kernel))
        self.conv1 = Unit(c_in, c_out, triple(kernel), (conv_t, conv_s, conv_s), padding, **cfg)
        self.maxpool = nn.MaxPool3d((1, 3, 3), (pool_t, pool_s, pool_s), (0, 1, 1))

    def add_stages(
        self,
        c_in: int,
        counts: Sequence[int],
        temporal: Sequence[int],
        spatial: Sequence[int],
        expansion: int,
        make: Make,
    ) -> None:
        """``make(i, j, c_in, planes, stride, projected)`` is block j of stage i."""
        base = c_in
        for i, count in enumerate(counts):
            blocks = []
            for j in range(count):
                planes, stride = base * 2**i, (temporal[i], spatial[i]) if j == 0 else (1, 1)
                strided = stride[1] != 1 or (self.projects_time and stride[0] != 1)
                blocks.append(make(i, j, c_in, planes, stride, strided or c_in != planes * expansion))
                c_in = planes * expansion
            self.add_module(f"layer{i + 1}", nn.Sequential(*blocks))
        self.feat_dim = c_in

    def after_stage(self, index: int, x: Tensor) -> Tensor:
        return x

    def stem(self, x: Tensor) -> Tensor:
        return self.maxpool(self.conv1(x))

    def forward(self, x: Tensor) -> Tensor | tuple[Tensor, ...]:
        x = self.stem(x)
        outs = []
        for i in range(self.num_stages):
            x = self.after_stage(i, getattr(self, f"layer{i + 1}")(x))
            if i in self.out_indices:
                outs.append(x)
        return outs[0] if len(outs) == 1 else tuple(outs)

    def train(self, mode: bool = True) -> None:
        super().train(mode)
        frozen = [self.conv1] if self.frozen_stages >= 0 else []
        frozen += [getattr(self, f"layer{i + 1}") for i in range(self.frozen_stages)]
        for part in frozen:
            part.eval()
            for parameter in part.parameters():
                parameter.requires_grad = False
        if mode and self.norm_eval:
            for module in self.modules():
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    module.eval()

    def init_weights(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv3d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
            elif isinstance(module, nn.modules.batchnorm._BatchNorm):
                nn.init.ones_(module.weight)
                nn.init.zeros_(module.bias)
        for module in self.modules():
            if self.zero_init_residual and hasattr(module, "last"):
                last = getattr(module, module.last).bn
                torch.nn.init.zeros_(last.weight)
                torch.nn.init.zeros_(last.bias)
