"""Finding out what a network costs. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import prod

from netspec.analysis.calls import Calls
from netspec.analysis.cost.fields import Taken, taken_by
from netspec.analysis.cost.memory import FLOATS, Memory, memory_of
from netspec.analysis.cost.model import ActivationMemory, Bytes, Cost, CostRow, Fields, Kind, PeakMemory, field_of
from netspec.analysis.cost.steps import Schedule, Step, schedule
from netspec.analysis.inputs import bind_inputs
from netspec.analysis.parameters import parameters_of
from netspec.analysis.trainable import frozen_parameters
from netspec.dims import Dim, Size
from netspec.graph import Definition, Graph, OpCall, RawTensor, Repeat
from netspec.graph.decisions import FREEZING, selections
from netspec.graph.model import Body
from netspec.types import TensorType

#: The bytes of buffers that are no floats.
_OTHERS = {"int64": 8, "bool": 1}


def cost_of(graph: Graph, sizes: Mapping[str, Sequence[int]] | None = None, dtype: str = "float32") -> Cost:
    """Per call and in total: parameters, multiply-adds, the memory of activations, receptive fields and strides.

    Memory needs ``sizes``; without them multiply-adds are symbolic, and a receptive field is open where it depends on
    a size. Raises ValueError for a dtype that is not one of `FLOATS`, `SpecError` for sizes that do not fit.
    """
    if dtype not in FLOATS:
        raise ValueError(f"dtype is one of {', '.join(FLOATS)}, not {dtype!r}")
    root = graph.definition
    calls = Calls(bind_inputs(graph, sizes) if sizes else {})
    made = schedule(root, calls, _paths(root, "checkpoint"))
    memory = memory_of(made, _paths(root, *FREEZING), dtype) if _numeric(made) else None
    taken, axes = taken_by(made), {n.name: _axes(n.types[0]) for n in root.inputs}
    rows = tuple(_rows(made, memory, taken, axes))
    parameters, buffers = parameters_of(root, ()), _buffers(root, (), {})
    return Cost(
        name=graph.name,
        dtype=dtype,
        inputs={n.name: calls.shape(n.types[0]) for n in root.inputs},
        rows=rows,
        parameters=Bytes(parameters, parameters * FLOATS[dtype]),
        trainable=parameters - frozen_parameters(graph),
        buffers=Bytes(sum(buffers.values()), sum(n * _OTHERS.get(d, FLOATS[dtype]) for d, n in buffers.items())),
        multiply_adds=sum((r.multiply_adds for r in rows), start=0),
        memory=_activations(made, memory),
        outputs={name: _fields(taken[t], axes) for name, t in zip(_names(root), made.outputs, strict=True)},
    )


def _paths(root: Definition, *policies: str) -> set[str]:
    return {path for selection in selections(root, *policies) for path in selection.paths}


def _numeric(made: Schedule) -> bool:
    return all(isinstance(size, int) for type_ in made.types for size in type_.dims)


def _names(root: Definition) -> list[str]:
    """Of outputs without names ``output``, or ``output.0``, ``output.1``, …"""
    numbers = ["output"] if len(root.outputs) == 1 else [f"output.{i}" for i in range(len(root.outputs))]
    return [number if o.label is None else o.label for number, o in zip(numbers, root.outputs, strict=True)]


def _activations(made: Schedule, memory: Memory | None) -> ActivationMemory | None:
    if memory is None or not made.steps:
        return None
    inference, training = (PeakMemory(p.bytes, made.steps[p.step].path) for p in (memory.inference, memory.training))
    return ActivationMemory(inference, training, sum(memory.saved))


# ----------------------------------------------------------------------------------------------------- fields

Axes = Mapping[str, Sequence[tuple[int, str]]]
"""For each input of the network the axes whose field is told, with their names."""


def _axes(type_: TensorType) -> list[tuple[int, str]]:
    """The open axes but the batch; where none is open those from 2 on, of a smaller tensor those from 1 on."""
    named = [(axis, str(size)) for axis, size in enumerate(type_.dims) if axis and isinstance(size, Dim)]
    return named or [(axis, f"axis {axis}") for axis in range(min(2, type_.rank - 1), type_.rank)]


def _fields(taken: Taken, axes: Axes) -> Fields:
    told = enumerate(axes.items())
    return {name: tuple(field_of(a, n, taken[i][a]) for a, n in named) for i, (name, named) in told if i in taken}


# ----------------------------------------------------------------------------------------------------- rows


def _rows(made: Schedule, memory: Memory | None, taken: Sequence[Taken], axes: Axes) -> Iterator[CostRow]:
    """A row per step, but for raw buffers."""
    known = _Known(made)
    used: set[str] = set()
    for number, step in enumerate(made.steps):
        if isinstance(step.body, RawTensor) and step.body.kind == "buffer":
            continue
        op, kind, parameters, cost = known.core(step)
        yield CostRow(
            path=step.path,
            op=op,
            kind=kind,
            outputs=tuple(made.types[t].dims for t in step.outputs),
            parameters=0 if step.path in used else parameters,
            multiply_adds=cost,
            memory=None if memory is None else memory.made[number],
            saved=None if memory is None else memory.saved[number],
            fields=known.fields(taken[step.outputs[0]], axes),
        )
        used.add(step.path)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is the same for many steps, found once."""

    made: Schedule
    cores: dict[object, _Core] = field(default_factory=dict)
    told: dict[int, tuple[Taken, Fields]] = field(default_factory=dict)

    def core(self, step: Step) -> _Core:
        types = tuple(tuple(self.made.types[t] for t in tensors) for tensors in (step.inputs, step.outputs))
        key = id(step.body), types
        if key not in self.cores:
            self.cores[key] = _core(step.body, *types)
        return self.cores[key]

    def fields(self, taken: Taken, axes: Axes) -> Fields:
        if id(taken) not in self.told:
            self.told[id(taken)] = taken, _fields(taken, axes)
        return self.told[id(taken)][1]


#: The op, what it is, its parameters and its multiply-adds.
_Core = tuple[str, Kind, int, Size]


def _core(body: OpCall | RawTensor, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> _Core:
    if isinstance(body, RawTensor):
        return "Parameter", "tensor", parameters_of(body, outputs), 0
    parameters, cost = parameters_of(body, inputs), body.op.multiply_adds(inputs, outputs)
    if not body.op.is_module:
        return body.name, "function", parameters, cost
    return body.op.torch_name(*inputs), "module", parameters, cost


def _buffers(body: Body, types: tuple[TensorType, ...], known: dict[Definition, dict[str, int]]) -> dict[str, int]:
    """The elements of all buffers of a body by their dtype; ``types`` are its inputs' (of a raw tensor: its own)."""
    match body:
        case Definition() if body in known:
            return known[body]
        case Definition():
            known[body] = _sum(_buffers(m.body, m.inputs, known) for m in body.modules)
            return known[body]
        case OpCall():
            return _sum({w.dtype: prod(w.shape)} for w in body.op.weights(*types) if w.kind == "buffer")
        case Repeat():
            return {dtype: body.count * n for dtype, n in _buffers(body.body, types, known).items()}
        case RawTensor(kind="buffer"):
            dtype = {"float": "float32", "int": "int64", "bool": "bool"}[types[0].dtype]
            return {dtype: prod(d for d in types[0].dims if isinstance(d, int))}
        case _:
            return {}


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for each in counts:
        for dtype, count in each.items():
            total[dtype] = total.get(dtype, 0) + count
    return total
