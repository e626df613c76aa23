"""Pooling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Size
from netspec.ops.base import NaturalPerAxis as Padding
from netspec.ops.base import Op, PositiveInt, PositivePerAxis, as_tuple, check_axes, per_axis, spatial_input
from netspec.ops.contract import Change, Doubt, Inferred, Need, Refused
from netspec.ops.rules.window import fits, fits_ceil, reach, skipped, windows, windows_ceil
from netspec.types import TensorType


class _Pool(Op):
    """``[B, C, *in] -> [B, C, *out]`` by a window that slides over each axis."""

    spatial: ClassVar[bool] = True
    family: ClassVar[str] = "pool"

    kernel_size: PositivePerAxis
    stride: Annotated[PositivePerAxis | None, Field(description="a positive int, one per axis, or None")] = None
    padding: Padding = 0

    def _windows(self, x: TensorType, dilation: int | tuple[int, ...], ceil_mode: bool) -> Inferred:
        axes = spatial_input(self, x)
        kernel = per_axis(self.kernel_size, axes, "kernel_size")
        padding, dilations = per_axis(self.padding, axes, "padding"), per_axis(dilation, axes, "dilation")
        rows = zip(x.spatial, kernel, self._stride(axes), padding, dilations, strict=True)
        sizes: list[Size] = []
        needs: list[Need] = []
        for axis, (size, k, s, p, d) in enumerate(rows, start=2):
            if p > k // 2:
                message = f"padding ({p}) must be at most half the kernel ({k}) on axis {axis}"
                most = tuple(min(padding[i], kernel[i] // 2) for i in range(axes))
                text = str(most[0] if len(set(most)) == 1 else most)
                change = Change(argument="padding", value=text)
                raise Refused(message, help=f"`padding={text}` is the most", attribute="padding", change=change)
            if ceil_mode:
                needs.append(fits_ceil(size, p, k, d, s, axis))
                sizes.append(windows_ceil(size, p, reach(k, d), s))
            else:
                needs.append(fits(size, 2 * p, k, d, axis))
                sizes.append(windows(size, 2 * p, reach(k, d), s))
        return Inferred((TensorType(x.dtype, (*x.dims[:2], *sizes)),), tuple(map(self._adapted, needs)))

    def _adapted(self, window: Need) -> Need:
        """With what helps where the window is too large."""
        return replace(window, help="pool fewer times, or with a kernel and stride of 1 on this axis")

    def _stride(self, axes: int) -> tuple[int, ...]:
        return per_axis(self.kernel_size if self.stride is None else self.stride, axes, "stride")

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        axes = inputs[0].rank - 2
        dilation = per_axis(self.__dict__.get("dilation", 1), axes, "dilation")
        return skipped(per_axis(self.kernel_size, axes, "kernel_size"), self._stride(axes), dilation)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        values = self.model_dump()
        return {**values, "stride": values["kernel_size"] if self.stride is None else values["stride"]}


class MaxPool(_Pool):
    """The largest value under each window: ``[B, C, *in] -> [B, C, *out]`` with, per axis,

    ``out = floor((in + 2 * padding - dilation * (kernel_size - 1) - 1) / stride) + 1`` (torch.nn.MaxPool3d); with
    ceil_mode rounded up, but no window starts in the right padding. stride is kernel_size where not given.

        x -> maxpool: MaxPool3d((1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))
    """

    positional: ClassVar[tuple[str, ...]] = ("kernel_size", "stride", "padding", "dilation")

    dilation: PositivePerAxis = 1
    ceil_mode: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        return self._windows(inputs[0], self.dilation, self.ceil_mode)


class AvgPool(_Pool):
    """The mean under each window: ``[B, C, *in] -> [B, C, *out]`` with, per axis,

    ``out = floor((in + 2 * padding - kernel_size) / stride) + 1`` (torch.nn.AvgPool3d); with ceil_mode rounded up, but
    no window starts in the right padding. stride is kernel_size where not given. 1-D has no divisor_override.

        x -> pool: AvgPool3d((1, 2, 2), ceil_mode=True)
    """

    ceil_mode: bool = False
    count_include_pad: bool = True
    divisor_override: int | None = None

    def _adapted(self, window: Need) -> Need:
        help_ = "`AdaptiveAvgPool(1)` takes the mean of all cells, however many there are"
        return replace(window, help=help_, change=Change(call="AdaptiveAvgPool(1)"))

    @model_validator(mode="after")
    def _divisor_is_not_0(self) -> AvgPool:
        if self.divisor_override == 0:
            raise Refused("divisor_override must not be 0", attribute="divisor_override")
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        x = inputs[0]
        inferred = self._windows(x, 1, self.ceil_mode)
        if x.rank == 3 and "divisor_override" in self.model_fields_set:
            name = "divisor_override"
            change = Change(argument=name)
            raise Refused(f"AvgPool1d has no argument {name}", help="leave it out", attribute=name, change=change)
        if x.rank < 5:
            return inferred
        kernel = per_axis(self.kernel_size, 3, "kernel_size")  # in 3-D torch wants it inside the bare input
        whole = [fits(x.dims[axis], 0, kernel[axis - 2], 1, axis) for axis in (2, 3, 4)]
        return Inferred(inferred.outputs, (*inferred.needs, *whole))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        values = super().settings(*inputs)
        if values["divisor_override"] is None:
            del values["divisor_override"]
        if inputs[0].rank == 3:  # AvgPool1d keeps tuples
            values |= {n: per_axis(values[n], 1, n) for n in ("kernel_size", "stride", "padding")}
        return values


Outputs = Annotated[PositiveInt | tuple[PositiveInt | None, ...], BeforeValidator(as_tuple),
                    Field(description="a positive int, or per axis a positive int or None")]  # fmt: skip


class AdaptiveAvgPool(Op):
    """The mean under windows that give the size asked for: ``[B, C, *in] -> [B, C, *output_size]``
    (torch.nn.AdaptiveAvgPool3d). None for an axis keeps its size.

        x -> avgpool: AdaptiveAvgPool3d(1)
    """

    spatial: ClassVar[bool] = True
    family: ClassVar[str] = "pool"

    output_size: Outputs

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axes = spatial_input(self, x)
        wanted = self.output_size
        if isinstance(wanted, int):
            wanted = (wanted,) * axes
        check_axes(wanted, axes, "output_size")
        if axes == 1 and wanted == (None,):
            message = "AdaptiveAvgPool1d takes no None in output_size"
            raise Refused(message, help="without the pool the size stays", attribute="output_size")
        sizes = [size if want is None else want for size, want in zip(x.spatial, wanted, strict=True)]
        return Inferred((TensorType(x.dtype, (*x.dims[:2], *sizes)),))
