"""From a sketch to a picture: what each box and each link says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from netspec.render.levels import describe
from netspec.render.levels.annotate import is_optional
from netspec.render.levels.collect import role_of
from netspec.render.levels.drawn import lines_of
from netspec.render.levels.facts import SIGNS, resized
from netspec.render.levels.families import channel_axis, family_of
from netspec.render.levels.joins import skips
from netspec.render.levels.sizes import change, shapes_text
from netspec.render.levels.sketch import Sketch, Step, Wire
from netspec.render.picture import MARKS, Box, Cluster, Link, Picture, Shape, SizeChange, Way, box_id, cluster_id
from netspec.render.words import TIMES
from netspec.types import TensorType

#: More wires than this between two boxes are drawn as one.
MOST_PARALLEL = 2
#: A join with a longer name stands in no circle.
LONGEST_SIGN = 12

#: How the type of a tensor is written.
Shown = Callable[[TensorType], str]


def pictured(sketch: Sketch, title: str, notes: Sequence[str], shape: Shown = str,
             lines: Callable[[Step], tuple[str, ...]] = describe.lines) -> Picture:  # fmt: skip
    """The picture of a sketch; ``shape`` says how types are written on links, ``lines`` what is in a step."""
    ways = {} if sketch.labelled else skips(_without_removed(sketch))
    projections = {w.source for w, way in ways.items() if way == "projection"} & {
        w.target for w, way in ways.items() if way == "projection" and not sketch.steps[w.target].is_join
    }
    drawn = (_box(i, step, sketch, i in projections, lines) for i, step in enumerate(sketch.steps))
    boxes = tuple(_marked(box, step) for box, step in zip(drawn, sketch.steps, strict=True))
    links = tuple(_links(sketch, ways, shape))
    return Picture(title, boxes, links, tuple(_clusters(sketch)), (*notes, *sketch.notes))


def _without_removed(sketch: Sketch) -> Sketch:
    """The links of the network after alone."""
    wires = tuple(w for w in sketch.wires if w.mark != "removed")
    return sketch if len(wires) == len(sketch.wires) else replace(sketch, wires=wires)


def _clusters(sketch: Sketch) -> Iterator[Cluster]:
    for number, frame in enumerate(sketch.frames):
        parent = None if frame.parent is None else cluster_id(frame.parent)
        yield Cluster(cluster_id(number), frame.title, parent, frame.optional, fact=frame.fact, mark=frame.mark)


# --------------------------------------------------------------------------------------------------- boxes


def _box(number: int, step: Step, sketch: Sketch, dashed: bool, lines: Callable[[Step], tuple[str, ...]]) -> Box:
    cluster = None if step.frame is None else cluster_id(step.frame)
    optional = step.frame is not None and sketch.frames[step.frame].optional
    dashed = dashed or bool(step.condition and not optional)
    if step.drawn.label is not None or sketch.labelled:
        return _plain_box(number, step, cluster, dashed)
    title, tooltip = describe.title(step), describe.tooltip(step)
    if step.kind != "work":
        return Box(box_id(number), title, (step.kind,) if step.kind not in title else (), family="port", shape="round",
                   dashed=dashed, cluster=cluster)  # fmt: skip
    family = step.written.family if step.written else family_of(step.parts)
    if step.is_join:
        told = lines(step)
        shape: Shape = "round" if told or len(step.sign) > LONGEST_SIGN else "circle"
        return Box(box_id(number), _sign(step), told, family="join", shape=shape, tooltip=tooltip, cluster=cluster)
    texts = title, lines(step), describe.note(step)
    return Box(box_id(number), *texts, family, "double" if step.is_stage else "box", dashed, tooltip, cluster)


def _marked(box: Box, step: Step) -> Box:
    """The box of a step in a picture of two networks: a sign before its title says what became of it."""
    if step.changed is None:
        return box
    mark = step.mark
    if mark not in MARKS:
        return replace(box, mark=mark, note="", dashed=False)
    if step.is_join:
        name = describe.class_name(step.only.body, step.only.inputs) if step.only else box.title
        box = replace(box, title=name, shape="box")
    return replace(box, title=f"{MARKS[mark][0]} {box.title}", changes=describe.changes(step), mark=mark,
                   note=describe.changed_note(step), dashed=mark == "removed")  # fmt: skip


def _plain_box(number: int, step: Step, cluster: str | None, dashed: bool) -> Box:
    """A box of a chart of labels: the label alone; ends are empty circles."""
    tooltip = describe.tooltip(step)
    if step.kind != "work" and step.drawn.label is None:
        return Box(box_id(number), "", family="plain", shape="circle", cluster=cluster)
    if step.is_join and step.drawn.label is None:
        return Box(box_id(number), _sign(step), family="operator", shape="circle", tooltip=tooltip, cluster=cluster)
    first, *lines = lines_of(step.drawn.label or "") if step.drawn.label is not None else (describe.title(step),)
    if step.times > 1 and step.drawn.label is not None:
        lines.append(f"{TIMES}{step.times:,}")
    shape: Shape = "box" if step.kind == "work" else "round"
    return Box(box_id(number), first, tuple(lines), "", "plain", shape, dashed, tooltip, cluster)


def _sign(step: Step) -> str:
    return SIGNS.get(step.sign, step.sign)


# --------------------------------------------------------------------------------------------------- links


def _links(sketch: Sketch, ways: Mapping[Wire, Way], shape: Shown) -> Iterator[Link]:
    """One link per wire; many wires between the same two boxes are one."""
    wires = sorted(sketch.wires, key=lambda w: (w.target, w.source, w.slot))
    for (target, source), group in groupby(wires, lambda w: (w.target, w.source)):
        between = list(group)
        if len(between) > MOST_PARALLEL:
            shapes = [_shape(w.type, shape) for w in between]
            mark = between[0].mark if len({w.mark for w in between}) == 1 else "changed"
            size = "same" if mark else _size(sketch, between[0])
            yield Link(box_id(source), box_id(target), _several(shapes), size, mark=mark)
        else:
            yield from (_link(sketch, wire, ways.get(wire, "plain"), shape) for wire in between)


def _link(sketch: Sketch, wire: Wire, way: Way, shape: Shown) -> Link:
    """A link with its tensor's shape; one that an annotation speaks of says what that says."""
    ends = box_id(wire.source), box_id(wire.target)
    way = "optional" if is_optional(sketch, wire) else "aside" if wire.aside else way
    if wire.text is not None:
        size: SizeChange = wire.text.kind if wire.text.kind in ("down", "up") else "same"
        label = "\n".join(lines_of(wire.text.text))
        return Link(*ends, label, size, "skip" if wire.text.kind == "skip" and way == "plain" else way, told=True)
    if sketch.labelled:
        return Link(*ends, way=way, told=True)
    if wire.mark:
        return Link(*ends, _compared(sketch, wire), way="plain" if way == "projection" else way, mark=wire.mark)
    told = way == "skip" and _is_told(sketch, wire)
    label = "" if told or (sketch.brief and _is_unchanged(sketch, wire)) else _shape(wire.type, shape)
    return Link(*ends, _named(sketch, wire, label), _size(sketch, wire), way)


