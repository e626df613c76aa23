"""Axes in words, and numbers of axes as torch takes them."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.dims import Size
from netspec.ops.contract import Change, Need, Refused, shown


def axis_index(axis: int, rank: int, attribute: str) -> int:
    """``-1`` is the last axis; refuse an axis that the tensor does not have."""
    if not -rank <= axis < rank:
        axes = "1 axis" if rank == 1 else f"{rank} axes"
        help_ = f"axes are counted from 0 to {rank - 1}, and -1 is the last one"
        change = Change(argument=attribute, value="-1") if axis == rank else None
        message = f"{attribute} is {axis}, but the tensor has {axes}"
        raise Refused(message, help=help_, attribute=attribute, change=change)
    return axis % rank


def axes_indices(axes: Sequence[int], rank: int, attribute: str) -> tuple[int, ...]:
    """As `axis_index` for each; refuse an axis that stands twice."""
    indices = tuple(axis_index(axis, rank, attribute) for axis in axes)
    twice = next((i for n, i in enumerate(indices) if i in indices[:n]), None)
    if twice is not None:
        raise Refused(f"{attribute} has axis {twice} twice", attribute=attribute)
    return indices


def same(left: Size, right: Size, axis: int, listed: str | None = None) -> Need:
    """Both sizes must be equal: ``channels 256 and 64 differ``."""
    a, b = shown(left), shown(right)
    if axis > 1:
        return Need(left, "==", right, f"sizes {a} and {b} of axis {axis} differ", listed)
    return Need(left, "==", right, f"{('batch sizes', 'channels')[axis]} {a} and {b} differ", listed)
