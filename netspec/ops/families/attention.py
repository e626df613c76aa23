"""Attention over sequences ``[batch, length, features]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import Field

from netspec.dims import Size, product
from netspec.ops.base import Child, PositiveInt, float_input, weights_beneath
from netspec.ops.contract import Inferred, Made, ModuleCall, Need, Operand, Refused, Saved, TorchCall, Weight, shown
from netspec.ops.families.linear import Linear
from netspec.ops.reads import Reads, everything, mixed, same
from netspec.ops.rules.sequence import Masked, Share, check_heads, features, mask_needs, same_sizes, sequence_input
from netspec.types import TensorType


class _OutProjection(Linear):
    """The Linear at the end of a MultiheadAttention, which reads its weights and does not call it."""

    def torch_name(self, *inputs: TensorType) -> str:
        return "NonDynamicallyQuantizableLinear"

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("nn.Linear", (self._features(inputs[0]), self.out_features), {"bias": self.bias})


class MultiheadAttention(Masked):
    """``concat(head_1, …, head_h) @ W_o`` with ``head_i = softmax(q_i @ k_i.T / sqrt(E / h)) @ v_i``, where ``q_i``,
    ``k_i`` and ``v_i`` are projections of the query, key and value to ``E / h`` features (torch.nn.MultiheadAttention;
    Vaswani et al., Attention Is All You Need, 2017, section 3.2.2).

    A query ``[B, L, E]``, a key ``[B, S, K]`` and a value ``[B, S, V]`` give ``[B, L, E]``: batch first. embed_dim,
    kdim and vdim are inferred, and ``E`` is a multiple of num_heads. The attention weights are no output.
    ``key_padding_mask`` ``[B, S]`` leaves out the keys where it is True (a float mask is added), ``attn_mask``
    ``[L, S]`` or ``[B * num_heads, L, S]`` pairs of a query and a key. Multiply-adds: the four projections, and
    ``2 * B * L * S * E``.

        (x, x, x) -> attn: MultiheadAttention(8, dropout=0.1)
    """

    family: ClassVar[str] = "sequence"
    arity: ClassVar[int | None] = 3
    operands: ClassVar[tuple[str, ...]] = ("key_padding_mask", "attn_mask")
    tensors_help: ClassVar[str] = "query, key and value; of a tensor with itself `(x, x, x) -> attn: …`"
    inferred_names: ClassVar[tuple[str, ...]] = ("embed_dim", "kdim", "vdim")
    positional: ClassVar[tuple[str, ...]] = ("num_heads",)  # ``MultiheadAttention(768, 12)`` would set dropout

    num_heads: PositiveInt
    dropout: Share = 0.0
    bias: bool = True
    add_bias_kv: bool = False
    add_zero_attn: bool = False

    def infer(self, *inputs: TensorType) -> Inferred:
        query, key, value = inputs[:3]
        for number, (name, x) in enumerate(zip(("query", "key", "value"), inputs, strict=False)):
            sequence_input(self, x, number, f"a {name}")
        check_heads(query, features(self, query), self.num_heads, "num_heads")
        self.inferred(*inputs)
        same = (
            same_sizes("batch sizes of query and key", query.dims[0], key.dims[0]),
            same_sizes("batch sizes of query and value", query.dims[0], value.dims[0]),
            same_sizes("lengths of key and value", key.dims[1], value.dims[1]),
        )
        return Inferred((query,), (*same, *self._mask_needs(inputs)))

    def _mask_needs(self, inputs: Sequence[TensorType]) -> list[Need]:
        batch, length = inputs[0].dims[:2]
        keys = inputs[1].dims[1]
        shapes: dict[str, list[tuple[Size, ...]]] = {
            "key_padding_mask": [(batch, keys)],
            "attn_mask": [(length, keys), (batch * self.num_heads, length, keys)],
        }
        other = {"attn_mask": "key_padding_mask", "key_padding_mask": "attn_mask"}
        needs: list[Need] = []
        for name, i in self.masks(inputs).items():
            help_ = f"did you mean `{other[name]}`?" if inputs[i].dims in shapes[other[name]] else ""
            needs += mask_needs(name, inputs[i], i, shapes[name], help_)
        return needs

    def inferred(self, *inputs: TensorType) -> Mapping[str, int]:
        names = ("embed_dim", "kdim", "vdim")
        return {name: features(self, x) for name, x in zip(names, inputs, strict=False)}

    def weights(self, *inputs: TensorType) -> tuple[Weight, ...]:
        width, *others = sizes = self.inferred(*inputs).values()
        if set(others) == {width}:
            own = [Weight("in_proj_weight", (3 * width, width))]
        else:
            own = [Weight(f"{x}_proj_weight", (width, size)) for x, size in zip("qkv", sizes, strict=True)]
        own += [Weight("in_proj_bias", (3 * width,))] if self.bias else []
        own += [Weight(f"bias_{x}", (1, 1, width)) for x in "kv"] if self.add_bias_kv else []
        return (*own, *weights_beneath(self.children(*inputs)))

    def children(self, *inputs: TensorType) -> tuple[Child, ...]:
        projection = _OutProjection(out_features=features(self, inputs[0]), bias=self.bias)
        return (Child("out_proj", "Linear", projection, (inputs[0],)),)

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        query, key, value = inputs[:3]
        width = features(self, inputs[0])
        keys = key.dims[1] + self.add_bias_kv + self.add_zero_attn
        projected = sum((product([*x.dims, width]) for x in (query, key, value, query)), start=0)
        return projected + 2 * product([*query.dims, keys])

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        """A position of the query, all of the key and the value."""
        row: tuple[Reads, ...] = (same(0), same(1), "all")
        column: tuple[Reads, ...] = (same(0), "all", "all")
        return (row, column, column, *map(everything, inputs[3:]))

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """What goes in, its projections, what attention gives, and for each head and position a sum of weights: as by
        the fused kernels, which torch takes where it can."""
        query, key, value = inputs[:3]
        width = features(self, query)
        projected = sum((product([*x.dims[:2], width]) for x in (query, key, value, query)), start=0)
        sums = product([*query.dims[:2], self.num_heads])
        return Saved((0, 1, 2), made=(Made(projected + sums, training=True),))

    def settings(self, *inputs: TensorType) -> dict[str, Any]:
        return {**super().settings(*inputs), "batch_first": True}

    def lower(self, *inputs: TensorType) -> TorchCall:
        sizes = dict(self.inferred(*inputs))
        width, (_, settings) = sizes.pop("embed_dim"), self.given()
        others = {name: size for name, size in sizes.items() if size != width}
        args = (width, self.num_heads)
        return TorchCall("nn.MultiheadAttention", args, {**settings, **others, "batch_first": True})

    def invoke(self, *inputs: TensorType) -> ModuleCall:
        masks = {name: Operand(number) for name, number in self.masks(inputs).items()}
        args = tuple(map(Operand, range(3)))
        return ModuleCall(args, {**masks, "need_weights": False}, returns=(0, None))


class scaled_dot_product_attention(Masked):
    """``softmax(scale * q @ k.T) @ v``, with a scale of ``1 / sqrt(E)`` where none is given
    (torch.nn.functional.scaled_dot_product_attention; Vaswani et al., Attention Is All You Need, 2017, section 3.2.1).

    A query ``[*, L, E]``, a key ``[*, S, E]`` and a value ``[*, S, V]`` give ``[*, L, V]``; the axes before are equal.
    ``attn_mask`` is bool (True takes part) or float (added), ``[L, S]`` or with more axes before; they may be literally
    1. With is_causal a position sees none after it. It drops nothing out: torch's argument dropout_p would do
    so in evaluation mode too. Multiply-adds: ``L * S * (E + V)`` times the axes before.

        y = scaled_dot_product_attention(q, k, v, is_causal=True)
    """

    is_module: ClassVar[bool] = False
    family: ClassVar[str] = "join"
    arity: ClassVar[int | None] = 3
    operands: ClassVar[tuple[str, ...]] = ("attn_mask",)
    positional: ClassVar[tuple[str, ...]] = ()

    is_causal: bool = False
    scale: Annotated[float | None, Field(allow_inf_nan=False, description="a number or None")] = None

    def infer(self, *inputs: TensorType) -> Inferred:
        query, key, value = inputs[:3]
        for operand, (name, x) in enumerate(zip(("query", "key", "value"), inputs, strict=False)):
            float_input(self, x, operand)
            if x.rank < 2 or x.rank != query.rank:
                message = f"{type(self).__name__} takes tensors of one rank of at least 2; its {name} is {shown(x)}"
                raise Refused(message, operand=operand, listed="broadcast")
        if self.is_causal and len(inputs) > 3:
            raise Refused("is_causal is a mask, and there is an attn_mask already", attribute="is_causal")
        pairs = (("query and key", query, key), ("query and value", query, value))
        same = [
            same_sizes(f"sizes of axis {axis} of {names}", a.dims[axis], b.dims[axis], "broadcast")
            for names, a, b in pairs
            for axis in range(query.rank - 2)
        ]
        same.append(same_sizes("features of query and key", query.dims[-1], key.dims[-1]))
        same.append(same_sizes("lengths of key and value", key.dims[-2], value.dims[-2]))
        result = TensorType("float", (*query.dims[:-1], value.dims[-1]))
        return Inferred((result,), (*same, *self._mask_needs(inputs)))

    def _mask_needs(self, inputs: tuple[TensorType, ...]) -> list[Need]:
        if len(inputs) < 4:
            return []
        mask, full = inputs[3], (*inputs[0].dims[:-1], inputs[1].dims[-2])
        shape = full[-mask.rank :] if 2 <= mask.rank <= len(full) else full
        spread = [1 if size == 1 else wanted for size, wanted in zip(mask.dims, shape, strict=False)]
        return mask_needs("attn_mask", mask, 3, [(*spread, *shape[mask.rank :])])

    def multiply_adds(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Size:
        query, key, value = inputs[:3]
        return product([*query.dims, key.dims[-2]]) + product([*outputs[0].dims, value.dims[-2]])

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        query, key, value, *masks = inputs
        row, column = mixed(query, [-1]), mixed(key, [-2, -1])
        return (row, column, mixed(value, [-2]), *map(everything, masks))

    def saved(self, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> Saved:
        """What goes in and comes out, and for each row a sum of weights: as by the fused kernels."""
        sums = Made(product(inputs[0].dims[:-1]), training=True)
        return Saved((0, 1, 2), (0,), made=(sums,))

    def lower(self, *inputs: TensorType) -> TorchCall:
        masks = {name: Operand(number) for name, number in self.masks(inputs).items()}
        _, others = self.given()
        function = "nn.functional.scaled_dot_product_attention"
        return TorchCall(function, tuple(map(Operand, range(3))), {**masks, **others})
