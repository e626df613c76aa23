"""Normalisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from netspec.dims import Size, product
from netspec.ops.base import Op, check_rank, float_input, known
from netspec.ops.contract import Doubt, Inferred, Made, Need, Saved, Weight
from netspec.ops.reads import Reads, mixed
from netspec.types import TensorType

Epsilon = Annotated[float, Field(ge=0, allow_inf_nan=False, description="a number of at least 0")]
Momentum = Annotated[float | None, Field(allow_inf_nan=False, description="a number or None")]


class _Norm(Op):
    """``[B, C, *spatial]`` keeps its shape; ``(x - mean) / sqrt(var + eps) * weight + bias``."""

    spatial: ClassVar[bool] = True
    family: ClassVar[str] = "norm"
    inferred_names: ClassVar[tuple[str, ...]] = ("num_features",)
    positional: ClassVar[tuple[str, ...]] = ()  # ``BatchNorm3d(64)`` would set eps

    if TYPE_CHECKING:  # the subclasses declare them, with torch's defaults
        affine: bool
        track_running_stats: bool

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        check_rank(type(self), type(self).__name__, None, x)
        float_input(self, x)
        if not isinstance(x.channels, int):
            from netspec.ops.rules.channels import refuse_open

            refuse_open(self.torch_name(x), x)
        return Inferred((x,), () if self.track_running_stats else (self._statistics(x),))

    def _statistics(self, x: TensorType) -> Need:
        """Without running statistics those of the input are taken, in eval mode too: one value has no variance."""
        raise NotImplementedError

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        x = inputs[0]
        if x.spatial and all(size == 1 for size in x.spatial):
            name = type(self).__name__
            message = f"{name} has one value per channel and sample: with a batch of one torch refuses to train it"
            yield Doubt("NS511", message, "put it before the pool, or leave it out")

    @property
    def _per_mean(self) -> int:
        return 2

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        return {"num_features": known(inputs[0].channels, self)}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        shape = (known(inputs[0].channels, self),)
        affine = (Weight("weight", shape), Weight("bias", shape)) if self.affine else ()
        if not self.track_running_stats:
            return affine
        batches = Weight("num_batches_tracked", (), "buffer", "int64")
        return (*affine, Weight("running_mean", shape, "buffer"), Weight("running_var", shape, "buffer"), batches)

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """Without running statistics all that the mean is taken over."""
        axes = () if self.track_running_stats else self._together(inputs[0])
        return (mixed(inputs[0], axes),)

    def _together(self, x: TensorType) -> Sequence[int]:
        """The axes over which the mean is taken."""
        raise NotImplementedError

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """Its input, and for each mean that it takes that and the deviation."""
        means = product(size for axis, size in enumerate(inputs[0].dims) if axis not in self._together(inputs[0]))
        return Saved((0,), made=(Made(means * self._per_mean, training=True),))


class BatchNorm(_Norm):
    """Batch normalisation over batch and space, per channel: the shape stays (torch.nn.BatchNorm3d).

    num_features is inferred. ``BatchNorm1d`` also takes ``[B, C]``. Attributes are given by name.

        x -> bn1: BatchNorm3d(eps=1e-3)
    """

    removes_shift: ClassVar[bool] = True

    eps: Epsilon = 1e-5
    momentum: Momentum = 0.1
    affine: bool = True
    track_running_stats: bool = True

    @classmethod
    def ranks(cls, axes: int | None) -> tuple[int, ...]:
        return {None: (2, 3, 4, 5), 1: (2, 3)}.get(axes) or ((axes or 0) + 2,)

    def torch_name(self, *inputs: TensorType) -> str:
        return f"BatchNorm{max(inputs[0].rank - 2, 1)}d"

    def _together(self, x: TensorType) -> Sequence[int]:
        return (0, *range(2, x.rank))

    def _statistics(self, x: TensorType) -> Need:
        message = "BatchNorm without running statistics needs more than one value per channel"
        return _several((x.dims[0], *x.spatial), message)


class InstanceNorm(_Norm):
    """Instance normalisation over space, per sample and channel: the shape stays (torch.nn.InstanceNorm3d).

    num_features is inferred. A channel needs more than one element. Attributes are given by name.

        x -> norm: InstanceNorm(affine=True)
    """

    eps: Epsilon = 1e-5
    momentum: Momentum = 0.1
    affine: bool = False
    track_running_stats: bool = False

    @property
    def _per_mean(self) -> int:
        """torch repeats the weight for every sample, and keeps it."""
        return 3 if self.affine else 2

    def _together(self, x: TensorType) -> Sequence[int]:
        return range(2, x.rank)

    def _statistics(self, x: TensorType) -> Need:
        return _several(x.spatial, "InstanceNorm needs more than one element per channel")


def _several(sizes: tuple[Size, ...], message: str) -> Need:
    """Two values or more: then one of the sizes is at least 2."""
    help_ = "put it before the pool, or leave it out"
    return Need(product(sizes), ">=", 2, message, any_of=sizes, help=help_)
