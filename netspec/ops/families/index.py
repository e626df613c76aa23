"""Slicing, as ``x[:, 0]`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from netspec.dims import Dim, Size, ceil_div, maximum, minimum
from netspec.ops.base import Op, PositiveInt, Saves, as_tuple
from netspec.ops.contract import Inferred, Need, Operand, Refused, TorchCall, shown
from netspec.ops.reads import Reads, window
from netspec.types import TensorType

Bound = int | Dim | None
Range = tuple[Bound, Bound, PositiveInt | None]
Entry = int | Dim | Literal["..."] | Range | None


class index(Op):
    """Python's slicing: ``x[:, 0]`` drops an axis, ``x[:, 1:]`` keeps part of one, ``x[:, None]`` adds one of size 1,
    ``x[..., 0]`` counts from the end (torch's basic indexing). Nothing may be left empty.

    ``indices`` has an entry per axis: a position, a range ``(start, stop, step)``, None for a new axis, or once
    ``"..."`` for all axes in between. Bounds may be open sizes.

        output x[:, 0] -> head: Linear(10)
    """

    is_module: ClassVar[bool] = False
    saves: ClassVar[Saves] = ()

    indices: Annotated[tuple[Entry, ...], BeforeValidator(as_tuple), Field(description="ints, slices, None or ...")]

    @property
    def aliases(self) -> bool:
        return True

    def infer(self, *inputs: TensorType) -> Inferred:
        (x,) = inputs
        dims: list[Size] = []
        needs: list[Need] = []
        axis = 0
        for entry in self._entries(x):
            if entry is None:
                dims.append(1)
                continue
            size = x.dims[axis]
            if isinstance(entry, tuple):
                dims.append(_length(size, entry))
                message = f"the slice of axis {axis} of size {shown(size)} has no elements"
                needs.append(Need(dims[-1], ">=", 1, message, "empty"))
            else:
                needs.append(_inside(size, entry, axis))
            axis += 1
        return Inferred((TensorType(x.dtype, tuple(dims)),), tuple(needs))

    def _entries(self, x: TensorType) -> Iterator[Range | int | Dim | None]:
        """One entry for each axis, and None for each new one."""
        if self.indices.count("...") > 1:
            raise Refused("`...` can stand once in an index", attribute="indices")
        used = sum(entry is not None and entry != "..." for entry in self.indices)
        if used > x.rank:
            raise Refused(f"{used} indices for a tensor of rank {x.rank}: {shown(x)}", attribute="indices")
        whole: Range = (None, None, None)
        rest = () if "..." in self.indices else ("...",)
        for entry in (*self.indices, *rest):
            if entry == "...":
                yield from (whole,) * (x.rank - used)
            elif not isinstance(entry, str):
                yield entry

    def reads(self, inputs: tuple[TensorType, ...], output: TensorType) -> tuple[tuple[Reads, ...] | None, ...]:
        x = inputs[0]
        found: list[Reads] = []
        axis = 0
        for entry in self._entries(x):
            if entry is not None:
                size = x.dims[len(found)]
                found.append(_taken(size, entry, axis) if isinstance(entry, tuple) else _cell(size, entry))
            axis += entry is None or isinstance(entry, tuple)
        return (tuple(found),)

    def lower(self, *inputs: TensorType) -> TorchCall:
        return TorchCall("[]", (Operand(0), *self.indices))


def _length(size: Size, cut: Range) -> Size:
    """How many elements ``start:stop:step`` leaves; at most 0 where Python leaves none."""
    start, stop, step = cut
    last = _stop(size, stop)
    if start is None:
        left = last
    elif not isinstance(start, int) or start >= 0:
        left = last - start
    else:
        left = minimum(size, -start) if stop is None else last - maximum(size + start, 0)
    return ceil_div(left, step or 1)


def _stop(size: Size, stop: Bound) -> Size:
    if stop is None:
        return size
    return size + stop if isinstance(stop, int) and stop < 0 else minimum(size, stop)


def _taken(size: Size, cut: Range, axis: int) -> Reads:
    """The cells of a slice, which becomes ``axis`` of the result."""
    start, _, step = cut
    if isinstance(start, int) and start < 0:
        start = max(size + start, 0) if isinstance(size, int) else size
    return window(axis, step or 1, start or 0, start or 0) if isinstance(start or 0, int) else "open"


def _cell(size: Size, position: int | Dim) -> Reads:
    place = size + position if isinstance(position, int) and position < 0 else position
    return window(None, 0, place, place) if isinstance(place, int) else "open"


def _inside(size: Size, position: int | Dim, axis: int) -> Need:
    least = position + 1 if not isinstance(position, int) or position >= 0 else -position
    help_ = f"positions are counted from 0 to {size - 1}, and -1 is the last one" if isinstance(size, int) else ""
    message = f"index {shown(position)} is outside axis {axis} of size {shown(size)}"
    return Need(size, ">=", least, message, help=help_)
