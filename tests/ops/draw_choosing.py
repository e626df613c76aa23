"""Draws ops that choose elements by other tensors, resize to other tensors, or look at windows."""

from __future__ import annotations

from math import prod
from typing import Any

from tests.ops import draw_modules as modules
from tests.ops.case import Case, Draw, Rng, Spoil, any_shape, drop, image, other_rank, per_axis, set_to, unknown
from tests.ops.draw_functions import longer


def interpolate(rng: Rng, name: str) -> Case:
    case = modules.upsample(rng, name)
    if "size" in case.kwargs and rng.random() < 0.7:
        del case.kwargs["size"]
        case.shapes.append(image(rng, len(case.shapes[0]) - 2))
        case.dtypes.append(rng.choice(("float", "float", "int")))
    return case


def another_target(rng: Rng, case: Case) -> None:
    case.kwargs["size" if len(case.shapes) == 2 or "scale_factor" in case.kwargs else "scale_factor"] = 2


def take(rng: Rng, name: str) -> Case:
    """The values of an index are up to the number of its elements."""
    index = any_shape(rng, 1)[:3]
    table = (prod(index) + rng.randint(1, 3), *any_shape(rng)[:2])
    return Case(name, {}, [table, index], [rng.choice(("float", "float", "int", "bool")), "int"])


def short_table(rng: Rng, case: Case) -> None:
    case.shapes[0] = rng.choice(((), ()))


def no_index(rng: Rng, case: Case) -> None:
    case.dtypes[1] = rng.choice(("float", "float", "float", "bool"))


def one_tensor(rng: Rng, case: Case) -> None:
    del case.shapes[1:], case.dtypes[1:]


def masked_fill(rng: Rng, name: str) -> Case:
    shape = any_shape(rng)
    mask = tuple(1 if rng.random() < 0.3 else s for s in shape)
    kwargs: dict[str, Any] = {"value": rng.choice((0, -1.5, 2, float("-inf")))}
    return Case(name, kwargs, [shape, mask], ["float", "bool"])


def other_mask(rng: Rng, case: Case) -> None:
    case.dtypes[1] = rng.choice(("float", "int"))


def other_dtype(rng: Rng, case: Case) -> None:
    case.dtypes[0] = rng.choice(("int", "bool"))
    case.kwargs["value"] = rng.choice((1, True, False, 0))


def far_size(rng: Rng, case: Case) -> None:
    case.shapes[1] = tuple(s + 6 for s in case.shapes[0]) or (2,)


def shift_mask(rng: Rng, name: str) -> Case:
    window = per_axis(rng, 2, lambda: rng.randint(1, 4))
    windows = (window,) * 2 if isinstance(window, int) else window
    shift: Any = tuple(rng.randrange(w) for w in windows)
    if rng.random() < 0.5:
        shift = min(shift)
    height, width = (w * rng.randint(1, 3) for w in windows)
    return Case(name, {"window": window, "shift": shift}, [(rng.randint(1, 2), height, width, rng.randint(1, 3))])


WINDOWS: list[Spoil] = [
    set_to("window", 5, 7, 0, "a", (2, 5)), set_to("window", 5, 7), other_rank,
    set_to("shift", -1, 4, 5, "a", (1, 2, 3)), set_to("shift", -1, 4, 5), unknown, drop("shift"), drop("window"),
]  # fmt: skip

DRAWS: dict[str, tuple[Draw, list[Spoil]]] = {
    "interpolate": (interpolate, [*modules.UPSAMPLE, another_target, another_target, longer]),
    "take": (take, [short_table, no_index, no_index, one_tensor, unknown]),
    "masked_fill": (masked_fill, [other_mask, other_mask, far_size, far_size, longer, other_dtype, one_tensor, unknown,
                                  drop("value"), set_to("value", "a", None)]),
    "shift_mask": (shift_mask, WINDOWS),
}  # fmt: skip
