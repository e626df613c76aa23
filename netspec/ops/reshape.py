"""Ops that keep every element: flattening and the identity."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from netspec.dims import product
from netspec.ops.axes import axis_index
from netspec.ops.base import Op
from netspec.ops.contract import Inferred, Operand, Refused, TorchCall
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
            raise Refused(f"start_dim ({self.start_dim}) comes after end_dim ({self.end_dim})", attribute="end_dim")
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
