"""Activations: the shape stays."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from netspec.ops.base import Op, float_input, known
from netspec.ops.contract import Inferred, Operand, Refused, TorchCall, Weight, shown
from netspec.ops.rules.axes import axis_index
from netspec.types import TensorType


class ReLU(Op):
    """``max(x, 0)``; any shape, float or int (torch.nn.ReLU).

    x -> relu: ReLU(inplace=True)
    """

    family: ClassVar[str] = "activation"

    inplace: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.dtype == "bool":
            raise Refused(f"ReLU takes a float or int tensor, got {shown(x)}", operand=0)
        return Inferred((x,))


class LeakyReLU(Op):
    """``max(x, 0) + negative_slope * min(x, 0)``: the shape stays (torch.nn.LeakyReLU).

    x -> act: LeakyReLU(0.2, inplace=True)
    """

    family: ClassVar[str] = "activation"

    negative_slope: Annotated[float, Field(allow_inf_nan=False, description="a number")] = 0.01
    inplace: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        float_input(self, x)
        return Inferred((x,))


class PReLU(Op):
    """``max(x, 0) + weight * min(x, 0)`` with one learned slope, or with ``per_channel=True`` one for each channel
    (torch.nn.PReLU, whose num_parameters is 1 or the channels). Attributes are given by name.

        x -> act: PReLU(per_channel=True)
    """

    family: ClassVar[str] = "activation"
    inferred_names: ClassVar[tuple[str, ...]] = ("num_parameters",)
    positional: ClassVar[tuple[str, ...]] = ()  # ``PReLU(64)`` would set something else than in torch

    per_channel: bool = False
    init: Annotated[float, Field(allow_inf_nan=False, description="a number")] = 0.25

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.dtype != "float":
            raise Refused(f"PReLU takes a float tensor, got {shown(x)}", operand=0)
        self._slopes(x)
        return Inferred((x,))

    def _slopes(self, x: TensorType) -> int:
        if not self.per_channel:
            return 1
        if x.rank < 2:
            message = f"PReLU(per_channel=True) takes [batch, channels, ...], got {shown(x)}"
            raise Refused(message, attribute="per_channel", operand=0)
        return known(x.channels, self)

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return (Weight("weight", (self._slopes(inputs[0]),)),)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {"num_parameters": self._slopes(inputs[0])}

    def lower(self, *inputs: TensorType) -> TorchCall:
        args = (self._slopes(inputs[0]),) if self.per_channel else ()
        return TorchCall("nn.PReLU", args, {} if self.init == 0.25 else {"init": self.init})


class softmax(Op):
    """``exp(x)`` divided by its sum along an axis: the shape stays, and the sum along the axis is 1 (torch.softmax,
    whose argument is dim).

        y = softmax(matmul(queries, keys) / sqrt(D), axis=-1)
    """

    is_module: ClassVar[bool] = False
    family: ClassVar[str] = "activation"

    axis: Annotated[int, Field(description="an int")] = -1

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        float_input(self, x)
        axis_index(self.axis, max(x.rank, 1), "axis")
        return Inferred((x,))

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.softmax", (Operand(0), self.axis))
