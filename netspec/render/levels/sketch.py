"""A drawing in the making: steps in execution order with wires between them, before anything is worded or coloured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple

from netspec.graph import Definition, Node, OpCall
from netspec.graph.model import Body
from netspec.render.levels.drawn import NOTHING, Drawn, LinkText
from netspec.render.picture import Mark
from netspec.types import TensorType


class Place(NamedTuple):
    """An output of a step."""

    step: int
    port: int


class Frame(NamedTuple):
    """A frame around steps, in another one or in none; an optional one is dashed. ``fact`` follows its title."""

    title: str
    parent: int | None = None
    optional: bool = False
    fact: str = ""
    mark: Mark = ""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One call of something: a block, a layer, a function.

    ``label`` is its path from the opened block around it, ``again`` is true for a second use of the same weights.
    ``names`` are what the spec calls its outputs where it has several.
    """

    path: str
    label: str
    body: Body
    inputs: tuple[TensorType, ...]
    outputs: tuple[TensorType, ...]
    node: Node
    again: bool = False
    names: tuple[str, ...] = ()

    @property
    def is_op(self) -> bool:
        return isinstance(self.body, OpCall)

    @property
    def is_join(self) -> bool:
        """An op that brings several tensors together, and so is drawn as a circle."""
        return isinstance(self.body, OpCall) and self.body.op.family == "join" and len(self.inputs) > 1

    @property
    def sign(self) -> str:
        """What stands in its circle: the operator of arithmetic, the name of another join."""
        return str(getattr(self.body.op, "symbol", self.body.name)) if isinstance(self.body, OpCall) else ""

    @property
    def is_function(self) -> bool:
        """A function of tensors that is written as a call, not as an operator."""
        return isinstance(self.body, OpCall) and not self.body.op.is_module and not hasattr(self.body.op, "symbol")

    def same_work(self, other: Part) -> bool:
        """Does it the same thing with tensors of the same types, be it with other weights?"""
        if self.again != other.again:
            return False
        if isinstance(self.body, Definition) or isinstance(other.body, Definition):
            return self.body is other.body
        return (self.body, self.inputs, self.outputs) == (other.body, other.inputs, other.outputs)


@dataclass(frozen=True, slots=True)
class Written:
    """A step as the spec has it, not elaborated: a title, the call as written, the sign of an operator."""

    title: str
    call: str = ""
    sign: str = ""
    is_join: bool = False
    is_function: bool = False
    stage: bool = False
    family: str = "shape"


