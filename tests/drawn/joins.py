"""Draws joins and functions of tensors. Each function gives the statements to try together, or None."""

from __future__ import annotations

from typing import Any

from tests.drawn.description import (
    Arithmetic,
    Assign,
    Expr,
    Function,
    Name,
    Op,
    Pipe,
    Py,
    Raw,
    Statement,
    Step,
)
from tests.drawn.drafting import Draft
from tests.drawn.layers import base_of, keeps_weights, layer, plain_conv, step

Drawn = list[Statement] | None
SYMBOLS = ("+", "+", "-", "*", "/")


def assign(draft: Draft, value: Expr) -> list[Statement]:
    return [Assign("one", (draft.fresh("y"),), value)]


def chain(draft: Draft) -> Drawn:
    """One to three steps."""
    x = draft.pick()
    if x is None or not draft.rank(x):
        return None
    rank = draft.rank(x)
    channels = draft.shape(x)[1] if rank > 1 else 1
    steps = [step(draft, rank, channels)]
    for _ in range(draft.rng.choice((0, 0, 1, 2))):
        if rank < 3:
            break
        steps.append(step(draft, rank, steps_channels(steps, channels)))
    return assign(draft, Pipe((Name(x),), tuple(steps)))


def steps_channels(steps: list[Step], channels: int) -> int:
    """What the channels are after steps, as far as that is plain to see."""
    for one in steps:
        out = one.body.kwargs.get("out_channels") if isinstance(one.body, Op) else None
        channels = out if isinstance(out, int) else channels
    return channels


def arithmetic(draft: Draft) -> Drawn:
    """Tensors of one shape, with numbers and open sizes now and then."""
    x = draft.pick()
    if x is None:
        return None
    others = draft.same_shape(x)
    operands: list[Any] = [Name(x)]
    for _ in range(draft.rng.choice((0, 1, 1, 1, 2))):
        if others:
            operands.append(Name(draft.rng.choice(others)))
    if len(operands) == 1 or draft.chance(0.3):
        number: Any = draft.rng.choice((1, 2, 0.5, -3.0))
        if draft.chance(0.3) and draft.rank(x):
            number = draft.open_size(x, draft.rng.randrange(draft.rank(x)))
        operands.insert(draft.rng.randint(0, len(operands)), number)
    return assign(draft, Arithmetic(draft.rng.choice(SYMBOLS), tuple(operands)))


def any_join(draft: Draft) -> Drawn:
    """Two tensors, whatever their shapes: equal for some sizes, broadcast, or not to be joined."""
    x, y = draft.pick(floats=draft.chance(0.8)), draft.pick()
    if x is None or y is None or x == y:
        return None
    pair = (Name(x), Name(y))
    kind = draft.rng.choice(("+", "*", "concat", "concat", "matmul"))
    if kind == "concat":
        axis = draft.rng.choice((1, 1, 1, 0, 2, -1))
        kwargs: dict[str, Any] = {"axis": axis} if axis != 1 else {}
        kwargs |= {"align": "center"} if draft.chance(0.5) else {}
        return assign(draft, Function("concat", pair, kwargs))
    return assign(draft, Function("matmul", pair) if kind == "matmul" else Arithmetic(kind, pair))


def inline(draft: Draft) -> Drawn:
    """A chain inside of an expression: ``x + (x -> act: PReLU())``."""
    x = draft.pick()
    if x is None or draft.rank(x) < 2:
        return None
    op = layer(draft, draft.rank(x), draft.shape(x)[1])
    label = draft.fresh(base_of(op.name).lower()) if keeps_weights(op) else None
    return assign(draft, Arithmetic(draft.rng.choice(SYMBOLS), (Name(x), Pipe((Name(x),), (Step(op, label),)))))


def concat(draft: Draft) -> Drawn:
    """Tensors that differ in channels only, or are cropped to one size."""
    x = draft.pick(lambda n: draft.rank(n) >= 2)
    if x is None:
        return None
    rank, align = draft.rank(x), draft.chance(0.4)
    axis = 1 if draft.chance(0.7) else draft.rng.randrange(-rank, rank)

    def fits(y: str) -> bool:
        kept = [i for i in range(rank) if i != axis % rank and not (align and i > 1)]
        return draft.rank(y) == rank and all(
            a[i] == b[i] for a, b in zip(draft.shapes(x), draft.shapes(y), strict=True) for i in kept
        )

    others = [y for y in draft.tensors() if draft.is_float(y) and fits(y)]
    chosen = [x, *draft.rng.choices(others, k=draft.rng.choice((1, 1, 2)))]
    kwargs: dict[str, Any] = {"axis": axis} if axis != 1 else {}
    return assign(draft, Function("concat", tuple(map(Name, chosen)), kwargs | ({"align": "center"} if align else {})))