def _named(sketch: Sketch, wire: Wire, label: str) -> str:
    """``h: [2, B, 128]`` for one of several outputs that the spec names; ``query: [B, L, 128]`` for one of several
    tensors that an op tells apart."""
    only, user = sketch.steps[wire.source].only, sketch.steps[wire.target].only
    name = only.names[wire.port] if label and only is not None and wire.port < len(only.names) else ""
    several = len({(w.source, w.port) for w in sketch.into[wire.target]}) > 1
    role = role_of(user.body, len(user.inputs), wire.slot) if several and user is not None else ""
    names = f"{name} as {role}" if name and role and name != role else name or role
    return ": ".join(filter(None, (names, label)))


def _compared(sketch: Sketch, wire: Wire) -> str:
    """The shape that a link has in both networks, or before and after; with a sign where one of them has the link."""
    shape = str(wire.type) if wire.was is None or wire.type is None else shapes_text(wire.was, wire.type)
    shape = _named(sketch, wire, shape)
    ends = sketch.steps[wire.source].mark, sketch.steps[wire.target].mark
    alone = wire.mark in ("added", "removed") and wire.mark not in ends
    return f"{MARKS[wire.mark][0]} {shape}" if alone else shape


def _several(shapes: Sequence[str]) -> str:
    return f"{len(shapes)} {TIMES} {shapes[0]}" if len(set(shapes)) == 1 else f"{len(shapes)} tensors"


def _is_told(sketch: Sketch, wire: Wire) -> bool:
    """Does another link from the same place carry the same tensor?"""
    return any(w.port == wire.port and w is not wire for w in sketch.out_of[wire.source])


def _is_unchanged(sketch: Sketch, wire: Wire) -> bool:
    """Is it the same as what came into a small step of the same frame?"""
    step, before = sketch.steps[wire.source], sketch.into.get(wire.source, ())
    same_frame = step.frame == sketch.steps[wire.target].frame
    return same_frame and len(before) == 1 and before[0].type == wire.type and step.kind == "work"


def _shape(type_: TensorType | None, shape: Shown) -> str:
    return "" if type_ is None else shape(type_)


def _size(sketch: Sketch, wire: Wire) -> SizeChange:
    """Was the tensor made smaller or larger by the step that it comes from?"""
    step = sketch.steps[wire.source]
    if wire.type is None or not step.parts or step.is_join or not step.parts[0].inputs:
        return "same"
    first = step.parts[0]
    whole = change(first.inputs[0], wire.type, channel_axis(first.body, first.inputs[0]))
    changes = map(resized, step.parts) if len(step.parts) > 1 else (whole, resized(first))
    return next((c for c in changes if c), "same")
