"""Which links are skips: an identity, or one with a projection on it."""

from __future__ import annotations

from collections.abc import Sequence, Set

from netspec.graph import Definition, OpCall, Repeat
from netspec.graph.model import Body
from netspec.render.levels.sketch import Sketch, Step, Wire
from netspec.render.picture import Way

#: The families of layers that make a branch a projection.
WEIGHTED = ("conv", "linear", "sequence")


def skips(sketch: Sketch) -> dict[Wire, Way]:
    """The wires that are part of a skip, and of which kind.

    A wire into a join is an identity skip if what it comes from also feeds another operand of the join through other
    steps. A projection is a chain with weights into a sum, beside a way with more layers from the same step; all its
    wires are.
    """
    ways: dict[Wire, Way] = {}
    known: dict[Body, int] = {}
    layers = [_layers(step, known) for step in sketch.steps]
    before = _before(sketch)
    for target, step in enumerate(sketch.steps):
        if step.is_join or len({wire.slot for wire in sketch.into.get(target, ())}) > 1:
            ways.update(_at(sketch, step, sketch.into[target], layers, before))
    return ways


def _at(sketch: Sketch, join: Step, operands: Sequence[Wire], layers: Sequence[int],
        before: Sequence[frozenset[int]]) -> dict[Wire, Way]:  # fmt: skip
    ways: dict[Wire, Way] = {}
    for wire in operands:
        others = frozenset[int]().union(*(before[o.source] for o in operands if o.source != wire.source))
        if wire.source in others:
            ways[wire] = "skip"
        elif join.sign == "+":
            branch = _branch(sketch, wire, others)
            start, own = branch[-1].source, sum(layers[w.source] for w in branch[:-1])
            ends = [o.source for o in operands if o.source != wire.source]
            if start in others and 0 < own < max(_most_layers(sketch, start, end, layers) for end in ends):
                ways.update(dict.fromkeys(branch, "projection"))
    return ways


def _branch(sketch: Sketch, wire: Wire, others: Set[int]) -> list[Wire]:
    """The chain that ends in a wire, last wire first, back to a step from which the other operands come too."""
    chain = [wire]
    while chain[-1].source not in others:
        before = sketch.into.get(chain[-1].source, [])
        if len(before) != 1 or len(sketch.out_of[chain[-1].source]) != 1:
            break
        chain.append(before[0])
    return chain


def _most_layers(sketch: Sketch, start: int, end: int, layers: Sequence[int]) -> int:
    """The layers on the way between two steps that has most of them; 0 where there is none."""
    found = {start: 0}
    for step in range(start + 1, end + 1):
        before = [found[w.source] for w in sketch.into.get(step, ()) if w.source in found]
        if before:
            found[step] = max(before) + layers[step]
    return found.get(end, 0)


def _layers(step: Step, known: dict[Body, int]) -> int:
    """The convolutions and linear layers of a step; of what is not elaborated 1 where it may hold such."""
    if step.written is not None:
        unknown = not step.written.is_function and not step.written.is_join
        return int(unknown and step.written.family in (*WEIGHTED, "shape"))
    return step.times * sum(_within(part.body, known) for part in step.parts)


def _within(body: Body, known: dict[Body, int]) -> int:
    if isinstance(body, Repeat):
        return body.count * _within(body.body, known)
    if isinstance(body, Definition) and body not in known:
        known[body] = sum(_within(node.body, known) for node in body.nodes)
    return known.get(body, 0) if isinstance(body, Definition) else int(_has_weights(body))


def _has_weights(body: Body) -> bool:
    return isinstance(body, OpCall) and body.op.family in WEIGHTED


def _before(sketch: Sketch) -> list[frozenset[int]]:
    """Of each step those from which wires lead to it, at any distance; wires lead forward."""
    found: list[frozenset[int]] = []
    for step in range(len(sketch.steps)):
        sources = {wire.source for wire in sketch.into.get(step, ())}
        found.append(frozenset(sources).union(*(found[s] for s in sources)))
    return found
