"""Tables of vectors that are looked up."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar

from pydantic import Field

from netspec.ops.base import Op, PositiveInt, Saves
from netspec.ops.contract import Inferred, Refused, Weight, shown
from netspec.ops.reads import Reads, same
from netspec.types import TensorType

Index = Annotated[int | None, Field(description="an int or None")]
Number = Annotated[float, Field(allow_inf_nan=False, description="a number")]


class Embedding(Op):
    """``weight[x]``: each number becomes a row of the table, ``int[*] -> [*, embedding_dim]`` (torch.nn.Embedding).

    The numbers are from 0 to num_embeddings - 1; that of padding_idx is a row of zeros that is not trained; an `init`
    of the weight fills that row too. With max_norm the rows that are looked up are first scaled down to that norm_type-
    norm, in the table itself.

        input tokens: int[B, L]
        x = tokens -> embed: Embedding(20000, 128, padding_idx=0)
    """

    family: ClassVar[str] = "sequence"
    saves: ClassVar[Saves] = ("inputs",)

    num_embeddings: PositiveInt
    embedding_dim: PositiveInt
    padding_idx: Index = None
    max_norm: Annotated[float | None, Field(allow_inf_nan=False, description="a number or None")] = None
    norm_type: Number = 2.0
    scale_grad_by_freq: bool = False
    sparse: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        if x.dtype != "int":
            help_ = "declare its input as int: `input tokens: int[B, L]`"
            raise Refused(f"Embedding takes an int tensor, got {shown(x)}", help=help_, operand=0)
        most = self.num_embeddings
        if self.padding_idx is not None and not -most <= self.padding_idx < most:
            message = f"padding_idx is {self.padding_idx}, but the table has {most} rows"
            raise Refused(message, help=f"rows are counted from 0 to {most - 1}", attribute="padding_idx")
        return Inferred((TensorType("float", (*x.dims, self.embedding_dim)),))

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        return (tuple(map(same, range(inputs[0].rank))),)

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return (Weight("weight", (self.num_embeddings, self.embedding_dim)),)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        """As torch keeps them: padding_idx counted from the first row."""
        index = None if self.padding_idx is None else self.padding_idx % self.num_embeddings
        return {**super().settings(*inputs), "padding_idx": index}
