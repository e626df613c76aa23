"""Charts of blocks: one for all that look alike, and many of them on a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from netspec.graph import Definition, Graph, InputPort, OpCall, Repeat
from netspec.graph.model import Body
from netspec.render.levels.choosing import Instance
from netspec.render.levels.collect import definition_of
from netspec.render.levels.describe import detailed_lines
from netspec.render.levels.facts import differences, resized
from netspec.render.levels.overview import facts, title_of
from netspec.render.levels.picturing import pictured
from netspec.render.levels.sheet import on_one_sheet
from netspec.render.levels.sizes import shape_text
from netspec.render.levels.sketch import Sketch
from netspec.render.picture import Picture, RenderError

#: More charts than this do not stand in one picture.
MOST_CHARTS = 24
#: Of the places where a block stands, so many are named.
NAMED_PLACES = 3
#: Fewer where they are longer than this together.
PLACES_WIDTH = 60
#: What differs stands on one line up to this length.
NOTE_WIDTH = 50

#: How the inside of a block at a path is drawn.
Sketched = Callable[[Definition, str], Sketch]


@dataclass(eq=False)
class Chart:
    """Blocks of one name whose pictures differ in numbers alone, and where they stand; of them one is drawn."""

    sketch: Sketch
    path: str
    definition: Definition
    all: list[Instance]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.all]

    @property
    def differences(self) -> tuple[str, ...]:
        """Which one is drawn, and what the arguments of the others are: ``dilation 1, 3, 9``."""
        found = differences([d for _, d in self.all])
        told = (f"drawn: {self.path}", *found) if found else ()
        return (" · ".join(told),) if 0 < sum(map(len, told)) <= NOTE_WIDTH else told


def picture_of_charts(graph: Graph, charts: Sequence[Chart], level: str, sizes: Mapping[str, int] | None) -> Picture:
    """The only chart, or all of them in frames. Raises `RenderError` for more than `MOST_CHARTS`."""
    if len(charts) > MOST_CHARTS:
        names = ", ".join(dict.fromkeys(c.definition.class_name for c in charts))
        raise RenderError(f"{len(charts)} blocks, and {MOST_CHARTS} stand in one picture: choose with --block: {names}")
    pictures = [_picture(chart, graph, sizes) for chart in charts]
    if len(pictures) == 1:
        return pictures[0]
    titles = [_with_places(c) for c in charts]
    return on_one_sheet(f"{graph.name}: {level}", titles, [c.differences for c in charts], pictures)


def _picture(chart: Chart, graph: Graph, sizes: Mapping[str, int] | None) -> Picture:
    definition, places = chart.definition, places_text(chart.paths)
    where = f"{places} of {graph.name}" if places else ""
    title = definition.class_name if definition.kind == "block" else chart.paths[0] or title_of(definition)
    notes = tuple(filter(None, (*facts(definition), where, *chart.differences)))
    return pictured(chart.sketch, title, notes, shape_text(graph, sizes), detailed_lines)


def _with_places(chart: Chart) -> str:
    places = places_text(chart.paths)
    return f"{chart.definition.class_name}: {places}" if places else chart.definition.class_name


def places_text(paths: Sequence[str]) -> str:
    """``layer1.0, layer2.0 and 2 more``."""
    named = [p for p in paths if p]
    told = NAMED_PLACES if len(named) > NAMED_PLACES + 1 else len(named)
    while told > 1 and len(", ".join(named[:told])) > PLACES_WIDTH:
        told -= 1
    rest = len(named) - told
    return ", ".join(named[:told]) + (f" and {rest} more" if rest else "")


# --------------------------------------------------------------------------------------------------- what is alike


def distinct(found: Sequence[Instance], sketched: Sketched) -> list[Chart]:
    """One chart for all blocks of one name that look alike, those of one name together, outer ones first.

    The first of them is drawn that resizes its tensor, else the first.
    """
    charts: dict[Any, Chart] = {}
    sketches: dict[Definition, Sketch] = {}
    for path, definition in found:
        sketch = sketches.get(definition) or sketches.setdefault(definition, sketched(definition, path))
        key = definition.name, definition.class_name, _form(sketch)
        chart = charts.setdefault(key, Chart(sketch, path, definition, []))
        chart.all.append((path, definition))
        if sketch is not chart.sketch and _resizes(sketch) and not _resizes(chart.sketch):
            chart.sketch, chart.path, chart.definition = sketch, path, definition
    heights: dict[Definition, int] = {}
    highest: dict[str, int] = {}
    for chart in charts.values():
        name = chart.definition.class_name
        highest[name] = max(highest.get(name, 0), _height(chart.definition, heights))
    order = sorted(highest, key=lambda name: -highest[name])
    return sorted(charts.values(), key=lambda c: order.index(c.definition.class_name))


def _height(definition: Definition, known: dict[Definition, int]) -> int:
    """How deep blocks stand in a block."""
    if definition not in known:
        inner = (definition_of(n.body) for n in definition.nodes)
        known[definition] = 1 + max((_height(d, known) for d in inner if d is not None), default=0)
    return known[definition]


def _resizes(sketch: Sketch) -> bool:
    """Does a step make its tensor smaller or larger?"""
    return any(resized(part) for step in sketch.steps for part in step.parts)


def _form(sketch: Sketch) -> Any:
    """What two charts have in common that differ in numbers alone."""
    steps = [
        (s.kind, s.name, s.drawn, s.frame, s.times > 1, *((p.label, _form_of(p.body)) for p in s.parts))
        for s in sketch.steps
    ]
    frames = tuple(f._replace(fact="") for f in sketch.frames)
    return (tuple(steps), tuple((w.source, w.target, w.slot) for w in sketch.wires), frames)


def _form_of(body: Body) -> Any:
    """A block's name; the members of a list, equal neighbours as one; of an op also what settings are no numbers."""
    if isinstance(body, OpCall):
        _, others = body.op.given()
        return body.name, tuple((n, v) for n, v in others.items() if v is None or isinstance(v, bool | str))
    if not isinstance(body, Definition) or body.kind != "sequential":
        return getattr(body, "name", "")
    bodies = [n.body for n in body.nodes if not isinstance(n.body, InputPort)]
    alike = [(key, list(group)) for key, group in groupby(bodies, _inner)]
    return tuple((_form_of(each), len(group) > 1 or isinstance(group[0], Repeat)) for each, group in alike)


def _inner(body: Body) -> Body:
    return body.body if isinstance(body, Repeat) else body
