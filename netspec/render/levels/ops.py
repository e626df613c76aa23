"""The level ``ops``: every layer and function of a network, in a frame for each block and list around it."""

from __future__ import annotations

from collections.abc import Mapping

from netspec.graph import Graph
from netspec.render.levels.charts import distinct, picture_of_charts
from netspec.render.levels.choosing import named_blocks
from netspec.render.levels.nested import nested
from netspec.render.picture import Picture


def ops(graph: Graph, sizes: Mapping[str, int] | None = None, block: str | None = None) -> Picture:
    """The whole network down to its layers and functions, what repeats drawn once; or one ``block``, by its name or by
    the path of an instance. Annotations are not read.

    Raises ValueError where there is no such block.
    """
    found = [("", graph.definition)] if block is None else named_blocks(graph, block)
    return picture_of_charts(graph, distinct(found, nested), "ops", sizes)
