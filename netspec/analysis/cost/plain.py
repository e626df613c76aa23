"""What a network costs, as JSON has data."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from netspec.analysis.calls import Shape
from netspec.analysis.cost.model import Bytes, Cost, CostRow, Field, Fields, PeakMemory
from netspec.dims import Size


def as_json(cost: Cost) -> dict[str, Any]:
    """Lists, numbers, texts, None; open sizes and strides that are no whole number stand as text."""
    memory = cost.memory
    return {
        "network": cost.name,
        "dtype": cost.dtype,
        "inputs": {name: _shape(shape) for name, shape in cost.inputs.items()},
        "rows": [_row(row) for row in cost.rows],
        "parameters": {**_bytes(cost.parameters), "trainable": cost.trainable},
        "buffers": _bytes(cost.buffers),
        "multiply_adds": _size(cost.multiply_adds),
        "memory": memory
        and {"inference": _peak(memory.inference), "training": _peak(memory.training), "saved": memory.saved},
        "outputs": {name: _fields(fields) for name, fields in cost.outputs.items()},
    }


def _row(row: CostRow) -> dict[str, Any]:
    return {
        "path": row.path,
        "op": row.op,
        "kind": row.kind,
        "outputs": list(map(_shape, row.outputs)),
        "parameters": row.parameters,
        "multiply_adds": _size(row.multiply_adds),
        "memory": row.memory,
        "saved": row.saved,
        "fields": _fields(row.fields),
    }


def _fields(fields: Fields) -> dict[str, list[dict[str, Any]]]:
    return {name: list(map(_field, axes)) for name, axes in fields.items()}


def _field(field: Field) -> dict[str, Any]:
    told = {"axis": field.axis, "name": field.name, "kind": field.kind}
    if field.kind != "window":
        return told
    return {**told, "size": field.size, "stride": _stride(field.stride), "start": field.start, "along": field.along}


def _stride(stride: Fraction | None) -> int | str | None:
    return stride if stride is None else stride.numerator if stride.denominator == 1 else str(stride)


def _bytes(counted: Bytes) -> dict[str, int]:
    return {"count": counted.count, "bytes": counted.bytes}


def _peak(peak: PeakMemory) -> dict[str, Any]:
    return {"bytes": peak.bytes, "path": peak.path}


def _shape(shape: Shape) -> list[int | str]:
    return list(map(_size, shape))


def _size(size: Size) -> int | str:
    return size if isinstance(size, int) else str(size)
