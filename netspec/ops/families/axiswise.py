"""Activations along an axis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from netspec.dims import floor_div, mod, product
from netspec.ops.base import Op
from netspec.ops.contract import Doubt, Inferred, Made, Need, Operand, Saved, TorchCall, shown
from netspec.ops.reads import Reads, everything, mixed
from netspec.ops.rules.axes import axis_index
from netspec.ops.rules.dtypes import FLOAT, Number, kind_of
from netspec.types import TensorType

Axis = Annotated[int, Field(description="an int")]


class _Along(Op):
    """Along one axis, which ``along`` names: the shape stays."""

    family: ClassVar[str] = "activation"
    saves: ClassVar[tuple[Literal["inputs", "outputs"], ...]] = ("outputs",)
    along: ClassVar[str]

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        dtype = kind_of(type(self).__name__, x, FLOAT)
        self._axis(x)
        return Inferred((TensorType(dtype, x.dims),))

    def _axis(self, x: TensorType) -> int:
        return axis_index(self.__dict__[self.along], max(x.rank, 1), self.along)

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        (x,) = inputs
        return (mixed(x, [self._axis(x)]) if x.rank else everything(x),)

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        x = inputs[0]
        if x.rank > 1 and self._axis(x) == 0 and not isinstance(x.dims[0], int):
            message = f"{type(self).__name__} works along the batch, axis 0 of {shown(x)}: samples depend on each other"
            yield Doubt("NS514", message, f"`{self.along}=-1` is the last axis, `{self.along}=1` the channels")


class Softmax(_Along):
    """``exp(x)`` divided by its sum along an axis: the shape stays, and the sum along the axis is 1 (torch.nn.Softmax).

    x -> fc: Linear(10) -> softmax: Softmax(dim=-1)
    """

    along: ClassVar[str] = "dim"

    dim: Axis


class LogSoftmax(_Along):
    """The logarithm of `Softmax`, computed as ``x - log(sum(exp(x)))`` along an axis: the shape stays
    (torch.nn.LogSoftmax).

        x -> fc: Linear(10) -> log_softmax: LogSoftmax(dim=-1)
    """

    along: ClassVar[str] = "dim"

    dim: Axis


class Softmin(_Along):
    """`Softmax` of ``-x``: the shape stays (torch.nn.Softmin).

    x -> weights: Softmin(dim=1)
    """

    along: ClassVar[str] = "dim"

    dim: Axis


class GLU(_Along):
    """The first half of an axis times the sigmoid of the second: ``[*, 2 * N, *] -> [*, N, *]`` (torch.nn.GLU; arXiv
    1612.08083). The size of the axis must be even, whatever the open sizes are.

        x -> conv: Conv1d(2 * 64, 3, padding=1) -> gate: GLU(dim=1)
    """

    saves: ClassVar[tuple[Literal["inputs", "outputs"], ...]] = ("inputs",)
    along: ClassVar[str] = "dim"

    dim: Axis = -1

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        dtype = kind_of("GLU", x, FLOAT)
        axis = axis_index(self.dim, x.rank, "dim")
        size = x.dims[axis]
        message = f"GLU halves axis {axis}, whose size {shown(size)} is not even"
        help_ = "`dim` names the axis; the layer before it gives twice as many features"
        need = Need(mod(size, 2), "==", 0, message, help=help_)
        return Inferred((TensorType(dtype, (*x.dims[:axis], floor_div(size, 2), *x.dims[axis + 1 :])),), (need,))


class softmax(_Along):
    """``exp(x)`` divided by its sum along an axis: the shape stays, and the sum along the axis is 1 (torch.softmax,
    whose argument is dim).

        y = softmax(matmul(queries, keys) / sqrt(D), axis=-1)
    """

    is_module: ClassVar[bool] = False
    along: ClassVar[str] = "axis"

    axis: Axis = -1

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.softmax", (Operand(0), self.axis))


class log_softmax(_Along):
    """The logarithm of `softmax`: the shape stays (torch.log_softmax, whose argument is dim).

    output log_softmax(logits, axis=-1)
    """

    is_module: ClassVar[bool] = False
    along: ClassVar[str] = "axis"

    axis: Axis = -1

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.log_softmax", (Operand(0), self.axis))


class normalize(_Along):
    """Vectors of length 1: ``x / max(norm(x), eps)`` with the p-norm along an axis; the shape stays
    (torch.nn.functional.normalize, whose argument is dim).

        output normalize(features, axis=-1)
    """

    is_module: ClassVar[bool] = False
    along: ClassVar[str] = "axis"

    p: Number = 2.0
    axis: Axis = 1
    eps: Number = 1e-12

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Its input, and the norms before and after eps."""
        (x,) = inputs
        norms = product(size for axis, size in enumerate(x.dims) if axis != self._axis(x))
        return Saved((0,), made=(Made(2 * norms, training=True),))

    def lower(self, *inputs: TensorType) -> TorchCall:
        _, others = self.given()
        others = {"dim" if name == "axis" else name: value for name, value in others.items()}
        return TorchCall("nn.functional.normalize", (Operand(0),), others)
