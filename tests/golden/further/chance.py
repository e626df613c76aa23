"""Small decisions that all draws make."""

from __future__ import annotations

from random import Random
from typing import Any

Arguments = dict[str, Any]
Shape = list[int]


def rarely(rng: Random, odds: float = 0.04) -> bool:
    return rng.random() < odds


def axes(rng: Random, rank: int, *values: int) -> int | list[int]:
    """One number for all axes, or one for each."""
    return rng.choice(values) if rng.random() < 0.5 else [rng.choice(values) for _ in range(rank)]


def each(value: int | list[int], rank: int) -> list[int]:
    return [value] * rank if isinstance(value, int) else value
