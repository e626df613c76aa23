"""What the drawing annotations say of one step."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from netspec.graph import Drawing

LinkKind = Literal["down", "up", "skip"]


class LinkText(NamedTuple):
    """``@link("down<br>sampling", "down")``."""

    text: str
    kind: LinkKind | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """``links`` are texts of the links that leave, one for each output in order; the rest is as the annotations are
    called."""

    label: str | None = None
    hidden: bool = False
    optional: str | None = None
    links: tuple[LinkText, ...] = ()


NOTHING = Drawn()


def drawn(own: Iterable[Drawing], declared: Iterable[Drawing] = ()) -> Drawn:
    """What annotations say: those at a step (or at the loop around it), and of each kind that it has none of those
    of the block's declaration.
    """
    said = {**_by_name(declared), **_by_name(own)}
    if not said:
        return NOTHING
    first = {name: drawings[0].args for name, drawings in said.items()}
    (label,), (title,) = first.get("label", (None,)), first.get("optional", (None,))
    return Drawn(label, "hide" in said, title, tuple(LinkText(*d.args) for d in said.get("link", ())))


def _by_name(drawings: Iterable[Drawing]) -> dict[str, list[Drawing]]:
    found: dict[str, list[Drawing]] = {}
    for drawing in drawings:
        found.setdefault(drawing.name, []).append(drawing)
    return found


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of an author's text: ``<br>`` ends one."""
    return tuple(re.split(r"\s*(?:<br\s*/?>|\n)\s*", text))
