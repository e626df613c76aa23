"""Draws functions of tensors. Each function gives the statements to try together, or None."""

from __future__ import annotations

from typing import Any

from tests.drawn.attributes import amounts, by_table, divisor, order, signed, upsample
from tests.drawn.description import Arithmetic, Assign, Expr, Function, Name, Op, Pipe, Py, Step
from tests.drawn.drafting import Draft
from tests.drawn.joins import Drawn, assign
from tests.drawn.layers import plain_conv
from tests.ops.draw_elementwise import FUNCTIONS

#: functions of one tensor, number by number; those of numbers that must be tame have a function before them
NUMBERS = tuple(name for name in FUNCTIONS if name not in ("maximum", "minimum"))
TAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "exp": ("clamp", {"max": 2.0}), "log": ("clamp", {"min": 0.1}), "sqrt": ("abs", {}), "pow": ("clamp", {"min": 0.5}),
}  # fmt: skip


def called(draft: Draft, name: str, x: Expr, kwargs: dict[str, Any]) -> Expr:
    """``f(x, …)``, or ``x -> f(…)``."""
    return Pipe((x,), (Step(Op(name, kwargs)),)) if draft.chance(0.4) else Function(name, (x,), kwargs)


def numbers(draft: Draft) -> Drawn:
    """Number by number, of one tensor or two."""
    x = draft.pick()
    if x is None:
        return None
    others = draft.same_shape(x)
    if others and draft.chance(0.2):
        pair = (Name(x), Name(draft.rng.choice(others)))
        return assign(draft, Function(draft.rng.choice(("maximum", "minimum")), pair))
    name = draft.favourite if draft.favourite in NUMBERS and draft.chance(0.5) else draft.rng.choice(NUMBERS)
    value: Expr = Function(TAMED[name][0], (Name(x),), TAMED[name][1]) if name in TAMED else Name(x)
    return assign(draft, called(draft, name, value, by_table(draft.rng, name)))


def along(draft: Draft) -> Drawn:
    """Along one axis; the shape stays."""
    x = draft.pick(lambda n: draft.rank(n) >= 2)
    if x is None:
        return None
    kwargs = {"axis": draft.rng.randrange(-draft.rank(x), draft.rank(x))} if draft.chance(0.7) else {}
    return assign(draft, called(draft, draft.rng.choice(("softmax", "log_softmax", "normalize")), Name(x), kwargs))


def reduction(draft: Draft) -> Drawn:
    """Without some axes; with ``keepdim`` as a gate now and then."""
    x = draft.pick(lambda n: draft.rank(n) >= 1)
    if x is None:
        return None
    rank = draft.rank(x)
    axes = tuple(signed(draft.rng, a, rank) for a in draft.rng.sample(range(rank), draft.rng.randint(1, min(rank, 2))))
    name = draft.rng.choice(("mean", "sum", "amax", "amin", "var"))
    kwargs: dict[str, Any] = {"axis": axes[0] if len(axes) == 1 and draft.chance(0.6) else axes}
    kwargs |= {"correction": 0} if name == "var" and draft.chance(0.7) else {}
    if draft.chance(0.5):
        kwargs["keepdim"] = True
        if draft.chance(0.6):
            gate = called(draft, name, Name(x), kwargs)
            return assign(draft, Arithmetic(draft.rng.choice("-*"), (Name(x), gate)))
    return assign(draft, called(draft, name, Name(x), kwargs))


def moved(draft: Draft) -> Drawn:
    """Axes and elements in another order."""
    x = draft.pick(lambda n: draft.rank(n) >= 1, floats=False)
    if x is None:
        return None
    rng, rank = draft.rng, draft.rank(x)
    axis = rng.randrange(rank)
    ones = [i for i in range(rank) if {s[i] for s in draft.shapes(x)} == {1} and i]
    kind = rng.choice(("permute", "transpose", "flip", "roll", "unsqueeze", "Unflatten", "squeeze", "squeeze"))
    if kind == "squeeze" and not ones:
        new = Function("unsqueeze", (Name(x),), {"axis": axis})
        return assign(draft, called(draft, "squeeze", new, {"axis": axis}))
    size = draft.shape(x)[axis]
    parts = divisor(rng, size)
    kwargs: dict[str, dict[str, Any]] = {
        "permute": {"axes": order(rng, rank)},
        "transpose": {"dim0": signed(rng, axis, rank), "dim1": rng.randrange(-rank, rank)},
        "flip": {"axes": signed(rng, axis, rank)},
        "roll": {"shifts": rng.randint(-5, 5), "axes": signed(rng, axis, rank)},
        "unsqueeze": {"axis": rng.randint(-rank - 1, rank)},
        "squeeze": {"axis": rng.choice(ones or [axis])},
        "Unflatten": {"dim": axis, "unflattened_size": rng.choice(((parts, -1), (-1, parts)))},
    }
    if kind == "roll" and rng.random() < 0.3:
        kwargs[kind]["shifts"] = Py(f"{draft.open_size(x, axis).text} // 2")
    if kind == "Unflatten":
        return assign(draft, Pipe((Name(x),), (Step(Op(kind, kwargs[kind])),)))
    return assign(draft, called(draft, kind, Name(x), kwargs[kind]))


