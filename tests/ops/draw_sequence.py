"""Draws embeddings, recurrent layers and attention."""

from __future__ import annotations

from typing import Any

from tests.ops.case import Case, Draw, Rng, Spoil, any_shape, drop, other_dtype, set_to, some, unknown, wrong_number
from tests.ops.sequences import MASKS

SHARES = (0.0, 0.1, 1.0)


def embedding(rng: Rng, name: str) -> Case:
    rows = rng.randint(2, 9)
    kwargs: dict[str, Any] = {"num_embeddings": rows, "embedding_dim": rng.randint(1, 6)}
    some(rng, kwargs, padding_idx=lambda: rng.choice((None, rng.randrange(-rows, rows))))
    some(rng, kwargs, max_norm=lambda: rng.choice((None, 1.0, 0.5)), norm_type=lambda: rng.choice((1.0, 2.0)))
    some(rng, kwargs, scale_grad_by_freq=lambda: rng.random() < 0.5, sparse=lambda: rng.random() < 0.5)
    return Case(name, kwargs, [any_shape(rng)], ["int"])


def no_numbers(rng: Rng, case: Case) -> None:
    case.dtypes[0] = rng.choice(("float", "bool"))


EMBEDDING = [no_numbers, no_numbers, no_numbers, unknown, drop("embedding_dim"), set_to("num_embeddings", 0, -1, "a"),
             set_to("embedding_dim", 0, -1, "a"), set_to("padding_idx", 9, 12, -10, "a"),
             set_to("max_norm", "a"), set_to("sparse", "a")]  # fmt: skip

# ------------------------------------------------------------------------------------------------ recurrent


def recurrent(rng: Rng, name: str) -> Case:
    hidden = rng.randint(1, 6)
    kwargs: dict[str, Any] = {"hidden_size": hidden}
    some(rng, kwargs, num_layers=lambda: rng.randint(1, 3), bias=lambda: rng.random() < 0.5)
    some(rng, kwargs, dropout=lambda: rng.choice(SHARES), bidirectional=lambda: rng.random() < 0.5)
    if name == "RNN":
        some(rng, kwargs, nonlinearity=lambda: rng.choice(("tanh", "relu")))
    if name == "LSTM":
        some(rng, kwargs, proj_size=lambda: rng.randrange(hidden))
    shapes = [sequence(rng)]
    if rng.random() < 0.5:
        directions = 2 if kwargs.get("bidirectional") else 1
        state = (kwargs.get("num_layers", 1) * directions, shapes[0][0])
        shapes += [(*state, kwargs.get("proj_size") or hidden), *([(*state, hidden)] if name == "LSTM" else [])]
    return Case(name, kwargs, shapes)


def sequence(rng: Rng, width: int | None = None, batch: int | None = None) -> tuple[int, ...]:
    return (batch or rng.randint(1, 3), rng.randint(1, 5), width or rng.randint(1, 6))


def other_rank(rng: Rng, case: Case) -> None:
    """One of the tensors gets another rank."""
    index = rng.randrange(len(case.shapes))
    case.shapes[index] = rng.choice((case.shapes[index][1:], (*case.shapes[index], 2), (2,)))


def unbatched(rng: Rng, case: Case) -> None:
    case.shapes = [case.shapes[0][1:]]
    case.dtypes = case.dtypes[:1]


def other_size(rng: Rng, case: Case) -> None:
    """One axis of one tensor after the first gets another size; without one the first gets another rank."""
    if len(case.shapes) == 1:
        case.shapes[0] = (*case.shapes[0], 2)
        return
    index = rng.randrange(1, len(case.shapes))
    shape = list(case.shapes[index])
    shape[rng.randrange(len(shape))] += rng.randint(1, 3)
    case.shapes[index] = tuple(shape)


def one_more(rng: Rng, case: Case) -> None:
    case.shapes.append(case.shapes[-1])
    case.dtypes.append(case.dtypes[-1])
    if len(case.named) > 1:
        case.named = case.named[:1]


RECURRENT: list[Spoil] = [other_rank, other_rank, unbatched, other_size, other_size, one_more, other_dtype, unknown,
                          drop("hidden_size"), wrong_number("hidden_size", "num_layers"),
                          set_to("dropout", -0.1, 1.5, "a", True)]  # fmt: skip
LSTM_ONLY: list[Spoil] = [set_to("proj_size", -1, 6, 7, "a"), set_to("nonlinearity", "tanh")]
RNN_ONLY: list[Spoil] = [set_to("nonlinearity", "gelu", None), set_to("proj_size", 1)]

# ------------------------------------------------------------------------------------------------ attention


def attention(rng: Rng, name: str) -> Case:
    heads = rng.randint(1, 4)
    kwargs: dict[str, Any] = {"num_heads": heads}
    some(rng, kwargs, dropout=lambda: rng.choice(SHARES), bias=lambda: rng.random() < 0.5)
    some(rng, kwargs, add_bias_kv=lambda: rng.random() < 0.5, add_zero_attn=lambda: rng.random() < 0.5)
    query = sequence(rng, heads * rng.randint(1, 3))
    key = sequence(rng, query[2] if rng.random() < 0.6 else None, query[0])
    value = (*key[:2], key[2] if rng.random() < 0.6 else rng.randint(1, 6))
    shapes = [query] * 3 if rng.random() < 0.3 else [query, key, value]
    keys = shapes[1][1]
    pairs = rng.choice(((query[1], keys), (query[0] * heads, query[1], keys)))
    return masked(rng, Case(name, kwargs, shapes), {"key_padding_mask": (query[0], keys), "attn_mask": pairs})


