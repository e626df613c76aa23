"""Draws padding: of all modes and ranks, negative amounts among them."""

from __future__ import annotations

from typing import Any

from tests.ops.case import (
    Case,
    Draw,
    Rng,
    Spoil,
    any_shape,
    axes_of,
    drop,
    image,
    other_dtype,
    other_rank,
    scalar,
    set_to,
    unknown,
)

MODES = ("reflect", "replicate", "circular")


def _amount(rng: Rng) -> int:
    return rng.randint(-2, 3) if rng.random() < 0.3 else rng.randint(0, 3)


def module(rng: Rng, name: str) -> Case:
    axes = axes_of(rng, name)
    padding = _amount(rng) if rng.random() < 0.4 else tuple(_amount(rng) for _ in range(2 * axes))
    kwargs: dict[str, Any] = {"padding": padding}
    if name.startswith("Constant"):
        kwargs["value"] = rng.choice((0, 1.5, -2))
    return Case(name, kwargs, [image(rng, axes, least=2, most=8)])


def large(rng: Rng, case: Case) -> None:
    """More than the axes have, on either side."""
    count = 2 * max(len(case.shapes[0]) - 2, 1)
    padding = [rng.choice((0, 1, 9, -9, 12, -12)) for _ in range(count)]
    padding[rng.randrange(count)] = rng.choice((9, -9, -10))
    case.kwargs["padding"] = tuple(padding)


def edge(rng: Rng, case: Case) -> None:
    """As much as an axis has, or one less."""
    size = case.shapes[0][-1] if case.shapes[0] else 1
    case.kwargs["padding"] = (rng.choice((size, size - 1, -size, 1 - size)), rng.choice((0, size, 1))) * (
        max(len(case.shapes[0]) - 2, 1)
    )


def wrong_sides(rng: Rng, case: Case) -> None:
    case.kwargs["padding"] = rng.choice(((1,), (1, 2), (1, 1, 1), (1, 2, 3, 4), (1,) * 6, (1,) * 8, "a", 1.5, None))


MODULE: list[Spoil] = [
    large, large, large, large, edge, other_rank, wrong_sides, other_dtype, unknown, drop("padding"),
    set_to("padding", "a", None, 1.5), set_to("padding", (-9, -9), -9, 1.5),
]  # fmt: skip


def pad(rng: Rng, name: str) -> Case:
    if rng.random() < 0.5:
        axes = rng.randint(1, 3)
        shape = image(rng, axes, least=2, most=8)[rng.randint(0, 1) :]
        kwargs: dict[str, Any] = {"mode": rng.choice(MODES)}
    else:
        shape = any_shape(rng, 1)
        axes = rng.randint(0, len(shape))
        kwargs = rng.choice(({}, {"mode": "constant"}, {"value": rng.choice((1, 0.5, -2.0, None))}))
    padding = tuple(_amount(rng) for _ in range(2 * axes))
    return Case(name, {"padding": padding, **kwargs}, [shape], [rng.choice(("float", "float", "float", "int", "bool"))])


PAD: list[Spoil] = [large, large, edge, edge, wrong_sides, wrong_sides, scalar, unknown, drop("padding"),
                    set_to("mode", "reflect", "mirror", 1), set_to("value", 2, "a")]  # fmt: skip

#: ``…1d``, ``…2d``, ``…3d`` and rank-free
MODULES: dict[str, tuple[Draw, list[Spoil]]] = dict.fromkeys(
    ("ZeroPad", "ConstantPad", "ReflectionPad", "ReplicationPad", "CircularPad"), (module, MODULE)
)
FUNCTIONS: dict[str, tuple[Draw, list[Spoil]]] = {"pad": (pad, PAD)}
