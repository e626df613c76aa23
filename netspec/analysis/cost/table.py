"""What a network costs, as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from netspec.analysis.cost.model import ActivationMemory, Cost, CostRow, Field, Fields, PeakMemory
from netspec.analysis.grid import Grid
from netspec.analysis.table import cost_text, entry, shape_text, title, total_cost

HEAD = ("path", "op", "output shape", "parameters", "multiply-adds", "field", "stride")
RIGHT = (False, False, False, True, True, True, True)
MEMORY = ("memory (MB)", "kept (MB)")
MB = 2**20


def grid(cost: Cost) -> Grid:
    """The table of a cost: the columns of memory stand where sizes are known, ``x`` stands between axes."""
    sized = MEMORY if cost.memory else ()
    rows = tuple((*_cells(row), *map(_row_mb, (row.memory, row.saved) if sized else ())) for row in cost.rows)
    return Grid(title(cost.name, cost.inputs), (*HEAD, *sized), rows, (*RIGHT, *(True for _ in sized)),
                tuple(line for name, lines in _totals(cost) for line in entry(name, lines)))  # fmt: skip


def _cells(row: CostRow) -> tuple[str, ...]:
    shapes = ", ".join(map(shape_text, row.outputs))
    counts = f"{row.parameters:,}", cost_text(row.multiply_adds)
    return row.path, row.op, shapes, *counts, _told(row.fields, str), _told(row.fields, _stride)


def _row_mb(size: int | None) -> str:
    return f"{(size or 0) / MB:,.2f}" if size else ""


def _told(fields: Fields, text: Callable[[Field], str]) -> str:
    """``3x7x7``, and of several inputs ``image 7x7, mask 3x3``; one word where all axes have it."""
    told = {name: _together([text(field) for field in axes]) for name, axes in fields.items()}
    return ", ".join(f"{name} {part}" if len(told) > 1 else part for name, part in told.items())


def _together(words: Sequence[str]) -> str:
    return words[0] if len(set(words)) == 1 and not words[0].isdigit() and "/" not in words[0] else "x".join(words)


def _stride(field: Field) -> str:
    return "" if field.stride is None else str(field.stride)


def _totals(cost: Cost) -> Iterator[tuple[str, Sequence[str]]]:
    yield "Parameters", [f"{cost.parameters.count:,} ({_mb(cost.parameters.bytes)} as {cost.dtype})"]
    yield "Trainable parameters", [f"{cost.trainable:,}"]
    if cost.buffers.count:
        yield "Buffers", [f"{cost.buffers.count:,} ({_mb(cost.buffers.bytes)})"]
    yield "Multiply-adds", total_cost(cost.multiply_adds)
    if cost.memory:
        yield from _memory(cost.memory)
    else:
        yield "Activation memory", ["give input sizes for a number"]
    for name, fields in cost.outputs.items():
        for source, axes in fields.items():
            yield f"Receptive field of {name} on {source}", [_described(field) for field in axes]


def _memory(memory: ActivationMemory) -> Iterator[tuple[str, Sequence[str]]]:
    yield "Activation memory, peak in inference", [_peak(memory.inference)]
    yield "Activation memory, peak in training", [_peak(memory.training)]
    yield "Kept for the gradients", [_mb(memory.saved)]


def _peak(peak: PeakMemory) -> str:
    return f"{_mb(peak.bytes)} at {peak.path}"


def _mb(size: int) -> str:
    return f"{size / MB:,.2f} MB"


def _described(field: Field) -> str:
    """``H: 483 cells, stride 32, from -241``."""
    if field.kind != "window":
        return f"{field.name}: " + ("the whole axis" if field.kind == "whole" else "depends on open sizes")
    cells = f"{field.name}: {field.size} cell{'' if field.size == 1 else 's'}"
    return f"{cells}, stride {field.stride}, from {field.start}" if field.stride else f"{cells} from {field.start}"
