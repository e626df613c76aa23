"""Draws layers over sequences: of images, of tensors that are sequences, of numbers in a table."""

from __future__ import annotations

from typing import Any

from tests.drawn.attributes import by_table, divisor
from tests.drawn.description import Again, Arithmetic, Assign, Expr, Function, Name, Op, Pipe, Raw, Statement, Step
from tests.drawn.drafting import Draft
from tests.drawn.joins import Drawn, assign

WHOLE = (None, None, None)


def sequence(draft: Draft) -> Drawn:
    """A sequence through one layer; where it was an image, back again now and then."""
    x = draft.pick(lambda n: draft.rank(n) in (3, 4) and draft.settled(n, 1))
    y = draft.pick(lambda n: draft.rank(n) == 3 and draft.settled(n, 2))
    if y is not None and (x is None or draft.chance(0.4)):
        return _layer(draft, y, draft.shape(y)[2])[1]
    if x is None:
        return None
    s, grid = draft.fresh("s"), "h w" if draft.rank(x) == 4 else "h"
    pattern = f"b c {grid} -> b ({grid}) c" if grid == "h w" else "b c h -> b h c"
    result, statements = _layer(draft, s, draft.shape(x)[1])
    statements.insert(0, Assign("one", (s,), Function("rearrange", (Name(x),), {"pattern": pattern})))
    if draft.chance(0.5):
        sizes = {name: draft.open_size(x, axis) for axis, name in enumerate(grid.split(), start=2)}
        back, _, _ = pattern.partition(" -> ")
        kwargs = {"pattern": f"{pattern.partition(' -> ')[2]} -> {back}", **sizes}
        statements += assign(draft, Function("rearrange", (Name(result),), kwargs))
    return statements


