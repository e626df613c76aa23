"""The level ``overview``: inputs, stages, outputs, in 7 to 9 boxes where a network allows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from netspec.graph import Definition, Graph, InputPort
from netspec.render.levels.annotate import annotated
from netspec.render.levels.collect import collect, definition_of
from netspec.render.levels.drawn import drawn, lines_of
from netspec.render.levels.fold import folded
from netspec.render.levels.picturing import pictured
from netspec.render.levels.sizes import shape_text
from netspec.render.picture import Picture
from netspec.render.words import first_sentence

#: A network of fewer steps than this, with no stages, is shown one level further down.
FEW_STEPS = 3
#: In one with no stages a block with this share of all layers is opened, if it has no more steps than these.
MOST_OF_ALL, MOST_OPENED = 2 / 3, 40


def overview(graph: Graph, sizes: Mapping[str, int] | None = None) -> Picture:
    """The picture of a network by its stages, or by its top-level steps where it has none.

    Equal neighbours are one box, a differing first one stands on a line of its own. Blocks that hold stages are
    frames. With ``sizes`` (see `netspec.analysis.bind_inputs`) the shapes on the links are numbers.

    >>> overview(graph).boxes[0].title  # doctest: +SKIP
    'clip'
    """
    sketch = folded(annotated(collect(graph.definition, opened_stages(graph.definition))))
    return pictured(sketch, title_of(graph.definition), facts(graph.definition), shape_text(graph, sizes))


def title_of(definition: Definition) -> str:
    """Its label where its declaration has one, else its name."""
    label = drawn((), definition.drawings).label
    return definition.name if label is None else " ".join(lines_of(label))


def facts(definition: Definition) -> tuple[str, ...]:
    """The first sentence of the documentation, and the number of parameters."""
    return (*first_sentence(definition.doc), f"{definition.parameter_count:,} parameters")


def opened_stages(network: Definition) -> frozenset[Definition]:
    """The definitions to open: the network, blocks that hold a `stage` at any depth, lists whose members are annotated.

    Where a network is little more than one block, by its steps or its layers, that block is opened too.
    """
    staged: dict[Definition, bool] = {}
    opened = {network}
    level = [network]
    while level:
        below = [b for d in level for b in _blocks(d)]
        few = not _holds_stage(network, staged) and sum(map(_size, level)) < FEW_STEPS
        level = [b for b in below if (few or _holds_stage(b, staged) or _is_annotated(b)) and b not in opened]
        opened.update(level)
    return frozenset(opened if _holds_stage(network, staged) else opened | _main_parts(network, opened))


def _main_parts(network: Definition, opened: set[Definition]) -> set[Definition]:
    """What holds nearly all of a network, and what holds nearly all of that in turn; nothing of what is annotated."""
    found: set[Definition] = set()
    waiting = list(opened)
    while waiting:
        outer = waiting.pop()
        blocks = [b for b in _blocks(outer) if b not in opened]
        main = [b for b in blocks if b.node_count >= MOST_OF_ALL * network.node_count and not b.drawings]
        if not any(n.drawings for n in outer.nodes) and len(main) == 1 and _size(main[0]) <= MOST_OPENED:
            found.add(main[0])
            waiting += main
    return found


def _blocks(definition: Definition) -> Iterator[Definition]:
    return (n.body for n in definition.nodes if isinstance(n.body, Definition))


def _size(definition: Definition) -> int:
    return sum(not isinstance(n.body, InputPort) for n in definition.nodes)


def _holds_stage(definition: Definition, known: dict[Definition, bool]) -> bool:
    if definition not in known:
        marked = any(n.stage for n in definition.nodes)
        known[definition] = marked or any(_holds_stage(b, known) for b in _blocks(definition))
    return known[definition]


def _is_annotated(definition: Definition) -> bool:
    """A list of steps in which one has an annotation, or is a block that has one."""
    inner = (definition_of(n.body) for n in definition.nodes)
    declared = any(b is not None and b.drawings for b in inner)
    return definition.kind == "sequential" and (declared or any(n.drawings for n in definition.nodes))
