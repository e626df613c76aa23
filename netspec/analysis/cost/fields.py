"""The receptive field of every tensor of a schedule, for every input of the network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from netspec.analysis.cost.composing import composed, joined
from netspec.analysis.cost.steps import Schedule, Step
from netspec.graph import OpCall
from netspec.ops.reads import Reads, same
from netspec.types import TensorType

#: What an op reads of each of its inputs; see `netspec.ops.Op.reads`.
OpReads = Sequence[tuple[Reads, ...] | None]
#: For each input of the network that is taken from, by number, the cells along each of its axes.
Taken = Mapping[int, tuple[Reads, ...]]


def taken_by(schedule: Schedule) -> list[Taken]:
    """For each tensor the cells of the network's inputs that a cell of it is computed from."""
    found: list[Taken] = [{} for _ in schedule.types]
    for number, tensor in enumerate(schedule.inputs):
        found[tensor] = {number: tuple(map(same, range(schedule.types[tensor].rank)))}
    known = _Known({})
    for step in schedule.steps:
        inputs = tuple(schedule.types[t] for t in step.inputs)
        for tensor in step.outputs:
            reads = known.reads(step, inputs, schedule.types[tensor])
            found[tensor] = _joined([found[t] for t in step.inputs], inputs, reads)
    return found


@dataclass(frozen=True, slots=True)
class _Known:
    """What each op reads, asked once for the same types."""

    memory: dict[tuple[int, tuple[TensorType, ...], TensorType], OpReads]

    def reads(self, step: Step, inputs: tuple[TensorType, ...], output: TensorType) -> OpReads:
        if not isinstance(step.body, OpCall):
            return ()
        key = id(step.body), inputs, output
        if key not in self.memory:
            self.memory[key] = step.body.op.reads(inputs, output)
        return self.memory[key]


def _joined(sources: Sequence[Taken], types: Sequence[TensorType], reads: OpReads) -> Taken:
    """What a result takes by way of its operands."""
    ways: dict[int, list[tuple[Reads, ...]]] = {}
    for source, type_, read in zip(sources, types, reads, strict=True):
        if read is not None:
            for number, inner in source.items():
                ways.setdefault(number, []).append(_through(read, type_, inner))
    return {
        number: found[0] if len(found) == 1 else tuple(reduce(joined, axis) for axis in zip(*found, strict=True))
        for number, found in ways.items()
    }


def _through(reads: tuple[Reads, ...], between: TensorType, inner: tuple[Reads, ...]) -> tuple[Reads, ...]:
    """Each axis of an input follows one axis of the tensor between; what follows none stays."""
    return tuple(_axis(reads, between, cells) for cells in inner)


def _axis(reads: tuple[Reads, ...], between: TensorType, cells: Reads) -> Reads:
    if isinstance(cells, str):  # whichever axis it moves along, nothing of it is left out
        return "all" if len(reads) > 1 and all(read == "all" for read in reads[1:]) else cells
    if cells.axis is None:
        return cells
    size = between.dims[cells.axis]
    return composed(reads[cells.axis], cells, isinstance(size, int) and size == 1)
