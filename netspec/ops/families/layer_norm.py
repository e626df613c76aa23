"""Normalisation of each sample by itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from netspec.dims import product
from netspec.ops.base import Op, PositiveInt, as_tuple, known
from netspec.ops.contract import Change, Doubt, Inferred, Made, Need, Refused, Saved, TorchCall, Weight, shown
from netspec.ops.families.norm import Epsilon
from netspec.ops.reads import Reads, mixed, same, window
from netspec.ops.rules.dtypes import FLOAT, Number, kind_of
from netspec.types import TensorType

Sizes = Annotated[PositiveInt | Annotated[tuple[PositiveInt, ...], Field(min_length=1)] | None,
                  BeforeValidator(as_tuple), Field(description="a positive int, or one per trailing axis")]  # fmt: skip


class _LayerNorm(Op):
    """Over the trailing axes: the last one, or those of ``normalized_shape``, which then must have these sizes."""

    family: ClassVar[str] = "norm"

    normalized_shape: Sizes = None

    @property
    def _written(self) -> tuple[int, ...]:
        return (self.normalized_shape,) if isinstance(self.normalized_shape, int) else self.normalized_shape or ()

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        kind_of(type(self).__name__, x, FLOAT)
        sizes = self._sizes(x)
        needs = []
        for place, written in enumerate(self._written, start=-len(sizes)):
            axis, size = x.rank + place, x.dims[place]
            message = f"normalized_shape is {written} for axis {axis} of size {shown(size)}"
            help_ = "without normalized_shape it takes the last axis, whatever its size"
            needs.append(Need(size, "==", written, message, help=help_, change=Change(argument="normalized_shape")))
        return Inferred((x,), tuple(needs))

    def _sizes(self, x: TensorType) -> tuple[int, ...]:
        """The sizes of the trailing axes, which its weights have."""
        name, count = type(self).__name__, len(self._written) or 1
        if x.rank < count:
            axes = "at least one axis" if count == 1 else f"at least {count} axes"
            raise Refused(f"{name} takes a tensor with {axes}, got {shown(x)}", operand=0,
                          attribute="normalized_shape" if self._written else None)  # fmt: skip
        return self._written or (self._features(x),)

    def _features(self, x: TensorType) -> int:
        size, help_, change = x.dims[-1], "", None
        if not isinstance(size, int) and x.rank > 2 and isinstance(x.channels, int):
            help_ = "`GroupNorm(1)` takes all channels of a sample, `rearrange` puts the channels on the last axis"
            change = Change(call="GroupNorm(1)")
        return known(size, self, "features (the last axis)", help_, change)

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (mixed(inputs[0], range(-len(self._sizes(inputs[0])), 0)),)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**self.model_dump(), "normalized_shape": self._sizes(inputs[0])}

    def lower(self, *inputs: TensorType) -> TorchCall:
        sizes = self._sizes(inputs[0])
        _, others = self.given()
        others.pop("normalized_shape", None)
        return TorchCall(f"nn.{type(self).__name__}", (sizes[0] if len(sizes) == 1 else sizes,), others)


class LayerNorm(_LayerNorm):
    """``(x - mean) / sqrt(var + eps) * weight + bias`` over the last axis, or over as many trailing axes as
    normalized_shape has: the shape stays (torch.nn.LayerNorm; arXiv 1607.06450).

    normalized_shape is inferred, and checked where it is given: ``LayerNorm()`` and ``LayerNorm(768)`` are the same.

        x -> norm: LayerNorm(eps=1e-6)
    """

    eps: Epsilon = 1e-5
    elementwise_affine: bool = True
    bias: bool = True

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        if product(self._sizes(inputs[0])) == 1:
            message = "LayerNorm of one number takes it away, and leaves its bias"
            yield Doubt("NS511", message, "take more axes with normalized_shape, or leave it out")

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        names = (("weight", "bias") if self.bias else ("weight",)) if self.elementwise_affine else ()
        return tuple(Weight(name, self._sizes(inputs[0])) for name in names)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Its input, and each mean and deviation."""
        means = product(inputs[0].dims[: -len(self._sizes(inputs[0]))])
        return Saved((0,), made=(Made(2 * means, training=True),))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**super().settings(*inputs), "bias": self.bias and self.elementwise_affine}


