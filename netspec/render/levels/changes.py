"""What changed between two networks as a picture: an overview of both, and a chart of each block that changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from netspec.analysis.diff.compare import Comparison, Edit
from netspec.analysis.diff.difference import changes_of
from netspec.analysis.diff.model import Change, Difference
from netspec.graph import Definition, Graph
from netspec.graph.walk import join
from netspec.render.levels.blocks import opened_lists
from netspec.render.levels.charts import MOST_CHARTS, distinct, places_text
from netspec.render.levels.choosing import Instance, blocks_of
from netspec.render.levels.collect import collect
from netspec.render.levels.drawn import NOTHING
from netspec.render.levels.fold import MOST_STEPS, folded, with_equal_folded
from netspec.render.levels.merged import SAME, merged
from netspec.render.levels.overview import opened_stages
from netspec.render.levels.picturing import pictured
from netspec.render.levels.sheet import on_one_sheet
from netspec.render.levels.sketch import Sketch
from netspec.render.levels.telling import Told, change_lines, title_of_both, told_lines
from netspec.render.picture import MARKS, Mark, Picture

#: What a change is, wherever it is found: kind, labels, op or block, and the names of its attributes.
Key = tuple[str, tuple[str, ...], str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Chart:
    """A block that changed, came or went, and the one of its paths where it is drawn."""

    name: str
    sketch: Sketch
    drawn: str
    paths: tuple[str, ...]
    mark: Mark = ""
    policies: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        sign = f"{MARKS[self.mark][0]} " if self.mark in MARKS else ""
        return f"{sign}{self.name}: {places_text(self.paths)}"

    @property
    def notes(self) -> tuple[str, ...]:
        drawn = (f"drawn: {self.drawn}",) if len(self.paths) > 1 else ()
        return (*drawn, *self.policies)

    @property
    def picture(self) -> Picture:
        sketch = with_equal_folded(_unannotated(self.sketch))
        sketch = sketch if len(sketch.steps) <= MOST_STEPS else folded(sketch)
        return pictured(sketch, self.title, (), lines=told_lines)


def changes(difference: Difference) -> Picture:
    """The overview of two networks, what changed marked; beside it a chart of each block whose own steps changed, and
    of each that only one of them has.

    A chart shows a block before and after at a place with all of these changes; attributes are told with their values
    at all places. Annotations are not read. Of more than 24 charts the last are named instead.
    """
    comparison = Comparison()
    before, after = difference.before.definition, difference.after.definition
    edits = comparison.edits(before, after)
    opened = opened_stages(after)
    title, *notes = title_of_both(difference)
    sketch = merged(comparison, before, after, Told(after.name), opened)
    whole = pictured(folded(_unannotated(sketch)), title, notes, lines=told_lines)
    found = [*_changed(comparison, edits, opened), *_others(difference.before, difference.after)]
    if not found:
        return whole
    charts, left = found[: MOST_CHARTS - 1], found[MOST_CHARTS - 1 :]
    sheet = on_one_sheet(title, [difference.after.name, *(c.title for c in charts)], [(), *(c.notes for c in charts)],
                         [whole, *(c.picture for c in charts)], ["", *(c.mark for c in charts)])  # fmt: skip
    rest = (f"not drawn: {', '.join(dict.fromkeys(c.name for c in left))}",) if left else ()
    return replace(sheet, notes=(*notes, *rest))


def _unannotated(sketch: Sketch) -> Sketch:
    return replace(sketch, steps=tuple(replace(s, drawn=NOTHING) for s in sketch.steps))


# --------------------------------------------------------------------------------------------------- blocks of both


@dataclass(frozen=True, slots=True)
class _Place:
    """A block at a path that both networks have, with the changes of its own steps."""

    path: str
    before: Definition
    after: Definition
    explained: bool
    changes: tuple[Change, ...]

    @property
    def keys(self) -> frozenset[Key]:
        return frozenset((c.kind, c.labels, c.what, tuple(f.name for f in c.facts)) for c in self.changes)


def _changed(comparison: Comparison, edits: Sequence[Edit], opened: Set[Definition]) -> Iterator[_Chart]:
    """As few charts of each block as show all of its changes."""
    by_name: dict[str, list[_Place]] = defaultdict(list)
    for place in _places(edits, "", False):
        if place.changes and place.after not in opened:
            by_name[place.after.name].append(place)
    for places in by_name.values():
        left = frozenset[Key]().union(*(p.keys for p in places))
        for place in sorted(places, key=lambda p: (-len(p.keys), -len(p.after.nodes))):
            if place.keys & left:
                left -= place.keys
                yield _chart(comparison, place, [p for p in places if p.keys & place.keys])


def _chart(comparison: Comparison, drawn: _Place, places: Sequence[_Place]) -> _Chart:
    values: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for change in (c for p in (drawn, *places) for c in p.changes):
        for label in change.labels:
            for fact in change.facts:
                known = values[label, fact.name]
                known += [v for v in fact.values if v not in known]
    told = Told(drawn.after.name, drawn.explained, values)
    sketch = merged(comparison, drawn.before, drawn.after, told, opened_lists(drawn.after), drawn.path)
    policies = tuple(line for c in drawn.changes if not any(c.labels) for line in change_lines(c))
    paths = tuple(dict.fromkeys(p.path for p in places))
    return _Chart(drawn.after.class_name, sketch, drawn.path, paths, policies=policies)


def _places(edits: Sequence[Edit], path: str, explained: bool) -> Iterator[_Place]:
    """The blocks in which something changed, outer ones first."""
    for edit in edits:
        old, new = edit.before, edit.after
        if not (old and new and isinstance(old.body, Definition) and isinstance(new.body, Definition) and edit.inside):
            continue
        inner, below = explained or edit.explained, join(path, new.label)
        if new.body.kind != "sequential":
            found = changes_of(edit.inside, new.body.name, explained=inner)
            own = tuple(c for c in found if c.block == new.body.name)
            yield _Place(below, old.body, new.body, inner, own)
        yield from _places(edit.inside, below, inner)


# --------------------------------------------------------------------------------------------------- blocks of one


def _others(before: Graph, after: Graph) -> Iterator[_Chart]:
    """The blocks that came, and those that went."""
    old, new = blocks_of(before), blocks_of(after)
    yield from _whole(_apart(new, old), "added")
    yield from _whole(_apart(old, new), "removed")


def _apart(blocks: Sequence[Instance], others: Sequence[Instance]) -> list[Instance]:
    """Those whose name no other one has."""
    names = {definition.name for _, definition in others}
    return [i for i in blocks if i[1].name not in names]


def _whole(blocks: Sequence[Instance], mark: Mark) -> Iterator[_Chart]:
    for chart in distinct(blocks, lambda definition, path: collect(definition, opened_lists(definition), path)):
        steps = tuple(replace(s, changed=SAME) for s in chart.sketch.steps)
        wires = tuple(replace(w, mark="same") for w in chart.sketch.wires)
        sketch = replace(chart.sketch, steps=steps, wires=wires)
        yield _Chart(chart.definition.class_name, sketch, chart.path, tuple(chart.paths), mark)
