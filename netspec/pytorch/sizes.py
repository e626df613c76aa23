"""Sizes as Python code that computes them when the module runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from netspec.dims.code import (
    PRODUCT,
    SUM,
    TIGHT,
    Text,
    UnreadableError,
    condition_text,
    infix,
    negated,
    number,
    size_text,
)
from netspec.graph import AxisSize, Ref, RunSize, SizeCall

__all__ = [
    "PRODUCT", "SUM", "TIGHT", "Text", "UnreadableError", "axes_of", "condition_text", "infix", "negated", "number",
    "run_size", "size_text",
]  # fmt: skip


def run_size(size: RunSize, read: Callable[[Ref, int], str]) -> Text:
    """The code of a recorded size; ``read`` gives that of an axis of a tensor: ``x.shape[3]``."""
    if isinstance(size, int):
        return number(size)
    if isinstance(size, AxisSize):
        return read(size.tensor, size.axis), TIGHT
    args = [run_size(a, read) for a in size.args]
    if size.function in ("min", "max"):
        return f"{size.function}({', '.join(text for text, _ in args)})", TIGHT
    return infix(size.function, args)


def axes_of(size: RunSize) -> Iterator[Ref]:
    """The tensors whose sizes a recorded size reads."""
    if isinstance(size, AxisSize):
        yield size.tensor
    elif isinstance(size, SizeCall):
        for arg in size.args:
            yield from axes_of(arg)
