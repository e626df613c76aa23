"""Colours. Families take the colours of Okabe and Ito (Color Universal Design, 2008), mixed with the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from netspec.render.picture import FAMILIES, MARKS, Box, Link

OKABE_ITO = {
    "conv": "#0072B2",
    "linear": "#CC79A7",
    "pool": "#009E73",
    "norm": "#56B4E9",
    "activation": "#F0E442",
    "sequence": "#D55E00",
    "join": "#E69F00",
    "shape": "#999999",
}
#: What was added is green, what was removed vermilion, what was changed orange, what was renamed blue.
MARKED = {"added": "#009E73", "removed": "#D55E00", "changed": "#E69F00", "renamed": "#0072B2"}


@dataclass(frozen=True, slots=True)
class Paint:
    """How boxes of a family look."""

    fill: str
    border: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Six-digit colours of one page. ``ink`` is all text but ``faint`` (notes); ``line`` is what links are drawn in.

    ``down``, ``up`` and ``skip`` are thick links, ``optional`` is the frame of what is optional. ``families`` has those
    of ops, ``plain`` (a box with the author's label) and ``operator`` (arithmetic among such), ``marks`` what two
    networks that are compared have of each other: its border is the colour of links too. ``mermaid`` is the name of
    mermaid.js's own theme that colours the rest of its page.
    """

    name: str
    page: str
    ink: str
    faint: str
    frame: str
    line: str
    down: str
    up: str
    skip: str
    optional: str
    families: Mapping[str, Paint]
    marks: Mapping[str, Paint]
    mermaid: str

    def paint(self, box: Box) -> Paint:
        """How a box looks."""
        return self.marks[box.mark] if box.mark else self.families[box.family]

    def thick(self, link: Link) -> str | None:
        """The colour of a link that is drawn thick: its tensor was made smaller or larger, or its author says so."""
        if link.told and link.way == "skip":
            return self.skip
        return None if link.size == "same" else self.size(link.size)

    def size(self, change: str) -> str:
        """The colour of ``down`` and ``up``."""
        return self.down if change == "down" else self.up

    def told(self, families: Sequence[str]) -> tuple[str, ...]:
        """The families that a legend has to tell: those with a colour of their own."""
        coloured = {self.families[f].border for f in FAMILIES} != {self.ink}
        return tuple(f for f in families if f != "port" and coloured)


def theme_named(name: str) -> Theme:
    """One of ``light``, ``dark``, ``print``. Raises KeyError for another name."""
    return THEMES[name]


def mixed(colour: str, page: str, share: float) -> str:
    """``share`` of a colour on a page."""
    pairs = zip(channels(colour), channels(page), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02X}" for a, b in pairs)


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, from 1 to 21 (WCAG 2.2, relative luminance).

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#RRGGBB``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _paints(page: str, ink: str, share: float, border: float, port: Paint) -> dict[str, Paint]:
    """Fills are ``share`` of the colour on the page, borders ``border`` of it on white; the ink is a colour too."""
    paints = {name: Paint(mixed(c, page, share), mixed(c, "#FFFFFF", border)) for name, c in OKABE_ITO.items()}
    paints["regularisation"] = Paint(mixed(ink, page, 0.12), ink)
    return {name: paints.get(name, port) for name in FAMILIES}


def _marks(page: str, frame: str, fill: float, border: float, on: str) -> dict[str, Paint]:
    """Fills are a share of the colour on the page, borders one of it on black or white; what is the same has none."""
    paints = {name: Paint(mixed(c, page, fill), mixed(c, on, border)) for name, c in MARKED.items()}
    return {"same": Paint(page, frame), **paints}


_LIGHT = Theme(
    "light",
    page="#FFFFFF",
    ink="#1B1F24",
    faint="#57606A",
    frame="#AFB8C1",
    line="#57606A",
    down="#880000",
    up="#008800",
    skip="#888888",
    optional="#9370DB",
    families={
        **_paints("#FFFFFF", "#1B1F24", 0.18, 1.0, Paint("#FFFFFF", "#57606A")),
        "plain": Paint("#ECECFF", "#9370DB"),
        "operator": Paint("#FFB11B", "#AF811B"),
    },
    marks=_marks("#FFFFFF", "#AFB8C1", 0.22, 0.65, "#000000"),
    mermaid="default",
)
_DARK = Theme(
    "dark",
    page="#1B1F24",
    ink="#F0F3F6",
    faint="#B4BEC8",
    frame="#57606A",
    line="#A9B3BD",
    down="#FF6B6B",
    up="#5FD38D",
    skip="#9AA4AE",
    optional="#B39DDB",
    families={
        **_paints("#1B1F24", "#F0F3F6", 0.34, 0.7, Paint("#1B1F24", "#A9B3BD")),
        "plain": Paint("#2B2840", "#B39DDB"),
        "operator": Paint("#604307", "#FFC14D"),
    },
    marks=_marks("#1B1F24", "#57606A", 0.34, 0.65, "#FFFFFF"),
    mermaid="dark",
)
_PRINT = Theme(
    "print",
    page="#FFFFFF",
    ink="#000000",
    faint="#404040",
    frame="#808080",
    line="#000000",
    down="#000000",
    up="#000000",
    skip="#808080",
    optional="#000000",
    families=dict.fromkeys((*FAMILIES, "plain", "operator"), Paint("#FFFFFF", "#000000")),
    marks={"same": Paint("#FFFFFF", "#808080"), **dict.fromkeys(MARKS, Paint("#FFFFFF", "#000000"))},
    mermaid="neutral",
)

THEMES: dict[str, Theme] = {t.name: t for t in (_LIGHT, _DARK, _PRINT)}
