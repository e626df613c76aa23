"""A tuple of op, attributes and inputs, and what drawing one needs."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Shape = tuple[int, ...]
Rng = random.Random


@dataclass
class Case:
    """One tuple: the op's name, its attributes by keyword, the inputs' shapes and dtypes."""

    name: str
    kwargs: dict[str, Any]
    shapes: list[Shape]
    dtypes: list[str] = field(default_factory=list)
    #: of arithmetic: operands that are numbers by their place, and the tensors that are params
    numbers: tuple[tuple[int, int | float], ...] = ()
    raw: tuple[int, ...] = ()
    #: the operands that the last tensors are given as, by name
    named: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.dtypes = self.dtypes or ["float"] * len(self.shapes)


Draw = Callable[[Rng, str], Case]
Spoil = Callable[[Rng, Case], None]

# ------------------------------------------------------------------------------------------------ drawing


def axes_of(rng: Rng, name: str) -> int:
    return int(name[-2]) if name[-2:] in ("1d", "2d", "3d") else rng.randint(1, 3)


def per_axis(rng: Rng, axes: int, draw: Callable[[], int]) -> int | tuple[int, ...]:
    """An int, or one per axis."""
    return draw() if rng.random() < 0.5 else tuple(draw() for _ in range(axes))


def at(value: int | tuple[int, ...], axis: int) -> int:
    return value[axis] if isinstance(value, tuple) else value


def image(rng: Rng, axes: int, channels: int | None = None, least: int = 1, most: int = 9) -> Shape:
    spatial = (rng.randint(least, most) for _ in range(axes))
    return (rng.randint(1, 3), channels or rng.randint(1, 6), *spatial)


def some(rng: Rng, kwargs: dict[str, Any], **options: Callable[[], Any]) -> None:
    """Add each of the options with a chance of a half."""
    for name, draw in options.items():
        if rng.random() < 0.5:
            kwargs[name] = draw()


def any_shape(rng: Rng, least: int = 0) -> Shape:
    return tuple(rng.randint(1, 5) for _ in range(rng.randint(least, 5)))


# ------------------------------------------------------------------------------------------------ spoiling


def large_kernel(rng: Rng, case: Case) -> None:
    case.kwargs["kernel_size"] = rng.randint(5, 12)


def small_input(rng: Rng, case: Case) -> None:
    case.shapes[0] = case.shapes[0][:2] + tuple(rng.randint(1, 2) for _ in case.shapes[0][2:])


def other_rank(rng: Rng, case: Case) -> None:
    shape = case.shapes[0]
    case.shapes[0] = rng.choice((shape[1:], shape[2:], (*shape, 2), shape[:2], (2,)))


def other_dtype(rng: Rng, case: Case) -> None:
    case.dtypes[rng.randrange(len(case.dtypes))] = rng.choice(("int", "bool"))


def bad_channels(rng: Rng, case: Case) -> None:
    case.kwargs["groups"] = rng.choice((0, -1, 2, 3, 4, 5))


def bad_output_padding(rng: Rng, case: Case) -> None:
    case.kwargs["output_padding"] = rng.choice((1, 2, 3, -1, (1, 2)))


def large_padding(rng: Rng, case: Case) -> None:
    case.kwargs["padding"] = rng.randint(2, 9)


def set_to(name: str, *values: Any) -> Spoil:
    """Give an attribute one of these values, most of them wrong."""

    def spoil(rng: Rng, case: Case) -> None:
        case.kwargs[name] = rng.choice(values)

    return spoil


def wrong_number(*names: str) -> Spoil:
    """Give one of the attributes 0, a negative number, another type, or too few or too many entries."""

    def spoil(rng: Rng, case: Case) -> None:
        case.kwargs[rng.choice(names)] = rng.choice((0, -1, -2, "a", 1.5, None, (2,), (2, 1), (1, 2, 1), (1, 2, 1, 1)))

    return spoil


def drop(name: str) -> Spoil:
    def spoil(rng: Rng, case: Case) -> None:
        case.kwargs.pop(name, None)

    return spoil


def unknown(rng: Rng, case: Case) -> None:
    case.kwargs[rng.choice(("kernel", "strides", "in_chanels", "dims", "return_indexes"))] = rng.randint(1, 3)


def scalar(rng: Rng, case: Case) -> None:
    case.shapes[0] = ()
