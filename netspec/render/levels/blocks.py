"""The level ``blocks``: a chart of each distinct block of a network, with its steps, its skip and the join."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.graph import Definition, Graph, InputPort, Node
from netspec.render.levels.annotate import annotated
from netspec.render.levels.charts import distinct, picture_of_charts
from netspec.render.levels.choosing import named_blocks, shown_blocks
from netspec.render.levels.collect import collect, definition_of
from netspec.render.levels.fold import MOST_STEPS, folded, with_equal_folded
from netspec.render.levels.sketch import Sketch
from netspec.render.picture import Picture


def blocks(graph: Graph, sizes: Mapping[str, int] | None = None, block: str | None = None) -> Picture:
    """One chart for each distinct block of a network, in frames; without a frame where it is one. Of blocks that differ
    in numbers alone the first is drawn that resizes its tensor, else the first.

    Blocks behind a step with a `@label` are left out: their author said what is to be seen. Where that leaves none,
    the network itself is drawn. ``block`` draws one, by its name or by the path of an instance. Raises ValueError
    where there is no such block, `RenderError` for too many charts.
    """
    found = shown_blocks(graph) if block is None else named_blocks(graph, block)
    charts = distinct(found or [("", graph.definition)], _sketch)
    return picture_of_charts(graph, charts, "blocks", sizes)


def _sketch(definition: Definition, path: str) -> Sketch:
    sketch = with_equal_folded(annotated(collect(definition, opened_lists(definition), path)))
    return sketch if len(sketch.steps) <= MOST_STEPS else folded(sketch)


def opened_lists(definition: Definition) -> frozenset[Definition]:
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
