"""The summary of a network: one row per call of a layer, totals, and sizes in MB. Nothing is run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any, Literal

from netspec.analysis.inputs import bind_inputs
from netspec.analysis.parameters import parameters_of
from netspec.analysis.trainable import frozen_parameters
from netspec.dims import Size, evaluate
from netspec.graph import Definition, Graph, InputPort, Node, OpCall, RawTensor, Repeat
from netspec.graph.model import Body
from netspec.graph.walk import instances, join
from netspec.types import TensorType

Shape = tuple[Size, ...]
#: Bytes of an element; as in torchsummary every element counts as a float32.
ELEMENT_BYTES = 4
MB = 2**20


@dataclass(frozen=True, slots=True)
class Row:
    """One call of a layer.

    ``op`` is the torch class (``Conv3d``), the function (``add``), or ``Parameter`` for a raw one (``kind`` tells the
    three apart). ``parameters`` are its own, 0 on a second use; ``multiply_adds`` are those of the whole batch. Sizes
    are ints, or symbolic where no input sizes were given.
    """

    path: str
    op: str
    kind: Literal["module", "function", "tensor"]
    settings: Mapping[str, Any]
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    parameters: int
    multiply_adds: Size


@dataclass(frozen=True, slots=True)
class Megabytes:
    """Sizes of one sample in MB (2**20 bytes), each element counted as 4 bytes, as torchsummary counts.

    ``passes`` is twice the outputs of all rows of the summary (values and their gradients).
    """

    inputs: float
    passes: float
    parameters: float

    @property
    def total(self) -> float:
        return self.inputs + self.passes + self.parameters


@dataclass(frozen=True, slots=True)
class Summary:
    """What `summarise` finds; ``str()`` is a plain table.

    ``megabytes`` is None where no input sizes were given.
    """

    name: str
    inputs: Mapping[str, Shape]
    rows: tuple[Row, ...]
    parameters: int
    trainable: int
    multiply_adds: Size
    megabytes: Megabytes | None

    @property
    def non_trainable(self) -> int:
        return self.parameters - self.trainable

    @property
    def text(self) -> str:
        """The table as text, lines without trailing blanks."""
        from netspec.analysis.table import table

        return table(self)

    def __str__(self) -> str:
        return self.text


def summarise(graph: Graph, sizes: Mapping[str, Sequence[int]] | None = None) -> Summary:
    """One row per call of a layer in execution order, totals, and sizes in MB if input sizes are given.

    Raises `SpecError` if the sizes do not fit the inputs (see `bind_inputs`).

    >>> print(summarise(graph, {"clip": (1, 3, 8, 224, 224)}))  # doctest: +SKIP
    """
    walk = _Walk(bind_inputs(graph, sizes) if sizes else {})
    rows = tuple(Row(path, *(core if first else core.again())) for path, core, first in walk.lines(graph.definition))
    inputs = {n.name: walk.shape(n.types[0]) for n in graph.definition.inputs}
    parameters = parameters_of(graph.definition, ())
    cost: Size = sum((r.multiply_adds for r in rows), start=0)
    megabytes = _megabytes(tuple(inputs.values()), rows, parameters) if sizes else None
    return Summary(graph.name, inputs, rows, parameters, parameters - frozen_parameters(graph), cost, megabytes)


class _Core(tuple[Any, ...]):
    """The fields of a `Row` after its path: equal for all instances of a definition."""

    __slots__ = ()

    def again(self) -> _Core:
        return _Core((*self[:5], 0, self[6]))


_Line = tuple[str, _Core, bool]


class _Walk:
    """Every definition once: its lines have paths relative to it."""

    def __init__(self, values: Mapping[str, int]) -> None:
        self.values = values
        self.memory: dict[Definition, list[_Line]] = {}
        self.types: dict[TensorType, TensorType] = {}

    def lines(self, definition: Definition) -> list[_Line]:
        if definition not in self.memory:
            self.memory[definition] = list(self._lines(definition))
        return self.memory[definition]

    def _lines(self, definition: Definition) -> Iterator[_Line]:
        used: set[str] = set()
        for node in definition.nodes:
            first = node.module is None or node.module not in used
            used.add(node.module or "")
            types = tuple(map(definition.type_of, node.inputs))
            for label, body in instances(node.module or node.name, node.body):
                for path, core, own in self._body(body, node, types):
                    yield join(label, path), core, own and first

    def _body(self, body: Body, node: Node, types: tuple[TensorType, ...]) -> list[_Line]:
        match body:
            case Definition():
                return self.lines(body)
            case OpCall():
                return [("", self._op(body, types, node.types), True)]
            case RawTensor(kind="param"):
                shape = self.shape(node.types[0])
                return [
                    ("", _Core(("Parameter", "tensor", {}, (), (shape,), parameters_of(body, node.types), 0)), True)
                ]
            case InputPort() | RawTensor() | Repeat() | _:
                return []

    def _op(self, call: OpCall, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> _Core:
        op = call.op
        name, kind = (op.torch_name(*inputs), "module") if op.is_module else (call.name, "function")
        settings, parameters = op.settings(*inputs), parameters_of(call, inputs)
        ins, outs = tuple(map(self.known, inputs)), tuple(map(self.known, outputs))
        cost = op.multiply_adds(ins, outs)
        return _Core((name, kind, settings, tuple(t.dims for t in ins), tuple(t.dims for t in outs), parameters, cost))

    def known(self, type_: TensorType) -> TensorType:
        """The type with the given sizes put in."""
        if not self.values:
            return type_
        found = self.types.get(type_)
        if found is None:
            found = self.types[type_] = TensorType(type_.dtype, tuple(evaluate(d, self.values) for d in type_.dims))
        return found

    def shape(self, type_: TensorType) -> Shape:
        return self.known(type_).dims


def _megabytes(inputs: Sequence[Shape], rows: Sequence[Row], parameters: int) -> Megabytes:
    batch = _elements(inputs[0][:1]) if inputs else 1
    given = sum(map(_elements, inputs))
    computed = sum(_elements(shape) for row in rows if row.kind != "tensor" for shape in row.outputs)
    return Megabytes(_mb(given / batch), _mb(2 * computed / batch), _mb(parameters))


def _elements(shape: Shape) -> int:
    return prod(d for d in shape if isinstance(d, int))


def _mb(elements: float) -> float:
    return elements * ELEMENT_BYTES / MB