def crop(draft: Draft) -> Drawn:
    """Crop to a size, or to another tensor and join."""
    x = draft.pick(lambda n: draft.rank(n) >= 3, floats=False)
    if x is None:
        return None
    rank = draft.rank(x)
    y = draft.pick(lambda n: n != x and draft.rank(n) == rank)
    if y is None or draft.chance(0.4):
        sizes = tuple(draft.rng.randint(1, 9) if draft.chance(0.7) else draft.open_size(x, i) for i in range(2, rank))
        return assign(draft, Function("crop", (Name(x),), {"size": sizes if draft.chance(0.6) else sizes[0]}))
    cut = Function("crop", (Name(x), Name(y)))
    if draft.shape(x)[:2] != draft.shape(y)[:2] or draft.chance(0.3):
        return assign(draft, cut)
    return assign(draft, Arithmetic("+", (cut, Function("crop", (Name(y), Name(x))))))


def gate(draft: Draft) -> Drawn:
    """``x * gate`` with a gate of size 1, or with a param."""
    x = draft.pick(lambda n: 3 <= draft.rank(n) <= 5 and draft.settled(n, 1))
    if x is None:
        return None
    rank, channels = draft.rank(x), draft.shape(x)[1]
    if draft.chance(0.4):
        name = draft.fresh("w")
        shape = (channels if draft.chance(0.8) else 1, *[1] * (rank - 2))
        shape = (1, *shape) if draft.chance(0.3) else shape
        kind = "param" if draft.chance(0.6) else "buffer"
        raw = Raw(kind, name, shape, draft.rng.choice((1, 0.5, 2)))
        function = draft.rng.choice((None, None, "exp", "sigmoid"))
        weight = Function(function, (Name(name),)) if function else Name(name)
        return [raw, *assign(draft, Arithmetic(draft.rng.choice(SYMBOLS), (Name(x), weight)))]
    squeeze = Step(plain_conv(draft, rank), draft.fresh("squeeze"))
    excite = Step(Op("Conv", {"out_channels": channels, "kernel_size": 1}), draft.fresh("excite"))
    steps = (Step(Op("AdaptiveAvgPool", {"output_size": 1})), squeeze, Step(Op("ReLU")), excite)
    return assign(draft, Arithmetic("*", (Name(x), Pipe((Name(x),), steps))))


def attention(draft: Draft) -> Drawn:
    """Queries, keys and values over all places of an image."""
    x = draft.pick(lambda n: draft.rank(n) in (3, 4))
    if x is None:
        return None
    flat = draft.rank(x) == 4
    width, places = draft.rng.choice((2, 4)), "(h w)" if flat else "h"
    grid = "h w" if flat else "h"

    def project(label: str, pattern: str) -> Expr:
        op = Op("Conv", {"out_channels": width, "kernel_size": 1})
        return Pipe((Name(x),), (Step(op, draft.fresh(label)), Step(Op("rearrange", {"pattern": pattern}))))

    queries = project("queries", f"b c {grid} -> b {places} c")
    scores = Function("matmul", (queries, project("keys", f"b c {grid} -> b c {places}")))
    weights = Function("softmax", (Arithmetic("/", (scores, 2.0)),), {"axis": -1} if draft.chance(0.3) else {})
    y, back = draft.fresh("y"), draft.fresh("y")
    values = Function("rearrange", (Name(x),), {"pattern": f"b c {grid} -> b {places} c"})
    statements: list[Statement] = [Assign("one", (y,), Function("matmul", (weights, values)))]
    if draft.chance(0.6):
        sizes: dict[str, Any] = {"h": draft.open_size(x, 2)} | ({"w": draft.open_size(x, 3)} if flat else {})
        pattern = f"b {places} c -> b c {grid}"
        statements.append(Assign("one", (back,), Function("rearrange", (Name(y),), {"pattern": pattern, **sizes})))
    return statements


