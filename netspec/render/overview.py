"""The level ``overview``: inputs, stages, outputs, in 7 to 9 boxes where a network allows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from netspec.dims import substitute
from netspec.graph import Graph, OpCall
from netspec.render import describe
from netspec.render.collect import collect
from netspec.render.families import family_of
from netspec.render.fold import folded
from netspec.render.joins import skips
from netspec.render.labels import DIVIDED, MINUS, TIMES, one_line
from netspec.render.picture import Box, Cluster, Link, Picture, SizeChange, Way, box_id
from netspec.render.sizes import change
from netspec.render.sketch import Sketch, Step, Wire
from netspec.types import TensorType

#: More wires than this between two boxes are drawn as one.
MOST_PARALLEL = 2
#: How operators stand in a circle; other joins stand there by name.
SIGNS = {"-": MINUS, "*": TIMES, "/": DIVIDED}


def overview(graph: Graph, sizes: Mapping[str, int] | None = None) -> Picture:
    """The picture of a network by its stages, or by its top-level steps where it has none.

    Equal neighbours are one box, a differing first one stands on a line of its own. Blocks that hold stages are
    frames. With ``sizes`` (see `netspec.analysis.bind_inputs`) the shapes on the links are numbers.

    >>> overview(graph).boxes[0].title  # doctest: +SKIP
    'clip'
    """
    sketch = folded(collect(graph))
    ways = skips(sketch)
    projections = {w.source for w, way in ways.items() if way == "projection"} & {w.target for w in ways}
    boxes = tuple(_box(i, step, i in projections) for i, step in enumerate(sketch.steps))
    links = tuple(_links(sketch, ways, sizes or {}))
    return Picture(graph.name, boxes, links, tuple(_clusters(sketch)), (*_facts(graph), *sketch.notes))


def _facts(graph: Graph) -> Iterator[str]:
    """The first line of the documentation, and the number of parameters."""
    yield from [t for t in map(one_line, graph.definition.doc.splitlines()) if t][:1]
    yield f"{graph.definition.parameter_count:,} parameters"


def _clusters(sketch: Sketch) -> Iterator[Cluster]:
    for number, (title, parent) in enumerate(sketch.clusters):
        yield Cluster(_cluster_id(number) or "", title, _cluster_id(parent))


def _cluster_id(number: int | None) -> str | None:
    return None if number is None else f"c{number}"


def _box(number: int, step: Step, dashed: bool) -> Box:
    cluster, title = _cluster_id(step.cluster), describe.title(step)
    if step.kind != "work":
        return Box(box_id(number), title, (step.kind,) if step.kind not in title else (), family="port", shape="round")
    family, tooltip = family_of(step.parts), describe.tooltip(step)
    if step.is_join:
        return Box(box_id(number), _sign(step), family=family, shape="circle", tooltip=tooltip, cluster=cluster)
    texts = title, describe.lines(step), describe.note(step)
    return Box(box_id(number), *texts, family, "double" if step.is_stage else "box", dashed, tooltip, cluster)


def _sign(step: Step) -> str:
    body = step.parts[0].body
    assert isinstance(body, OpCall)
    symbol = str(getattr(body.op, "symbol", body.name))
    return SIGNS.get(symbol, symbol)


def _links(sketch: Sketch, ways: Mapping[Wire, Way], sizes: Mapping[str, int]) -> Iterator[Link]:
    """One link per wire; many wires between the same two boxes are one."""
    wires = sorted(sketch.wires, key=lambda w: (w.target, w.source, w.slot))
    for (target, source), group in groupby(wires, lambda w: (w.target, w.source)):
        between = list(group)
        ends = box_id(source), box_id(target)
        if len(between) > MOST_PARALLEL:
            yield Link(*ends, _several([_shape(w.type, sizes) for w in between]), _size(sketch, between[0]))
            continue
        for wire in between:
            way = ways.get(wire, "plain")
            label = "" if way == "skip" and _is_told(sketch, wire) else _shape(wire.type, sizes)
            yield Link(*ends, label, _size(sketch, wire), way)


def _several(shapes: Sequence[str]) -> str:
    return f"{len(shapes)} {TIMES} {shapes[0]}" if len(set(shapes)) == 1 else f"{len(shapes)} tensors"


def _is_told(sketch: Sketch, wire: Wire) -> bool:
    """Does another link from the same place carry the same tensor?"""
    return any(w.port == wire.port and w is not wire for w in sketch.out_of[wire.source])


def _shape(type_: TensorType, sizes: Mapping[str, int]) -> str:
    return str(TensorType(type_.dtype, tuple(substitute(d, sizes) for d in type_.dims)))


def _size(sketch: Sketch, wire: Wire) -> SizeChange:
    """Was the tensor made smaller or larger by the step that it comes from?"""
    step = sketch.steps[wire.source]
    if not step.parts or step.is_join or not step.parts[0].inputs:
        return "same"
    whole = change(step.parts[0].inputs[0], wire.type)
    changes = [whole, *(change(p.inputs[0], p.outputs[0]) for p in step.parts if p.inputs)]
    return next((c for c in changes if c), "same")
