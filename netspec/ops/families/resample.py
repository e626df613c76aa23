"""Changing the resolution."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Size, floor_div, opaque
from netspec.ops.base import Op, PositivePerAxis, as_tuple, check_axes, per_axis, spatial_input
from netspec.ops.contract import Change, Inferred, Need, Refused, TorchCall, shown
from netspec.types import TensorType

Factor = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Factors = Annotated[Factor | tuple[Factor, ...] | None, BeforeValidator(as_tuple),
                    Field(description="a positive number, one per axis, or None")]  # fmt: skip
Target = Annotated[PositivePerAxis | None, Field(description="a positive int, one per axis, or None")]

#: torch's modes with the ranks that they take; ``linear`` is each of the linear ones by rank
MODES = {
    **dict.fromkeys(("nearest", "nearest-exact", "area", "linear"), (3, 4, 5)),
    **dict.fromkeys(("bilinear", "bicubic"), (4,)),
    "trilinear": (5,),
}
LINEAR = {3: "linear", 4: "bilinear", 5: "trilinear"}

#: A factor n / d with n and d up to this is exact in floats for every size that memory holds.
EXACT = 1 << 10


class Upsample(Op):
    """A grid of another size, by interpolation: ``[B, C, *in] -> [B, C, *size]``, or ``floor(in * scale_factor)`` per
    axis (torch.nn.Upsample, torch.nn.functional.interpolate).

    ``mode="linear"`` is linear, bilinear or trilinear by rank; torch's other names work for their rank.

        x -> up: Upsample(scale_factor=2, mode="linear", align_corners=True)
    """

    inferred_names: ClassVar[tuple[str, ...]] = ()

    size: Target = None
    scale_factor: Factors = None
    mode: Literal["nearest", "linear", "bilinear", "bicubic", "trilinear", "area", "nearest-exact"] = "nearest"
    align_corners: Annotated[bool | None, Field(description="True, False or None")] = None
    recompute_scale_factor: Annotated[bool | None, Field(description="True, False or None")] = None

    @classmethod
    def ranks(cls, axes: int | None) -> tuple[int, ...]:
        return (3, 4, 5)

    @model_validator(mode="after")
    def _consistent(self) -> Upsample:
        if (self.size is None) == (self.scale_factor is None):
            both = self.size is not None
            help_ = "leave out one of them" if both else "`Upsample(scale_factor=2)` doubles the size"
            change = Change(argument="size") if both else Change(argument="scale_factor", value="2")
            raise Refused("Upsample needs either size or scale_factor", help=help_,
                          attribute="scale_factor" if both else None, change=change)  # fmt: skip
        if self.align_corners is not None and self.mode in ("nearest", "nearest-exact", "area"):
            message = f'align_corners has no meaning with mode="{self.mode}"'
            help = 'leave it out, or write mode="linear"'
            raise Refused(message, help=help, attribute="align_corners", change=Change(argument="align_corners"))
        if self.recompute_scale_factor and self.size is not None:
            raise Refused("recompute_scale_factor has no meaning with size", attribute="recompute_scale_factor")
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axes = spatial_input(self, x)
        if x.rank not in MODES[self.mode]:
            message = f'mode="{self.mode}" takes rank {MODES[self.mode][0]}, got {shown(x)} of rank {x.rank}'
            help = 'write mode="linear": it is linear, bilinear or trilinear by rank'
            raise Refused(message, help=help, attribute="mode", change=Change(argument="mode", value='"linear"'))
        sizes = self._sizes(x.spatial, axes)
        needs = []
        for axis, (size, out) in enumerate(zip(x.spatial, sizes, strict=True)):
            message = f"nothing is left of axis {axis + 2}: scaled it is {shown(out)}"
            needs.append(Need(size, ">=", self._least(axis), message, "empty"))
        return Inferred((TensorType("float", (*x.dims[:2], *sizes)),), tuple(needs))

    def _least(self, axis: int) -> int:
        """The least size of which something is left; no memory holds a size of 2**40."""
        if self.scale_factor is None:
            return 1
        factor = self.scale_factor if isinstance(self.scale_factor, float) else self.scale_factor[axis]
        factor = max(factor, 2.0**-40)
        around = math.ceil(1 / factor)
        return next(size for size in range(max(around - 1, 1), around + 2) if scaled(size, factor) >= 1)

    def _sizes(self, spatial: tuple[Size, ...], axes: int) -> tuple[Size, ...]:
        if self.size is not None:
            return per_axis(self.size, axes, "size")
        assert self.scale_factor is not None
        factors = (self.scale_factor,) * axes if isinstance(self.scale_factor, float) else self.scale_factor
        check_axes(factors, axes, "scale_factor")
        return tuple(scaled(size, factor) for size, factor in zip(spatial, factors, strict=True))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        mode = LINEAR[inputs[0].rank] if self.mode == "linear" else self.mode
        return {"size": self.size, "scale_factor": self.scale_factor, "mode": mode, "align_corners": self.align_corners}

    def lower(self, *inputs: TensorType) -> TorchCall:
        _, others = self.given()
        if self.mode == "linear":
            others["mode"] = LINEAR[inputs[0].rank]
        return TorchCall("nn.Upsample", (), others)


def scaled(size: Size, factor: float) -> Size:
    """``floor(float(size) * factor)`` as torch computes it; exact for small fractions of powers of 2."""
    exact = Fraction(factor)
    if exact.denominator <= EXACT and exact.numerator <= EXACT:
        return floor_div(size * exact.numerator, exact.denominator)
    return opaque(f"scaled[{factor!r}]", lambda n: math.floor(float(n) * factor), size)
