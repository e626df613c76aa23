"""A picture as DOT source, for Graphviz."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from netspec.render.formats import dot_labels as labels
from netspec.render.formats.rows import chart_height, rows
from netspec.render.formats.theme import Theme, theme_named
from netspec.render.formats.ushape import UShape, u_shape
from netspec.render.picture import MARKS, Box, Link, Picture

if TYPE_CHECKING:
    from graphviz import Digraph

#: One font: of a list Graphviz takes the metrics of Times.
FONT = "Helvetica"
#: How much straighter than skips the way through a network is.
STRAIGHT = "100"
#: How thick what is marked is drawn.
MARKED = "2"
#: Inches around a picture.
PAD = 0.2


def dot(picture: Picture, theme: str = "light") -> str:
    """DOT source; the same picture gives the same text.

    Ids are generated and labels are HTML-like with everything escaped, so that a spec's words are only ever text.
    """
    from graphviz import Digraph

    colours, shape = theme_named(theme), u_shape(picture)
    chart = Digraph("netspec")
    _defaults(chart, picture, colours)
    _charts_in_rows(chart, picture)
    _cluster(chart, picture, None, colours, shape)
    _u(chart, picture, shape)
    _inputs_in_order(chart, picture)
    return str(chart.source)


def _defaults(chart: Digraph, picture: Picture, theme: Theme) -> None:
    text = {"fontname": FONT, "fontcolor": theme.ink}
    chart.attr(**text, rankdir="TB", bgcolor=theme.page, nodesep="0.4", ranksep="0.45", pad=str(PAD), tooltip=" ")
    # Title and legend are the graph's label: in a frame around all Graphviz puts labels outside the frames in it.
    chart.attr(label=labels.heading(picture, theme), labelloc="t", labeljust="l")
    chart.attr("node", **text, shape="box", style="filled", fontsize="11", margin="0.18,0.07", height="0.3")
    chart.attr("edge", **text, fontsize="10", color=theme.line, arrowsize="0.7", tooltip=" ")


def _cluster(frame: Digraph, picture: Picture, cluster: str | None, theme: Theme, shape: UShape) -> None:
    """The boxes of a frame, the frames in it, and the links that stay inside, whose labels so do too.

    Skips come first and so stand on the left, where no label pushes what they pass aside.
    """
    boxes = picture.inside(cluster)
    ids = {b.id for b in boxes}
    own = [(number, link) for number, link in enumerate(picture.links)
           if {link.source, link.target} <= ids or (cluster is None and picture.crosses(link))]  # fmt: skip
    beside = [] if shape.level else [item for item in own if item[1].way in ("skip", "projection")]
    for number, link in beside:
        _link(frame, link, theme, number, shape, framed=cluster is not None)
    for box in boxes:
        _box(frame, box, theme)
    for inner in picture.clusters_inside(cluster):
        with frame.subgraph(name=f"cluster_{inner.id}") as child:
            label = labels.frame_label(inner, theme, beside=picture.entered(inner))
            look = {"style": "dashed", "pencolor": theme.optional} if inner.optional else {"style": "rounded"}
            look |= {"pencolor": theme.marks[inner.mark].border, "penwidth": MARKED} if inner.mark in MARKS else {}
            child.attr(**{"pencolor": theme.frame, "labeljust": "r", **look}, label=label, labelloc="t", margin="14")
            _cluster(child, picture, inner.id, theme, shape)
    for number, link in own:
        if (number, link) not in beside:
            _link(frame, link, theme, number, shape, framed=cluster is not None)


def _box(frame: Digraph, box: Box, theme: Theme) -> None:
    paint = theme.paint(box)
    looks = {
        "box": {},
        "round": {"style": "rounded,filled"},
        "double": {"peripheries": "2"},
        "circle": {"shape": "circle" if len(box.title) <= 1 else "ellipse", "margin": "0.02", "width": "0.32"},
    }[box.shape]
    if box.dashed:
        looks = {"style": "rounded,filled,dashed" if box.shape == "round" else "filled,dashed"}
    if box.mark in MARKS:
        looks |= {"penwidth": MARKED}
    tooltip = labels.tooltip(box.tooltip or (box.title,))
    frame.node(box.id, labels.box_label(box, theme), fillcolor=paint.fill, color=paint.border, tooltip=tooltip, **looks)


def _link(frame: Digraph, link: Link, theme: Theme, number: int, shape: UShape, framed: bool) -> None:
    """Graphviz draws from top to bottom, so a link that rises is written the other way round."""
    attributes = {"style": "dashed"} if link.dashed else {}
    if link.mark in MARKS:
        attributes |= {"color": theme.marks[link.mark].border, "penwidth": MARKED}
    colour = theme.thick(link)
    if colour:
        attributes |= {"color": colour, "penwidth": "3"}
    if link.label:
        attributes["label"] = labels.link_label(link, theme, framed)
        attributes["tooltip"] = attributes["labeltooltip"] = labels.tooltip((link.label,))
    if link.way == "plain" and not shape.level:
        attributes["weight"] = STRAIGHT
    if number in shape.rising:
        frame.edge(link.target, link.source, **attributes, dir="back")
    else:
        frame.edge(link.source, link.target, **attributes)


def _u(frame: Digraph, picture: Picture, shape: UShape) -> None:
    """Two straight columns, and the ends of skips at one height."""
    for box in picture.boxes if shape.level else ():
        frame.node(box.id, group="right" if box.id in shape.right else "left")
    for pair in shape.level:
        with frame.subgraph() as row:
            row.attr(rank="same")
            for name in pair:
                row.node(name)


def _inputs_in_order(frame: Digraph, picture: Picture) -> None:
    """Several inputs side by side as they were declared."""
    targets = {link.target for link in picture.links}
    inputs = [b.id for b in picture.inside(None) if b.family == "port" and b.id not in targets]
    if len(inputs) > 1:
        with frame.subgraph() as row:
            row.attr(rank="same")
            for one, other in pairwise(inputs):
                row.edge(one, other, style="invis")


def _charts_in_rows(frame: Digraph, picture: Picture) -> None:
    """Charts in frames from left to right, in rows: by an unseen node above each row, below all of the row before.

    The way from one to the next leads down on the left, where no label pushes it into a chart.
    """
    found = rows(picture)
    for number, row in enumerate(found):
        above = f"above{number}"
        frame.node(above, "", style="invis", shape="point", ordering="out")
        if number + 1 < len(found):
            height = max(chart_height(picture, chart) for chart in row)
            frame.edge(above, f"above{number + 1}", style="invis", weight="0", minlen=str(height + 2))
        for chart in row:
            first = next(b.id for b in picture.boxes if b.id in picture.within(chart))
            frame.edge(above, first, style="invis", weight="0")
