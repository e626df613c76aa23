"""Choosing elements by other tensors."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from netspec.ops.base import Op
from netspec.ops.contract import Inferred, Operand, Refused, Saved, TorchCall, shown
from netspec.ops.families.join import join_sizes
from netspec.ops.reads import Reads, same
from netspec.types import TensorType


class take(Op):
    """The rows of a table by their numbers: a table ``[N, *rest]`` and an int tensor ``[*index]`` give
    ``[*index, *rest]``, the row ``table[i]`` for each ``i`` of the index (torch's ``table[index]``).

        bias = take(relative_position_bias_table, relative_position_index)
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = 2

    def infer(self, *inputs: TensorType) -> Inferred:
        table, index = inputs
        if table.rank == 0:
            raise Refused(f"take needs a table with rows, got {shown(table)}", operand=0)
        if index.dtype != "int":
            message = f"take needs an int tensor as index, got {shown(index)}"
            raise Refused(message, help="`take(table, index)`: the table comes first", operand=1, listed="dtype")
        return Inferred((TensorType(table.dtype, (*index.dims, *table.dims[1:])),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        rank = inputs[1].rank
        return ("all", *map(same, range(rank, output.rank))), tuple(map(same, range(rank)))

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((1,))

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("[]", (Operand(0), Operand(1)))


class masked_fill(Op):
    """``value`` wherever a bool mask is True; tensor and mask have one rank, and equal sizes or literally 1, as for
    `add` (torch.masked_fill).

        scores = masked_fill(scores, padding[:, None, None], -1e9)
    """

    is_module: ClassVar[bool] = False
    arity: ClassVar[int | None] = 2
    elementwise: ClassVar[bool] = True

    value: Annotated[bool | int | float, Field(description="a number")]

    def infer(self, *inputs: TensorType) -> Inferred:
        x, mask = inputs
        if mask.dtype != "bool":
            raise Refused(f"masked_fill needs a bool tensor as mask, got {shown(mask)}", operand=1)
        self._check_value(x)
        if mask.rank != x.rank:
            message = f"masked_fill needs a mask of the tensor's rank, got {shown(x)} and {shown(mask)}"
            raise Refused(message, operand=1, listed="broadcast")
        dims, needs = join_sizes([x.dims, mask.dims])
        return Inferred((TensorType(x.dtype, dims),), needs)

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        return Saved((1,))

    def _check_value(self, x: TensorType) -> None:
        kinds = {"float": (int, float), "int": (int,), "bool": (bool,)}[x.dtype]
        if not isinstance(self.value, kinds) or (isinstance(self.value, bool) and x.dtype != "bool"):
            message = f"masked_fill cannot put {self.value!r} into {shown(x)}"
            raise Refused(message, attribute="value", listed="dtype")

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall(".masked_fill", (Operand(0), Operand(1), self.value))
