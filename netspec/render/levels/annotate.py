"""What annotations make of a sketch: steps that are not drawn, texts on links, frames, and charts of labels alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from netspec.render.levels.sketch import Frame, Sketch, Step, Wire


def annotated(sketch: Sketch) -> Sketch:
    """The sketch as its annotations want it.

    A chart in which a step has a label shows labels alone: functions are drawn as the links that go through them, and
    inputs and outputs only where arrows part or meet.
    """
    labelled = any(s.drawn.label is not None for s in sketch.steps)
    sketch = replace(sketch, wires=tuple(_with_texts(sketch)), labelled=labelled)
    if labelled:
        sketch = replace(sketch, frames=(), steps=tuple(replace(s, frame=None) for s in sketch.steps))
    sketch = without(sketch, {i for i, s in enumerate(sketch.steps) if _is_left_out(s, labelled)})
    if labelled:
        sketch = without(sketch, set(_plain_ends(sketch)))
    return _framed(sketch)


def _with_texts(sketch: Sketch) -> Iterator[Wire]:
    """The n-th `@link` of a step stands on what leaves its n-th output."""
    for wire in sketch.wires:
        links = sketch.steps[wire.source].drawn.links
        yield replace(wire, text=links[wire.port]) if wire.port < len(links) else wire


def _is_left_out(step: Step, labelled: bool) -> bool:
    unnamed = step.is_function and step.drawn.label is None
    return step.drawn.hidden or (unnamed and (labelled or bool(step.drawn.links)))


def _plain_ends(sketch: Sketch) -> Iterator[int]:
    """Inputs without a label that lead to one labelled step alone, and outputs that come from such."""
    for number, step in enumerate(sketch.steps):
        if step.kind == "input" and step.drawn.label is None:
            ends = {w.target for w in sketch.out_of.get(number, ())}
            if len(ends) <= 1 and all(_is_box(sketch.steps[e]) for e in ends):
                yield number
        elif step.kind == "output" and all(_is_box(sketch.steps[w.source]) for w in sketch.into.get(number, ())):
            yield number


def _is_box(step: Step) -> bool:
    return step.kind == "work" and not step.is_join


# --------------------------------------------------------------------------------------------------- leaving out


def without(sketch: Sketch, gone: set[int]) -> Sketch:
    """The sketch without some steps: what led to one leads to where its links led.

    A text near the end of a link stands before one near its start.
    """
    if not gone:
        return sketch
    origins: dict[int, list[Wire]] = {}
    wires: dict[tuple[object, ...], Wire] = {}
    for target in range(len(sketch.steps)):
        found = [w for wire in sketch.into.get(target, ()) for w in _from_drawn(wire, origins, gone)]
        if target in gone:
            unique = {(w.source, w.port, w.text): w for w in found if not w.aside}
            origins[target] = list(unique.values())
        else:
            wires |= {(w.source, w.port, target, _slot(w, sketch), w.text): w for w in found}
    kept = [i for i in range(len(sketch.steps)) if i not in gone]
    number = {old: new for new, old in enumerate(kept)}
    ended = tuple(replace(w, source=number[w.source], target=number[w.target]) for w in wires.values())
    return replace(sketch, steps=tuple(sketch.steps[i] for i in kept), wires=ended)


def _from_drawn(wire: Wire, origins: dict[int, list[Wire]], gone: set[int]) -> list[Wire]:
    """A wire as it comes from steps that are drawn."""
    if wire.source not in gone:
        return [wire]
    return [replace(wire, source=o.source, port=o.port, text=wire.text or o.text) for o in origins[wire.source]]


def _slot(wire: Wire, sketch: Sketch) -> int:
    """``x + x`` is two links; what became equal by leaving out is one."""
    return wire.slot if wire in sketch.into.get(wire.target, ()) else -1


# --------------------------------------------------------------------------------------------------- frames


def _framed(sketch: Sketch) -> Sketch:
    """Optional steps of one title that hang together stand in one dashed frame."""
    frames = list(sketch.frames)
    steps = list(sketch.steps)
    of: dict[int, int] = {}
    for number, step in enumerate(steps):
        title = step.drawn.optional
        if title is None:
            continue
        before = (w.source for w in sketch.into.get(number, ()) if w.source in of)
        frame = next((of[s] for s in before if frames[of[s]] == Frame(title, step.frame, True)), None)
        if frame is None:
            frame = len(frames)
            frames.append(Frame(title, step.frame, True))
        of[number] = frame
        steps[number] = replace(step, frame=frame)
    return replace(sketch, steps=tuple(steps), frames=tuple(frames))


def is_optional(sketch: Sketch, wire: Wire) -> bool:
    """Does a wire lead into or out of what is optional?"""
    ends = sketch.steps[wire.source], sketch.steps[wire.target]
    inside = [s.frame for s in ends if s.frame is not None and sketch.frames[s.frame].optional]
    return ends[0].condition != ends[1].condition or (bool(inside) and ends[0].frame != ends[1].frame)
