"""One tensor as several along an axis, and several as one with a new axis."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field

from netspec.dims import Dim, Size, floor_div, mod
from netspec.ops import reads
from netspec.ops.base import Op, PositiveInt, Saves, as_tuple
from netspec.ops.contract import Inferred, Need, Operand, Refused, TorchCall, shown
from netspec.ops.reads import Reads
from netspec.ops.rules.axes import axis_index, same
from netspec.types import TensorType

Axis = Annotated[int, Field(description="an int")]
SizeOrSizes = Annotated[PositiveInt | tuple[PositiveInt | Dim, ...], BeforeValidator(as_tuple),
                        Field(description="a positive int, or the size of each part")]  # fmt: skip


class _Apart(Op):
    """Views of one tensor."""

    is_module: ClassVar[bool] = False
    saves: ClassVar[Saves] = ()

    @property
    def aliases(self) -> bool:
        return True


class chunk(_Apart):
    """Equal parts along an axis: ``[B, 2*C] -> [B, C], [B, C]`` with ``chunk(x, 2)`` (torch.chunk, but ``axis`` is 1 by
    default, as of `concat`).

        a, b = chunk(x, 2)
    """

    chunks: PositiveInt
    axis: Axis = 1

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axis = _axis(self, x, self.axis)
        size, n = x.dims[axis], self.chunks
        message = f"axis {axis} of size {shown(size)} cannot be cut into {n} equal parts"
        need = Need(mod(size, n), "==", 0, message, "uneven", help="`split` gives parts of any size")
        return Inferred(_cut(x, axis, (floor_div(size, n),) * n), (need,))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """The parts begin at different places: of the axis any cell."""
        return (reads.mixed(inputs[0], (self.axis,)),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.chunk", (Operand(0), self.chunks, self.axis))


class split(_Apart):
    """Parts along an axis, by the size of each, or by one size for all, the last part perhaps smaller: ``[B, C] ->
    [B, 2], [B, C-2]`` with ``split(x, (2, C - 2))`` (torch.split, but ``axis`` is 1 by default, as of `concat`).

        a, b = split(x, (64, x.channels - 64))
    """

    split_size: SizeOrSizes
    axis: Axis = 1

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axis = _axis(self, x, self.axis)
        size, each = x.dims[axis], self.split_size
        if isinstance(each, int):
            whole = _counted(size, axis, "list the sizes of the parts: they may be open")
            each = (each,) * (whole // each) + ((whole % each,) if whole % each else ())
            return Inferred(_cut(x, axis, each))
        if not each:
            raise Refused("split_size lists no size", attribute="split_size")
        total = sum(each[1:], each[0])
        message = f"the parts have {shown(total)} together, but axis {axis} has {shown(size)}"
        least = [Need(n, ">=", 1, f"a part has size {shown(n)}", "empty") for n in each if isinstance(n, Dim)]
        return Inferred(_cut(x, axis, each), (Need(total, "==", size, message), *least))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """The parts begin at different places: of the axis any cell."""
        return (reads.mixed(inputs[0], (self.axis,)),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.split", (Operand(0), self.split_size, self.axis))


class unbind(_Apart):
    """The members along an axis of a known size, which is left out: ``[3, B, N] -> [B, N], [B, N], [B, N]``
    (torch.unbind).

        q, k, v = unbind(rearrange(y, "b n (three h d) -> three b h n d", three=3, h=heads))
    """

    axis: Axis = 0

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        axis = _axis(self, x, self.axis)
        count = _counted(x.dims[axis], axis, "`rearrange` splits an axis into a known number and the rest")
        return Inferred((TensorType(x.dtype, (*x.dims[:axis], *x.dims[axis + 1 :])),) * count)

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        axis = self.axis % inputs[0].rank
        return ((*map(reads.same, range(axis)), "all", *map(reads.same, range(axis, output.rank))),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.unbind", (Operand(0), self.axis))


def _axis(op: Op, x: TensorType, axis: int) -> int:
    if not x.dims:
        raise Refused(f"{type(op).__name__} takes a tensor with axes, got a number", operand=0)
    return axis_index(axis, x.rank, "axis")


def _counted(size: Size, axis: int, help: str) -> int:
    """A size that decides about how many tensors come out: an int, or refused."""
    if isinstance(size, int):
        return size
    message = f"the number of tensors cannot depend on the open size {shown(size)} of axis {axis}"
    raise Refused(message, help=help, operand=0)


def _cut(x: TensorType, axis: int, sizes: tuple[Size, ...]) -> tuple[TensorType, ...]:
    return tuple(TensorType(x.dtype, (*x.dims[:axis], size, *x.dims[axis + 1 :])) for size in sizes)


class stack(Op):
    """Tensors of one shape along a new axis: ``[B, C], [B, C] -> [2, B, C]`` with ``stack(a, b)`` (torch.stack).

    y = stack(a, b, axis=1)
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = None
    family: ClassVar[str] = "join"
    saves: ClassVar[Saves] = ()
    positional: ClassVar[tuple[str, ...]] = ()

    axis: Axis = 0

    def infer(self, *inputs: TensorType) -> Inferred:
        if not inputs:
            raise Refused("stack joins one or more tensors, got none")
        first = inputs[0]
        for index, x in enumerate(inputs):
            if x.rank != first.rank:
                message = f"cannot stack tensors of rank {first.rank} and {x.rank}: {shown(first)} and {shown(x)}"
                raise Refused(message, operand=index)
            if x.dtype != first.dtype:
                message = f"cannot stack {first.dtype} and {x.dtype} tensors: {shown(first)} and {shown(x)}"
                raise Refused(message, operand=index, listed="dtype")
        axis = axis_index(self.axis, first.rank + 1, "axis")
        pairs = [(i, a, b) for x in inputs[1:] for i, (a, b) in enumerate(zip(first.dims, x.dims, strict=True))]
        needs = tuple(same(a, b, i) for i, a, b in pairs if a is not b)
        dims = (*first.dims[:axis], len(inputs), *first.dims[axis:])
        return Inferred((TensorType(first.dtype, dims),), needs)

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        axis = self.axis % output.rank
        return (tuple(reads.same(i + (i >= axis)) for i in range(output.rank - 1)),) * len(inputs)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.stack", (Operand(-1), self.axis))
