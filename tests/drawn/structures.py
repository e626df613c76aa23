"""Draws what takes several statements: residuals, U-shapes, loops, families, shared modules, blocks."""

from __future__ import annotations

from typing import Any

from tests.drawn.description import (
    Again,
    Arithmetic,
    Assign,
    Branch,
    Call,
    Declare,
    Expr,
    Function,
    Loop,
    Name,
    Op,
    Pipe,
    Py,
    Statement,
    Step,
)
from tests.drawn.drafting import Draft
from tests.drawn.joins import Drawn, assign
from tests.drawn.layers import layer, plain_conv, same, step


def image(draft: Draft) -> str | None:
    return draft.pick(lambda n: 3 <= draft.rank(n) <= 5 and draft.settled(n, 1))


def residual(draft: Draft) -> Drawn:
    """``main + skip``; the skip is projected where shapes differ, always, or never."""
    x = image(draft)
    if x is None:
        return None
    rank, channels = draft.rank(x), draft.shape(x)[1]
    stride, out = draft.rng.choice((1, 1, 2, 3)), draft.rng.choice((channels, 2 * channels, draft.rng.randint(1, 6)))
    main, skip = draft.fresh("main"), draft.fresh("skip")
    first = Step(plain_conv(draft, rank, stride, out), draft.fresh("conv"))
    second = Step(plain_conv(draft, rank, 1, out), draft.fresh("conv"))
    norm = Step(Op(f"BatchNorm{rank - 2}d"), draft.fresh("bn"))
    project = Op("Conv", {"out_channels": out, "kernel_size": 1, "stride": stride, "bias": draft.chance(0.5)})
    condition = draft.rng.choice((f"{x}.shape != {main}.shape", f"{x}.shape != {main}.shape", None))
    label = draft.fresh("project")
    steps = () if draft.chance(0.15) else (Step(project, label, condition=condition),)
    total: Expr = Arithmetic("+", (Name(main), Name(skip)))
    if draft.chance(0.5):
        total = Pipe((total,), (Step(Op("ReLU", {"inplace": draft.chance(0.5)}), draft.fresh("relu")),))
    source: Expr = Pipe((Name(x),), steps) if steps else Name(x)
    return [
        Assign("one", (main,), Pipe((Name(x),), (first, norm, Step(Op("ReLU", {"inplace": True})), second))),
        Assign("one", (skip,), source),
        *assign(draft, total),
    ]


def u_shape(draft: Draft) -> Drawn:
    """Down and up again, joined with what was before: equal for some sizes only, or cropped."""
    x = image(draft)
    if x is None:
        return None
    rank, channels = draft.rank(x), draft.shape(x)[1]
    factor = draft.rng.choice((2, 2, 3))
    downs = [
        plain_conv(draft, rank, factor, channels),
        Op("MaxPool", {"kernel_size": factor} | ({"ceil_mode": True} if draft.chance(0.3) else {})),
        Op("AvgPool", {"kernel_size": factor}),
    ]
    ups = [
        Op("ConvTranspose", {"out_channels": channels, "kernel_size": factor, "stride": factor}),
        Op("Upsample", {"scale_factor": factor}),
    ]
    down, up = draft.fresh("down"), draft.fresh("up")
    statements: list[Statement] = [
        Assign("one", (down,), Pipe((Name(x),), (Step(draft.rng.choice(downs), draft.fresh("shrink")),))),
        Assign("one", (up,), Pipe((Name(down),), (Step(draft.rng.choice(ups), draft.fresh("grow")),))),
    ]
    cropped = Function("crop", (Name(up), Name(x)))
    joined = draft.rng.choice((
        Function("concat", (Name(x), Name(up))),
        Function("concat", (Name(x), Name(up)), {"align": "center"}),
        Function("concat", (Name(x), Name(up)), {"align": "center"}),
        Arithmetic("+", (Name(x), Name(up))),
        Arithmetic("+", (cropped, Function("crop", (Name(x), Name(up))))),
    ))  # fmt: skip
    return [*statements, *assign(draft, joined)]


