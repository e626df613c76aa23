"""Sequence layers as a user of torch would write and call them by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from tests.ops.case import Case, Shape


def attention(shapes: Sequence[Shape], **kwargs: Any) -> nn.Module:
    width, kdim, vdim = (s[-1] for s in shapes[:3])
    return nn.MultiheadAttention(
        width, kwargs.pop("num_heads"), kdim=None if kdim == width else kdim, vdim=None if vdim == width else vdim,
        batch_first=True, **kwargs,
    )  # fmt: skip


def batch_first(cls: Callable[..., nn.Module]) -> Callable[..., nn.Module]:
    """Told the features of the first tensor."""
    return lambda shapes, **kwargs: cls(shapes[0][-1], batch_first=True, **kwargs)


#: by the shapes of the tensors and the attributes
MODULES: dict[str, Callable[..., nn.Module]] = {
    "Embedding": lambda shapes, **kwargs: nn.Embedding(**kwargs),
    "RNN": batch_first(nn.RNN),
    "GRU": batch_first(nn.GRU),
    "LSTM": batch_first(nn.LSTM),
    "MultiheadAttention": attention,
    "TransformerEncoderLayer": batch_first(nn.TransformerEncoderLayer),
    "TransformerDecoderLayer": batch_first(nn.TransformerDecoderLayer),
}
MASKS: dict[str, tuple[int, tuple[str, ...]]] = {
    "MultiheadAttention": (3, ("key_padding_mask", "attn_mask")),
    "TransformerEncoderLayer": (1, ("src_key_padding_mask", "src_mask")),
    "TransformerDecoderLayer": (
        2, ("tgt_mask", "memory_mask", "tgt_key_padding_mask", "memory_key_padding_mask"),
    ),
    "scaled_dot_product_attention": (3, ("attn_mask",)),
}  # fmt: skip


def masks(case: Case, tensors: Sequence[Tensor]) -> tuple[Sequence[Tensor], dict[str, Tensor]]:
    """The sequences, and the masks by the names of torch's arguments."""
    count, names = MASKS[case.name]
    if len(tensors) - count > len(case.named or names):
        raise TypeError("too many tensors")
    return tensors[:count], dict(zip(case.named or names, tensors[count:], strict=False))


def call(case: Case, net: nn.Module, tensors: Sequence[Tensor]) -> list[Tensor]:
    """All that a call gives, flat."""
    if case.name == "MultiheadAttention":
        inputs, named = masks(case, tensors)
        return [net(*inputs, **named, need_weights=False)[0]]
    if case.name in MASKS:
        inputs, named = masks(case, tensors)
        return [net(*inputs, **named)]
    if case.name == "LSTM":
        y, (h, c) = net(tensors[0], *([tuple(tensors[1:])] if len(tensors) > 1 else []))
        return [y, h, c]
    result = net(*tensors)
    return [result] if isinstance(result, Tensor) else list(result)


LAYER = {
    "d_model": "linear1.in_features", "nhead": "self_attn.num_heads", "batch_first": "self_attn.batch_first",
    "dim_feedforward": "linear1.out_features", "dropout": "dropout.p", "layer_norm_eps": "norm1.eps",
    "activation": "activation.__name__", "bias": "linear1.bias",
}  # fmt: skip
#: constructor arguments of composite modules, as their parts know them
SETTINGS: dict[type[nn.Module], dict[str, str]] = {
    nn.MultiheadAttention: {"bias": "in_proj_bias", "add_bias_kv": "bias_k"},
    nn.TransformerEncoderLayer: LAYER,
    nn.TransformerDecoderLayer: LAYER,
}


def setting(net: nn.Module, name: str) -> object:
    """A constructor argument as a module still knows it; of weights whether they are there."""
    value = attrgetter(SETTINGS.get(type(net), {}).get(name, name))(net)
    weights = name in ("bias", "add_bias_kv") and not isinstance(value, bool)
    return value is not None if weights else value


def product_attention(case: Case, tensors: Sequence[Tensor]) -> Tensor:
    inputs, named = masks(case, tensors)
    if "dropout_p" in case.kwargs:
        raise TypeError
    return scaled_dot_product_attention(*inputs, **named, **case.kwargs)