@dataclass(frozen=True, slots=True)
class Changed:
    """What two networks that are compared have of a step: its mark, what differs in it, how many parameters it had, and
    where it was renamed its label before, of several those of the first and last."""

    mark: Mark
    lines: tuple[str, ...] = ()
    parameters: int | None = None
    was: str = field(default="", compare=False)
    was_last: str = field(default="", compare=False)

    @property
    def alone(self) -> bool:
        """Does its box say what no other says?"""
        return self.mark == "changed"


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One box to be: an input, an output (``name`` is theirs), parts that work together, or a step as it is written.

    ``times`` says how often the parts stand there in all, ``last`` is the label of the last. ``wiring`` tells how
    several parts hang together. ``frame`` is the number of the frame around it, ``drawn`` what annotations say of it,
    ``condition`` what it depends on where that is not known, ``changed`` how it was where two networks are compared.
    """

    parts: tuple[Part, ...] = ()
    kind: Literal["work", "input", "output"] = "work"
    name: str = ""
    frame: int | None = None
    times: int = 1
    last: str = ""
    wiring: tuple[tuple[int, int, int], ...] = ()
    drawn: Drawn = NOTHING
    written: Written | None = None
    condition: str = ""
    changed: Changed | None = None

    @property
    def mark(self) -> Mark:
        return self.changed.mark if self.changed else ""

    @property
    def only(self) -> Part | None:
        """Its part, if it is one."""
        return self.parts[0] if len(self.parts) == 1 else None

    @property
    def is_join(self) -> bool:
        one = self.written or self.only
        return one is not None and one.is_join

    @property
    def is_function(self) -> bool:
        one = self.written or self.only
        return one is not None and one.is_function

    @property
    def sign(self) -> str:
        """What stands in the circle of a join."""
        one = self.written or self.only
        return one.sign if one else ""

    @property
    def is_stage(self) -> bool:
        return self.written.stage if self.written else self.only is not None and self.only.node.stage

    def same_work(self, other: Step) -> bool:
        if self.kind != "work" or self.written or (self.drawn, self.changed) != (other.drawn, other.changed):
            return False
        if (self.kind, self.frame, self.wiring) != (other.kind, other.frame, other.wiring):
            return False
        return len(self.parts) == len(other.parts) and all(map(Part.same_work, self.parts, other.parts))


@dataclass(frozen=True, slots=True)
class Wire:
    """A tensor on its way from a step's output (``port``) to the input of another one with this ``slot``.

    ``type`` is None where nothing is elaborated. ``text`` is what an annotation writes on it. ``aside`` marks a tensor
    that is given beside those an op works on (``crop(x, like=y)``). ``mark``: where two networks are compared; ``was``
    is its type before, where that was another one.
    """

    source: int
    target: int
    type: TensorType | None
    port: int = 0
    slot: int = 0
    text: LinkText | None = None
    aside: bool = False
    mark: Mark = ""
    was: TensorType | None = None


@dataclass(frozen=True, eq=False)
class Sketch:
    """Steps in execution order, and wires that lead forward. ``labelled``: the author's labels stand alone.

    ``brief``: a link says its shape only where that is another one than before.
    """

    steps: tuple[Step, ...]
    wires: tuple[Wire, ...]
    frames: tuple[Frame, ...] = ()
    notes: tuple[str, ...] = ()
    labelled: bool = False
    brief: bool = False

    @cached_property
    def into(self) -> dict[int, list[Wire]]:
        """The wires by the step that they lead to."""
        return _grouped((w.target, w) for w in self.wires)

    @cached_property
    def out_of(self) -> dict[int, list[Wire]]:
        """The wires by the step that they come from."""
        return _grouped((w.source, w) for w in self.wires)

    def only_next(self, step: int) -> int | None:
        """The step that alone takes what this one gives, and takes nothing else."""
        out = self.out_of.get(step, [])
        if len(out) != 1 or len(self.into[out[0].target]) != 1:
            return None
        return out[0].target


def _grouped(pairs: Iterable[tuple[int, Wire]]) -> dict[int, list[Wire]]:
    groups: dict[int, list[Wire]] = defaultdict(list)
    for step, wire in pairs:
        groups[step].append(wire)
    return groups


def contract(sketch: Sketch, runs: Sequence[tuple[Sequence[int], Step]]) -> Sketch:
    """The sketch with each run of steps replaced by one step, which stands where the first or last of them stood.

    Chains stand at their first step, other runs must be without a gap; either way wires still lead forward. Wires
    inside a run go, and several that carry the same tensor to the same step become one.
    """
    owner = {member: number for number, (members, _) in enumerate(runs) for member in members}
    new = {members[0]: step for members, step in runs}
    kept = [i for i in range(len(sketch.steps)) if i not in owner or i in new]
    number = {old: i for i, old in enumerate(kept)}
    where = {i: number[runs[owner[i]][0][0]] if i in owner else number[i] for i in range(len(sketch.steps))}
    steps = tuple(new.get(i, sketch.steps[i]) for i in kept)
    return replace(sketch, steps=steps, wires=tuple(_rewired(sketch, where, set(owner))))


def _rewired(sketch: Sketch, where: dict[int, int], merged: set[int]) -> Iterable[Wire]:
    seen: set[tuple[int, int, int, int]] = set()
    for wire in sketch.wires:
        source, target = where[wire.source], where[wire.target]
        key = (source, wire.source if wire.source in merged else -1, wire.port, target)
        if source == target or (wire.target in merged and key in seen):
            continue
        seen.add(key)
        yield replace(wire, source=source, target=target)
