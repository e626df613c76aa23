"""Draws functions of tensors, and their sibling Flatten."""

from __future__ import annotations

from typing import Any

from tests.ops.case import (
    Case,
    Rng,
    Spoil,
    any_shape,
    drop,
    image,
    other_dtype,
    per_axis,
    scalar,
    set_to,
    some,
    unknown,
)


def flatten(rng: Rng, name: str) -> Case:
    shape = any_shape(rng, 1)
    kwargs: dict[str, Any] = {}
    start = rng.randrange(len(shape))
    end = rng.randrange(start, len(shape))
    if len(shape) == 1 or rng.random() < 0.5:
        kwargs["start_dim"] = start if rng.random() < 0.5 else start - len(shape)
    some(rng, kwargs, end_dim=lambda: end if rng.random() < 0.5 else end - len(shape))
    if kwargs.get("end_dim") in (0, -len(shape)):
        kwargs["start_dim"] = 0
    return Case(name, kwargs, [shape], [rng.choice(("float", "float", "int", "bool"))])


FLATTEN = [set_to("start_dim", 2, 3, 4, 5, 6, -6), set_to("end_dim", 0, 0, 5, 6, -5, -6, -7), scalar, unknown,
           set_to("start_dim", "a", 1.5, None)]  # fmt: skip


def arithmetic(rng: Rng, name: str) -> Case:
    shape = any_shape(rng, 1)
    count = rng.choice((1, 2, 2, 2, 3))
    shapes = [tuple(1 if rng.random() < 0.15 else s for s in shape) for _ in range(count)]
    dtypes = [rng.choice(("float", "float", "float", "int")) for _ in range(count)]
    numbers = draw_numbers(rng, count)
    raw: tuple[int, ...] = ()
    if count > 1 and rng.random() < 0.3:
        raw = (rng.randrange(count),)
        shapes[raw[0]] = shapes[raw[0]][rng.randrange(len(shape)) :]
    return Case(name, {}, shapes, dtypes, numbers, raw)


def draw_numbers(rng: Rng, count: int) -> tuple[tuple[int, int | float], ...]:
    if count > 1 and rng.random() < 0.8:
        return ()
    return ((rng.randint(0, count), rng.choice((1, 2, 0.5, -3.0))),)


def other_size(rng: Rng, case: Case) -> None:
    """One axis of one tensor gets another size."""
    index = rng.randrange(len(case.shapes))
    shape = list(case.shapes[index])
    if shape:
        shape[rng.randrange(len(shape))] += rng.randint(1, 3)
    case.shapes[index] = tuple(shape)


def two_more(rng: Rng, case: Case) -> None:
    """Another tensor of another size, so that torch refuses too."""
    shape = tuple(s + 2 for s in case.shapes[0])
    case.shapes.append(shape)
    case.dtypes.append("float")


def longer(rng: Rng, case: Case) -> None:
    index = rng.randrange(len(case.shapes))
    case.shapes[index] = (rng.randint(1, 3), *case.shapes[index])


ARITHMETIC: list[Spoil] = [other_size, two_more, two_more, two_more, two_more, two_more, two_more, longer, other_dtype]


def concat(rng: Rng, name: str) -> Case:
    shape = list(any_shape(rng, 2))
    axis = rng.randrange(-len(shape), len(shape))
    align = rng.random() < 0.4
    shapes = []
    for _ in range(rng.randint(1, 4)):
        each = [s + rng.randint(0, 3) if align and i > 1 else s for i, s in enumerate(shape)]
        each[axis] = rng.randint(1, 4)
        shapes.append(tuple(each))
    kwargs: dict[str, Any] = {"axis": axis} if axis != 1 or rng.random() < 0.5 else {}
    return Case(name, {**kwargs, **({"align": "center"} if align else {})}, shapes)


def another_tensor(rng: Rng, case: Case) -> None:
    """Another tensor with batch and channels of its own."""
    case.shapes.append(tuple(s + rng.randint(1, 2) for s in case.shapes[0]))
    case.dtypes.append("float")


CONCAT = [another_tensor, another_tensor, another_tensor, longer, set_to("axis", 5, 6, -6, -7),
          set_to("axis", "a", None, 1.5), other_dtype, other_size, unknown, set_to("align", "left", True)]  # fmt: skip


def crop(rng: Rng, name: str) -> Case:
    axes = rng.randint(1, 3)
    x = image(rng, axes)
    if rng.random() < 0.5:
        return Case(name, {}, [x, image(rng, axes)])
    return Case(name, {"size": per_axis(rng, axes, lambda: rng.randint(1, 12))}, [x])


def index(rng: Rng, name: str) -> Case:
    shape = any_shape(rng, 1)
    entries: list[Any] = [index_entry(rng, s) for s in shape[: rng.randint(1, len(shape))]]
    if rng.random() < 0.3:
        entries.insert(rng.randint(0, len(entries)), None)
    if rng.random() < 0.3:
        entries.insert(rng.randint(0, len(entries)), "...")
        shape = shape if len(entries) == 1 or rng.random() < 0.5 else (*shape, rng.randint(3, 5))
    return Case(name, {"indices": tuple(entries)}, [shape], [rng.choice(("float", "int", "bool"))])


def index_entry(rng: Rng, size: int) -> Any:
    if rng.random() < 0.4:
        return rng.randrange(-size, size)
    bounds = [None if rng.random() < 0.4 else rng.randint(-size - 1, size + 1) for _ in range(2)]
    return (*bounds, None if rng.random() < 0.6 else rng.randint(1, 3))


def outside(rng: Rng, case: Case) -> None:
    entries = list(case.kwargs["indices"])
    entries[rng.randrange(len(entries))] = rng.choice((6, -7, 8))
    case.kwargs["indices"] = tuple(entries)


def too_many_axes(rng: Rng, case: Case) -> None:
    case.kwargs["indices"] += tuple(rng.choice((0, (None, None, None))) for _ in case.shapes[0])


def backwards(rng: Rng, case: Case) -> None:
    case.kwargs["indices"] = ((None, None, rng.choice((0, -1))),)


INDEX = [outside, outside, too_many_axes, backwards, drop("indices")]
