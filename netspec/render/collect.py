"""From a graph to a sketch of its top level; blocks that hold stages are opened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition, Graph, InputPort, Node, Ref, Repeat
from netspec.graph.walk import instances, join
from netspec.render.sketch import Part, Place, Sketch, Step, Wire
from netspec.types import TensorType

#: A network of fewer steps than this, with no stages, is shown one level further down.
FEW_STEPS = 3


def collect(graph: Graph) -> Sketch:
    """The inputs, the top-level steps, and the outputs of a network, as they are called.

    A block that holds a `stage` at any depth is opened: its steps stand in its place, in a cluster. Where a network
    is little more than one block, that block is opened too.
    """
    collector = _Collector(_opened(graph.definition))
    collector.network(graph)
    return Sketch(tuple(collector.steps), tuple(collector.wires), tuple(collector.clusters))


def _opened(network: Definition) -> frozenset[Definition]:
    """The definitions to open, the network among them."""
    staged: dict[Definition, bool] = {}
    opened = {network}
    level = [network]
    while level:
        below = [b for d in level for b in _blocks(d)]
        few = not _holds_stage(network, staged) and sum(map(_size, level)) < FEW_STEPS
        level = [b for b in below if (few or _holds_stage(b, staged)) and b not in opened]
        opened.update(level)
    return frozenset(opened)


def _blocks(definition: Definition) -> list[Definition]:
    return [n.body for n in definition.nodes if isinstance(n.body, Definition)]


def _size(definition: Definition) -> int:
    return sum(not isinstance(n.body, InputPort) for n in definition.nodes)


def _holds_stage(definition: Definition, known: dict[Definition, bool]) -> bool:
    if definition not in known:
        marked = any(n.stage for n in definition.nodes)
        known[definition] = marked or any(_holds_stage(b, known) for b in _blocks(definition))
    return known[definition]


@dataclass(frozen=True, slots=True)
class _Scope:
    """An opened definition: its path, the part of it since the last frame, its frame, and where its tensors are."""

    definition: Definition
    places: dict[Ref, Place]
    path: str = ""
    label: str = ""
    cluster: int | None = None

    def types(self, node: Node) -> tuple[TensorType, ...]:
        return tuple(map(self.definition.type_of, node.inputs))


class _Collector:
    def __init__(self, opened: frozenset[Definition]) -> None:
        self.opened = opened
        self.steps: list[Step] = []
        self.wires: list[Wire] = []
        self.clusters: list[tuple[str, int | None]] = []

    def network(self, graph: Graph) -> None:
        inputs = graph.definition.inputs
        places = {Ref(n.name): self._add(Step(kind="input", name=n.name)) for n in inputs}
        results = self._definition(_Scope(graph.definition, places))
        for number, (output, place) in enumerate(zip(graph.definition.outputs, results, strict=True)):
            unnamed = f"output {number}" if len(results) > 1 else "output"
            target = self._add(Step(kind="output", name=unnamed if output.label is None else output.label))
            self.wires.append(Wire(place.step, target.step, output.type, place.port))

    def _add(self, step: Step) -> Place:
        self.steps.append(step)
        return Place(len(self.steps) - 1, 0)

    def _definition(self, scope: _Scope) -> list[Place]:
        """Add the steps of a definition whose inputs have places; the places of its outputs."""
        used: set[str | None] = {None}
        for node in scope.definition.nodes:
            if isinstance(node.body, InputPort):
                continue
            again = node.module in used and node.module is not None
            results = self._node(scope, node, again)
            used.add(node.module)
            scope.places.update({Ref(node.name, port): place for port, place in enumerate(results)})
        return [scope.places[o.ref] for o in scope.definition.outputs]

    def _node(self, scope: _Scope, node: Node, again: bool) -> list[Place]:
        sources = [scope.places[r] for r in node.inputs]
        if isinstance(node.body, Definition) and node.body in self.opened:
            return self._definition(self._inside(scope, node, node.body, sources))
        types = scope.types(node)
        place = self._add(self._step(scope, node, again and parameters_of(node.body, types) > 0))
        for slot, (source, type_) in enumerate(zip(sources, types, strict=True)):
            self.wires.append(Wire(source.step, place.step, type_, source.port, slot))
        return [Place(place.step, port) for port in range(len(node.types))]

    def _step(self, scope: _Scope, node: Node, again: bool) -> Step:
        name = node.module or node.name
        label = join(scope.label, name)
        *_, (last, body) = instances(label, node.body)
        part = Part(join(scope.path, name), label, body, scope.types(node), node.types, node, again)
        times = node.body.count if isinstance(node.body, Repeat) else 1
        return Step((part,), cluster=scope.cluster, times=times, last=last)

    def _inside(self, scope: _Scope, node: Node, body: Definition, sources: Sequence[Place]) -> _Scope:
        """The scope of an opened block, in a frame with its label; the network's own body needs none."""
        name = node.module or node.name
        places = {Ref(n.name): s for n, s in zip(body.inputs, sources, strict=True)}
        path, label = join(scope.path, name), join(scope.label, name)
        if not label:
            return _Scope(body, places, path, label, scope.cluster)
        title = label if body.kind == "sequential" else f"{label}: {body.class_name}"
        self.clusters.append((title, scope.cluster))
        return _Scope(body, places, path, "", len(self.clusters) - 1)