def loop(draft: Draft) -> Drawn:
    """A loop of numbered steps; now and then each turn gives a member of a family."""
    x = image(draft)
    if x is None:
        return None
    y, i, label = draft.fresh("y"), draft.fresh("i"), draft.fresh("layers")
    rank, channels = draft.rank(x), draft.shape(x)[1]
    op = same(draft, rank, channels) if draft.chance(0.5) else plain_conv(draft, rank, draft.rng.choice((1, 2)))
    if op.name[:4] == "Conv" and draft.chance(0.4):
        op = Op(op.name, {**op.kwargs, "out_channels": Py(f"2 * ({i} + 1)")})
    turns: int | Py = draft.rng.randint(1, 3)
    turns = draft.parameter(turns, "int") if draft.chance(0.4) else turns
    body: list[Statement] = [Assign("one", (y,), Pipe((Name(y),), (Step(op, f"{label}.{{{i}}}"),)))]
    if draft.chance(0.4):
        body.append(Assign("member", (draft.fresh("c"),), Name(y), i))
    return [Assign("one", (y,), Name(x)), Loop(i, turns, tuple(body))]


def branch(draft: Draft) -> Drawn:
    """``if flag { … } else { … }``."""
    x = draft.pick(lambda n: draft.rank(n) >= 2)
    if x is None:
        return None
    y, rank, channels = draft.fresh("y"), draft.rank(x), draft.shape(x)[1]
    body, other = (
        Assign("one", (y,), Pipe((Name(x),), (Step(layer(draft, rank, channels), draft.fresh("branch")),)))
        for _ in range(2)
    )
    return [Branch(draft.flag(), (body,), (other,))]


def members(draft: Draft) -> Drawn:
    """Members of a family, joined or put through layers; or a family of what there is."""
    if not draft.families() or draft.chance(0.3):
        names = [n for n in draft.tensors() if draft.is_float(n)]
        family = draft.fresh("c")
        chosen = draft.rng.choices(names, k=draft.rng.randint(1, 3)) if names else []
        return [Assign("member", (family,), Name(n), str(i)) for i, n in enumerate(chosen)]
    family = draft.rng.choice(draft.families())
    found = draft.scope.tensors[family]
    picks = [draft.rng.choice(("-1", "0", str(draft.rng.randrange(len(found))))) for _ in range(2)]
    first, second = (Name(family, pick) for pick in picks)
    if draft.chance(0.5):
        return assign(draft, first)
    return assign(draft, Function("concat", (first, second), {"align": "center"} if draft.chance(0.5) else {}))


def shared(draft: Draft) -> Drawn:
    """A declared module used twice, or a step's module used again."""
    x = image(draft)
    if x is None:
        return None
    others = [n for n in draft.tensors() if draft.rank(n) == draft.rank(x) and draft.is_float(n)]
    others = [n for n in others if draft.shape(n)[1] == draft.shape(x)[1]] or others
    if draft.scope.made and draft.chance(0.4):
        label = draft.rng.choice(sorted(draft.scope.made))
        return assign(draft, Pipe((Name(draft.rng.choice([x, *others])),), (Step(Again(label)),)))
    one = step(draft, draft.rank(x), draft.shape(x)[1])
    head = Step(one.body, draft.fresh("head"), one.times)
    uses = [x, *draft.rng.choices(others, k=draft.rng.choice((0, 1, 1, 2)))]
    again = [assign(draft, Pipe((Name(n),), (Step(Again(head.label or "")),))) for n in uses]
    return [Declare(head), *(s for statements in again for s in statements)]


def call(draft: Draft, name: str, sources: list[Expr], outputs: int, arguments: dict[str, Any]) -> list[Statement]:
    """A block's use as a step, repeated where it may be, with as many names as it has outputs."""
    wide = any(isinstance(s, Name) and s.index is None and s.name in draft.families() for s in sources)
    times = draft.rng.randint(1, 3) if outputs == 1 and len(sources) == 1 and not wide and draft.chance(0.2) else None
    one = Step(Call(name, arguments), draft.fresh(name.lower()), times)
    value = Pipe(tuple(sources), (one,))
    if outputs == 1 and draft.chance(0.9):
        return assign(draft, value)
    if outputs > 1 and draft.chance(0.6):
        return [Assign("several", tuple(draft.fresh("y") for _ in range(outputs)), value)]
    return [Assign("family" if outputs == 1 or draft.chance(0.5) else "one", (draft.fresh("c"),), value)]
