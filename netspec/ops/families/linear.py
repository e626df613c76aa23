"""Fully connected layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import ClassVar

from netspec.dims import Size, product
from netspec.ops.base import Op, PositiveInt, float_input, known
from netspec.ops.contract import Change, Doubt, Inferred, Refused, Saved, Weight, shown
from netspec.ops.reads import Reads, mixed
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

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        (x,) = inputs
        if x.rank == 4 and isinstance(x.dims[-1], int) and x.dims[-1] == x.dims[-2]:
            message = f"Linear works along the last axis alone, here {x.dims[-1]} of {shown(x)}"
            yield Doubt("NS513", message, "`flatten()` before it takes all features of a sample")

    def _features(self, x: TensorType) -> int:
        if not x.rank:
            raise Refused("Linear takes a tensor with at least one axis, got a scalar", operand=0)
        return known(x.dims[-1], self, "features (the last axis)", *_pooled(x))

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        return {"in_features": self._features(inputs[0])}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        weight = Weight("weight", (self.out_features, self._features(inputs[0])))
        return (weight, Weight("bias", (self.out_features,))) if self.bias else (weight,)

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        return product([*outputs[0].dims, self._features(inputs[0])])

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (mixed(inputs[0], [-1]),)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((0,), for_weights=True)


def _pooled(x: TensorType) -> tuple[str, Change | None]:
    """Pooling leaves one number per channel, whatever the size of the image was."""
    if x.rank == 2:
        pool = "pool: AdaptiveAvgPool(1)"
        return f"pool to a fixed size before `flatten()`: `{pool}`", Change(before=pool, ahead=True)
    if x.rank > 2 and isinstance(x.channels, int):
        steps = "pool: AdaptiveAvgPool(1) -> flatten()"
        return f"`{steps}` before it gives it [batch, channels]", Change(before=steps)
    return "", None
