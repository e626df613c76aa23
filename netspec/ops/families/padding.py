"""Padding: rows and columns added around a tensor, or taken off."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Dim
from netspec.ops.base import Op, Saves, as_tuple, spatial_input
from netspec.ops.contract import Inferred, Operand, Refused, Saved, TorchCall, shown
from netspec.ops.reads import Reads
from netspec.ops.rules.padded import Mode, pad_sizes, pad_windows
from netspec.types import TensorType

Sides = Annotated[int | tuple[int, ...], BeforeValidator(as_tuple),
                  Field(description="an int, or two per axis from the last axis on")]  # fmt: skip
Paddings = Annotated[tuple[int | Dim, ...], BeforeValidator(as_tuple),
                     Field(description="two sizes per axis, last axis first: (left, right, top, bottom)")]  # fmt: skip
Number = Annotated[int | float, Field(description="a number")]


class _Pad(Op):
    """``[B, C, *in] -> [B, C, *out]`` with ``out = in + before + after`` per axis."""

    spatial: ClassVar[bool] = True
    saves: ClassVar[Saves] = ()
    mode: ClassVar[Mode]

    padding: Sides

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        sizes, needs = pad_sizes(x.dims, self._sides(spatial_input(self, x)), self.mode)
        return Inferred((TensorType(x.dtype, sizes),), tuple(needs))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (pad_windows(output, self._sides(output.rank - 2)),)

    def _sides(self, axes: int) -> tuple[int, ...]:
        if isinstance(self.padding, int):
            return (self.padding,) * (2 * axes)
        if len(self.padding) != 2 * axes:
            message = f"padding has {len(self.padding)} entries, but there are {2 * axes} sides to pad"
            help_ = f"two per axis, the last axis first: `padding={_ONE_TO_SIX[: 2 * axes]}`"
            raise Refused(message, help=help_, attribute="padding", listed="sides")
        return self.padding

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**self.model_dump(), "padding": self._sides(inputs[0].rank - 2)}


_ONE_TO_SIX = (1, 2, 3, 4, 5, 6)


class ZeroPad(_Pad):
    """Zeros around the spatial axes: ``[B, C, *in] -> [B, C, *out]`` with, per axis, ``out = in + before + after``
    (torch.nn.ZeroPad2d). A tuple names the sides as torch does, the last axis first: (left, right, top, bottom). A
    negative number crops.

        x -> pad: ZeroPad2d((0, 1, 0, 1)) -> conv: Conv2d(8, 3, stride=2)
    """

    mode: ClassVar[Mode] = "constant"


class ConstantPad(_Pad):
    """A number around the spatial axes, sides and sizes as for `ZeroPad` (torch.nn.ConstantPad2d).

    x -> pad: ConstantPad2d(1, value=-1.0)
    """

    mode: ClassVar[Mode] = "constant"

    value: Number


class ReflectionPad(_Pad):
    """The values mirrored at the edge, without the edge itself; sides and sizes as for `ZeroPad`, each padding smaller
    than its axis (torch.nn.ReflectionPad2d).

        x -> pad: ReflectionPad2d(3) -> conv: Conv2d(64, 7)
    """

    saves: ClassVar[Saves] = ("inputs",)
    mode: ClassVar[Mode] = "reflect"


class ReplicationPad(_Pad):
    """The value at the edge once more, sides and sizes as for `ZeroPad` (torch.nn.ReplicationPad2d).

    x -> pad: ReplicationPad3d((1, 1, 1, 1, 0, 0))
    """

    saves: ClassVar[Saves] = ("inputs",)
    mode: ClassVar[Mode] = "replicate"


class CircularPad(_Pad):
    """The values of the opposite edge, sides and sizes as for `ZeroPad`, each padding at most its axis
    (torch.nn.CircularPad2d).

        x -> pad: CircularPad1d((2, 0)) -> conv: Conv1d(8, 3)
    """

    mode: ClassVar[Mode] = "circular"


class pad(Op):
    """Values around a tensor: two paddings per axis, the last axis first: ``[B, C, H, W] -> [B, C, H+2, W]`` with
    ``padding=(0, 0, 1, 1)`` (torch.nn.functional.pad). Paddings may be open sizes; negative ones crop.

    ``mode`` is constant (``value``, or 0), or reflect, replicate, circular: then there are two paddings for each
    spatial axis of ``[B, C, *spatial]``, or of ``[C, *spatial]``, and three such axes at most.

        x = pad(x, (0, 0, 0, -W % 7, 0, -H % 7))
    """

    is_module: ClassVar[bool] = False

    padding: Paddings
    mode: Mode = "constant"
    value: Annotated[int | float | None, Field(description="a number or None")] = None

    @model_validator(mode="after")
    def _consistent(self) -> pad:
        if self.mode != "constant" and self.value:
            message = f'value has no meaning with mode="{self.mode}"'
            raise Refused(message, help="leave it out", attribute="value")
        if len(self.padding) % 2:
            count = "1 entry" if len(self.padding) == 1 else f"{len(self.padding)} entries"
            help_ = "two per axis, the last axis first: `(left, right, top, bottom)`"
            raise Refused(f"padding has {count}", help=help_, attribute="padding")
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axes = len(self.padding) // 2
        if axes > x.rank:
            raise Refused(f"padding is for {axes} axes, but the tensor is {shown(x)}", attribute="padding")
        if self.mode != "constant":
            self._check_images(x, axes)
        elif not fits_dtype(self.value, x):
            raise Refused(f"a padding of {self.value} does not fit {shown(x)}", attribute="value", listed="dtype")
        sizes, needs = pad_sizes(x.dims, self.padding, self.mode)
        return Inferred((TensorType(x.dtype, sizes),), tuple(needs))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (pad_windows(output, self.padding),)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((0,)) if self.mode in ("reflect", "replicate") else Saved()

    def _check_images(self, x: TensorType, axes: int) -> None:
        """The modes that look at the values pad the axes of images, with or without a batch."""
        if not 1 <= axes <= 3 or x.rank not in (axes + 1, axes + 2):
            count, rest = f"{2 * axes} paddings", x.rank - 2 - axes
            message = f'mode="{self.mode}" takes two paddings for each axis of {shown(x)} from 2 on, got {count}'
            if x.rank not in (3, 4, 5):
                message = f'mode="{self.mode}" pads 1 to 3 axes of [batch, channels, *axes], got {shown(x)}'
            more = (*self.padding, *(0,) * (2 * rest))
            fits = x.rank in (4, 5) and rest > 0
            help_ = f"`({', '.join(map(str, more))})`: the last axis first, zeros for axes that stay" if fits else ""
            raise Refused(message, help=help_, attribute="padding")
        if x.dtype == "bool":
            raise Refused(f'mode="{self.mode}" takes no bool tensor', operand=0, listed="dtype")

    def lower(self, *inputs: TensorType) -> TorchCall:
        _, others = self.given()
        return TorchCall("nn.functional.pad", (Operand(0), self.padding), others)


def fits_dtype(value: float | None, x: TensorType) -> bool:
    """Whether a number can stand in a tensor as it is."""
    return x.dtype == "float" or value is None or (isinstance(value, int) and (x.dtype == "int" or value in (0, 1)))
