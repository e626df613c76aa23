"""Several charts as one picture, each in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netspec.render.picture import Box, Cluster, Link, Mark, Picture, box_id, cluster_id


def on_one_sheet(title: str, titles: Sequence[str], notes: Sequence[tuple[str, ...]], pictures: Sequence[Picture],
                 marks: Sequence[Mark] = ()) -> Picture:  # fmt: skip
    """The charts, each in a frame with its title, notes and mark; what else they say of themselves is left out."""
    boxes: list[Box] = []
    links: list[Link] = []
    clusters: list[Cluster] = []
    given: Sequence[Mark] = marks or [""] * len(pictures)
    for heading, told, picture, mark in zip(titles, notes, pictures, given, strict=True):
        frame = cluster_id(len(clusters))
        ids = {box.id: box_id(len(boxes) + i) for i, box in enumerate(picture.boxes)}
        frames = {c.id: cluster_id(len(clusters) + 1 + i) for i, c in enumerate(picture.clusters)}
        clusters.append(Cluster(frame, heading, notes=told, mark=mark))
        clusters += (replace(c, id=frames[c.id], parent=frames.get(c.parent or "", frame)) for c in picture.clusters)
        boxes += (replace(b, id=ids[b.id], cluster=frames.get(b.cluster or "", frame)) for b in picture.boxes)
        links += (replace(link, source=ids[link.source], target=ids[link.target]) for link in picture.links)
    return Picture(title, tuple(boxes), tuple(links), tuple(clusters))
