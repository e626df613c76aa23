"""Joining tensors: arithmetic, concatenation and the matrix product."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from netspec.dims import Dim, Size, minimum, product
from netspec.ops import reads
from netspec.ops.base import Op, Saves, as_tuple, float_input
from netspec.ops.contract import Inferred, Need, Operand, Refused, Saved, TorchCall, shown
from netspec.ops.reads import Reads, centred, pointwise
from netspec.ops.rules.axes import axis_index, same
from netspec.ops.rules.centre import concat_call
from netspec.types import DType, TensorType

Numbers = Annotated[tuple[tuple[int, int | float | Dim], ...], BeforeValidator(as_tuple)]


class _Arithmetic(Op):
    """Tensors of one rank, and numbers, element by element, from left to right.

    The sizes of an axis must be equal, but for operands that are literally 1 there. ``numbers`` holds the operands
    that are numbers or open sizes, each with its place: ``1 - x`` is ``sub(numbers=((0, 1),))``. ``raw`` are the places
    (counted without the numbers) of params and buffers, which may have a lower rank: leading axes of size 1 are added.
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = None
    family: ClassVar[str] = "join"
    positional: ClassVar[tuple[str, ...]] = ()
    internal: ClassVar[tuple[str, ...]] = ("numbers", "raw")
    elementwise: ClassVar[bool] = True
    symbol: ClassVar[str]

    numbers: Numbers = ()
    raw: Annotated[tuple[int, ...], BeforeValidator(as_tuple)] = ()

    def infer(self, *inputs: TensorType) -> Inferred:
        if len(inputs) + len(self.numbers) < 2 or not inputs:
            raise Refused(f"{type(self).__name__} joins two or more operands, at least one of them a tensor")
        dtype = self._dtype(inputs)
        rank = self._rank(inputs)
        padded = [(1,) * (rank - x.rank) + x.dims for x in inputs]
        dims, needs = join_sizes(padded)
        return Inferred((TensorType(dtype, dims),), needs)

    def _dtype(self, inputs: Sequence[TensorType]) -> DType:
        """As torch promotes: float where one is, and for every division."""
        for index, x in enumerate(inputs):
            if x.dtype == "bool":
                raise Refused(f"cannot {_VERBS[self.symbol]} bool tensors", operand=index, listed="dtype")
        floats = any(x.dtype == "float" for x in inputs) or any(isinstance(n, float) for _, n in self.numbers)
        return "float" if floats or self.symbol == "/" else "int"

    def _rank(self, inputs: Sequence[TensorType]) -> int:
        tensors = [x for i, x in enumerate(inputs) if i not in self.raw] or list(inputs)
        rank = max(x.rank for x in tensors)
        for index, x in enumerate(inputs):
            if x.rank == rank or (index in self.raw and x.rank < rank):
                continue
            other = next(t for t in tensors if t.rank == rank)
            message = (
                f"cannot {_VERBS[self.symbol]} tensors of rank {other.rank} and {x.rank}: {shown(other)} and {shown(x)}"
            )
            raise Refused(message, operand=index, listed="broadcast")
        return rank

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """The other factors of a product; of sums, and of products with a number, nothing."""
        factors = self.symbol in ("*", "/") and len(inputs) > 1
        return Saved(tuple(range(len(inputs)))) if factors else Saved()

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {"numbers": self.numbers} if self.numbers else {}

    def lower(self, *inputs: TensorType) -> TorchCall:
        numbers = dict(self.numbers)
        tensors = iter(range(len(inputs)))
        places = range(len(inputs) + len(numbers))
        return TorchCall(self.symbol, tuple(numbers[i] if i in numbers else Operand(next(tensors)) for i in places))


_VERBS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}


def join_sizes(operands: Sequence[tuple[Size, ...]]) -> tuple[tuple[Size, ...], tuple[Need, ...]]:
    """The sizes of a join of operands of one rank, and that they agree."""
    dims: list[Size] = []
    needs: list[Need] = []
    for axis, sizes in enumerate(zip(*operands, strict=True)):
        kept = [s for s in sizes if not (isinstance(s, int) and s == 1)]  # an axis that is 1 only sometimes is no gate
        first = kept[0] if kept else 1
        dims.append(first)
        needs += [same(first, other, axis, "broadcast") for other in kept[1:] if other is not first]
    return tuple(dims), tuple(needs)


class add(_Arithmetic):
    """``a + b`` or ``add(a, b)``: tensors of one shape, or axes that are literally 1; the result has the larger
    sizes (torch.add).

    output (main + skip) -> relu: ReLU()
    """

    symbol: ClassVar[str] = "+"
    tensors_help: ClassVar[str] = "with a number it is `x + 2`"


class sub(_Arithmetic):
    """``a - b`` or ``sub(a, b)``, shapes as for `add` (torch.sub).

    y = x - (x -> blur: AvgPool2d(3, stride=1, padding=1))
    """

    symbol: ClassVar[str] = "-"
    tensors_help: ClassVar[str] = "with a number it is `x - 2`"


