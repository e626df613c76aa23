"""Cropping."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from netspec.dims import Dim, Size, minimum
from netspec.ops.base import Op, PositiveInt, Saves, as_tuple, check_axes
from netspec.ops.contract import Inferred, Refused, TorchCall, shown
from netspec.ops.reads import Reads, centred, per_channel
from netspec.ops.rules.centre import crop_call
from netspec.types import TensorType

OneSize = PositiveInt | Dim
Sizes = Annotated[OneSize | tuple[OneSize, ...] | None, BeforeValidator(as_tuple),
                  Field(description="a positive size, or one per axis from axis 2 on")]  # fmt: skip


class crop(Op):
    """Crop the axes from 2 on in the middle, to another tensor's sizes or to sizes given, the offset rounded down:
    ``[B, C, *in] -> [B, C, *min(in, size)]``. An axis that is not larger stays as it is.

        y = crop(y, like=x)
        y = crop(y, size=(32, 63))
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = None
    operands: ClassVar[tuple[str, ...]] = ("like",)
    positional: ClassVar[tuple[str, ...]] = ()

    saves: ClassVar[Saves] = ()

    size: Sizes = None

    def infer(self, *inputs: TensorType) -> Inferred:
        x = inputs[0]
        target = self._target(inputs)
        return Inferred((TensorType(x.dtype, (*x.dims[:2], *map(minimum, x.spatial, target))),))

    def _target(self, inputs: tuple[TensorType, ...]) -> tuple[Size, ...]:
        x = inputs[0]
        if len(inputs) > 2 or (len(inputs) == 2) == (self.size is not None):
            help_ = "`crop(x, like=y)`, or `crop(x, size=(32, 32))`"
            raise Refused("crop takes one tensor, and either size or like", help=help_, attribute="size")
        if x.rank < 3:
            raise Refused(f"crop takes [batch, channels, ...] with axes to crop, got {shown(x)}", operand=0)
        if len(inputs) == 2:
            if inputs[1].rank != x.rank:
                raise Refused(f"crop needs tensors of one rank, got {shown(x)} and {shown(inputs[1])}", operand=1)
            return inputs[1].spatial
        assert self.size is not None
        target = self.size if isinstance(self.size, tuple) else (self.size,) * (x.rank - 2)
        check_axes(target, x.rank - 2, "size")
        return target

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        x = inputs[0]
        moved = [centred(axis, size, output.dims[axis]) for axis, size in enumerate(x.spatial, start=2)]
        return (per_channel(moved), *(None for _ in inputs[1:]))

    def lower(self, *inputs: TensorType) -> TorchCall:
        target = self._target(inputs)
        out = self.infer(*inputs).outputs[0].spatial
        return crop_call(out, target, target if self.size is not None else None)
