"""Sizes under sliding windows, shared by convolutions and pools.

Formulas of torch.nn's documentation (Conv2d, MaxPool2d, AvgPool2d), exact for open sizes.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import gcd

from netspec.dims import Size, floor_div
from netspec.ops.contract import Doubt, Need, shown


def reach(kernel: int, dilation: int) -> int:
    """From the first to the last cell under a window: ``dilation * (kernel - 1) + 1``."""
    return dilation * (kernel - 1) + 1


def windows(size: Size, padding: int, reach: int, stride: int) -> Size:
    """How many windows fit: ``floor((size + padding - reach) / stride) + 1``; ``padding`` is that of both ends."""
    return floor_div(size + (padding - reach), stride) + 1


def windows_ceil(size: Size, padding: int, reach: int, stride: int) -> Size:
    """As `windows` with ``ceil_mode``: the last window must start in the input or its left padding.

    ``padding`` is that of one end.
    """
    return floor_div(size + min(2 * padding - reach - 1 + stride, padding - 1), stride) + 1


def fits(size: Size, padding: int, kernel: int, dilation: int, axis: int) -> Need:
    """The window must not be larger than the input with its padding (that of both ends)."""
    dilated = "" if dilation == 1 else f", dilated to {reach(kernel, dilation)}"
    window = f"the kernel ({kernel}{dilated})"
    padded = size + padding
    message = f"{window} is larger than the {'padded ' if padding else ''}input ({shown(padded)}) on axis {axis}"
    return Need(padded, ">=", reach(kernel, dilation), message)


def fits_ceil(size: Size, padding: int, kernel: int, dilation: int, stride: int, axis: int) -> Need:
    """With ``ceil_mode`` a window may stick out by less than a stride; ``padding`` is that of one end."""
    window = fits(size, 2 * padding, kernel, dilation, axis)
    return Need(window.left + (stride - 1), ">=", window.right, window.message)


def skipped(kernel: tuple[int, ...], stride: tuple[int, ...], dilation: tuple[int, ...]) -> Iterator[Doubt]:
    """Axes on which windows leave cells out. A kernel of 1 is left alone: there the stride only takes every n-th cell.

    A window reads the cells ``dilation * j``, so that of each ``stride`` cells as many are read as these leave
    different remainders.
    """
    for axis, (k, s, d) in enumerate(zip(kernel, stride, dilation, strict=True), start=2):
        read = min(k, s // gcd(d, s))
        if k > 1 and read < s:
            message = f"of each {s} inputs along axis {axis} only {read} are read: stride {s}, kernel_size {k}"
            shared = f", dilation {d}" if d > 1 else ""
            help_ = f"a kernel_size of {s} or more reads all" if gcd(d, s) == 1 else f"a stride prime to {d} reads all"
            yield Doubt("NS502", message + shared, f"{help_}, or a smaller stride")
            return
