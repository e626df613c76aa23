"""A network as one list of steps, in the order of the generated ``forward``: blocks and repetitions unfolded."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from netspec.analysis.calls import Calls
from netspec.analysis.cost.variables import variables
from netspec.graph import Definition, InputPort, Node, OpCall, RawTensor, Ref, Repeat
from netspec.graph.model import Body
from netspec.graph.walk import join
from netspec.types import TensorType

Tensors = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A call of an op, or the reading of a raw tensor. Tensors are numbers, ``types`` those of the outputs.

    ``checkpoint`` is the path of the module around it that torch.utils.checkpoint calls, if any.
    """

    path: str
    body: OpCall | RawTensor
    inputs: Tensors
    outputs: Tensors
    checkpoint: str | None


@dataclass
class Schedule:
    """The steps of a network. ``inputs`` and ``outputs`` are tensors; ``types`` has the type of each.

    ``last`` is for each tensor the last step during which something holds it: one that reads it, or the last one in a
    block that it was given to. Outputs are held to the end.
    """

    inputs: Tensors = ()
    outputs: Tensors = ()
    steps: list[Step] = field(default_factory=list)
    types: list[TensorType] = field(default_factory=list)
    last: list[int] = field(default_factory=list)


def schedule(network: Definition, calls: Calls, checkpoints: Set[str]) -> Schedule:
    """The schedule of a network, its sizes as ``calls`` knows them; ``checkpoints`` are paths of modules."""
    return _Writer(calls, checkpoints).of(network)


@dataclass
class _Writer:
    calls: Calls
    checkpoints: Set[str]
    made: Schedule = field(default_factory=Schedule)
    names: dict[Definition, Mapping[Ref, str]] = field(default_factory=dict)

    def of(self, network: Definition) -> Schedule:
        made = self.made
        made.inputs = self._tensors(tuple(n.types[0] for n in network.inputs))
        made.outputs = self._inside(network, made.inputs, "", "" if "" in self.checkpoints else None)
        self._hold((*made.inputs, *made.outputs))
        return made

    def _inside(self, definition: Definition, given: Tensors, path: str, checkpoint: str | None) -> Tensors:
        found: dict[Ref, int] = {Ref(n.name): t for n, t in zip(definition.inputs, given, strict=True)}
        names, bound = self._names(definition), dict[str, int]()
        for node in definition.nodes:
            if isinstance(node.body, InputPort):
                continue
            inputs = tuple(found[r] for r in node.inputs)
            outputs = self._body(node.body, node, inputs, join(path, node.module or node.name), checkpoint)
            for port, tensor in enumerate(outputs):
                found[ref := Ref(node.name, port)] = tensor
                if ref in names:
                    self._hold((bound.get(names[ref], tensor),))
                    bound[names[ref]] = tensor
        results = tuple(found[o.ref] for o in definition.outputs)
        self._hold((*given, *results, *bound.values()))
        return results

    def _names(self, definition: Definition) -> Mapping[Ref, str]:
        if definition not in self.names:
            self.names[definition] = variables(definition)
        return self.names[definition]

    def _body(self, body: Body, node: Node, inputs: Tensors, path: str, checkpoint: str | None) -> Tensors:
        if isinstance(body, Repeat):
            head, _, number = path.rpartition(".")
            outputs = inputs
            for i in range(body.count):
                outputs = self._body(body.body, node, outputs, join(head, str(int(number) + i)), checkpoint)
            return outputs
        around = path if checkpoint is None and path in self.checkpoints and node.module else checkpoint
        if isinstance(body, Definition):
            return self._inside(body, inputs, path, around)
        assert not isinstance(body, InputPort)
        outputs = self._tensors(node.types)
        self.made.steps.append(Step(path, body, inputs, outputs, around))
        self._hold((*inputs, *outputs))
        return outputs

    def _tensors(self, types: tuple[TensorType, ...]) -> Tensors:
        first = len(self.made.types)
        self.made.types += [self.calls.known(t) for t in types]
        self.made.last += [-1] * len(types)
        return tuple(range(first, first + len(types)))

    def _hold(self, tensors: Tensors) -> None:
        for tensor in tensors:
            self.made.last[tensor] = len(self.made.steps) - 1
