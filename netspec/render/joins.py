"""Which links are skips: an identity, or one with a projection on it."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.render.picture import Way
from netspec.render.sketch import Sketch, Wire


def skips(sketch: Sketch) -> dict[Wire, Way]:
    """The wires that are part of a skip, and of which kind.

    A wire into a join is an identity skip if what it comes from also feeds another operand of the join through other
    steps. A step with one input and one output that runs beside a longer way is a projection, both its wires are.
    """
    ways: dict[Wire, Way] = {}
    for target, step in enumerate(sketch.steps):
        if step.is_join or len(sketch.into.get(target, ())) > 1:
            ways.update(_at(sketch, sketch.into[target]))
    return ways


def _at(sketch: Sketch, operands: Sequence[Wire]) -> dict[Wire, Way]:
    ways: dict[Wire, Way] = {}
    for wire in operands:
        others = set().union(*(ancestors(sketch, o.source) for o in operands if o.source != wire.source))
        if wire.source in others:
            ways[wire] = "skip"
            continue
        before = sketch.into.get(wire.source, [])
        alone = len(before) == 1 and len(sketch.out_of[wire.source]) == 1
        if alone and _is_shortcut(sketch, before[0].source, wire, operands):
            ways[wire] = ways[before[0]] = "projection"
    return ways


def _is_shortcut(sketch: Sketch, start: int, wire: Wire, operands: Sequence[Wire]) -> bool:
    """Does another operand come from ``start`` by a way of more than one step?"""
    for other in operands:
        if other.source != wire.source and start in ancestors(sketch, other.source):
            direct = [w.source for w in sketch.into[other.source]] == [start]
            if not direct:
                return True
    return False


def ancestors(sketch: Sketch, step: int) -> set[int]:
    """The steps from which wires lead to this one, at any distance."""
    found: set[int] = set()
    waiting = [step]
    while waiting:
        for wire in sketch.into.get(waiting.pop(), ()):
            if wire.source not in found:
                found.add(wire.source)
                waiting.append(wire.source)
    return found
