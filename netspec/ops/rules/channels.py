"""Channels: axis 1, of a known size."""

from __future__ import annotations

from typing import NoReturn

from netspec.ops.contract import Change, Refused, shown
from netspec.types import TensorType


def refuse_open(name: str, x: TensorType) -> NoReturn:
    """Open channels: those of a tensor whose channels come last, or that have no number."""
    message = f"{name} needs to know the channels of its input, but they are open: {shown(x.channels)}"
    if x.rank not in (3, 4, 5) or not isinstance(x.dims[-1], int):
        raise Refused(message, help="give axis 1 of the input a number: `[B, 3, …]`", operand=0)
    grid = ("l", "h w", "d h w")[x.rank - 3]
    step = f'rearrange("b {grid} c -> b c {grid}")'
    raise Refused(message, help=f"put the channels on axis 1: `{step}`", operand=0, change=Change(before=step))
