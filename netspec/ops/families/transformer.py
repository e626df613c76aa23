"""Layers of transformers: attention, two fully connected layers, norms and dropout as one module of torch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from netspec.dims import Size
from netspec.ops.base import Child, PositiveInt, weights_beneath
from netspec.ops.contract import Doubt, Inferred, ModuleCall, Need, Operand, TorchCall, Weight
from netspec.ops.families.attention import MultiheadAttention
from netspec.ops.families.dropout import Dropout
from netspec.ops.families.layer_norm import LayerNorm
from netspec.ops.families.linear import Linear
from netspec.ops.families.norm import Epsilon
from netspec.ops.rules.sequence import Masked, Share, check_heads, features, mask_needs, same_sizes, sequence_input
from netspec.types import TensorType

Activation = Annotated[Literal["relu", "gelu"], Field(description='"relu" or "gelu"')]


class _Layer(Masked):
    """``[B, L, d_model]`` keeps its shape."""

    family: ClassVar[str] = "sequence"
    inferred_names: ClassVar[tuple[str, ...]] = ("d_model",)
    positional: ClassVar[tuple[str, ...]] = ("nhead", "dim_feedforward")
    #: its attentions by label, in order
    attentions: ClassVar[tuple[str, ...]] = ("self_attn",)

    nhead: PositiveInt
    dim_feedforward: PositiveInt = 2048
    dropout: Share = 0.1
    activation: Activation = "relu"
    layer_norm_eps: Epsilon = 1e-5
    norm_first: bool = False
    bias: bool = True

    def infer(self, *inputs: TensorType) -> Inferred:
        sequence_input(self, inputs[0])
        check_heads(inputs[0], features(self, inputs[0]), self.nhead, "nhead")
        return Inferred((inputs[0],), tuple(self._masked(inputs)))

    def doubts(self, *inputs: TensorType) -> Iterable[Doubt]:
        width = features(self, inputs[0])
        if self.nhead == width > 1:
            message = f"{type(self).__name__} gets {width} heads of one feature each: these look like torch's arguments"
            yield Doubt("NS512", message, "d_model is inferred: leave it out")

    def _masked(self, inputs: tuple[TensorType, ...]) -> list[Need]:
        """A mask of pairs for each attention, and one of its keys; ``tgt_…`` and ``src_…`` are of the first input."""
        batch, length = inputs[0].dims[:2]
        needs: list[Need] = []
        for name, i in self.masks(inputs).items():
            keys = (inputs[1] if name.startswith("memory") else inputs[0]).dims[1]
            pairs = [(length, keys), (batch * self.nhead, length, keys)]
            needs += mask_needs(name, inputs[i], i, [(batch, keys)] if name.endswith("key_padding_mask") else pairs)
        return needs

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        return {"d_model": features(self, inputs[0])}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        return weights_beneath(self.children(*inputs))

    def children(self, *inputs: TensorType) -> tuple[Child, ...]:
        x, width = inputs[0], features(self, inputs[0])
        hidden = TensorType("float", (*x.dims[:-1], self.dim_feedforward))
        attention = MultiheadAttention(num_heads=self.nhead, dropout=self.dropout, bias=self.bias)
        norm, dropout = LayerNorm(eps=self.layer_norm_eps, bias=self.bias), Dropout(p=self.dropout)
        numbers = range(1, len(self.attentions) + 2)
        return (
            *(Child(label, "MultiheadAttention", attention, types) for label, types in self._attended(inputs).items()),
            Child("linear1", "Linear", Linear(out_features=self.dim_feedforward, bias=self.bias), (x,)),
            Child("dropout", "Dropout", dropout, (hidden,)),
            Child("linear2", "Linear", Linear(out_features=width, bias=self.bias), (hidden,)),
            *(Child(f"norm{i}", "LayerNorm", norm, (x,)) for i in numbers),
            *(Child(f"dropout{i}", "Dropout", dropout, (x,)) for i in numbers),
        )

    def _attended(self, inputs: tuple[TensorType, ...]) -> dict[str, tuple[TensorType, ...]]:
        """The query, key and value of each attention."""
        x = inputs[0]
        return {"self_attn": (x, x, x)}

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        """Those of its attentions and of its two Linears."""
        costs = (c.op.multiply_adds(c.inputs, c.op.infer(*c.inputs).outputs) for c in self.children(*inputs))
        return sum(costs, start=0)

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**super().settings(*inputs), "batch_first": True}

    def lower(self, *inputs: TensorType) -> TorchCall:
        call = super().lower(*inputs)
        return TorchCall(call.target, call.args, {**call.kwargs, "batch_first": True})

    def invoke(self, *inputs: TensorType) -> ModuleCall:
        masks = {name: Operand(number) for name, number in self.masks(inputs).items()}
        return ModuleCall(tuple(map(Operand, range(self.arity or 0))), masks) if masks else ModuleCall()


class TransformerEncoderLayer(_Layer):
    """``x = norm1(x + attention(x)); y = norm2(x + linear2(act(linear1(x))))``, with norm_first
    ``x = x + attention(norm1(x)); y = x + linear2(act(linear1(norm2(x))))`` (torch.nn.TransformerEncoderLayer, batch
    first; Vaswani et al., Attention Is All You Need, 2017, section 3.1; norms first: Xiong et al., On Layer
    Normalization in the Transformer Architecture, 2020).

    ``[B, L, d_model]`` keeps its shape; d_model is inferred, and a multiple of nhead. ``src_key_padding_mask``
    ``[B, L]`` leaves out positions where it is True (a float mask is added), and may be the second tensor; ``src_mask``
    ``[L, L]`` or ``[B * nhead, L, L]`` leaves out pairs. Multiply-adds: those of its attention and its two Linears.

        (x, padding) -> layer: TransformerEncoderLayer(8, norm_first=True)
    """

    arity: ClassVar[int | None] = 1
    operands: ClassVar[tuple[str, ...]] = ("src_key_padding_mask", "src_mask")
    tensors_help: ClassVar[str] = "`(x, padding) -> layer: …` masks the positions where padding is True"


class TransformerDecoderLayer(_Layer):
    """A TransformerEncoderLayer with a second attention in its middle, from ``x`` to ``memory``
    (torch.nn.TransformerDecoderLayer, batch first; Vaswani et al., Attention Is All You Need, 2017, section 3.1).

    ``[B, L, d_model]`` keeps its shape, with a memory ``[B, S, d_model]``; d_model is inferred, and a multiple of
    nhead. Masks by name: ``tgt_mask`` ``[L, L]`` and ``memory_mask`` ``[L, S]`` leave out pairs where they are True (a
    float mask is added), ``tgt_key_padding_mask`` ``[B, L]`` and ``memory_key_padding_mask`` ``[B, S]`` positions.
    Multiply-adds: those of its attentions and its two Linears.

        (x, memory) -> layer: TransformerDecoderLayer(8, tgt_mask=future)
    """

    arity: ClassVar[int | None] = 2
    operands: ClassVar[tuple[str, ...]] = (
        "tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask",
    )  # fmt: skip
    tensors_help: ClassVar[str] = "`(x, memory) -> layer: …`; masks are given by name"
    attentions: ClassVar[tuple[str, ...]] = ("self_attn", "multihead_attn")

    def infer(self, *inputs: TensorType) -> Inferred:
        x, memory = inputs[:2]
        sequence_input(self, memory, 1, "a memory")
        inferred = super().infer(*inputs)
        same = (
            same_sizes("batch sizes of sequence and memory", x.dims[0], memory.dims[0]),
            same_sizes("features of sequence and memory", x.dims[2], memory.dims[2]),
        )
        return Inferred(inferred.outputs, (*same, *inferred.needs))

    def _attended(self, inputs: tuple[TensorType, ...]) -> dict[str, tuple[TensorType, ...]]:
        x, memory = inputs[:2]
        return {**super()._attended(inputs), "multihead_attn": (x, memory, memory)}
