"""What a definition is made of, and whether two of them are alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition, Node, OpCall, RawTensor
from netspec.graph.model import Body, InputPort
from netspec.graph.walk import instances
from netspec.types import TensorType

#: Equal for what is alike but for labels around it, within one comparison.
Print = int


@dataclass(frozen=True, slots=True)
class Member:
    """One call in a definition: ``label`` is the module's, of a function the node's name; ``reads`` are the names of
    the nodes that it takes, with their ports; ``again``: its module was called before. ``node`` is where it is written.
    """

    label: str
    name: str
    body: Body
    inputs: tuple[TensorType, ...]
    outputs: tuple[TensorType, ...]
    reads: tuple[tuple[str, int], ...]
    node: Node
    again: bool = False

    @property
    def parameters(self) -> int:
        """Those of its module, counted at its first call."""
        return 0 if self.again else parameters_of(self.body, self.inputs or self.outputs)

    @property
    def labelled(self) -> bool:
        """A module has a label; a function is called by a name that counts."""
        return self.node.module is not None

    @property
    def what(self) -> str:
        """``Conv3d``, ``Bottleneck3d``; of a list of steps ``list``."""
        match self.body:
            case OpCall(name=name):
                return name
            case Definition(kind="sequential", class_name=name):
                return "list" if name in ("", "Sequential") else name
            case Definition(class_name=name):
                return name
            case RawTensor(kind=kind):
                return kind
            case _:
                return ""


#: A type as both sides write it: open sizes may have other names before.
Types = Callable[[TensorType], TensorType]


def as_it_is(type_: TensorType) -> TensorType:
    return type_


def members(definition: Definition, types: Types = as_it_is) -> list[Member]:
    """The calls of a definition in order, repetitions unfolded, without its inputs."""
    found: list[Member] = []
    seen: set[str] = set()
    for node in definition.nodes:
        if isinstance(node.body, InputPort):
            continue
        inputs = tuple(types(definition.type_of(r)) for r in node.inputs)
        outputs = tuple(map(types, node.types))
        unfolded = list(instances(node.module or node.name, node.body))
        for i, (label, body) in enumerate(unfolded):
            name = node.name if i == len(unfolded) - 1 else f"{node.name}[{i}]"
            reads = tuple(node.inputs) if i == 0 else ((f"{node.name}[{i - 1}]", 0),)
            found.append(Member(label, name, body, inputs, outputs, reads, node, label in seen))
            seen.add(label)
    return found


class Prints:
    """Gives bodies that are alike the same number, those of both sides where they share ``numbers``; definitions are
    looked at once."""

    def __init__(self, numbers: dict[object, Print], types: Types = as_it_is) -> None:
        self.numbers = numbers
        self.types = types
        self.known: dict[int, tuple[Definition, Print]] = {}

    def of(self, body: Body) -> Print:
        if isinstance(body, Definition):
            if id(body) not in self.known:
                self.known[id(body)] = body, self._number(self._definition(body))
            return self.known[id(body)][1]
        return self._number(self._other(body))

    def member(self, member: Member) -> Print:
        """That of a member: what it is, and what goes in and out."""
        return self._number((self.of(member.body), member.inputs, member.outputs))

    def _number(self, content: object) -> Print:
        return self.numbers.setdefault(content, len(self.numbers))

    def _other(self, body: Body) -> object:
        match body:
            case OpCall(name=name, op=op):
                return name, repr(op)
            case RawTensor():
                return body
            case InputPort(name=name):
                return "input", name
            case _:
                return type(body).__name__, body.count, self.of(body.body)  # type: ignore[union-attr]

    def _definition(self, definition: Definition) -> object:
        nodes = tuple(self._node(n) for n in definition.nodes)
        outputs = tuple((o.label, o.ref, self.types(o.type)) for o in definition.outputs)
        modules = tuple((m.label, self.of(m.body), self._all(m.inputs), m.used) for m in definition.modules)
        return definition.kind, definition.class_name, nodes, outputs, modules, policies(definition)

    def _node(self, node: Node) -> object:
        return node.name, node.module, node.inputs, self._all(node.types), self.of(node.body)

    def _all(self, types: tuple[TensorType, ...]) -> tuple[TensorType, ...]:
        return tuple(map(self.types, types))


def policies(definition: Definition) -> tuple[str, ...]:
    """The policies of a definition as they are written, on one line each."""
    return tuple(" ".join(p.span.text.split()) for p in definition.policies)
