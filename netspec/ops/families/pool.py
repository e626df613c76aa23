"""Pooling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Size, product
from netspec.ops.base import NaturalPerAxis as Padding
from netspec.ops.base import Op, PositiveInt, PositivePerAxis, Saves, as_tuple, check_axes, per_axis, spatial_input
from netspec.ops.contract import Change, Doubt, Inferred, Made, Need, Refused, Saved
from netspec.ops.reads import Reads, adaptive, per_channel, resampled, window
from netspec.ops.rules.window import fits, fits_ceil, reach, skipped, windows, windows_ceil
from netspec.types import TensorType


class _Sliding(Op):
    """``[B, C, *in] -> [B, C, *out]`` by a window that slides over each axis."""

    spatial: ClassVar[bool] = True
    family: ClassVar[str] = "pool"
    saves: ClassVar[Saves] = ("inputs",)

    kernel_size: PositivePerAxis
    stride: Annotated[PositivePerAxis | None, Field(description="a positive int, one per axis, or None")] = None

    def _padding(self, axes: int) -> tuple[int, ...]:
        return (0,) * axes

    def _windows(self, x: TensorType, dilation: int | tuple[int, ...], ceil_mode: bool) -> Inferred:
        axes = spatial_input(self, x)
        kernel = per_axis(self.kernel_size, axes, "kernel_size")
        padding, dilations = self._padding(axes), per_axis(dilation, axes, "dilation")
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

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        axes = output.rank - 2
        kernel, padding = per_axis(self.kernel_size, axes, "kernel_size"), self._padding(axes)
        dilation = per_axis(self.__dict__.get("dilation", 1), axes, "dilation")
        rows = enumerate(zip(kernel, self._stride(axes), padding, dilation, strict=True), start=2)
        return (per_channel([window(axis, s, -p, reach(k, d) - 1 - p) for axis, (k, s, p, d) in rows]),)

    def _inside(self, x: TensorType) -> tuple[Need, ...]:
        """In 3-D torch wants the window of a mean inside the bare input."""
        if x.rank < 5:
            return ()
        kernel = per_axis(self.kernel_size, 3, "kernel_size")
        return tuple(fits(x.dims[axis], 0, kernel[axis - 2], 1, axis) for axis in (2, 3, 4))


class _Pool(_Sliding):
    """With padding."""

    padding: Padding = 0

    def _padding(self, axes: int) -> tuple[int, ...]:
        return per_axis(self.padding, axes, "padding")

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

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((0,), made=(Made(product(outputs[0].dims), "int"),))


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
        return Inferred(inferred.outputs, (*inferred.needs, *self._inside(x)))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        values = super().settings(*inputs)
        if values["divisor_override"] is None:
            del values["divisor_override"]
        if inputs[0].rank == 3:  # AvgPool1d keeps tuples
            values |= {n: per_axis(values[n], 1, n) for n in ("kernel_size", "stride", "padding")}
        return values


class _Norm(Op):
    norm_type: Annotated[int | float, Field(description="a number other than 0")]


class LPPool(_Sliding, _Norm):
    """The p-norm of each window, ``sum(x ** norm_type) ** (1 / norm_type)``: ``[B, C, *in] -> [B, C, *out]`` with
    ``out = floor((in - kernel_size) / stride) + 1`` per axis (torch.nn.LPPool2d); with ceil_mode rounded up. stride is
    kernel_size where not given.

        x -> pool: LPPool2d(2, 3, stride=2)
    """

    ceil_mode: bool = False

    @model_validator(mode="after")
    def _norm_is_not_0(self) -> LPPool:
        if self.norm_type == 0:
            raise Refused("norm_type must not be 0", help="2 is the Euclidean norm", attribute="norm_type")
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        inferred = self._windows(x, 1, self.ceil_mode)
        if x.rank == 3 and isinstance(self.kernel_size, tuple):
            (kernel,) = self.kernel_size
            change = Change(argument="kernel_size", value=str(kernel))
            message = "LPPool1d takes an int as kernel_size, and no tuple"
            raise Refused(message, help=f"`kernel_size={kernel}`", attribute="kernel_size", change=change)
        return Inferred(inferred.outputs, (*inferred.needs, *self._inside(x)))

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """The power of the input; of the mean its sign, its absolute value twice, and what the root is taken of."""
        return Saved((0,), made=(Made(product(inputs[0].dims)), Made(4 * product(outputs[0].dims))))


Outputs = Annotated[PositiveInt | tuple[PositiveInt | None, ...], BeforeValidator(as_tuple),
                    Field(description="a positive int, or per axis a positive int or None")]  # fmt: skip


class _Adaptive(Op):
    """``[B, C, *in] -> [B, C, *output_size]`` by windows that give the size asked for."""

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
            message = f"{type(self).__name__}1d takes no None in output_size"
            raise Refused(message, help="without the pool the size stays", attribute="output_size")
        sizes = [size if want is None else want for size, want in zip(x.spatial, wanted, strict=True)]
        return Inferred((TensorType(x.dtype, (*x.dims[:2], *sizes)),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (per_channel(adaptive_windows(inputs[0], output)),)


class AdaptiveAvgPool(_Adaptive):
    """The mean under windows that give the size asked for: ``[B, C, *in] -> [B, C, *output_size]``
    (torch.nn.AdaptiveAvgPool3d). None for an axis keeps its size.

        x -> avgpool: AdaptiveAvgPool3d(1)
    """

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Nothing where one value is left: then it is a mean."""
        return Saved() if all(size == 1 for size in outputs[0].spatial) else Saved((0,))


class AdaptiveMaxPool(_Adaptive):
    """The largest value under windows that give the size asked for: ``[B, C, *in] -> [B, C, *output_size]``
    (torch.nn.AdaptiveMaxPool2d). None for an axis keeps its size.

        x -> maxpool: AdaptiveMaxPool2d((7, None))
    """

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((0,), made=(Made(product(outputs[0].dims), "int"),))


def adaptive_windows(x: TensorType, output: TensorType) -> list[Reads]:
    """Per spatial axis the window of an adaptive pool: the whole axis where one value is left."""
    sizes = enumerate(zip(x.spatial, output.spatial, strict=True), start=2)
    return ["all" if out == 1 else resampled(axis, size, out, adaptive) for axis, (size, out) in sizes]
