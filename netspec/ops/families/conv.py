"""Convolutions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import gcd, prod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Size, product
from netspec.ops.base import (
    NaturalPerAxis,
    Op,
    PositiveInt,
    PositivePerAxis,
    as_tuple,
    fields_of,
    known,
    per_axis,
    spatial_input,
)
from netspec.ops.contract import Change, Doubt, Inferred, Need, Refused, Saved, Weight, shown
from netspec.ops.reads import NOTHING, Reads, phases, sliding, window
from netspec.ops.rules.window import fits, reach, skipped, windows
from netspec.types import TensorType

Natural = Annotated[int, Field(ge=0)]
Padding = Annotated[Natural | tuple[Natural, ...] | Literal["same", "valid"], BeforeValidator(as_tuple),
                    Field(description='an int of at least 0, one per axis, "same" or "valid"')]  # fmt: skip


#: The most groups that a help looks for.
_GROUPS = 1 << 16


class _Conv(Op):
    spatial: ClassVar[bool] = True
    family: ClassVar[str] = "conv"
    inferred_names: ClassVar[tuple[str, ...]] = ("in_channels",)

    if TYPE_CHECKING:  # the subclasses declare them, in torch's order
        out_channels: int
        kernel_size: int | tuple[int, ...]
        groups: int = 1
        bias: bool = True

    @model_validator(mode="after")
    def _out_channels_in_groups(self) -> _Conv:
        self._divides("out_channels", self.out_channels)
        return self

    def _divides(self, name: str, channels: int) -> None:
        if channels % self.groups:
            message = f"{name} ({channels}) must be a multiple of groups ({self.groups})"
            if name == "out_channels":
                raise Refused(message, help="take a multiple of it, or fewer groups", attribute="groups")
            common = gcd(channels, self.out_channels)
            fewer = next(g for g in range(min(common, self.groups, _GROUPS), 0, -1) if common % g == 0)
            help_ = f"`groups={fewer}` divides both {channels} and {self.out_channels}"
            raise Refused(message, help=help_, attribute="groups", change=Change(argument="groups", value=str(fewer)))

    def _channels(self, x: TensorType) -> int:
        if not isinstance(x.channels, int):
            from netspec.ops.rules.channels import refuse_open

            refuse_open(self.torch_name(x), x)
        channels = known(x.channels, self)
        self._divides("the input's channels", channels)
        return channels

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        return {"in_channels": known(inputs[0].channels, self)}

    def given(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """As for every op; torch's convolutions spread an int themselves, so ``(1, 1, 1)`` is the default 1 too."""
        required, others = super().given()
        _, defaults = fields_of(type(self))
        return required, {n: v for n, v in others.items() if not (isinstance(v, tuple) and set(v) == {defaults[n]})}

    def _weights(self, first: int, second: int, axes: int) -> tuple[Weight, ...]:
        kernel = per_axis(self.kernel_size, axes, "kernel_size")
        weight = Weight("weight", (first, second // self.groups, *kernel))
        return (weight, Weight("bias", (self.out_channels,))) if self.bias else (weight,)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((0,), for_weights=True)

    def _products(self, channels: int, axes: int) -> int:
        """Multiplications per position of the grid that the kernel visits."""
        return channels * (self.out_channels // self.groups) * prod(per_axis(self.kernel_size, axes, "kernel_size"))


class Conv(_Conv):
    """Convolution: ``[B, C, *in] -> [B, out_channels, *out]`` with, per axis,

    ``out = floor((in + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1`` (torch.nn.Conv3d).

    ``padding="same"`` keeps the size (stride 1 only), ``"valid"`` is no padding. in_channels is inferred: what
    torch writes ``Conv2d(3, 64, 7)`` is ``Conv2d(64, 7)`` here. Multiply-adds: output elements times
    ``in_channels / groups`` times kernel volume.

        x -> conv1: Conv3d(64, (3, 7, 7), stride=(1, 2, 2), padding=(1, 3, 3), bias=False)
    """

    out_channels: PositiveInt
    kernel_size: PositivePerAxis
    stride: PositivePerAxis = 1
    padding: Padding = 0
    dilation: PositivePerAxis = 1
    groups: PositiveInt = 1
    bias: bool = True
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] = "zeros"

    @model_validator(mode="after")
    def _same_needs_stride_1(self) -> Conv:
        strides = (self.stride,) if isinstance(self.stride, int) else self.stride
        if self.padding == "same" and any(s != 1 for s in strides):
            message, half = 'padding="same" works with stride 1 only', self._half_kernel()
            help_ = f"`padding={half}` halves the size, rounded up, with stride 2" if half else ""
            change = Change(argument="padding", value=half) if half else None
            raise Refused(message, help=help_, attribute="padding", change=change)
        return self

    def _half_kernel(self) -> str:
        """The padding that centres an odd kernel, as a spec writes it; empty for an even one."""
        kernel, dilation = (v if isinstance(v, tuple) else (v,) for v in (self.kernel_size, self.dilation))
        if any(k % 2 == 0 for k in kernel) or len(dilation) > 1:
            return ""
        halves = tuple(dilation[0] * (k // 2) for k in kernel)
        return str(halves[0] if len(set(halves)) == 1 else halves)

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axes = spatial_input(self, x)
        self._channels(x)
        kernel, stride, dilation = self._per_axis(axes)
        padding = self._padding(axes)
        sizes: list[Size] = []
        needs: list[Need] = []
        for i, size in enumerate(x.spatial):
            needs += self._padding_needs(size, padding[i], i + 2)
            window = fits(size, sum(padding[i]), kernel[i], dilation[i], i + 2)
            needs.append(self._padded(window) if sum(padding[i]) < kernel[i] - 1 else window)
            sizes.append(windows(size, sum(padding[i]), reach(kernel[i], dilation[i]), stride[i]))
        return Inferred((TensorType("float", (x.dims[0], self.out_channels, *sizes)),), tuple(needs))

    def _padded(self, window: Need) -> Need:
        """With what helps where the window is too large: padding."""
        half = self._half_kernel()
        if not half:
            return window
        help_ = f"`padding={half}` lets it stand over the edges"
        return replace(window, help=help_, change=Change(argument="padding", value=half))

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        kernel, stride, dilation = self._per_axis(inputs[0].rank - 2)
        yield from skipped(kernel, stride, dilation)
        if self.padding == "same" and any(k % 2 == 0 and d % 2 for k, d in zip(kernel, dilation, strict=True)):
            message = 'padding="same" with an even kernel pads one more at the end: the result lies half a cell off'
            yield Doubt("NS503", message, "an odd kernel_size is centred")

    def _per_axis(self, axes: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
        kernel = per_axis(self.kernel_size, axes, "kernel_size")
        stride = per_axis(self.stride, axes, "stride")
        return kernel, stride, per_axis(self.dilation, axes, "dilation")

    def _padding(self, axes: int) -> tuple[tuple[int, int], ...]:
        """Cells added before and after each axis."""
        if self.padding == "valid":
            return ((0, 0),) * axes
        if self.padding == "same":
            kernel, _, dilation = self._per_axis(axes)
            totals = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
            return tuple((t // 2, t - t // 2) for t in totals)
        assert not isinstance(self.padding, str)
        return tuple((p, p) for p in per_axis(self.padding, axes, "padding"))

    def _padding_needs(self, size: Size, padding: tuple[int, int], axis: int) -> list[Need]:
        """torch.nn.functional.pad: reflection stays inside the input, wrapping around happens at most once."""
        most = max(padding)
        if not most or self.padding_mode not in ("reflect", "circular"):
            return []
        least = most + 1 if self.padding_mode == "reflect" else most
        mode = f'padding_mode "{self.padding_mode}" with padding {most}'
        message = f"{mode} needs a size of at least {least} on axis {axis}, got {shown(size)}"
        return [Need(size, ">=", least, message)]

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return self._weights(self.out_channels, known(inputs[0].channels, self), inputs[0].rank - 2)

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        x, y = inputs[0], outputs[0]
        return product([y.dims[0], *y.spatial, self._products(known(x.channels, self), x.rank - 2)])

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        kernel, stride, dilation = self._per_axis(output.rank - 2)
        rows = enumerate(zip(kernel, stride, dilation, self._padding(len(kernel)), strict=True), start=2)
        return (sliding([window(axis, s, -p, reach(k, d) - 1 - p) for axis, (k, s, d, (p, _)) in rows]),)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        kernel, stride, dilation = self._per_axis(inputs[0].rank - 2)
        padding = self.padding if isinstance(self.padding, str) else per_axis(self.padding, len(kernel), "padding")
        mode = {} if self.padding_mode == "zeros" else {"padding_mode": self.padding_mode}
        windows = {"kernel_size": kernel, "stride": stride, "padding": padding, "dilation": dilation}
        channels = {**self.inferred(*inputs), "out_channels": self.out_channels}
        return {**channels, **windows, "groups": self.groups, "bias": self.bias, **mode}


class ConvTranspose(_Conv):
    """Transposed convolution: ``[B, C, *in] -> [B, out_channels, *out]`` with, per axis,

    ``out = (in - 1) * stride - 2 * padding + dilation * (kernel_size - 1) + output_padding + 1``
    (torch.nn.ConvTranspose3d).

    output_padding must be smaller than stride or dilation. in_channels is inferred. Multiply-adds: input elements
    times ``out_channels / groups`` times kernel volume.

        x -> up: ConvTranspose(64, 4, stride=2, padding=1)
    """

    out_channels: PositiveInt
    kernel_size: PositivePerAxis
    stride: PositivePerAxis = 1
    padding: NaturalPerAxis = 0
    output_padding: NaturalPerAxis = 0
    groups: PositiveInt = 1
    bias: bool = True
    dilation: PositivePerAxis = 1
    padding_mode: Literal["zeros"] = "zeros"

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axes = spatial_input(self, x)
        self._channels(x)
        values = self._per_axis(axes)
        sizes: list[Size] = []
        needs: list[Need] = []
        for axis, (size, k, s, p, op, d) in enumerate(zip(x.spatial, *values.values(), strict=True), start=2):
            if op >= s and op >= d:
                message = f"output_padding ({op}) must be smaller than stride ({s}) or dilation ({d}) on axis {axis}"
                help_ = f"`output_padding={s - 1}` is the most with stride {s}"
                change = Change(argument="output_padding", value=str(s - 1) if s > 1 else None)
                raise Refused(message, help=help_, attribute="output_padding", change=change)
            out = (size - 1) * s + (reach(k, d) + op - 2 * p)
            message = f"the padding ({p}) leaves nothing of the result on axis {axis}: its size would be {shown(out)}"
            needs.append(Need(out, ">=", 1, message, "empty"))
            sizes.append(out)
        return Inferred((TensorType("float", (x.dims[0], self.out_channels, *sizes)),), tuple(needs))

    def _per_axis(self, axes: int) -> dict[str, tuple[int, ...]]:
        names = ("kernel_size", "stride", "padding", "output_padding", "dilation")
        return {n: per_axis(getattr(self, n), axes, n) for n in names}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return self._weights(known(inputs[0].channels, self), self.out_channels, inputs[0].rank - 2)

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        x = inputs[0]
        return product([x.dims[0], *x.spatial, self._products(known(x.channels, self), x.rank - 2)])

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """The cell ``i`` reaches the positions ``i * stride - padding + dilation * tap``, for each of its taps."""
        names = ("kernel_size", "stride", "padding", "dilation")
        rows = zip(*(self._per_axis(output.rank - 2)[n] for n in names), strict=True)
        windows: list[Reads] = []
        for axis, (k, s, p, d) in enumerate(rows, start=2):
            sources = [[(r + p - d * tap) // s for tap in range(k) if (r + p - d * tap) % s == 0] for r in range(s)]
            windows.append(phases(axis, 1, [(min(i), max(i)) if i else NOTHING for i in sources]))
        return (sliding(windows),)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        values = self._per_axis(inputs[0].rank - 2)
        dilation = values.pop("dilation")
        channels = {**self.inferred(*inputs), "out_channels": self.out_channels}
        return {**channels, **values, "groups": self.groups, "bias": self.bias, "dilation": dilation}
