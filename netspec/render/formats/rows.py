"""Many charts in one picture: which of them stand side by side."""

from __future__ import annotations

from netspec.render.picture import Box, Cluster, Link, Picture
from netspec.render.words import LABEL_LENGTH

#: Rows of charts get no wider than this, in points, unless one chart is.
WIDEST = 1400
#: The width of a character, about, and what stands around a text, in points.
CHARACTER, BOLD, MARGIN = 5.4, 6.6, 28


def rows(picture: Picture) -> list[list[Cluster]]:
    """The charts of a picture in rows, in order; none where it is one chart."""
    found: list[list[Cluster]] = []
    room = 0.0
    for chart in picture.charts:
        width = chart_width(picture, chart) + MARGIN
        if not found or width > room:
            found.append([])
            room = WIDEST
        found[-1].append(chart)
        room -= width
    return found


def chart_width(picture: Picture, chart: Cluster) -> float:
    """How wide a chart will be drawn, about: its widest rank, or its title."""
    texts = max(len(t[: 2 * LABEL_LENGTH]) * CHARACTER for t in (chart.whole_title, *chart.notes))
    return max(content_width(picture, chart), texts + MARGIN)


def content_width(picture: Picture, chart: Cluster) -> float:
    """How wide what stands in a frame will be drawn, about."""
    inside = picture.within(chart)
    links = [link for link in picture.links if link.target in inside]
    rank = _ranks(links)
    boxes = [b for b in picture.boxes if b.id in inside]
    height = max((rank.get(b.id, 0) for b in boxes), default=0)
    passing = [(rank.get(k.source, 0), rank[k.target], _link_width(k)) for k in links]
    widest = max(_rank_width(boxes, rank, passing, at) for at in range(height + 1))
    frames = max((_depth(picture, b.cluster) for b in boxes), default=0)
    return widest + frames * MARGIN


def chart_height(picture: Picture, chart: Cluster) -> int:
    """The most links in a row in a chart."""
    inside = picture.within(chart)
    return max(_ranks([link for link in picture.links if link.target in inside]).values(), default=0)


def _ranks(links: list[Link]) -> dict[str, int]:
    """How many links lead to a box at most; links stand in the order of their targets."""
    rank: dict[str, int] = {}
    for link in links:
        rank[link.target] = max(rank.get(link.target, 0), rank.get(link.source, 0) + 1)
    return rank


def _rank_width(boxes: list[Box], rank: dict[str, int], passing: list[tuple[int, int, float]], at: int) -> float:
    """The boxes of a rank with the links that pass them, or the links that lead on from it."""
    beside = sum(width for start, end, width in passing if start < at < end)
    below = sum(width for start, end, width in passing if start <= at < end)
    return max(sum(_box_width(b) + MARGIN for b in boxes if rank.get(b.id, 0) == at) + beside, below)


def _box_width(box: Box) -> float:
    lines = max((len(line) * CHARACTER for line in (*box.lines, box.note)), default=0)
    bold = max(len(line) for line in (box.title, *box.changes))
    return max(bold * BOLD, lines) + MARGIN


def _link_width(link: Link) -> float:
    return max(len(line) for line in link.label.split("\n")) * CHARACTER + MARGIN


def _depth(picture: Picture, cluster: str | None) -> int:
    parents = {c.id: c.parent for c in picture.clusters}
    depth = 0
    while cluster is not None:
        cluster, depth = parents[cluster], depth + 1
    return depth
