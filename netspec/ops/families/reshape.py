"""Ops that keep every element: flattening, repeating along an axis, the identity."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from netspec.dims import Dim, Size, floor_div, mod, product
from netspec.ops.base import Op, PositiveInt, Saves, as_tuple
from netspec.ops.contract import Change, Inferred, Need, Operand, Refused, TorchCall, shown
from netspec.ops.reads import ONLY, Reads, merged, same, window
from netspec.ops.rules.axes import axis_index
from netspec.types import TensorType

Axis = Annotated[int, Field(description="an int")]


class _Flatten(Op):
    saves: ClassVar[Saves] = ()

    start_dim: Axis = 1
    end_dim: Axis = -1

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        rank = max(x.rank, 1)  # a scalar becomes [1]
        start, end = axis_index(self.start_dim, rank, "start_dim"), axis_index(self.end_dim, rank, "end_dim")
        if start > end:
            message = f"start_dim ({self.start_dim}) comes after end_dim ({self.end_dim})"
            swapped = Change("end_dim", str(self.start_dim), also=Change("start_dim", str(self.end_dim)))
            help_ = f"the other way round: `start_dim={self.end_dim}, end_dim={self.start_dim}`"
            raise Refused(message, help=help_, attribute="end_dim", change=swapped)
        return Inferred((TensorType(x.dtype, (*x.dims[:start], product(x.dims[start : end + 1]), *x.dims[end + 1 :])),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        (x,) = inputs
        if not x.rank:
            return ((),)
        start, end = self.start_dim % x.rank, self.end_dim % x.rank
        after = [same(axis) for axis in range(start + 1, output.rank)]
        return ((*map(same, range(start)), *merged(x.dims[start : end + 1], start), *after),)

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


class Unflatten(Op):
    """One axis as several: ``[B, C*H*W] -> [B, C, H, W]`` with ``Unflatten(1, (C, H, W))`` (torch.nn.Unflatten). One of
    the sizes may be -1: what is left for it.

        x -> net: [Linear(512), Unflatten(1, (32, 4, 4)), ConvTranspose2d(16, 4, stride=2)]
    """

    saves: ClassVar[Saves] = ()

    dim: Axis
    unflattened_size: Annotated[tuple[PositiveInt | Literal[-1], ...], BeforeValidator(as_tuple),
                                Field(description="a tuple of positive ints, one of them perhaps -1")]  # fmt: skip

    @model_validator(mode="after")
    def _one_is_open(self) -> Unflatten:
        if not self.unflattened_size or self.unflattened_size.count(-1) > 1:
            message = "unflattened_size needs one size or more, and at most one -1"
            raise Refused(message, attribute="unflattened_size")
        return self

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if not x.dims:
            raise Refused("Unflatten takes a tensor with axes, got a number", operand=0)
        axis, sizes = axis_index(self.dim, x.rank, "dim"), self.unflattened_size
        size, known = x.dims[axis], product(n for n in sizes if n != -1)
        message = f"axis {axis} of size {shown(size)} cannot become {sizes}"
        open_ = -1 in sizes
        need = Need(mod(size, known), "==", 0, message) if open_ else Need(size, "==", known, message)
        made = tuple(floor_div(size, known) if n == -1 else n for n in sizes)
        return Inferred((TensorType(x.dtype, (*x.dims[:axis], *made, *x.dims[axis + 1 :])),), (need,))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """The first of the axes is followed, with all that the others take."""
        axis, more = self.dim % inputs[0].rank, len(self.unflattened_size) - 1
        later = product(output.dims[axis + 1 : axis + 1 + more])
        own: Reads = window(axis, later, 0, later - 1) if isinstance(later, int) else "open"
        return ((*map(same, range(axis)), own, *map(same, range(axis + more + 1, output.rank))),)

    @property
    def aliases(self) -> bool:
        return True


class squeeze(Op):
    """Without an axis that is 1 for all sizes: ``[B, 1, N] -> [B, N]`` with ``squeeze(x, 1)`` (torch.squeeze).

    y = squeeze(x, 1)
    """

    is_module: ClassVar[bool] = False
    saves: ClassVar[Saves] = ()

    axis: Axis

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if not x.dims:
            raise Refused("squeeze takes a tensor with axes, got a number", operand=0, listed="squeeze")
        axis = axis_index(self.axis, x.rank, "axis")
        message = f"axis {axis} of size {shown(x.dims[axis])} cannot be left out: only an axis of size 1 can"
        need = Need(x.dims[axis], "==", 1, message, "squeeze")
        return Inferred((TensorType(x.dtype, (*x.dims[:axis], *x.dims[axis + 1 :])),), (need,))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        axis = self.axis % inputs[0].rank
        return ((*map(same, range(axis)), ONLY, *map(same, range(axis, output.rank))),)

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".squeeze", (Operand(0), self.axis))


class unsqueeze(Op):
    """A new axis of size 1: ``[B, N] -> [B, 1, N]`` with ``unsqueeze(x, 1)`` (torch.unsqueeze), as ``x[:, None]``.

    y = unsqueeze(x, 1)
    """

    is_module: ClassVar[bool] = False
    saves: ClassVar[Saves] = ()

    axis: Axis

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axis = axis_index(self.axis, x.rank + 1, "axis")
        return Inferred((TensorType(x.dtype, (*x.dims[:axis], 1, *x.dims[axis:])),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        axis = self.axis % output.rank
        return (tuple(same(i + (i >= axis)) for i in range(output.rank - 1)),)

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".unsqueeze", (Operand(0), self.axis))


class Identity(Op):
    """Its input, as it is (torch.nn.Identity).

    x -> downsample: Identity()
    """

    elementwise: ClassVar[bool] = True
    saves: ClassVar[Saves] = ()

    def infer(self, *inputs: TensorType) -> Inferred:
        return Inferred((inputs[0],))

    @property
    def aliases(self) -> bool:
        return True


class expand(Op):
    """Repeats along axes that are literally 1, without copying: ``[B, C, 1] -> [B, C, N]`` with ``size=(-1, -1, N)``
    (torch.Tensor.expand). -1 is the size that an axis has; further sizes in front are new axes.

        y = expand(x, (-1, -1, N))
    """

    is_module: ClassVar[bool] = False
    elementwise: ClassVar[bool] = True
    saves: ClassVar[Saves] = ()

    size: Annotated[tuple[PositiveInt | Dim | Literal[-1], ...], BeforeValidator(as_tuple),
                    Field(description="a positive size or -1 per axis")]  # fmt: skip

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        new = len(self.size) - x.rank
        if new < 0:
            sizes = "1 entry" if len(self.size) == 1 else f"{len(self.size)} entries"
            raise Refused(f"size has {sizes}, but the tensor is {shown(x)}", attribute="size")
        if -1 in self.size[:new]:
            raise Refused(f"size is -1 for a new axis of {shown(x)}: it has no size yet", attribute="size")
        dims: list[Size] = list(self.size[:new])
        needs: list[Need] = []
        for axis, (old, size) in enumerate(zip(x.dims, self.size[new:], strict=True)):
            dims.append(old if size == -1 else size)
            if size != -1 and old != 1:
                message = f"axis {axis} of size {shown(old)} cannot be repeated to {shown(size)}"
                help_ = "only axes that are literally 1 are repeated; -1 keeps a size"
                needs.append(Need(old, "==", size, message, "broadcast", help=help_))
        return Inferred((TensorType(x.dtype, tuple(dims)),), tuple(needs))

    @property
    def aliases(self) -> bool:
        return True

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".expand", (Operand(0), *(self.size or ((),))))
