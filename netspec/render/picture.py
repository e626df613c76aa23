"""What a picture shows, whatever format it is written in: boxes, clusters and the links between boxes.

A level (`netspec.render.levels`) makes a `Picture`, a format (`netspec.render.formats`) writes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from netspec.render.words import MINUS

#: The families of ops and what the legend calls them, in the order of the legend.
FAMILIES: dict[str, str] = {
    "conv": "convolution",
    "linear": "linear",
    "pool": "pooling",
    "norm": "normalisation",
    "activation": "activation",
    "sequence": "attention, recurrence, embedding",
    "regularisation": "dropout",
    "join": "join",
    "shape": "other",
    "port": "input, output",
}

#: How a size changes along a link, and the ways of links, with what the legend calls them; the rest needs no word.
SIZES: dict[str, str] = {"down": "smaller (stride, pooling)", "up": "larger (upsampling)"}
WAYS: dict[str, str] = {
    "skip": "skip, as it is", "projection": "skip, projected", "optional": "optional: where its `if` holds",
}  # fmt: skip
#: What the legend calls a double frame.
STAGE = "stage"
#: What two networks that are compared have of each other, with its sign and what the legend calls it.
MARKS: dict[str, tuple[str, str]] = {
    "added": ("+", "added"), "removed": (MINUS, "removed"), "changed": ("~", "changed"), "renamed": (">", "renamed"),
}  # fmt: skip

SizeChange = Literal["same", "down", "up"]
#: ``aside`` leads to an operand that is given by name: a mask, a tensor that lends its size.
Way = Literal["plain", "skip", "projection", "optional", "aside"]
Shape = Literal["box", "round", "double", "circle"]
#: Of what is in a picture of two networks; ``same`` is in both. Empty in pictures of one.
Mark = Literal["", "same", "added", "removed", "changed", "renamed"]


class RenderError(Exception):
    """A picture that cannot be drawn: one line that says why and what to do."""


class RenderWarning(UserWarning):
    """A picture that was drawn in another way than expected: one line that says why."""


@dataclass(frozen=True, slots=True)
class Box:
    """One node. ``title`` is bold, ``lines`` stand below it, then bold ``changes``, ``note`` last and small.

    ``id`` is made by `box_id`, never from a name. ``family`` is one of `FAMILIES`; in charts of labels ``plain``, and
    ``operator`` for arithmetic. ``shape``: a plain box, a round one (inputs, outputs, joins with settings), a double
    one (stages), or a circle around a sign. ``dashed`` marks a projection, what is optional, or was removed. One with
    a ``mark`` takes its colour from that.
    """

    id: str
    title: str
    lines: tuple[str, ...] = ()
    note: str = ""
    family: str = "shape"
    shape: Shape = "box"
    dashed: bool = False
    tooltip: tuple[str, ...] = ()
    cluster: str | None = None
    mark: Mark = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A frame around boxes and other clusters; an ``optional`` one is dashed. ``notes`` stand below its title, ``fact``
    behind it where there is room."""

    id: str
    title: str
    parent: str | None = None
    optional: bool = False
    notes: tuple[str, ...] = ()
    fact: str = ""
    mark: Mark = ""

    @property
    def whole_title(self) -> str:
        return f"{self.title} · {self.fact}" if self.fact else self.title


@dataclass(frozen=True, slots=True)
class Link:
    """An arrow between two boxes, by their ids. ``size`` tells whether its tensor was just made smaller or larger.

    The lines of a label are ended by newlines. ``told``: the link is as the author says, and no legend explains it.
    One with a ``mark`` takes its look from that.
    """

    source: str
    target: str
    label: str = ""
    size: SizeChange = "same"
    way: Way = "plain"
    told: bool = False
    mark: Mark = ""

    @property
    def dashed(self) -> bool:
        return self.mark == "removed" if self.mark else self.way in ("projection", "optional")


@dataclass(frozen=True)
class Picture:
    """A titled chart; ``notes`` are facts about the whole, below the title."""

    title: str
    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    clusters: tuple[Cluster, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def families(self) -> tuple[str, ...]:
        """Those that occur, in the order of the legend."""
        used = {b.family for b in self.boxes if not b.mark}
        return tuple(f for f in FAMILIES if f in used)

    @property
    def marks(self) -> tuple[str, ...]:
        """Those that need a word and occur, in the order of the legend."""
        used = {b.mark for b in self.boxes} | {k.mark for k in self.links} | {c.mark for c in self.clusters}
        return tuple(mark for mark in MARKS if mark in used)

    @property
    def has_stages(self) -> bool:
        return any(b.shape == "double" for b in self.boxes)

    @property
    def size_changes(self) -> tuple[str, ...]:
        """Those that occur, in the order of the legend."""
        used = {link.size for link in self.links if not (link.told or link.mark)}
        return tuple(k for k in SIZES if k in used)

    @property
    def ways(self) -> tuple[str, ...]:
        """Those that need a word and occur, in the order of the legend."""
        used = {link.way for link in self.links if not (link.told or link.mark)}
        return tuple(k for k in WAYS if k in used)

    @property
    def charts(self) -> tuple[Cluster, ...]:
        """Its frames, where each is a chart of its own; else none."""
        frames = self.clusters_inside(None)
        apart = len(frames) > 1 and not self.inside(None) and all(map(self.stands_alone, frames))
        return frames if apart else ()

    def entered(self, cluster: Cluster) -> bool:
        """Does a link lead into a cluster from outside?"""
        inside = self.within(cluster)
        return any(k.target in inside and k.source not in inside for k in self.links)

    def stands_alone(self, cluster: Cluster) -> bool:
        """Is there no link between a cluster and the rest?"""
        inside = self.within(cluster)
        return all((k.source in inside) == (k.target in inside) for k in self.links)

    def within(self, cluster: Cluster) -> set[str]:
        """The boxes in a cluster, and in clusters in it."""
        clusters = {cluster.id}
        for inner in self.clusters:  # outer ones come first
            clusters |= {inner.id} if inner.parent in clusters else set()
        return {b.id for b in self.boxes if b.cluster in clusters}

    def inside(self, cluster: str | None) -> tuple[Box, ...]:
        """The boxes directly in a cluster, or in none."""
        return tuple(b for b in self.boxes if b.cluster == cluster)

    def crosses(self, link: Link) -> bool:
        """Does a link lead from one frame to another?"""
        places = self._clusters_by_box
        return places[link.source] != places[link.target]

    @cached_property
    def _clusters_by_box(self) -> dict[str, str | None]:
        return {b.id: b.cluster for b in self.boxes}

    def clusters_inside(self, cluster: str | None) -> tuple[Cluster, ...]:
        return tuple(c for c in self.clusters if c.parent == cluster)


def box_id(number: int) -> str:
    """``n12``: no word of a format, and never a name from a spec."""
    return f"n{number}"


def cluster_id(number: int) -> str:
    """``c3``."""
    return f"c{number}"
