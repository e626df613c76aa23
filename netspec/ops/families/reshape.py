"""Ops that keep every element: flattening, repeating along an axis, the identity."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from netspec.dims import Dim, Size, product
from netspec.ops.base import Op, PositiveInt, as_tuple
from netspec.ops.contract import Change, Inferred, Need, Operand, Refused, TorchCall, shown
from netspec.ops.rules.axes import axis_index
from netspec.types import TensorType

Axis = Annotated[int, Field(description="an int")]


class _Flatten(Op):
    start_dim: Axis = 1
    end_dim: Axis = -1

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        rank = max(x.rank, 1)  # a scalar becomes [1]
        start, end = axis_index(self.start_dim, rank, "start_dim"), axis_index(self.end_dim, rank, "end_dim")
        if start > end:
            message = f"start_dim ({self.start_dim}) comes after end_dim ({self.end_dim})"
            swapped = Change("end_dim", str(self.start_dim), also=Change("start_dim", str(self.end_dim)))
            help_ = f"the other way round: `start_dim={self.end_dim}, end_dim={self.start_dim}`"
            raise Refused(message, help=help_, attribute="end_dim", change=swapped)
        return Inferred((TensorType(x.dtype, (*x.dims[:start], product(x.dims[start : end + 1]), *x.dims[end + 1 :])),))

    @property
    def aliases(self) -> bool:
        return True


class Flatten(_Flatten):
    """The axes from start_dim to end_dim as one: ``[B, C, H, W] -> [B, C*H*W]`` (torch.nn.Flatten).

    x -> [Flatten(), Linear(10)]
    """

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        _, others = self.given()
        return others


class flatten(_Flatten):
    """The axes from start_dim to end_dim as one: ``[B, C, H, W] -> [B, C*H*W]`` (torch.flatten, but start_dim is 1 by
    default, as in torch.nn.Flatten: the batch stays).

        x -> avgpool: AdaptiveAvgPool(1) -> flatten() -> fc: Linear(10)
    """

    is_module: ClassVar[bool] = False

    def lower(self, *inputs: TensorType) -> TorchCall:
        end = () if self.end_dim == -1 else (self.end_dim,)
        return TorchCall("torch.flatten", (Operand(0), self.start_dim, *end))


class Identity(Op):
    """Its input, as it is (torch.nn.Identity).

    x -> downsample: Identity()
    """

    def infer(self, *inputs: TensorType) -> Inferred:
        return Inferred((inputs[0],))

    @property
    def aliases(self) -> bool:
        return True


class expand(Op):
    """Repeats along axes that are literally 1, without copying: ``[B, C, 1] -> [B, C, N]`` with ``size=(-1, -1, N)``
    (torch.Tensor.expand). -1 is the size that an axis has; further sizes in front are new axes.

        y = expand(x, (-1, -1, N))
    """

    is_module: ClassVar[bool] = False

    size: Annotated[tuple[PositiveInt | Dim | Literal[-1], ...], BeforeValidator(as_tuple),
                    Field(description="a positive size or -1 per axis")]  # fmt: skip

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        new = len(self.size) - x.rank
        if new < 0:
            sizes = "1 entry" if len(self.size) == 1 else f"{len(self.size)} entries"
            raise Refused(f"size has {sizes}, but the tensor is {shown(x)}", attribute="size")
        if -1 in self.size[:new]:
            raise Refused(f"size is -1 for a new axis of {shown(x)}: it has no size yet", attribute="size")
        dims: list[Size] = list(self.size[:new])
        needs: list[Need] = []
        for axis, (old, size) in enumerate(zip(x.dims, self.size[new:], strict=True)):
            dims.append(old if size == -1 else size)
            if size != -1 and old != 1:
                message = f"axis {axis} of size {shown(old)} cannot be repeated to {shown(size)}"
                help_ = "only axes that are literally 1 are repeated; -1 keeps a size"
                needs.append(Need(old, "==", size, message, "broadcast", help=help_))
        return Inferred((TensorType(x.dtype, tuple(dims)),), tuple(needs))

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".expand", (Operand(0), *(self.size or ((),))))
