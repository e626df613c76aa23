"""The level ``schematic``: a network or block before its parameters have values.

Sizes and lists are open, choices (flags, words) as their defaults say. A loop is drawn as first, second, ``...``, last;
labels keep their parameters; what stands under an open `if` is dashed.
"""

from __future__ import annotations

from netspec.elaborate import Outline
from netspec.render.levels.annotate import annotated
from netspec.render.levels.drawn import lines_of
from netspec.render.levels.picturing import pictured
from netspec.render.levels.schematic.annotations import drawn_of
from netspec.render.levels.schematic.forms import Form
from netspec.render.levels.schematic.lengths import with_named_lengths
from netspec.render.levels.schematic.parameters import parameters
from netspec.render.levels.schematic.rules import RULES
from netspec.render.levels.schematic.scope import Chart, Scope
from netspec.render.levels.schematic.values import Listed, text
from netspec.render.levels.sketch import Sketch
from netspec.render.picture import Picture
from netspec.render.words import first_sentence


def schematic(outline: Outline) -> Picture:
    """The picture of a block or network as it is written. Raises `RenderError` where it has too many boxes."""
    block, known = outline.block, outline.known
    chart = Chart(outline.name)
    scope = Scope(chart, RULES, outline.declared, {})
    parameters(block.params, known, scope)
    open_ = {text(v) for v in scope.names.values() if isinstance(v, (Form, Listed))}
    scope.run(block.body)
    sketch = annotated(Sketch(tuple(chart.steps), tuple(chart.wires), tuple(chart.frames)))
    sketch, lengths = with_named_lengths(sketch, open_, set(scope.names))
    label = drawn_of(block.annotations, scope).label
    title = outline.name if label is None else " ".join(lines_of(label))
    return pictured(sketch, title, (*first_sentence(outline.doc), *lengths))
