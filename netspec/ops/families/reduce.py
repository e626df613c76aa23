"""Reductions: one number for all along some axes."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from netspec.dims import Size, product
from netspec.ops.base import Op, as_tuple
from netspec.ops.contract import Change, Inferred, Need, Operand, TorchCall
from netspec.ops.reads import Reads, everything, mixed, same
from netspec.ops.rules.axes import axes_indices
from netspec.ops.rules.dtypes import FLOAT, NUMBER, Kinds, kind_of
from netspec.types import TensorType

Axes = Annotated[int | Annotated[tuple[int, ...], Field(min_length=1)], BeforeValidator(as_tuple),
                 Field(description="an int, or one for each axis that goes")]  # fmt: skip


class _Reduction(Op):
    """The axes go, or with ``keepdim=True`` stay with size 1."""

    is_module: ClassVar[bool] = False
    family: ClassVar[str] = "pool"
    kinds: ClassVar[Kinds] = FLOAT

    axis: Axes
    keepdim: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        dtype = kind_of(type(self).__name__, x, self.kinds, listed="dtype")
        gone = self._axes(x)
        dims: list[Size] = []
        for axis, size in enumerate(x.dims):
            if axis not in gone:
                dims.append(size)
            elif self.keepdim:
                dims.append(1)
        return Inferred((TensorType(dtype, tuple(dims)),))

    def _axes(self, x: TensorType) -> tuple[int, ...]:
        axes = (self.axis,) if isinstance(self.axis, int) else self.axis
        return axes_indices(axes, max(x.rank, 1), "axis")

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        (x,) = inputs
        if not x.rank:
            return (everything(x),)
        gone = self._axes(x)
        if self.keepdim:
            return (mixed(x, gone),)
        places = iter(range(x.rank))
        return (tuple("all" if axis in gone else same(next(places)) for axis in range(x.rank)),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        keep = {"keepdim": True} if self.keepdim else {}
        return TorchCall(f"torch.{type(self).__name__}", (Operand(0), self.axis), keep)


class mean(_Reduction):
    """The mean along axes: ``[B, N, D] -> [B, D]`` with ``axis=1``; with keepdim ``[B, 1, D]`` (torch.mean, whose
    argument is dim).

        x -> norm: LayerNorm() -> mean(axis=1) -> fc: Linear(10)
    """

    saves: ClassVar[tuple[Literal["inputs", "outputs"], ...]] = ()


class sum(_Reduction):
    """The sum along axes: ``[B, N, D] -> [B, D]`` with ``axis=1``; with keepdim ``[B, 1, D]`` (torch.sum, whose
    argument is dim). Of a list of numbers ``sum(xs)`` is that of values.

        y = sum(x * weights, axis=1)
    """

    saves: ClassVar[tuple[Literal["inputs", "outputs"], ...]] = ()
    kinds: ClassVar[Kinds] = NUMBER


class amax(_Reduction):
    """The largest number along axes: ``[B, N, D] -> [B, D]`` with ``axis=1``; with keepdim ``[B, 1, D]`` (torch.amax,
    whose argument is dim).

        y = amax(x, axis=(2, 3))
    """

    kinds: ClassVar[Kinds] = NUMBER


class amin(_Reduction):
    """The least number along axes: ``[B, N, D] -> [B, D]`` with ``axis=1``; with keepdim ``[B, 1, D]`` (torch.amin,
    whose argument is dim).

        y = amin(x, axis=(2, 3))
    """

    kinds: ClassVar[Kinds] = NUMBER


class var(_Reduction):
    """The variance along axes, divided by their elements less ``correction``: ``[B, N, D] -> [B, D]`` with ``axis=1``;
    with keepdim ``[B, 1, D]`` (torch.var, whose argument is dim).

        y = (x - mean(x, axis=1, keepdim=True)) / sqrt(var(x, axis=1, keepdim=True, correction=0) + 1e-6)
    """

    saves: ClassVar[tuple[Literal["inputs", "outputs"], ...]] = ("inputs",)

    correction: Annotated[int, Field(ge=0, description="an int of at least 0")] = 1

    def infer(self, *inputs: TensorType) -> Inferred:
        inferred = super().infer(*inputs)
        if not self.correction:
            return inferred
        sizes = tuple(inputs[0].dims[axis] for axis in self._axes(inputs[0])) if inputs[0].rank else (1,)
        message = f"var with a correction of {self.correction} needs more than {self.correction} numbers"
        any_of = sizes if self.correction == 1 else ()
        help_, change = "`correction=0` divides by their number", Change(argument="correction", value="0")
        need = Need(product(sizes), ">=", self.correction + 1, message, "no_variance", any_of, help_, change)
        return Inferred(inferred.outputs, (need,))

    def lower(self, *inputs: TensorType) -> TorchCall:
        _, others = self.given()
        return TorchCall("torch.var", (Operand(0), self.axis), others)