def parts(draft: Draft) -> Drawn:
    """Parts along an axis, and some of them on top of each other again."""
    x = draft.pick(lambda n: draft.rank(n) >= 2, floats=draft.chance(0.8))
    if x is None:
        return None
    rng, rank = draft.rng, draft.rank(x)
    axis = rng.choice([1, 1, *range(rank)])
    size, settled = draft.shape(x)[axis], draft.settled(x, axis)
    ways: list[tuple[str, dict[str, Any], int]] = []
    if size % 2 == 0:
        ways += [("chunk", {"chunks": 2}, 2), ("split", {"split_size": size // 2}, 2)]
    if size > 1:
        rest = size - 1 if settled else Py(f"{draft.open_size(x, axis).text} - 1")
        ways.append(("split", {"split_size": (1, rest)}, 2))
    if settled and 2 <= size <= 4:
        ways += [("unbind", {}, size)] * 2
    if not ways:
        return None
    kind, kwargs, count = rng.choice(ways)
    kwargs |= {"axis": signed(rng, axis, rank)} if axis != 1 or kind == "unbind" else {}
    names = tuple(draft.fresh("part") for _ in range(count))
    statements: Drawn = [Assign("several", names, called(draft, kind, Name(x), kwargs))]
    if kind != "split" and draft.chance(0.6):
        stacked = Function("stack", tuple(map(Name, names)), {"axis": rng.randint(0, rank - 1)} if axis else {})
        return [*statements, *assign(draft, stacked)]
    return statements


def stack(draft: Draft) -> Drawn:
    x = draft.pick()
    if x is None or draft.rank(x) > 5:
        return None
    chosen = draft.rng.choices([x, *draft.same_shape(x)], k=draft.rng.randint(1, 3))
    kwargs = {"axis": signed(draft.rng, draft.rng.randint(0, draft.rank(x)), draft.rank(x) + 1)}
    return assign(draft, Function("stack", tuple(map(Name, chosen)), kwargs if draft.chance(0.7) else {}))


def pad(draft: Draft) -> Drawn:
    """Numbers around an image, as many as an open size needs to come out even now and then."""
    x = draft.pick(lambda n: draft.rank(n) >= 3)
    if x is None:
        return None
    axes = draft.rng.randint(1, min(draft.rank(x) - 2, 3))
    kwargs: dict[str, Any] = {"padding": amounts(draft.rng, axes, -1)}
    if draft.chance(0.4):
        size = draft.open_size(x, draft.rank(x) - 1).text
        kwargs["padding"] = (0, Py(f"-{size} % {draft.rng.choice((2, 4))}"), *kwargs["padding"][2:])
    elif axes == draft.rank(x) - 2 and draft.chance(0.5):
        kwargs = {"padding": amounts(draft.rng, axes), "mode": draft.rng.choice(("reflect", "replicate", "circular"))}
    return assign(draft, called(draft, "pad", Name(x), kwargs))


def interpolate(draft: Draft) -> Drawn:
    """To a factor, a size, or another tensor, and joined with that."""
    x = draft.pick(lambda n: 3 <= draft.rank(n) <= 5)
    if x is None:
        return None
    rank = draft.rank(x)
    y = draft.pick(lambda n: n != x and draft.rank(n) == rank)
    if y is None or draft.chance(0.4):
        kwargs = upsample(draft.rng, rank)
        if "size" in kwargs and draft.chance(0.5):
            kwargs["size"] = tuple(draft.open_size(x, axis) for axis in range(2, rank))
        return assign(draft, called(draft, "interpolate", Name(x), kwargs))
    mode = {"mode": "linear"} if draft.chance(0.4) else {}
    resized = Function("interpolate", (Name(x), Name(y)), mode)
    if draft.shape(x)[:2] == draft.shape(y)[:2] and draft.chance(0.6):
        return assign(draft, Arithmetic("+", (resized, Name(y))))
    return assign(draft, resized)


def masked_fill(draft: Draft) -> Drawn:
    """Where a bool input is True; by a mask with one channel, or of the tensor's shape."""
    mask = draft.pick(lambda n: draft.is_bool(n) and draft.rank(n) >= 2, floats=False)
    if mask is None:
        return None
    value = {"value": draft.rng.choice((0, -1.5, 100))}
    x = draft.pick(lambda n: draft.shapes(n) == draft.shapes(mask))
    if x is not None:
        return assign(draft, Function("masked_fill", (Name(x), Name(mask)), value))
    sizes = [s[:1] + s[2:] for s in draft.shapes(mask)]
    x = draft.pick(lambda n: draft.rank(n) == draft.rank(mask) and [s[:1] + s[2:] for s in draft.shapes(n)] == sizes)
    if x is None:
        return None
    one = Function("index", (Name(mask),), {"indices": ((None, None, None), (None, 1, None))})
    return assign(draft, Function("masked_fill", (Name(x), one), value))


def glu(draft: Draft) -> Drawn:
    """A convolution whose one half gates the other."""
    x = draft.pick(lambda n: 3 <= draft.rank(n) <= 5 and draft.settled(n, 1))
    if x is None:
        return None
    conv = Step(plain_conv(draft, draft.rank(x), out=2 * draft.rng.randint(1, 3)), draft.fresh("conv"))
    return assign(draft, Pipe((Name(x),), (conv, Step(Op("GLU", {"dim": 1})))))