def _layer(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    """The name of a layer's result, which is a sequence, and its statements."""
    layers = (_recurrent, _attention, _attention, _transformer, _norm, _features, _product)
    return draft.rng.choice(layers)(draft, s, width)


def _recurrent(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    """All states and the last ones; now and then the same layer goes on from these."""
    name = draft.rng.choice(("RNN", "GRU", "LSTM"))
    label = draft.fresh(name.lower())
    results = [draft.fresh("y") for _ in range(3 if name == "LSTM" else 2)]
    one = Step(Op(name, draft.vary(by_table(draft.rng, name))), label)
    statements: list[Statement] = [Assign("several", tuple(results), Pipe((Name(s),), (one,)))]
    if draft.chance(0.3):
        sources = (Name(s), *map(Name, results[1:]))
        again = tuple(draft.fresh("y") for _ in results)
        statements.append(Assign("several", again, Pipe(sources, (Step(Again(label)),))))
    return results[0], statements


def _attention(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    """Of a sequence with itself or with every second element of it, as a residual now and then; with a mask where a
    bool input has its sizes."""
    kwargs = {**by_table(draft.rng, "MultiheadAttention"), "num_heads": divisor(draft.rng, width)}
    keys, statements = _keys(draft, s)
    step = Step(Op("MultiheadAttention", kwargs), draft.fresh("attn"))
    mask = draft.pick(lambda n: draft.is_bool(n) and draft.rank(n) == 2, floats=False)
    masks = (Name(mask),) if mask is not None and draft.chance(0.5) else ()
    attended: Expr = Pipe((Name(s), keys, keys, *masks), (step,))
    if draft.chance(0.5):
        attended = Arithmetic("+", (Name(s), attended))
    y = draft.fresh("y")
    return y, [*statements, Assign("one", (y,), attended)]


def _keys(draft: Draft, s: str) -> tuple[Name, list[Statement]]:
    if draft.chance(0.6):
        return Name(s), []
    keys = draft.fresh("keys")
    return Name(keys), [Assign("one", (keys,), Function("index", (Name(s),), {"indices": (WHOLE, (None, None, 2))}))]


def _transformer(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    name = draft.rng.choice(("TransformerEncoderLayer", "TransformerDecoderLayer"))
    kwargs = {**by_table(draft.rng, name), "nhead": divisor(draft.rng, width)}
    keys, statements = _keys(draft, s) if name == "TransformerDecoderLayer" else (None, [])
    sources = (Name(s),) if keys is None else (Name(s), keys)
    y = draft.fresh("y")
    return y, [*statements, Assign("one", (y,), Pipe(sources, (Step(Op(name, kwargs), draft.fresh("layer")),)))]


def _norm(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    name, y = draft.rng.choice(("LayerNorm", "RMSNorm")), draft.fresh("y")
    kwargs = {n: v for n, v in by_table(draft.rng, name).items() if n != "normalized_shape"}
    kwargs |= {"normalized_shape": draft.rng.choice((width, (width,)))} if draft.chance(0.3) else {}
    return y, [Assign("one", (y,), Pipe((Name(s),), (Step(Op(name, kwargs), draft.fresh("norm")),)))]


def _features(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    """The two linear layers of a transformer."""
    first = Step(Op("Linear", {"out_features": 2 * width}), draft.fresh("fc"))
    second = Step(Op("Linear", draft.vary({"out_features": width, "bias": draft.chance(0.5)})), draft.fresh("fc"))
    y = draft.fresh("y")
    return y, [Assign("one", (y,), Pipe((Name(s),), (first, Step(Op("GELU")), second)))]


def _product(draft: Draft, s: str, width: int) -> tuple[str, list[Statement]]:
    keys, statements = _keys(draft, s)
    kwargs = by_table(draft.rng, "scaled_dot_product_attention")
    y = draft.fresh("y")
    product = Function("scaled_dot_product_attention", (Name(s), keys, keys), kwargs)
    return y, [*statements, Assign("one", (y,), product)]


def channels_last(draft: Draft) -> Drawn:
    """An image whose channels are normed: they come last for that."""
    x = draft.pick(lambda n: 3 <= draft.rank(n) <= 5 and draft.settled(n, 1))
    if x is None:
        return None
    rank = draft.rank(x)
    name = draft.rng.choice(("LayerNorm", "RMSNorm"))
    there, back = (0, *range(2, rank), 1), (0, rank - 1, *range(1, rank - 1))
    norm = Step(Op(name), draft.fresh("norm"))
    steps = (Step(Op("Permute", {"dims": there})), norm, Step(Op("Permute", {"dims": back})))
    return assign(draft, Pipe((Name(x),), steps))


def numbered(draft: Draft) -> Drawn:
    """Vectors by the numbers of an int input, which are below 9."""
    index = draft.pick(lambda n: draft.is_int(n) and n in ("y", "z"), floats=False)
    if index is None or draft.depth:
        return None
    rows, width = draft.rng.randint(9, 12), draft.rng.randint(1, 4)
    if draft.chance(0.5):
        kwargs: dict[str, Any] = {"num_embeddings": rows, "embedding_dim": width}
        kwargs |= {"padding_idx": draft.rng.randrange(rows)} if draft.chance(0.3) else {}
        return assign(draft, Pipe((Name(index),), (Step(Op("Embedding", kwargs), draft.fresh("embed")),)))
    table = draft.fresh("table")
    raw = Raw("param", table, (rows, width) if draft.chance(0.7) else (rows,), 0.5)
    return [raw, *assign(draft, Function("take", (Name(table), Name(index))))]


def windows(draft: Draft) -> Drawn:
    """The mask of shifted windows, of an image with its channels last."""
    x = draft.pick(lambda n: draft.rank(n) == 4)
    if x is None:
        return None
    window = draft.rng.choice((2, 3, 4))
    pool = Step(Op("AdaptiveAvgPool", {"output_size": (window, 2 * window)}))
    image: Expr = Pipe((Name(x),), (pool,)) if draft.chance(0.6) else Name(x)
    last = Function("permute", (image,), {"axes": (0, 2, 3, 1)})
    return assign(draft, Function("shift_mask", (last,), {"window": window, "shift": draft.rng.randrange(window)}))
