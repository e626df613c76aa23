"""Fully connected layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from netspec.dims import Size, product
from netspec.ops.base import Op, PositiveInt, float_input, known
from netspec.ops.contract import Inferred, Refused, Weight
from netspec.types import TensorType


class Linear(Op):
    """``x @ weight.T + bias`` over the last axis: ``[*, in_features] -> [*, out_features]`` (torch.nn.Linear).

    in_features is inferred: what torch writes ``Linear(512, 10)`` is ``Linear(10)`` here. Multiply-adds: output
    elements times in_features.

        x -> flatten() -> fc: Linear(400)
    """

    family: ClassVar[str] = "linear"
    inferred_names: ClassVar[tuple[str, ...]] = ("in_features",)

    out_features: PositiveInt
    bias: bool = True

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        float_input(self, x)
        self._features(x)
        return Inferred((TensorType("float", (*x.dims[:-1], self.out_features)),))

    def _features(self, x: TensorType) -> int:
        if not x.rank:
            raise Refused("Linear takes a tensor with at least one axis, got a scalar", operand=0)
        return known(x.dims[-1], self, "features (the last axis)")

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        return {"in_features": self._features(inputs[0])}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        weight = Weight("weight", (self.out_features, self._features(inputs[0])))
        return (weight, Weight("bias", (self.out_features,))) if self.bias else (weight,)

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        return product([*outputs[0].dims, self._features(inputs[0])])
