"""The level ``blocks``: a chart of each distinct block of a network, with its steps, its skip and the join."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from netspec.diagnostics import closest
from netspec.graph import Definition, Graph, InputPort, Node
from netspec.graph.walk import instances, join
from netspec.render.levels.annotate import annotated
from netspec.render.levels.collect import collect, definition_of
from netspec.render.levels.describe import detailed_lines
from netspec.render.levels.drawn import drawn
from netspec.render.levels.facts import differences
from netspec.render.levels.fold import MOST_STEPS, folded, with_equal_folded
from netspec.render.levels.overview import facts, title_of
from netspec.render.levels.picturing import pictured
from netspec.render.levels.sheet import on_one_sheet
from netspec.render.levels.sizes import change
from netspec.render.levels.sketch import Sketch
from netspec.render.picture import Picture, RenderError

#: More charts than this do not stand in one picture.
MOST_CHARTS = 24
#: Of the places where a block stands, so many are named.
NAMED_PLACES = 3
#: What differs stands on one line up to this length.
NOTE_WIDTH = 50


_Instance = tuple[str, Definition]


@dataclass(eq=False)
class _Chart:
    """Blocks of one name whose pictures differ in numbers alone, and where they stand; of them one is drawn."""

    sketch: Sketch
    path: str
    definition: Definition
    all: list[_Instance]

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.all]

    @property
    def differences(self) -> tuple[str, ...]:
        """Which one is drawn, and what the arguments of the others are: ``dilation 1, 3, 9``."""
        found = differences([d for _, d in self.all])
        told = (f"drawn: {self.path}", *found) if found else ()
        return (" · ".join(told),) if 0 < sum(map(len, told)) <= NOTE_WIDTH else told


def blocks(graph: Graph, sizes: Mapping[str, int] | None = None, block: str | None = None) -> Picture:
    """One chart for each distinct block of a network, in frames; without a frame where it is one. Of blocks that differ
    in numbers alone the first is drawn that resizes its tensor, else the first.

    Blocks behind a step with a `@label` are left out: their author said what is to be seen. Where that leaves none,
    the network itself is drawn. ``block`` draws one, by its name or by the path of an instance. Raises ValueError
    where there is no such block, `RenderError` for more than `MOST_CHARTS`.
    """
    charts = _named(graph, block) if block is not None else _distinct(_shown(graph))
    if not charts:
        charts = _distinct([("", graph.definition)])
    if len(charts) > MOST_CHARTS:
        names = ", ".join(dict.fromkeys(c.definition.class_name for c in charts))
        raise RenderError(f"{len(charts)} blocks, and {MOST_CHARTS} stand in one picture: choose with --block: {names}")
    pictures = [_picture(chart, graph, sizes) for chart in charts]
    if len(pictures) == 1:
        return pictures[0]
    titles = [_with_places(c) for c in charts]
    return on_one_sheet(f"{graph.name}: blocks", titles, [c.differences for c in charts], pictures)


def _picture(chart: _Chart, graph: Graph, sizes: Mapping[str, int] | None) -> Picture:
    definition, places = chart.definition, _places(chart.paths)
    where = f"{places} of {graph.name}" if places else ""
    title = definition.class_name if definition.kind == "block" else chart.paths[0] or title_of(definition)
    notes = tuple(filter(None, (*facts(definition), where, *chart.differences)))
    return pictured(chart.sketch, title, notes, sizes, detailed_lines)


def _with_places(chart: _Chart) -> str:
    places = _places(chart.paths)
    return f"{chart.definition.class_name}: {places}" if places else chart.definition.class_name


def _places(paths: Sequence[str]) -> str:
    """``layer1.0, layer2.0 and 2 more``."""
    named = [p for p in paths if p]
    if len(named) > NAMED_PLACES + 1:
        return f"{', '.join(named[:NAMED_PLACES])} and {len(named) - NAMED_PLACES} more"
    return ", ".join(named)


# --------------------------------------------------------------------------------------------------- which blocks


def _shown(graph: Graph) -> list[_Instance]:
    """The blocks of a network with their paths, less what stands behind labels."""
    return [i for i in _instances(graph.definition, labelled=False) if i[1].kind != "sequential"]


def _instances(definition: Definition, prefix: str = "", labelled: bool = True) -> Iterator[_Instance]:
    """The blocks and lists in a definition, outer ones first; of what repeats the first. ``labelled``: also those
    behind a `@label`. What stands in a block is told at its first place."""
    seen: set[Definition] = set()

    def below(definition: Definition, prefix: str) -> Iterator[_Instance]:
        for node in definition.nodes:
            body = definition_of(node.body)
            if body is None or not (labelled or drawn(node.drawings, body.drawings).label is None):
                continue
            path = join(prefix, next(instances(node.module or node.name, node.body))[0])
            yield path, body
            if body not in seen:
                seen.add(body)
                yield from below(body, path)

    return below(definition, prefix)


def _named(graph: Graph, name: str) -> list[_Chart]:
    """The charts of the block with a name, or of the instance at a path."""
    found = [("", graph.definition), *_instances(graph.definition)]
    at_path = _at(graph.definition, name)
    if at_path is not None:
        return _distinct([(name, at_path)])
    named = [(p, d) for p, d in found if d.kind != "sequential" and name in (d.name, d.class_name)]
    if not named:
        raise ValueError(_unknown(name, found))
    return _distinct(named)


def _at(definition: Definition, path: str) -> Definition | None:
    """The block or list at a path of the state dict."""
    for node in definition.nodes:
        body = definition_of(node.body)
        if body is None:
            continue
        label = node.module or node.name
        if label == "self":
            found = _at(body, path)
            if found is not None:
                return found
        for each, _ in instances(label, node.body):
            if path == each:
                return body
            if path.startswith(f"{each}."):
                return _at(body, path.removeprefix(f"{each}."))
    return None


def _unknown(name: str, found: Sequence[_Instance]) -> str:
    names = list(dict.fromkeys(d.class_name for _, d in found if d.kind != "sequential"))
    near = closest(name, [*names, *(p for p, _ in found if p)])
    listed = ", ".join(names[:8]) + (", …" if len(names) > 8 else "")
    return f"there is no block `{name[:60]}`: " + (f"did you mean `{near}`?" if near else f"there are {listed}")


# --------------------------------------------------------------------------------------------------- what is alike


def _distinct(found: Sequence[_Instance]) -> list[_Chart]:
    """One chart for all blocks of one name that look alike, those of one name together."""
    charts: dict[Any, _Chart] = {}
    sketches: dict[Definition, Sketch] = {}
    for path, definition in found:
        sketch = sketches.get(definition) or sketches.setdefault(definition, _sketch(definition, path))
        key = definition.name, definition.class_name, _form(sketch)
        chart = charts.setdefault(key, _Chart(sketch, path, definition, []))
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


def _sketch(definition: Definition, path: str) -> Sketch:
    sketch = with_equal_folded(annotated(collect(definition, _opened(definition), path)))
    return sketch if len(sketch.steps) <= MOST_STEPS else folded(sketch)


def _resizes(sketch: Sketch) -> bool:
    """Does a step make its tensor smaller or larger?"""
    parts = (part for step in sketch.steps for part in step.parts if part.inputs)
    return any(change(part.inputs[0], part.outputs[0]) for part in parts)


def _form(sketch: Sketch) -> Any:
    """What two charts have in common that differ in numbers alone."""
    steps = [
        (s.kind, s.name, s.drawn, s.frame, s.times > 1, *((p.label, getattr(p.body, "name", "")) for p in s.parts))
        for s in sketch.steps
    ]
    return (tuple(steps), tuple((w.source, w.target, w.slot) for w in sketch.wires), sketch.frames)


def _opened(definition: Definition) -> frozenset[Definition]:
    """The lists of layers in it, lists of such lists included; a list of blocks says in its box what it holds."""
    opened = {definition}
    waiting = [definition]
    while waiting:
        for node in waiting.pop().nodes:
            body = node.body
            if isinstance(body, Definition) and body.kind == "sequential" and _is_opened(node, body):
                opened.add(body)
                waiting.append(body)
    return frozenset(opened)


def _is_opened(node: Node, body: Definition) -> bool:
    members = [n for n in body.nodes if not isinstance(n.body, InputPort)]
    holds_blocks = any((d := definition_of(m.body)) is not None and d.kind != "sequential" for m in members)
    return node.module == "self" or not holds_blocks or any(m.drawings for m in members)