def layer(rng: Rng, name: str) -> Case:
    heads = rng.randint(1, 4)
    kwargs: dict[str, Any] = {"nhead": heads, "dim_feedforward": rng.randint(1, 8)}
    some(rng, kwargs, dropout=lambda: rng.choice(SHARES), bias=lambda: rng.random() < 0.5)
    some(rng, kwargs, activation=lambda: rng.choice(("relu", "gelu")), norm_first=lambda: rng.random() < 0.5)
    some(rng, kwargs, layer_norm_eps=lambda: rng.choice((1e-5, 1e-6, 0.1)))
    x = sequence(rng, heads * rng.randint(1, 3))
    memory = sequence(rng, x[2], x[0])
    several = (x[0] * heads, x[1]) if rng.random() < 0.5 else (x[1],)
    own = {"mask": (*several, x[1]), "key_padding_mask": x[:2]}
    if name == "TransformerEncoderLayer":
        return masked(rng, Case(name, kwargs, [x]), {f"src_{mask}": shape for mask, shape in own.items()})
    shapes = {f"tgt_{mask}": shape for mask, shape in own.items()}
    shapes |= {"memory_mask": (*several, memory[1]), "memory_key_padding_mask": memory[:2]}
    return masked(rng, Case(name, kwargs, [x, memory]), shapes)


def masked(rng: Rng, case: Case, shapes: dict[str, tuple[int, ...]]) -> Case:
    """Some of the masks, by name or, where they are the first ones, by place."""
    _, names = MASKS[case.name]
    chosen = tuple(n for n in names if rng.random() < 0.4)
    case.shapes += [shapes[n] for n in chosen]
    case.dtypes += [rng.choice(("bool", "bool", "float")) for _ in chosen]
    case.named = () if chosen == names[: len(chosen)] and rng.random() < 0.5 else chosen
    return case


def other_batch(rng: Rng, case: Case) -> None:
    index = rng.randrange(len(case.shapes))
    shape = case.shapes[index]
    case.shapes[index] = (shape[0] + rng.randint(1, 2), *shape[1:])


def int_mask(rng: Rng, case: Case) -> None:
    case.dtypes[-1] = "int"


def too_few(rng: Rng, case: Case) -> None:
    count, _ = MASKS[case.name]
    case.shapes, case.dtypes, case.named = case.shapes[: count - 1], case.dtypes[: count - 1], ()


ATTENTION: list[Spoil] = [other_rank, other_size, other_size, other_batch, other_dtype, int_mask, too_few, unknown,
                          set_to("num_heads", 0, -1, 5, 7, "a"), drop("num_heads"),
                          set_to("dropout", 1.5, -0.5, "a")]  # fmt: skip
ENCODER: list[Spoil] = [other_rank, unbatched, other_size, other_size, other_dtype, int_mask, unknown, drop("nhead"),
                        set_to("nhead", 0, -1, 5, 7), set_to("activation", "tanh", None, "GELU"),
                        set_to("dropout", 1.5, -0.5, "a"), set_to("dim_feedforward", 0, -1, "a"),
                        set_to("layer_norm_eps", -0.1, "a")]  # fmt: skip
DECODER: list[Spoil] = [*ENCODER, too_few, other_batch]

# ------------------------------------------------------------------------------------------------ the function


def products(rng: Rng, name: str) -> Case:
    ahead = tuple(rng.randint(1, 3) for _ in range(rng.randint(0, 3)))
    length, keys, width = (rng.randint(1, 5) for _ in range(3))
    kwargs: dict[str, Any] = {}
    some(rng, kwargs, is_causal=lambda: rng.random() < 0.5, scale=lambda: rng.choice((None, 1.0, 0.25)))
    shapes = [(*ahead, length, width), (*ahead, keys, width), (*ahead, keys, rng.choice((width, 3)))]
    case = Case(name, kwargs, shapes)
    if not kwargs.get("is_causal") and rng.random() < 0.5:
        mask = (*ahead, length, keys)[rng.randint(0, len(ahead)) :]
        case.shapes.append(tuple(1 if rng.random() < 0.2 else size for size in mask))
        case.dtypes.append(rng.choice(("bool", "float")))
    return case


def both_masks(rng: Rng, case: Case) -> None:
    case.kwargs["is_causal"] = True
    if len(case.shapes) == 3:
        case.shapes.append((case.shapes[0][-2], case.shapes[1][-2]))
        case.dtypes.append("bool")


def vector(rng: Rng, case: Case) -> None:
    index = rng.randrange(3)
    case.shapes[index] = case.shapes[index][-1:]


PRODUCTS: list[Spoil] = [vector, other_size, other_size, other_batch, other_dtype, int_mask, both_masks, both_masks,
                         too_few, unknown, set_to("scale", "a"), set_to("dropout_p", 0.0)]  # fmt: skip

#: by the names of specs
DRAWS: dict[str, tuple[Draw, list[Spoil]]] = {
    "Embedding": (embedding, EMBEDDING),
    "RNN": (recurrent, RECURRENT + RNN_ONLY),
    "GRU": (recurrent, [*RECURRENT, set_to("proj_size", 1)]),
    "LSTM": (recurrent, RECURRENT + LSTM_ONLY),
    "MultiheadAttention": (attention, ATTENTION),
    "TransformerEncoderLayer": (layer, ENCODER),
    "TransformerDecoderLayer": (layer, DECODER),
    "scaled_dot_product_attention": (products, PRODUCTS),
}
