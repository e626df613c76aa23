"""Networks that go down and up again, with skips across: their pictures are folded into a U.

Where that is so, what rises is drawn upwards on the right of what falls, and the ends of a skip stand level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from netspec.render.picture import Link, Picture


@dataclass(frozen=True, slots=True)
class UShape:
    """``rising`` are the numbers of the links that are drawn upwards, ``level`` the pairs of boxes at one height.

    ``right`` are the boxes of the rising side.
    """

    rising: frozenset[int] = frozenset()
    right: frozenset[str] = frozenset()
    level: tuple[tuple[str, str], ...] = ()


def u_shape(picture: Picture) -> UShape:
    """The U of a picture, empty where it has none: skips that stand around each other, and a turn inside them all.

    The turn is the first box after the innermost skip's start that makes its tensor larger.
    """
    place = {box.id: i for i, box in enumerate(picture.boxes)}
    skips = _across(picture, place)
    turn = _turn(picture, place, skips)
    if turn is None or not _is_flat(picture):
        return UShape()
    rising = frozenset(i for i, link in enumerate(picture.links) if place[link.target] >= turn and link not in skips)
    if any(place[picture.links[i].source] < turn - 1 for i in rising):
        return UShape()
    return UShape(rising, frozenset(b.id for b in picture.boxes[turn:]), tuple((s.source, s.target) for s in skips))


def _across(picture: Picture, place: dict[str, int]) -> list[Link]:
    """The skips, outermost first, if each stands around the next; else none."""
    skips = sorted((s for s in picture.links if s.way == "skip"), key=lambda s: place[s.source])
    ends = [place[s.target] for s in skips]
    nested = all(a > b for a, b in pairwise(ends))
    apart = len({s.source for s in skips}) == len(skips)
    return skips if nested and apart else []


def _turn(picture: Picture, place: dict[str, int], skips: Sequence[Link]) -> int | None:
    if not skips:
        return None
    start, end = place[skips[-1].source], place[skips[-1].target]
    inside = [link for link in picture.links if start <= place[link.source] < end]
    falls = any(link.size == "down" for link in inside)
    rises = [place[link.source] for link in inside if link.size == "up"]
    return min(rises) if falls and rises else None


def _is_flat(picture: Picture) -> bool:
    return not picture.clusters
