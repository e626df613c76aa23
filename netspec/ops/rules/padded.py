"""Sizes after padding, as torch.nn.functional.pad computes them: a negative number crops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from netspec.dims import Size, minimum
from netspec.ops.contract import Need, shown
from netspec.ops.reads import Reads, window
from netspec.types import TensorType

Mode = Literal["constant", "reflect", "replicate", "circular"]


def pad_sizes(sizes: Sequence[Size], padding: Sequence[Size], mode: Mode) -> tuple[tuple[Size, ...], list[Need]]:
    """The sizes with a padding in torch's order (before and after the last axis, then the one before it), and what must
    hold of them.
    """
    padded = list(sizes)
    needs: list[Need] = []
    for number in range(len(padding) // 2):
        axis = len(sizes) - 1 - number
        before, after = padding[2 * number], padding[2 * number + 1]
        if isinstance(before, int) and isinstance(after, int) and before == after == 0:
            continue
        padded[axis] = sizes[axis] + before + after
        needs += _needs(sizes[axis], before, after, padded[axis], axis, mode)
    return tuple(padded), needs


def pad_windows(output: TensorType, padding: Sequence[Size]) -> tuple[Reads, ...]:
    """The cell of the bare tensor that an inner cell of the padded one is."""
    before = {output.rank - 1 - number: padding[2 * number] for number in range(len(padding) // 2)}
    found = [(axis, before.get(axis, 0)) for axis in range(output.rank)]
    return tuple(window(axis, 1, -n, -n) if isinstance(n, int) else "open" for axis, n in found)


def _needs(size: Size, before: Size, after: Size, padded: Size, axis: int, mode: Mode) -> list[Need]:
    message = f"nothing is left of axis {axis} of size {shown(size)} with padding {shown(before)} and {shown(after)}"
    needs = [Need(padded, ">=", 1, message, "empty")]
    if not all(isinstance(p, int) and p >= 0 for p in (before, after)):
        kept = size + minimum(before, 0) + minimum(after, 0)
        constant = mode == "constant"
        needs.append(Need(kept, ">=", 0 if constant else 1, message, None if constant else "negative_padding"))
    if mode in ("reflect", "circular"):
        needs += [_copied(size, p, q, axis, mode) for p, q in ((before, after), (after, before)) if not _crops(p)]
    return needs


def _copied(size: Size, padding: Size, other: Size, axis: int, mode: Mode) -> Need:
    """What is copied to one side must be there: of a circle what the other side leaves of it."""
    less, than = (1, "smaller than") if mode == "reflect" else (0, "at most")
    message = f'with mode="{mode}" padding ({shown(padding)}) must be {than} axis {axis} ({shown(size)})'
    if mode == "circular" and not (isinstance(other, int) and other >= 0):
        return Need(size + minimum(other, 0), ">=", padding, message, "negative_padding")
    return Need(size, ">=", padding + less, message)


def _crops(padding: Size) -> bool:
    return isinstance(padding, int) and padding <= 0
