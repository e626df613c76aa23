"""What stands at a path of a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from netspec.elaborate.blocks.sequences import members_of
from netspec.elaborate.recording import Recorder
from netspec.elaborate.values.kinds import Labelled, Part, Repetition, Value
from netspec.graph import Definition, Module, Node, OpCall, Output, Repeat
from netspec.graph.model import Body
from netspec.graph.walk import join
from netspec.source import Span


@dataclass(frozen=True, slots=True)
class Spot:
    """A module on the way down: ``label`` from the block above (``self`` adds nothing to the path), with the value that
    the spec gives it, and the block that holds it."""

    path: str
    label: str
    body: Body
    value: Value
    span: Span
    module: Module
    holder: Definition

    @property
    def calls(self) -> list[Node]:
        """The nodes that call it."""
        return [n for n in self.holder.nodes if n.module == self.module.label]


@dataclass(frozen=True, slots=True)
class Found:
    """The way to a place and what of the path is left there: the name of a weight, of a node, or of a container."""

    way: tuple[Spot, ...]
    definition: Definition
    rest: str = ""


class Missing(Exception):
    """Nothing has this path; ``right`` is its longest part that leads somewhere, ``names`` are those there."""

    def __init__(self, right: str, wrong: str, names: tuple[str, ...]) -> None:
        super().__init__(right, wrong)
        self.right, self.wrong, self.names = right, wrong, names


def find(network: Definition, path: str, recorder: Recorder) -> Found:
    """The way to a path. Raises `Missing`."""
    parts = path.split(".") if path else []
    missing: list[Missing] = []
    found = _below(network, parts, (), recorder, missing)
    if found is None:
        raise max(missing, key=lambda m: len(m.right))
    return found


def _below(definition: Definition, parts: list[str], way: tuple[Spot, ...], recorder: Recorder,
           missing: list[Missing]) -> Found | None:  # fmt: skip
    if not parts:
        return Found(way, definition)
    for spot, rest in _spots(definition, parts, way[-1] if way else None, recorder):
        found = _at(spot, rest, way, recorder, missing)
        if found is not None:
            return found
    name = ".".join(parts)
    node = definition.by_name.get(name)
    modules = (m.label for m in definition.modules)
    if (node is not None and node.module is None) or any(label.startswith(f"{name}.") for label in modules):
        return Found(way, definition, name)
    if not way and outputs_of(definition, name):
        return Found(way, definition, name)
    missing.append(_missing(definition, parts, way[-1].path if way else ""))
    return None


def outputs_of(definition: Definition, name: str) -> list[Output]:
    """The outputs of a name: ``output`` for all, ``output.1`` for one without a name of its own."""
    numbered = ((o.label if o.label is not None else f"output.{i}", o) for i, o in enumerate(definition.outputs))
    return [output for label, output in numbered if name in (label, "output")]


def _at(spot: Spot, rest: list[str], way: tuple[Spot, ...], recorder: Recorder, missing: list[Missing]) -> Found | None:
    here = (*way, spot)
    if isinstance(spot.body, Definition):
        return _below(spot.body, rest, here, recorder, missing)
    if not rest:
        return Found(here, spot.holder)
    weights = tuple(w.name for w in spot.body.op.weights(*spot.module.inputs)) if isinstance(spot.body, OpCall) else ()
    if any(f"{name}.".startswith(f"{'.'.join(rest)}.") for name in weights):
        return Found(here, spot.holder, ".".join(rest))
    missing.append(Missing(spot.path, ".".join(rest), weights))
    return None


def _spots(definition: Definition, parts: list[str], above: Spot | None,
           recorder: Recorder) -> Iterator[tuple[Spot, list[str]]]:  # fmt: skip
    """The modules that a path leads to or through; what stands in them first."""
    base = above.path if above else ""
    for module in sorted(definition.modules, key=lambda m: m.label == "self"):
        heads, _, last = module.label.rpartition(".")
        labels = [*heads.split("."), last] if heads else [last]
        rest = parts if labels == ["self"] else parts[len(labels) :]
        body = module.body
        if isinstance(body, Repeat):
            number = parts[len(labels) - 1] if len(parts) >= len(labels) else ""
            if not (number.isascii() and number.isdecimal()) or not int(last) <= int(number) < int(last) + body.count:
                continue
            labels[-1], body = str(int(number)), body.body
        if labels == ["self"] or parts[: len(labels)] == labels:
            label = ".".join(labels)
            value, span = _written(definition, module, label, above, recorder)
            yield Spot(join(base, label), label, body, value, span, module, definition), rest


def _written(definition: Definition, module: Module, label: str, above: Spot | None,
             recorder: Recorder) -> tuple[Value, Span]:  # fmt: skip
    """The value that a module was given, and where it is written."""
    if definition.kind == "sequential" and above is not None and isinstance(above.value, (tuple, Repetition)):
        for number, item in enumerate(members_of(above.value)):
            own = item.label if isinstance(item, Labelled) else None
            if label == (own or str(number)):
                value = item.value if isinstance(item, Labelled) else item
                return value, item.span if isinstance(item, (Part, Labelled)) else module.span
    registered = recorder.drafts[definition].labels.get(module.label)
    return (registered.value if registered else None), module.span


def _missing(definition: Definition, parts: list[str], base: str) -> Missing:
    """How far the labels of one block agree, and what could follow."""
    labels = list(labels_of(definition))
    for length in range(len(parts) - 1, -1, -1):
        head = "".join(f"{p}." for p in parts[:length])
        names = dict.fromkeys(each[len(head) :].partition(".")[0] for each in labels if each.startswith(head))
        if names or not length:
            right = join(base, head.rstrip("."))
            return Missing(right, ".".join(parts[length:]), tuple(names))
    raise AssertionError


def labels_of(definition: Definition) -> Iterator[str]:
    """The labels in a definition as paths have them; of what stands in its `self` those in there."""
    for module in definition.modules:
        body = module.body
        if module.label == "self" and isinstance(body, Definition):
            yield from labels_of(body)
        elif isinstance(body, Repeat):
            head, _, first = module.label.rpartition(".")
            yield from (join(head, str(int(first) + i)) for i in range(body.count))
        elif module.label != "self":
            yield module.label
