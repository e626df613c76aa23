"""Every call of a network, blocks included, with the sizes of what goes in and out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from netspec.analysis.parameters import parameters_of
from netspec.dims import Size, evaluate
from netspec.graph import Definition, Node, OpCall, RawTensor
from netspec.graph.model import Body
from netspec.graph.walk import base_of, instances, join, own_module
from netspec.types import TensorType

Shape = tuple[Size, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One call.

    ``op`` is the torch class (``Conv3d``), the function (``add``), ``Parameter`` for a raw one, or the class of a block
    (``kind`` tells the four apart). ``parameters`` are its own, not those of modules in it, and 0 on a second use;
    ``multiply_adds`` are those of the whole batch. Sizes are ints, or symbolic where no input sizes were given.
    """

    path: str
    op: str
    kind: Literal["module", "function", "tensor", "block"]
    settings: Mapping[str, Any]
    inputs: tuple[Shape, ...]
    outputs: tuple[Shape, ...]
    parameters: int
    multiply_adds: Size


class _Core(tuple[Any, ...]):
    """The fields of a `Row` after its path: equal for all instances of a definition."""

    __slots__ = ()

    def again(self) -> _Core:
        return _Core((*self[:5], 0, self[6]))


_Line = tuple[str, _Core, bool]


class Calls:
    """The calls of definitions, each of which is walked once: its lines have paths relative to it.

    ``values`` are the sizes put in for open ones, by name; without any, sizes stay symbolic.
    """

    def __init__(self, values: Mapping[str, int]) -> None:
        self.values = values
        self.memory: dict[Definition, list[_Line]] = {}
        self.types: dict[TensorType, TensorType] = {}

    def rows(self, network: Definition) -> tuple[Row, ...]:
        """One row per call as calls end: in execution order, blocks after what is in them, the network last."""
        lines = self._whole(network)
        return tuple(Row(path, *(core if first else core.again())) for path, core, first in lines)

    def shape(self, type_: TensorType) -> Shape:
        return self.known(type_).dims

    def _lines(self, definition: Definition) -> list[_Line]:
        """A list of steps and what is `self` have no row of their own."""
        if definition not in self.memory:
            listed = definition.kind == "sequential" or isinstance(base_of(definition), Definition)
            bare = listed or own_module(definition)
            self.memory[definition] = [*self._inside(definition)] if bare else self._whole(definition)
        return self.memory[definition]

    def _whole(self, definition: Definition) -> list[_Line]:
        """What is in a block, and its own row; a block that is one layer has that of the layer."""
        inside, block = [*self._inside(definition)], self._block(definition)
        if not isinstance(base_of(definition), OpCall):
            return [*inside, ("", block, True)]
        itself = [core for path, core, _ in inside if not path and core[1] == "module"]
        rest = [line for line in inside if line[1] not in itself]
        (name, _, _, ins, outs, *_), (_, _, settings, _, _, parameters, _) = block, itself[0]
        cost = sum((core[6] for core in itself[1:]), itself[0][6])
        return [*rest, ("", _Core((name, "module", settings, ins, outs, parameters, cost)), True)]

    def _inside(self, definition: Definition) -> Iterator[_Line]:
        used: set[str] = set()
        for node in definition.nodes:
            first = node.module is None or node.module not in used
            used.add(node.module or "")
            types = tuple(map(definition.type_of, node.inputs))
            for label, body in instances(node.module or node.name, node.body):
                for path, core, own in self._body(body, node, types):
                    yield join(label, path), core, own and first

    def _body(self, body: Body, node: Node, types: tuple[TensorType, ...]) -> list[_Line]:
        if isinstance(body, Definition):
            return self._lines(body)
        if isinstance(body, OpCall):
            return [("", self._op(body, types, node.types), True)]
        if isinstance(body, RawTensor) and body.kind == "param":
            own = parameters_of(body, node.types)
            return [("", _Core(("Parameter", "tensor", {}, (), (self.shape(node.types[0]),), own, 0)), True)]
        return []

    def _op(self, call: OpCall, inputs: tuple[TensorType, ...], outputs: tuple[TensorType, ...]) -> _Core:
        op = call.op
        name, kind = (op.torch_name(*inputs), "module") if op.is_module else (call.name, "function")
        settings, parameters = op.settings(*inputs), parameters_of(call, inputs)
        ins, outs = tuple(map(self.known, inputs)), tuple(map(self.known, outputs))
        cost = op.multiply_adds(ins, outs)
        return _Core((name, kind, settings, tuple(t.dims for t in ins), tuple(t.dims for t in outs), parameters, cost))

    def _block(self, definition: Definition) -> _Core:
        inputs = tuple(self.shape(n.types[0]) for n in definition.inputs)
        outputs = tuple(self.shape(o.type) for o in definition.outputs)
        own = sum(parameters_of(m.body, m.inputs) for m in definition.modules if isinstance(m.body, RawTensor))
        return _Core((definition.class_name, "block", {}, inputs, outputs, own, 0))

    def known(self, type_: TensorType) -> TensorType:
        """The type with the given sizes put in."""
        if not self.values:
            return type_
        found = self.types.get(type_)
        if found is None:
            found = self.types[type_] = TensorType(type_.dtype, tuple(evaluate(d, self.values) for d in type_.dims))
        return found
