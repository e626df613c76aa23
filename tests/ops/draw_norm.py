"""Draws norms of single samples, and dropout."""

from __future__ import annotations

from typing import Any

from tests.ops.case import (
    Case,
    Draw,
    Rng,
    Spoil,
    any_shape,
    drop,
    image,
    other_dtype,
    other_rank,
    scalar,
    set_to,
    some,
    unknown,
    wrong_number,
)
from tests.ops.draw_functions import other_size


def layer_norm(rng: Rng, name: str) -> Case:
    """Over the last axis, or over trailing axes that are named."""
    shape = any_shape(rng, 1)
    kwargs: dict[str, Any] = {}
    some(rng, kwargs, elementwise_affine=lambda: rng.random() < 0.5, eps=lambda: rng.choice((1e-5, 1e-3, 1.0)))
    if name == "LayerNorm":
        some(rng, kwargs, bias=lambda: rng.random() < 0.5)
    if rng.random() < 0.6:
        trailing = shape[-rng.randint(1, len(shape)) :]
        kwargs["normalized_shape"] = trailing[0] if len(trailing) == 1 and rng.random() < 0.5 else trailing
    return Case(name, kwargs, [shape])


def other_trailing(rng: Rng, case: Case) -> None:
    case.kwargs["normalized_shape"] = rng.choice((7, (7,), (2, 7), (1, 1, 1, 1, 1, 1), (), 0, -1, "a", 1.5))


def group_norm(rng: Rng, name: str) -> Case:
    groups = rng.randint(1, 4)
    shape = image(rng, rng.randint(0, 3), groups * rng.randint(1, 3), most=4)
    kwargs: dict[str, Any] = {"num_groups": groups}
    some(rng, kwargs, eps=lambda: rng.choice((1e-5, 1e-3)), affine=lambda: rng.random() < 0.5)
    return Case(name, kwargs, [shape])


def one_number(rng: Rng, case: Case) -> None:
    """One number in each group."""
    channels = case.shapes[0][1]
    case.shapes[0] = (1, channels, *([1] * (len(case.shapes[0]) - 2)))
    case.kwargs["num_groups"] = channels


def response_norm(rng: Rng, name: str) -> Case:
    kwargs: dict[str, Any] = {"size": rng.randint(1, 9)}
    some(
        rng,
        kwargs,
        alpha=lambda: rng.choice((1e-4, 1.0)),
        beta=lambda: rng.choice((0.75, 0.5)),
        k=lambda: rng.choice((1.0, 2.0)),
    )
    return Case(name, kwargs, [image(rng, rng.randint(1, 3), most=5)])


_EPS: list[Spoil] = [set_to("eps", -1e-5, "a"), other_dtype, other_dtype, unknown]
NORMS: dict[str, tuple[Draw, list[Spoil]]] = {
    "LayerNorm": (layer_norm, [*_EPS, other_trailing, other_trailing, other_size, scalar, set_to("bias", "yes", 1)]),
    "RMSNorm": (layer_norm, [*_EPS, other_trailing, other_trailing, scalar, set_to("bias", True, False)]),
    "GroupNorm": (group_norm, [*_EPS, set_to("num_groups", 3, 5, 7, 0, -1, "a"), drop("num_groups"), one_number,
                               set_to("num_channels", 4), wrong_number("num_groups")]),
    "LocalResponseNorm": (response_norm, [other_rank, other_rank, other_dtype, unknown, drop("size"),
                                          set_to("size", 0, -1, "a", 1.5, (3,)), set_to("beta", "a", None)]),
}  # fmt: skip

# ------------------------------------------------------------------------------------------------ dropout


def dropout(rng: Rng, name: str) -> Case:
    """``Dropout2d`` takes images, all others any shape (but samples, or channels, must be there)."""
    kwargs: dict[str, Any] = {}
    some(rng, kwargs, p=lambda: rng.choice((0.0, 0.1, 0.5, 1.0)), inplace=lambda: rng.random() < 0.5)
    if name[-2:] in ("1d", "2d", "3d"):
        return Case(name, kwargs, [image(rng, int(name[-2]), most=4)])
    return Case(name, kwargs, [any_shape(rng, 2 if name.startswith("Feature") else 0)])


def stochastic_depth(rng: Rng, name: str) -> Case:
    kwargs: dict[str, Any] = {"p": rng.choice((0.0, 0.1, 0.5, 1.0))}
    some(rng, kwargs, mode=lambda: rng.choice(("row", "batch")))
    return Case(name, kwargs, [any_shape(rng, 1)])


_SHARE: list[Spoil] = [
    set_to("p", 1.5, -0.1, 2),
    set_to("p", -1, 1.01),
    set_to("p", "a", None),
    unknown,
    unknown,
    other_dtype,
]
DROPOUTS: dict[str, tuple[Draw, list[Spoil]]] = {
    **dict.fromkeys(("Dropout", "AlphaDropout"), (dropout, _SHARE)),
    **dict.fromkeys(("Dropout1d", "Dropout2d", "Dropout3d"), (dropout, [*_SHARE, other_rank])),
    "FeatureAlphaDropout": (dropout, [*_SHARE, scalar]),
    "StochasticDepth": (stochastic_depth, [*_SHARE, drop("p"), set_to("mode", "rows", "column", None)]),
}
