"""Activations, number by number: the shape stays."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, model_validator

from netspec.dims import product
from netspec.ops.base import Op, known
from netspec.ops.contract import Inferred, Made, Refused, Saved, TorchCall, Weight, shown
from netspec.ops.rules.dtypes import FLOAT, INT_TO_FLOAT, LARGEST, NUMBER, TO_FLOAT, Kinds, Number, kind_of
from netspec.types import TensorType

Saves = tuple[Literal["inputs", "outputs"], ...]


class Elementwise(Op):
    """Element by element: the shape stays. ``kinds`` are the dtypes that it takes."""

    family: ClassVar[str] = "activation"
    elementwise: ClassVar[bool] = True
    saves: ClassVar[Saves] = ("inputs",)
    kinds: ClassVar[Kinds] = FLOAT

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        return Inferred((TensorType(kind_of(type(self).__name__, x, self.kinds), x.dims),))


class _Composed(Elementwise):
    """Made of several steps, one of whose results autograd keeps too."""

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return replace(super().saved(inputs, outputs), made=(Made(product(inputs[0].dims), training=True),))


class _FromResult(Elementwise):
    """In place torch computes the gradient from the result, and keeps no copy of the input."""

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved(outputs=(0,)) if self.mutates else super().saved(inputs, outputs)


class ReLU(Elementwise):
    """``max(x, 0)``; any shape, float or int (torch.nn.ReLU).

    x -> relu: ReLU(inplace=True)
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = NUMBER

    inplace: bool = False


class ReLU6(Elementwise):
    """``min(max(x, 0), 6)``; any shape, float or int (torch.nn.ReLU6; arXiv 1704.04861).

    x -> relu: ReLU6(inplace=True)
    """

    kinds: ClassVar[Kinds] = NUMBER

    inplace: bool = False


class LeakyReLU(_FromResult):
    """``max(x, 0) + negative_slope * min(x, 0)``: the shape stays (torch.nn.LeakyReLU).

    x -> act: LeakyReLU(0.2, inplace=True)
    """

    negative_slope: Number = 0.01
    inplace: bool = False


class PReLU(Elementwise):
    """``max(x, 0) + weight * min(x, 0)`` with one learned slope, or with ``per_channel=True`` one for each channel
    (torch.nn.PReLU, whose num_parameters is 1 or the channels). Attributes are given by name.

        x -> act: PReLU(per_channel=True)
    """

    inferred_names: ClassVar[tuple[str, ...]] = ("num_parameters",)
    positional: ClassVar[tuple[str, ...]] = ()  # ``PReLU(64)`` would set something else than in torch

    per_channel: bool = False
    init: Annotated[float, Field(allow_inf_nan=False, description="a number")] = 0.25

    def infer(self, *inputs: TensorType) -> Inferred:
        self._slopes(inputs[0])
        return super().infer(*inputs)

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


class ELU(_FromResult):
    """``max(x, 0) + alpha * (exp(min(x, 0)) - 1)``: the shape stays (torch.nn.ELU; arXiv 1511.07289).

    x -> act: ELU(alpha=0.5)
    """

    alpha: Number = 1.0
    inplace: bool = False


class CELU(_FromResult):
    """``max(x, 0) + alpha * (exp(min(x, 0) / alpha) - 1)``: the shape stays (torch.nn.CELU; arXiv 1704.07483).

    x -> act: CELU(alpha=0.5)
    """

    alpha: Number = 1.0
    inplace: bool = False

    @model_validator(mode="after")
    def _alpha_divides(self) -> CELU:
        if abs(self.alpha) * LARGEST < 1:
            raise Refused(f"alpha must not be 0, got {self.alpha}", attribute="alpha")
        return self


class SELU(_FromResult):
    """``1.0507 * ELU(x)`` with alpha 1.67326, which keep mean 0 and variance 1 (torch.nn.SELU; arXiv 1706.02515).

    x -> act: SELU()
    """

    inplace: bool = False