class RMSNorm(_LayerNorm):
    """``x / sqrt(mean(x * x) + eps) * weight`` over the last axis, or over as many trailing axes as normalized_shape
    has: the shape stays (torch.nn.RMSNorm; arXiv 1910.07467). Without eps it is that of torch.float32, 1.19e-07.

    normalized_shape is inferred, and checked where it is given.

        x -> norm: RMSNorm(eps=1e-6)
    """

    eps: Annotated[Epsilon | None, Field(description="a number of at least 0, or None")] = None
    elementwise_affine: bool = True

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return (Weight("weight", self._sizes(inputs[0])),) if self.elementwise_affine else ()

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Its input, each deviation, and what the weight is multiplied by."""
        (x,) = inputs
        made = [Made(product(x.dims[: -len(self._sizes(x))]), training=True)]
        return Saved((0,), made=(*made, Made(product(x.dims), training=True)))


class GroupNorm(Op):
    """``(x - mean) / sqrt(var + eps) * weight + bias`` over space and the channels of a group, for each sample:
    ``[B, C, *]`` keeps its shape (torch.nn.GroupNorm; arXiv 1803.08494).

    num_channels is inferred, and must be a multiple of num_groups. ``GroupNorm(1)`` takes all channels together. Of a
    group of one number only the bias is left, and torch refuses a batch of one. eps and affine are given by name.

        x -> norm: GroupNorm(32)
    """

    family: ClassVar[str] = "norm"
    inferred_names: ClassVar[tuple[str, ...]] = ("num_channels",)
    positional: ClassVar[tuple[str, ...]] = ("num_groups",)  # ``GroupNorm(32, 64)`` would set eps

    num_groups: PositiveInt
    eps: Epsilon = 1e-5
    affine: bool = True

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.rank < 2:
            raise Refused(f"GroupNorm takes [batch, channels, ...], got {shown(x)}", operand=0)
        kind_of("GroupNorm", x, FLOAT)
        channels = known(x.channels, self)
        if channels % self.num_groups:
            message = f"the input's channels ({channels}) must be a multiple of num_groups ({self.num_groups})"
            fewer = next(g for g in range(min(self.num_groups, channels, 1 << 16), 0, -1) if channels % g == 0)
            change = Change(argument="num_groups", value=str(fewer))
            help_ = f"`num_groups={fewer}` divides {channels}"
            raise Refused(message, help=help_, attribute="num_groups", change=change)
        group = (x.dims[0], channels // self.num_groups, *x.spatial)
        message = "GroupNorm needs more than one number in a group"
        help_ = "put it before the pool, or take fewer groups"
        return Inferred((x,), (Need(product(group), ">=", 2, message, any_of=group, help=help_),))

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        (x,) = inputs
        if x.channels == self.num_groups and all(size == 1 for size in x.spatial):
            message = "GroupNorm has one number in each group: it takes that away, and leaves its bias"
            yield Doubt("NS511", message, "take fewer groups, put it before the pool, or leave it out")

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        shape = (known(inputs[0].channels, self),)
        return (Weight("weight", shape), Weight("bias", shape)) if self.affine else ()

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (mixed(inputs[0], range(1, inputs[0].rank)),)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Its input, and each mean and deviation."""
        return Saved((0,), made=(Made(2 * self.num_groups * inputs[0].dims[0], training=True),))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**self.model_dump(), "num_channels": known(inputs[0].channels, self)}

    def lower(self, *inputs: TensorType) -> TorchCall:
        _, others = self.given()
        return TorchCall("nn.GroupNorm", (self.num_groups, known(inputs[0].channels, self)), others)


class LocalResponseNorm(Op):
    """``x / (k + alpha / size * sum(x * x)) ** beta``, the sum over ``size`` neighbouring channels:
    ``[B, C, *spatial]`` keeps its shape (torch.nn.LocalResponseNorm; Krizhevsky, Sutskever and Hinton, NIPS 2012).

        x -> norm: LocalResponseNorm(5, k=2)
    """

    family: ClassVar[str] = "norm"

    size: PositiveInt
    alpha: Number = 1e-4
    beta: Number = 0.75
    k: Number = 1.0

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.rank < 3:
            message = f"LocalResponseNorm takes [batch, channels, ...] with axes after the channels, got {shown(x)}"
            raise Refused(message, operand=0)
        kind_of("LocalResponseNorm", x, FLOAT, listed="dtype")
        return Inferred((x,))

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Its input, the squares with padding channels, and the denominator before and after the power."""
        batch, channels, *spatial = inputs[0].dims
        squares, powers = (product([batch, c, *spatial]) for c in (channels + self.size - 1, 2 * channels))
        return Saved((0,), made=(Made(squares), Made(powers)))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        channels = window(1, 1, -(self.size // 2), (self.size - 1) // 2)
        return (tuple(channels if axis == 1 else same(axis) for axis in range(inputs[0].rank)),)