class mul(_Arithmetic):
    """``a * b`` or ``mul(a, b)``, shapes as for `add` (torch.mul); a gate ``[B, C, 1, 1]`` scales the channels of
    ``[B, C, H, W]``.

    y = x * (x -> pool: AdaptiveAvgPool(1) -> fc: Conv(x.channels, 1) -> ReLU())
    """

    symbol: ClassVar[str] = "*"
    tensors_help: ClassVar[str] = "with a number it is `x * 2`"


class div(_Arithmetic):
    """``a / b`` or ``div(a, b)``, shapes as for `add`; the result is float (torch.div).

    y = x / 2
    """

    symbol: ClassVar[str] = "/"
    tensors_help: ClassVar[str] = "with a number it is `x / 2`"


class concat(Op):
    """Tensors one after the other along ``axis``: the other axes must be equal (torch.cat).

    With ``align="center"`` the axes from 2 on are first cropped in the middle to the smallest of the tensors, the
    offset rounded down; batch and channels are never cropped.

        y = concat(up, skip, axis=1, align="center")
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = None
    family: ClassVar[str] = "join"
    positional: ClassVar[tuple[str, ...]] = ()
    saves: ClassVar[Saves] = ()

    axis: Annotated[int, Field(description="an int")] = 1
    align: Annotated[Literal["center"] | None, Field(description='"center" or None')] = None

    def infer(self, *inputs: TensorType) -> Inferred:
        if not inputs:
            raise Refused("concat joins one or more tensors, got none")
        first = inputs[0]
        axis = axis_index(self.axis, first.rank, "axis")
        for index, x in enumerate(inputs):
            _joinable(first, x, index)
        dims: list[Size] = []
        needs: list[Need] = []
        for i, sizes in enumerate(zip(*(x.dims for x in inputs), strict=True)):
            if i == axis:
                dims.append(sum(sizes[1:], sizes[0]))
            elif self.align and i > 1:
                dims.append(minimum(*sizes))
            else:
                dims.append(sizes[0])
                needs += [same(sizes[0], other, i) for other in sizes[1:] if other is not sizes[0]]
        return Inferred((TensorType(first.dtype, tuple(dims)),), tuple(needs))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """Along the axis of concatenation any cell: which operand it comes from depends on the position."""
        joined = axis_index(self.axis, output.rank, "axis")

        def cells(x: TensorType, axis: int) -> Reads:
            if axis == joined:
                return "all"
            return centred(axis, x.dims[axis], output.dims[axis]) if self.align and axis > 1 else reads.same(axis)

        return tuple(tuple(cells(x, axis) for axis in range(x.rank)) for x in inputs)

    @property
    def aliases(self) -> bool:
        return False

    def lower(self, *inputs: TensorType) -> TorchCall:
        if not self.align:
            return TorchCall("torch.cat", (Operand(-1), self.axis))
        (out,) = self.infer(*inputs).outputs
        return concat_call([x.dims for x in inputs], out.dims, axis_index(self.axis, inputs[0].rank, "axis"))


def _joinable(first: TensorType, x: TensorType, index: int) -> None:
    if x.rank != first.rank:
        raise Refused(
            f"cannot concat tensors of rank {first.rank} and {x.rank}: {shown(first)} and {shown(x)}", operand=index
        )
    if x.dtype != first.dtype:
        message = f"cannot concat {first.dtype} and {x.dtype} tensors: {shown(first)} and {shown(x)}"
        raise Refused(message, operand=index, listed="dtype")


class matmul(Op):
    """The matrix product over the last two axes: ``[*, N, K]`` and ``[*, K, M]`` give ``[*, N, M]`` (torch.matmul). The
    axes before them are equal, but for axes that are literally 1. Multiply-adds: output elements times K.

        y = matmul(queries, keys) / sqrt(D)
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = 2
    family: ClassVar[str] = "join"
    saves: ClassVar[Saves] = ("inputs",)

    def infer(self, *inputs: TensorType) -> Inferred:
        left, right = inputs
        for index, x in enumerate(inputs):
            float_input(self, x, index)
            if x.rank < 2:
                message = f"matmul takes matrices over the last two axes, got {shown(x)} of rank {x.rank}"
                raise Refused(message, operand=index, listed="broadcast")
        if left.rank != right.rank:
            message = f"cannot multiply matrices of rank {left.rank} and {right.rank}: {shown(left)} and {shown(right)}"
            raise Refused(message, operand=1, listed="broadcast")
        batch, needs = join_sizes([x.dims[:-2] for x in inputs])
        columns, rows = left.dims[-1], right.dims[-2]
        message = f"the first has {shown(columns)} columns, the second {shown(rows)} rows"
        dims = (*batch, left.dims[-2], right.dims[-1])
        return Inferred((TensorType("float", dims),), (*needs, Need(columns, "==", rows, message)))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """A row of the first, a column of the second."""
        batch = [pointwise(TensorType(x.dtype, x.dims[:-2]), TensorType(x.dtype, output.dims[:-2])) for x in inputs]
        row, column = output.rank - 2, output.rank - 1
        return (*batch[0], reads.same(row), "all"), (*batch[1], "all", reads.same(column))

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        return product([*outputs[0].dims, inputs[0].dims[-1]])

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("torch.matmul", (Operand(0), Operand(1)))
