"""Draws the attributes that layers and functions have for a tensor of some rank and channels."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.ops.draw_elementwise import ACTIVATIONS
from tests.ops.draw_norm import DROPOUTS
from tests.ops.generator import DRAWS, TABLES

Attributes = dict[str, Any]


def signed(rng: Random, axis: int, rank: int) -> int:
    return axis if rng.random() < 0.5 else axis - rank


def by_table(rng: Random, name: str) -> Attributes:
    """What the draws of single ops give, where it goes with every tensor."""
    base = name[:-2] if name[:-2] in DRAWS else name
    return dict((TABLES.get(name) or DRAWS[base])[0](rng, name).kwargs)


def upsample(rng: Random, rank: int) -> Attributes:
    """Of ``Upsample`` and `interpolate`."""
    axes = rank - 2
    while True:
        kwargs = by_table(rng, "Upsample")
        entries = [len(v) for v in kwargs.values() if isinstance(v, tuple)]
        wrong_mode = {"bilinear": 2, "bicubic": 2, "trilinear": 3}.get(kwargs.get("mode", ""), axes) != axes
        if all(n == axes for n in entries) and not wrong_mode:
            return kwargs


def flatten(rng: Random, rank: int) -> Attributes:
    start = rng.randrange(rank)
    end = rng.randrange(start, rank)
    return {"start_dim": start, "end_dim": rng.choice((end, end - rank))} if rng.random() < 0.4 else {}


def amounts(rng: Random, axes: int, least: int = 0) -> tuple[int, ...]:
    """Padding for both ends of each axis."""
    return tuple(rng.randint(least, 2) for _ in range(2 * axes))


def padding(rng: Random, name: str, rank: int) -> Attributes:
    least = -1 if name in ("ZeroPad", "ConstantPad") and rng.random() < 0.3 else 0
    amount = rng.randint(0, 2) if rng.random() < 0.4 else amounts(rng, rank - 2, least)
    return {"padding": amount} | ({"value": rng.choice((0, 1.5, -2))} if name == "ConstantPad" else {})


def divisor(rng: Random, size: int, most: int = 4) -> int:
    return rng.choice([n for n in range(1, most + 1) if size % n == 0])


def order(rng: Random, rank: int) -> tuple[int, ...]:
    """All axes in another order."""
    return tuple(signed(rng, axis, rank) for axis in rng.sample(range(rank), rank))


#: by the generator, the rank and the channels: what must go with them
FITTING: dict[str, Callable[[Random, int, int], Attributes]] = {
    "Upsample": lambda rng, rank, channels: upsample(rng, rank),
    "Flatten": lambda rng, rank, channels: flatten(rng, rank),
    "Permute": lambda rng, rank, channels: {"dims": order(rng, rank)},
    "GroupNorm": lambda rng, rank, channels: {**by_table(rng, "GroupNorm"), "num_groups": divisor(rng, channels)},
    "ChannelShuffle": lambda rng, rank, channels: {"groups": divisor(rng, channels)},
    "PixelShuffle": lambda rng, rank, channels: {"upscale_factor": 2 if channels % 4 == 0 else 1},
    "PixelUnshuffle": lambda rng, rank, channels: {"downscale_factor": rng.choice((1, 2))},
    "GLU": lambda rng, rank, channels: {"dim": signed(rng, 1, rank)},
    **{name: lambda rng, rank, channels, name=name: padding(rng, name, rank)  # type: ignore[misc]
       for name in ("ZeroPad", "ConstantPad", "ReflectionPad", "ReplicationPad", "CircularPad")},
    **dict.fromkeys(("Softmax", "LogSoftmax", "Softmin"),
                    lambda rng, rank, channels: {"dim": rng.randrange(-rank, rank)}),
}  # fmt: skip

#: layers that take tensors of any rank, with what the draws of single ops give
PLAIN = (*(n for n in ACTIVATIONS if n != "LeakyReLU"), "Dropout", "AlphaDropout", "StochasticDepth")
#: layers that take images of a rank of their own
DROPOUT = tuple(name for name in DROPOUTS if name[-1] == "d")
