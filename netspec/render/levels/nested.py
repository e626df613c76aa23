"""Everything in a block as one sketch: blocks and lists opened at every depth, each in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition
from netspec.render.levels import describe
from netspec.render.levels.collect import collect
from netspec.render.levels.drawn import NOTHING
from netspec.render.levels.families import own_types
from netspec.render.levels.fold import with_equal_folded
from netspec.render.levels.sketch import Frame, Part, Place, Sketch, Step, Wire
from netspec.render.words import TIMES

#: What stands below the title of such a chart.
NOTES = ("a link without a shape carries what came into the box before it",)


def nested(definition: Definition, path: str = "") -> Sketch:
    """The sketch of all layers and functions in a definition; ``path`` leads to it. Annotations are not read.

    What repeats is drawn once, in a frame that says how often: ``1 … 3: Bottleneck3d ×3``.
    """
    nesting = _Nesting()
    nesting.whole(definition, path)
    sketch = Sketch(tuple(nesting.steps), tuple(nesting.wires), tuple(nesting.frames), NOTES, brief=True)
    return _without_empty_frames(sketch)


class _Nesting:
    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.wires: list[Wire] = []
        self.frames: list[Frame] = []

    def whole(self, definition: Definition, path: str) -> None:
        sketch = _folded(definition, path)
        inputs = [self._add(step, ()) for step in sketch.steps if step.kind == "input"]
        results = self._inside(sketch, inputs, None)
        ends = [(number, step) for number, step in enumerate(sketch.steps) if step.kind == "output"]
        for (number, step), place in zip(ends, results, strict=True):
            self._add(step, [replace(sketch.into[number][0], source=place.step, port=place.port)])

    def _add(self, step: Step, wires: Sequence[Wire]) -> Place:
        """Add a step with the wires that lead to it."""
        number = len(self.steps)
        self.steps.append(step)
        self.wires += (replace(w, target=number) for w in wires)
        return Place(number, 0)

    def _inside(self, sketch: Sketch, sources: Sequence[Place], frame: int | None) -> list[Place]:
        """Add the steps of a sketch whose inputs have places; the places of its outputs."""
        given = iter(sources)
        places: dict[Place, Place] = {}
        results: list[Place] = []
        for number, step in enumerate(sketch.steps):
            wires = [self._moved(w, places) for w in sketch.into.get(number, ())]
            if step.kind == "input":
                places[Place(number, 0)] = next(given)
            elif step.kind == "output":
                results.append(Place(wires[0].source, wires[0].port))
            else:
                found = self._step(step, wires, frame)
                places |= {Place(number, port): place for port, place in enumerate(found)}
        return results

    def _moved(self, wire: Wire, places: dict[Place, Place]) -> Wire:
        place = places[Place(wire.source, wire.port)]
        return replace(wire, source=place.step, port=place.port)

    def _step(self, step: Step, wires: Sequence[Wire], frame: int | None) -> list[Place]:
        """Add what a step stands for; the places of its outputs."""
        if step.only is not None:
            return self._part(step, step.only, wires, frame)
        frame = self._framed(f"{describe.title(step)}{_times(step)}", frame)
        places: list[Place] = []
        for part in step.parts:  # a chain that repeats: each takes what the one before it gives
            if places:
                wires = [Wire(places[0].step, 0, part.inputs[0], places[0].port)]
            places = self._part(Step((part,)), part, wires, frame)
        return places

    def _part(self, step: Step, part: Part, wires: Sequence[Wire], frame: int | None) -> list[Place]:
        if not isinstance(part.body, Definition):
            place = self._add(replace(step, frame=frame), wires)
            return [Place(place.step, port) for port in range(len(part.outputs))]
        if part.label:
            frame = self._framed(_title(step, part.body), frame, describe.note(step))
        sources = [Place(w.source, w.port) for w in sorted(wires, key=lambda w: w.slot)]
        sketch = _folded(part.body, part.path)
        return self._inside(_again(sketch) if part.again else sketch, sources, frame)

    def _framed(self, title: str, parent: int | None, fact: str = "") -> int:
        self.frames.append(Frame(title, parent, fact=fact))
        return len(self.frames) - 1


def _folded(definition: Definition, path: str) -> Sketch:
    sketch = collect(definition, {definition}, path)
    return with_equal_folded(replace(sketch, steps=tuple(replace(s, drawn=NOTHING) for s in sketch.steps)))


def _again(sketch: Sketch) -> Sketch:
    """The inside of a block whose weights are used again: so are those of its parts."""

    def used(part: Part) -> Part:
        return replace(part, again=part.again or parameters_of(part.body, own_types(part)) > 0)

    return replace(sketch, steps=tuple(replace(s, parts=tuple(map(used, s.parts))) for s in sketch.steps))


def _title(step: Step, body: Definition) -> str:
    """``1 … 3: Bottleneck3d ×3``; a list has no class."""
    name = "" if body.kind == "sequential" else f": {body.class_name}"
    return f"{describe.title(step)}{name}{_times(step)}"


def _times(step: Step) -> str:
    return f" {TIMES}{step.times:,}" if step.times > 1 else ""


def _without_empty_frames(sketch: Sketch) -> Sketch:
    """A block that hands on what it gets has no steps, and so no frame."""
    used: set[int] = set()
    for step in sketch.steps:
        frame = step.frame
        while frame is not None and frame not in used:
            used.add(frame)
            frame = sketch.frames[frame].parent
    number = {old: new for new, old in enumerate(sorted(used))}
    frames = (sketch.frames[old] for old in number)
    moved = (f if f.parent is None else f._replace(parent=number[f.parent]) for f in frames)
    steps = (s if s.frame is None else replace(s, frame=number[s.frame]) for s in sketch.steps)
    return replace(sketch, steps=tuple(steps), frames=tuple(moved))
