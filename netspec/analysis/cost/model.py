"""What a network costs: the data of `netspec.cost`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from netspec.analysis.calls import Shape
from netspec.analysis.grid import Grid
from netspec.dims import Size
from netspec.ops.reads import Cells, Reads


@dataclass(frozen=True, slots=True)
class Field:
    """The receptive field along one axis of an input: which of its cells one cell of a tensor is computed from.

    ``kind`` is ``window``, ``whole`` for the whole axis, or ``open`` where it depends on sizes that are not given. A
    window has ``size`` cells, the most of all positions; ``stride`` is how far it moves from one cell of the tensor to
    the next, as a fraction where the tensor is finer than the input, and ``start`` where it begins for cell 0, negative
    in the padding. ``along`` is the axis of the tensor that it moves along, None where it does not move.
    """

    axis: int
    name: str
    kind: Literal["window", "whole", "open"]
    size: int | None = None
    stride: Fraction | None = None
    start: int | None = None
    along: int | None = None

    def __str__(self) -> str:
        return str(self.size) if self.kind == "window" else self.kind


def field_of(axis: int, name: str, cells: Reads) -> Field:
    """The field that runs of cells make."""
    if not isinstance(cells, Cells):
        return Field(axis, name, "whole" if cells == "all" else "open")
    size = max(last - first + 1 for first, last in zip(cells.first, cells.last, strict=True))
    stride = Fraction(cells.step, len(cells.first)) if cells.axis is not None else None
    return Field(axis, name, "window", max(size, 0), stride, cells.first[0], cells.axis)


Kind = Literal["module", "function", "tensor"]

#: For each input of the network, by name, the field along its axes that are not the batch or channels.
Fields = Mapping[str, tuple[Field, ...]]


@dataclass(frozen=True, slots=True)
class CostRow:
    """One call of a layer, of a function, or the reading of a raw parameter.

    ``parameters`` are 0 on a second use. ``memory`` is what its outputs take, 0 for views and what works in place;
    ``saved`` what autograd keeps in training because of it and of no call before. Both are bytes, None without sizes.
    """

    path: str
    op: str
    kind: Kind
    outputs: tuple[Shape, ...]
    parameters: int
    multiply_adds: Size
    memory: int | None
    saved: int | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class PeakMemory:
    """The most bytes of activations held at one time, and the path of the call during which it is."""

    bytes: int
    path: str


@dataclass(frozen=True, slots=True)
class ActivationMemory:
    """The memory of activations, in bytes.

    ``inference`` and ``training`` are the peaks of a forward pass, without and with what autograd keeps; ``saved`` is
    what it has kept at its end.
    """

    inference: PeakMemory
    training: PeakMemory
    saved: int


@dataclass(frozen=True, slots=True)
class Bytes:
    """A number of elements, and the bytes that they take."""

    count: int
    bytes: int


@dataclass(frozen=True)
class Cost:
    """What `cost_of` finds; ``print`` it, or read its fields.

    ``outputs`` are the receptive fields of the network's outputs by their names (``output``, or ``output.0``, … where
    they have none). ``memory`` is None where no sizes were given.
    """

    name: str
    dtype: str
    inputs: Mapping[str, Shape]
    rows: tuple[CostRow, ...]
    parameters: Bytes
    trainable: int
    buffers: Bytes
    multiply_adds: Size
    memory: ActivationMemory | None
    outputs: Mapping[str, Fields]

    def grid(self) -> Grid:
        """The table: a row per call, and the totals."""
        from netspec.analysis.cost.table import grid

        return grid(self)

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON has data; open sizes and fractions are texts."""
        from netspec.analysis.cost.plain import as_json

        return as_json(self)

    def __str__(self) -> str:
        from netspec.analysis.grid import plain

        return plain(self.grid())
