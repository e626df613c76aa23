"""Changing the resolution."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Dim, Size, floor_div, opaque
from netspec.ops.base import Op, PositiveInt, PositivePerAxis, Saves, as_tuple, check_axes, check_rank, spatial_input
from netspec.ops.contract import Change, Inferred, Need, Operand, Refused, SizesOf, TorchCall, shown
from netspec.ops.reads import Reads, per_channel
from netspec.ops.rules.sampling import cornered, sampled
from netspec.types import TensorType

Factor = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Factors = Annotated[Factor | tuple[Factor, ...] | None, BeforeValidator(as_tuple),
                    Field(description="a positive number, one per axis, or None")]  # fmt: skip
Target = Annotated[PositivePerAxis | None, Field(description="a positive int, one per axis, or None")]
Sizes = Annotated[PositiveInt | Dim | tuple[PositiveInt | Dim, ...] | None, BeforeValidator(as_tuple),
                  Field(description="a positive size, one per axis, or None")]  # fmt: skip

#: torch's modes with the ranks that they take; ``linear`` is each of the linear ones by rank
MODES = {
    **dict.fromkeys(("nearest", "nearest-exact", "area", "linear"), (3, 4, 5)),
    **dict.fromkeys(("bilinear", "bicubic"), (4,)),
    "trilinear": (5,),
}
LINEAR = {3: "linear", 4: "bilinear", 5: "trilinear"}

#: A factor n / d with n and d up to this is exact in floats for every size that memory holds.
EXACT = 1 << 10


class _Resampling(Op):
    """``[B, C, *in] -> [B, C, *size]``, or ``floor(in * scale_factor)`` per axis."""

    saves: ClassVar[Saves] = ()

    size: Sizes = None
    scale_factor: Factors = None
    mode: Literal["nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"] = "nearest"
    align_corners: Annotated[bool | None, Field(description="True, False or None")] = None
    recompute_scale_factor: Annotated[bool | None, Field(description="True, False or None")] = None

    @classmethod
    def ranks(cls, axes: int | None) -> tuple[int, ...]:
        return (3, 4, 5)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.align_corners is not None and self.mode in ("nearest", "nearest-exact", "area"):
            message = f'align_corners has no meaning with mode="{self.mode}"'
            help = 'leave it out, or write mode="linear"'
            raise Refused(message, help=help, attribute="align_corners", change=Change(argument="align_corners"))
        if self.recompute_scale_factor and self.size is not None:
            raise Refused("recompute_scale_factor has no meaning with size", attribute="recompute_scale_factor")
        return self

    def _resized(self, x: TensorType, like: tuple[Size, ...] | None = None) -> Inferred:
        axes = spatial_input(self, x)
        if x.rank not in MODES[self.mode]:
            message = f'mode="{self.mode}" takes rank {MODES[self.mode][0]}, got {shown(x)} of rank {x.rank}'
            help = 'write mode="linear": it is linear, bilinear or trilinear by rank'
            raise Refused(message, help=help, attribute="mode", change=Change(argument="mode", value='"linear"'))
        sizes = like or self._sizes(x.spatial, axes)
        needs = []
        for axis, (size, out) in enumerate(zip(x.spatial, sizes, strict=True)):
            message = f"nothing is left of axis {axis + 2}: scaled it is {shown(out)}"
            if self.scale_factor is not None:
                needs.append(Need(size, ">=", self._least(axis), message, "empty"))
            elif not isinstance(out, int):
                needs.append(Need(out, ">=", 1, message, "empty"))
        return Inferred((TensorType("float", (*x.dims[:2], *sizes)),), tuple(needs))

    def _least(self, axis: int) -> int:
        """The least size of which something is left; no memory holds a size of 2**40."""
        assert self.scale_factor is not None
        factor = self.scale_factor if isinstance(self.scale_factor, float) else self.scale_factor[axis]
        factor = max(factor, 2.0**-40)
        around = math.ceil(1 / factor)
        return next(size for size in range(max(around - 1, 1), around + 2) if scaled(size, factor) >= 1)

    def _sizes(self, spatial: tuple[Size, ...], axes: int) -> tuple[Size, ...]:
        if self.size is not None:
            sizes = self.size if isinstance(self.size, tuple) else (self.size,) * axes
            check_axes(sizes, axes, "size")
            return sizes
        assert self.scale_factor is not None
        factors = (self.scale_factor,) * axes if isinstance(self.scale_factor, float) else self.scale_factor
        check_axes(factors, axes, "scale_factor")
        return tuple(scaled(size, factor) for size, factor in zip(spatial, factors, strict=True))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        grids = enumerate(zip(inputs[0].spatial, output.spatial, strict=True), start=2)
        if self.align_corners:
            found = [cornered(axis, size, out, self.mode) for axis, (size, out) in grids]
        else:
            found = [sampled(axis, size, out, self.mode, self._ratio(axis - 2)) for axis, (size, out) in grids]
        return (per_channel(found), *(None for _ in inputs[1:]))

    def _ratio(self, axis: int) -> Fraction | None:
        """The size of a cell of the result in cells of the input, where that is the same for all sizes."""
        if self.scale_factor is None or self.recompute_scale_factor:
            return None
        factor = self.scale_factor if isinstance(self.scale_factor, float) else self.scale_factor[axis]
        near = Fraction(factor).limit_denominator(EXACT)
        return 1 / near if abs(near - Fraction(factor)) < Fraction(factor) / 10**12 else Fraction(1 / factor)

    def _others(self, x: TensorType) -> dict[str, Any]:
        """The arguments that are not the default, torch's mode for the rank among them."""
        _, others = self.given()
        if self.mode == "linear":
            others["mode"] = LINEAR[x.rank]
        return others


