"""From a graph to a sketch of one definition; what is opened stands in it with its own steps."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition, InputPort, Node, OpCall, Ref, Repeat
from netspec.graph.model import Body
from netspec.graph.walk import instances, join
from netspec.render.levels.drawn import drawn
from netspec.render.levels.sketch import Frame, Part, Place, Sketch, Step, Wire
from netspec.types import TensorType

#: What is called by its place among the inputs, where the places mean different things.
ROLES = {
    **dict.fromkeys(("MultiheadAttention", "scaled_dot_product_attention"), ("query", "key", "value")),
    **dict.fromkeys(("TransformerDecoderLayer", "TransformerDecoder"), ("tgt", "memory")),
}


def collect(definition: Definition, opened: Set[Definition] = frozenset(), path: str = "") -> Sketch:
    """The inputs, the steps, and the outputs of a definition, as they are called.

    The steps of ``opened`` blocks and lists stand in their place, in a frame. ``path`` leads to the definition.
    """
    collector = _Collector(opened)
    collector.whole(definition, path)
    return Sketch(tuple(collector.steps), tuple(collector.wires), tuple(collector.frames))


def worked_on(body: Body, inputs: int) -> int:
    """How many of an op's inputs it works on; the others are given beside them (``like=y``, a mask)."""
    if not isinstance(body, OpCall) or not body.op.operands:
        return inputs
    arity = body.op.arity
    return max(1, inputs - len(body.op.operands)) if arity is None else arity


def role_of(body: Body, inputs: int, slot: int) -> str:
    """What an op calls one of its inputs, where it tells them apart: ``query``, ``like``; else nothing."""
    if not isinstance(body, OpCall):
        return ""
    first = worked_on(body, inputs)
    names = ROLES.get(body.name, ()) if slot < first else getattr(body.op, "named", ()) or body.op.operands
    place = slot if slot < first else slot - first
    return names[place] if place < len(names) else ""


def definition_of(body: Body) -> Definition | None:
    """The block behind a body, one of many in a repetition."""
    inner = body.body if isinstance(body, Repeat) else body
    return inner if isinstance(inner, Definition) else None


@dataclass(frozen=True, slots=True)
class _Scope:
    """An opened definition: its path, the part of it since the last frame, its frame, and where its tensors are."""

    definition: Definition
    places: dict[Ref, Place]
    path: str = ""
    label: str = ""
    frame: int | None = None

    def types(self, node: Node) -> tuple[TensorType, ...]:
        return tuple(map(self.definition.type_of, node.inputs))

    def names(self, node: Node) -> tuple[str, ...]:
        """What the spec calls the outputs of a node; empty what it does not name."""
        return tuple(self.definition.tensors.get(Ref(node.name, port), "") for port in range(len(node.types)))


class _Collector:
    def __init__(self, opened: Set[Definition]) -> None:
        self.opened = opened
        self.steps: list[Step] = []
        self.wires: list[Wire] = []
        self.frames: list[Frame] = []

    def whole(self, definition: Definition, path: str) -> None:
        places = {
            Ref(n.name): self._add(Step(kind="input", name=n.name, drawn=drawn(n.drawings))) for n in definition.inputs
        }
        results = self._definition(_Scope(definition, places, path))
        for number, (output, place) in enumerate(zip(definition.outputs, results, strict=True)):
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
        first_aside = worked_on(node.body, len(sources))
        for slot, (source, type_) in enumerate(zip(sources, types, strict=True)):
            aside = slot >= first_aside
            self.wires.append(Wire(source.step, place.step, type_, source.port, slot, aside=aside))
        return [Place(place.step, port) for port in range(len(node.types))]

    def _step(self, scope: _Scope, node: Node, again: bool) -> Step:
        name = node.module or node.name
        label = join(scope.label, name)
        *_, (last, body) = instances(label, node.body)
        names = scope.names(node) if len(node.types) > 1 else ()
        part = Part(join(scope.path, name), label, body, scope.types(node), node.types, node, again, names)
        times = node.body.count if isinstance(node.body, Repeat) else 1
        block = definition_of(body)
        said = drawn(node.drawings, block.drawings if block else ())
        return Step((part,), frame=scope.frame, times=times, last=last, drawn=said)

    def _inside(self, scope: _Scope, node: Node, body: Definition, sources: Sequence[Place]) -> _Scope:
        """The scope of an opened block, in a frame with its label; the network's own body needs none."""
        name = node.module or node.name
        places = {Ref(n.name): s for n, s in zip(body.inputs, sources, strict=True)}
        path, label = join(scope.path, name), join(scope.label, name)
        if not label:
            return _Scope(body, places, path, label, scope.frame)
        title = label if body.kind == "sequential" else f"{label}: {body.class_name}"
        self.frames.append(Frame(title, scope.frame))
        return _Scope(body, places, path, "", len(self.frames) - 1)