class GELU(Elementwise):
    """``x * P(X <= x)`` of a normal X; ``approximate="tanh"`` is nearly that (torch.nn.GELU; arXiv 1606.08415).

    x -> act: GELU()
    """

    approximate: Literal["none", "tanh"] = "none"


class SiLU(Elementwise):
    """``x * sigmoid(x)``, also called Swish: the shape stays (torch.nn.SiLU; arXiv 1702.03118).

    x -> act: SiLU(inplace=True)
    """

    inplace: bool = False


class Mish(Elementwise):
    """``x * tanh(log(1 + exp(x)))``: the shape stays (torch.nn.Mish; arXiv 1908.08681).

    x -> act: Mish()
    """

    inplace: bool = False


class Softplus(Elementwise):
    """``log(1 + exp(beta * x)) / beta``, and x itself where ``beta * x`` is above threshold (torch.nn.Softplus).

    x -> act: Softplus(beta=2)
    """

    beta: Number = 1.0
    threshold: Number = 20.0


class Softsign(_Composed):
    """``x / (1 + abs(x))``: the shape stays, the result is float (torch.nn.Softsign).

    x -> act: Softsign()
    """

    kinds: ClassVar[Kinds] = INT_TO_FLOAT


class Sigmoid(Elementwise):
    """``1 / (1 + exp(-x))``: the shape stays, the result is float (torch.nn.Sigmoid).

    x -> gate: Sigmoid()
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = TO_FLOAT


class LogSigmoid(_Composed):
    """``log(1 / (1 + exp(-x)))``: the shape stays (torch.nn.LogSigmoid).

    x -> act: LogSigmoid()
    """


class Hardsigmoid(Elementwise):
    """``min(max(x + 3, 0), 6) / 6``: the shape stays (torch.nn.Hardsigmoid; arXiv 1905.02244).

    x -> gate: Hardsigmoid()
    """

    inplace: bool = False


class Hardswish(Elementwise):
    """``x * min(max(x + 3, 0), 6) / 6``: the shape stays (torch.nn.Hardswish; arXiv 1905.02244).

    x -> act: Hardswish()
    """

    inplace: bool = False


class Tanh(Elementwise):
    """The hyperbolic tangent: the shape stays, the result is float (torch.nn.Tanh).

    x -> act: Tanh()
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = TO_FLOAT


class Tanhshrink(_Composed):
    """``x - tanh(x)``: the shape stays, the result is float (torch.nn.Tanhshrink).

    x -> act: Tanhshrink()
    """

    saves: ClassVar[Saves] = ()
    kinds: ClassVar[Kinds] = INT_TO_FLOAT


class Hardtanh(Elementwise):
    """``min(max(x, min_val), max_val)``; any shape, float or int (torch.nn.Hardtanh).

    x -> act: Hardtanh(0, 6)
    """

    kinds: ClassVar[Kinds] = NUMBER

    min_val: Number = -1.0
    max_val: Number = 1.0
    inplace: bool = False

    @model_validator(mode="after")
    def _in_order(self) -> Hardtanh:
        if self.min_val >= self.max_val:
            message = f"min_val ({self.min_val}) must be below max_val ({self.max_val})"
            raise Refused(message, attribute="max_val")
        return self


class Hardshrink(Elementwise):
    """x where ``abs(x)`` is above lambd, else 0: the shape stays (torch.nn.Hardshrink).

    x -> act: Hardshrink(0.5)
    """

    lambd: Number = 0.5


class Softshrink(Elementwise):
    """``x - lambd`` above lambd, ``x + lambd`` below -lambd, else 0: the shape stays (torch.nn.Softshrink).

    x -> act: Softshrink(0.5)
    """

    lambd: Annotated[float, Field(ge=0, le=LARGEST, allow_inf_nan=False, description="a number of at least 0")] = 0.5


class Threshold(Elementwise):
    """x where it is above threshold, else value; any shape, float or int (torch.nn.Threshold).

    x -> act: Threshold(0.1, 0)
    """

    kinds: ClassVar[Kinds] = NUMBER

    threshold: Number
    value: Number
    inplace: bool = False