def index(draft: Draft) -> Drawn:
    """A slice, with positions, ranges, new axes and open bounds."""
    x = draft.pick(lambda n: draft.rank(n) >= 1, floats=False)
    if x is None:
        return None
    rank = draft.rank(x)
    whole = (None, None, None)
    entries: list[Any] = [whole] * rank
    for axis in draft.rng.sample(range(rank), draft.rng.choice((0, 1, 1, 1, 2)) if rank > 1 else 1):
        open_ = draft.open_size(x, axis)
        half = Py(f"{open_.text} // 2")
        entries[axis] = draft.rng.choice((
            0, -1, 1, (1, None, None), (None, -1, None), (None, None, 2), (-2, None, None), (None, 3, None),
            (1, -1, 2), (half, None, None), (None, half, None), (None, open_, None),
        ))  # fmt: skip
    while entries[1:] and entries[-1] == whole:
        entries.pop()
    if draft.chance(0.2):
        entries.insert(draft.rng.randint(0, len(entries)), None)
    if len(entries) > rank or draft.chance(0.15):
        entries = ["...", *[e for e in entries if e != whole][-1:]]
    return assign(draft, Function("index", (Name(x),), {"indices": tuple(entries)}))


def rearrange(draft: Draft) -> Drawn:
    """Axes reordered, one split and some merged."""
    x = draft.pick(lambda n: 1 <= draft.rank(n) <= 5, floats=False)
    if x is None:
        return None
    rank = draft.rank(x)
    left = [[name] for name in "abcde"[:rank]]
    sizes: dict[str, Any] = {}
    if draft.chance(0.5):
        axis = draft.rng.randrange(rank)
        whole = draft.shape(x)[axis]
        left[axis] = ["p", "q"]
        sizes["p" if draft.chance(0.7) else "q"] = draft.rng.choice([d for d in range(1, 5) if whole % d == 0])
        if draft.chance(0.2):
            sizes = {"p": 1, "q": draft.open_size(x, axis)}
    names = [n for group in left for n in group]
    draft.rng.shuffle(names)
    right: list[list[str]] = []
    for name in names:
        if right and draft.chance(0.25):
            right[-1].append(name)
        else:
            right.append([name])
    if draft.chance(0.1):
        right.append([])
    before, after = (" ".join(_group(g) for g in side) for side in (left, right))
    return assign(draft, Function("rearrange", (Name(x),), {"pattern": f"{before} -> {after}", **sizes}))


def _group(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"({' '.join(names)})" if names else "1"


def reshape(draft: Draft) -> Drawn:
    """flatten, softmax, expand, as functions or as steps."""
    x = draft.pick(lambda n: draft.rank(n) >= 1, floats=False)
    if x is None:
        return None
    rank = draft.rank(x)
    kind = draft.rng.choice(("flatten", "softmax", "expand", "expand"))
    kwargs: dict[str, Any] = {}
    if kind == "flatten" and (rank == 1 or draft.chance(0.6)):
        start = draft.rng.randrange(rank)
        kwargs = {"start_dim": start, "end_dim": draft.rng.choice((-1, draft.rng.randrange(start, rank)))}
    if kind == "softmax":
        kwargs = {"axis": draft.rng.randrange(-rank, rank)}
    if kind == "expand":
        kwargs = {"size": _expanded(draft, x)}
    if draft.chance(0.4):
        return assign(draft, Pipe((Name(x),), (Step(Op(kind, kwargs)),)))
    return assign(draft, Function(kind, (Name(x),), kwargs))


def _expanded(draft: Draft, x: str) -> tuple[Any, ...]:
    sizes: list[Any] = []
    for axis, size in enumerate(draft.shape(x)):
        other = draft.pick(lambda n: draft.rank(n) > 0, floats=False)
        if size == 1 and other and draft.chance(0.7):
            sizes.append(draft.open_size(other, draft.rng.randrange(draft.rank(other))))
        else:
            sizes.append(-1 if draft.chance(0.8) else draft.open_size(x, axis))
    return (*[draft.rng.randint(1, 3) for _ in range(draft.rng.choice((0, 0, 0, 1)))], *sizes)
