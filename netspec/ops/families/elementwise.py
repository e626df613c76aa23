"""Functions of each number by itself."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from netspec.ops.base import Op
from netspec.ops.contract import Inferred, Operand, Refused, TorchCall, shown
from netspec.ops.families.activation import Elementwise, Saves
from netspec.ops.families.join import join_sizes
from netspec.ops.rules.dtypes import NUMBER, TO_FLOAT, Kinds, Number, Scalar, kind_of
from netspec.types import TensorType


class _Function(Elementwise):
    """Number by number: the shape stays. ``torch`` is torch's name for it."""

    is_module: ClassVar[bool] = False
    torch: ClassVar[str] = ""

    def lower(self, *inputs: TensorType) -> TorchCall:
        _, others = self.given()
        return TorchCall(self.torch or f"torch.{type(self).__name__}", (Operand(0),), others)


class relu(_Function):
    """``max(x, 0)``; any shape, float or int (torch.relu).

    y = relu(x + skip)
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = NUMBER


class leaky_relu(_Function):
    """``max(x, 0) + negative_slope * min(x, 0)``: the shape stays (torch.nn.functional.leaky_relu).

    y = leaky_relu(x, 0.2)
    """

    torch: ClassVar[str] = "nn.functional.leaky_relu"

    negative_slope: Number = 0.01


class gelu(_Function):
    """``x * P(X <= x)`` of a normal X; with ``approximate="tanh"`` nearly that (torch.nn.functional.gelu).

    y = gelu(x)
    """

    torch: ClassVar[str] = "nn.functional.gelu"

    approximate: Literal["none", "tanh"] = "none"


class silu(_Function):
    """``x * sigmoid(x)``: the shape stays (torch.nn.functional.silu; arXiv 1702.03118).

    y = silu(gate) * x
    """

    torch: ClassVar[str] = "nn.functional.silu"


class softplus(_Function):
    """``log(1 + exp(beta * x)) / beta``, and x itself where ``beta * x`` is above threshold: the shape stays
    (torch.nn.functional.softplus).

        scale = softplus(x)
    """

    torch: ClassVar[str] = "nn.functional.softplus"

    beta: Number = 1.0
    threshold: Number = 20.0


class sigmoid(_Function):
    """``1 / (1 + exp(-x))``: the shape stays, the result is float (torch.sigmoid).

    y = x * sigmoid(gate)
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = TO_FLOAT


class tanh(_Function):
    """The hyperbolic tangent: the shape stays, the result is float (torch.tanh).

    image = tanh(x)
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = TO_FLOAT


class exp(_Function):
    """``e ** x``: the shape stays, the result is float (torch.exp).

    deviation = exp(0.5 * log_variance)
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = TO_FLOAT


class log(_Function):
    """The natural logarithm: the shape stays, the result is float (torch.log).

    y = log(x + 1e-6)
    """

    kinds: ClassVar[Kinds] = TO_FLOAT


class sqrt(_Function):
    """The square root: the shape stays, the result is float (torch.sqrt).

    norm = sqrt(sum(x * x, axis=1, keepdim=True))
    """

    saves: ClassVar[Saves] = ("outputs",)
    kinds: ClassVar[Kinds] = TO_FLOAT


class abs(_Function):
    """x without its sign; any shape, float or int (torch.abs).

    distance = abs(a - b)
    """

    kinds: ClassVar[Kinds] = NUMBER


class neg(_Function):
    """``-x`` or ``neg(x)``; any shape, float or int (torch.neg).

    y = concat(relu(x), relu(-x))
    """

    saves: ClassVar[Saves] = ()
    kinds: ClassVar[Kinds] = NUMBER


class pow(_Function):
    """``x ** exponent`` or ``pow(x, exponent)``, a number; any shape, float or int (torch.pow). An int tensor stays one
    with an int exponent, which then is at least 0.

        spread = sum((a - b) ** 2, axis=-1)
    """

    kinds: ClassVar[Kinds] = NUMBER

    exponent: Scalar

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        kind_of("**", x, self.kinds, listed="dtype")
        if x.dtype == "int" and isinstance(self.exponent, int) and self.exponent < 0:
            message = f"an int tensor has no power of {self.exponent}: {shown(x)}"
            raise Refused(message, help=f"`1 / x ** {-self.exponent}`", attribute="exponent")
        return Inferred((TensorType("float" if isinstance(self.exponent, float) else x.dtype, x.dims),))

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.pow", (Operand(0), self.exponent))


class clamp(_Function):
    """``min(max(x, min), max)``, one of the bounds or both; any shape, float or int (torch.clamp). Of an int tensor the
    result is float where a bound is. Bounds are given by name.

        y = clamp(x, min=0, max=6)
    """

    positional: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[Kinds] = NUMBER

    min: Annotated[Scalar | None, Field(description="a number or None")] = None
    max: Annotated[Scalar | None, Field(description="a number or None")] = None

    @model_validator(mode="after")
    def _bounded(self) -> clamp:
        if self.min is None and self.max is None:
            raise Refused("clamp needs min or max", help="`clamp(x, min=0)`")
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        kind_of("clamp", x, self.kinds, listed="dtype")
        floats = any(isinstance(bound, float) for bound in (self.min, self.max))
        return Inferred((TensorType("float" if floats else x.dtype, x.dims),))


class _Pairwise(Op):
    """Two tensors, number by number, shapes as for `add`."""

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = 2
    family: ClassVar[str] = "join"
    elementwise: ClassVar[bool] = True
    saves: ClassVar[Saves] = ("inputs",)

    def infer(self, *inputs: TensorType) -> Inferred:
        left, right = inputs
        for index, x in enumerate(inputs):
            if x.dtype == "bool":
                raise Refused(f"{type(self).__name__} takes float or int tensors, got {shown(x)}", operand=index,
                              listed="dtype")  # fmt: skip
        if left.rank != right.rank:
            message = f"cannot compare tensors of rank {left.rank} and {right.rank}: {shown(left)} and {shown(right)}"
            raise Refused(message, operand=1, listed="broadcast")
        dims, needs = join_sizes([x.dims for x in inputs])
        return Inferred((TensorType("float" if "float" in (left.dtype, right.dtype) else "int", dims),), needs)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(f"torch.{type(self).__name__}", (Operand(0), Operand(1)))


class maximum(_Pairwise):
    """The larger of two numbers at each place: shapes as for `add` (torch.maximum). `amax` is that along an axis.

    y = maximum(a, b)
    """

    tensors_help: ClassVar[str] = "with a number it is `clamp(x, min=0)`"


class minimum(_Pairwise):
    """The smaller of two numbers at each place: shapes as for `add` (torch.minimum). `amin` is that along an axis.

    y = minimum(a, b)
    """

    tensors_help: ClassVar[str] = "with a number it is `clamp(x, max=6)`"