class Upsample(_Resampling):
    """A grid of another size, by interpolation: ``[B, C, *in] -> [B, C, *size]``, or ``floor(in * scale_factor)`` per
    axis (torch.nn.Upsample, torch.nn.functional.interpolate).

    ``mode="linear"`` is linear, bilinear or trilinear by rank; torch's other names work for their rank.

        x -> up: Upsample(scale_factor=2, mode="linear", align_corners=True)
    """

    size: Target = None

    @model_validator(mode="after")
    def _one_target(self) -> Upsample:
        if (self.size is None) == (self.scale_factor is None):
            both = self.size is not None
            help_ = "leave out one of them" if both else "`Upsample(scale_factor=2)` doubles the size"
            change = Change(argument="size") if both else Change(argument="scale_factor", value="2")
            raise Refused("Upsample needs either size or scale_factor", help=help_,
                          attribute="scale_factor" if both else None, change=change)  # fmt: skip
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        return self._resized(inputs[0])

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        mode = LINEAR[inputs[0].rank] if self.mode == "linear" else self.mode
        return {"size": self.size, "scale_factor": self.scale_factor, "mode": mode, "align_corners": self.align_corners}

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("nn.Upsample", (), self._others(inputs[0]))


class interpolate(_Resampling):
    """A grid of another size, as `Upsample`, to sizes that may be open, or to those of another tensor
    (torch.nn.functional.interpolate): ``[B, C, *in] -> [B, C, *size]``.

        y = interpolate(y, like=x)
        y = interpolate(y, size=(H, W), mode="linear", align_corners=False)
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = None
    operands: ClassVar[tuple[str, ...]] = ("like",)

    def infer(self, *inputs: TensorType) -> Inferred:
        x, *others = inputs
        targets = len(others) + (self.size is not None) + (self.scale_factor is not None)
        if targets != 1:
            help_ = "`interpolate(x, like=y)`, `interpolate(x, size=(H, W))` or `interpolate(x, scale_factor=2)`"
            raise Refused("interpolate takes one tensor, and one of size, scale_factor and like", help=help_)
        if not others:
            return self._resized(x)
        (like,) = others
        check_rank(interpolate, "interpolate", None, x)
        if like.rank != x.rank:
            raise Refused(f"interpolate needs tensors of one rank, got {shown(x)} and {shown(like)}", operand=1)
        if self.recompute_scale_factor:
            raise Refused("recompute_scale_factor has no meaning with like", attribute="recompute_scale_factor")
        return self._resized(x, like.spatial)

    def lower(self, *inputs: TensorType) -> TorchCall:
        sizes = {"size": SizesOf(1, start=2)} if len(inputs) == 2 else {}
        return TorchCall("nn.functional.interpolate", (Operand(0),), {**sizes, **self._others(inputs[0])})


def scaled(size: Size, factor: float) -> Size:
    """``floor(float(size) * factor)`` as torch computes it; exact for small fractions of powers of 2."""
    exact = Fraction(factor)
    if exact.denominator <= EXACT and exact.numerator <= EXACT:
        return floor_div(size * exact.numerator, exact.denominator)
    return opaque(f"scaled[{factor!r}]", lambda n: math.floor(float(n) * factor), size)
