"""HTML-like labels and tooltips for Graphviz, everything in them escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from netspec.render.formats.theme import Theme
from netspec.render.picture import FAMILIES, MARKS, SIZES, STAGE, WAYS, Box, Cluster, Link, Picture
from netspec.render.words import JOINER, LABEL_LENGTH, NOTE_LENGTH, SIZE_SIGNS, TOOLTIP_LENGTH, one_line, shortened

_PLAIN = 'BORDER="0" CELLBORDER="0"'
#: The width of a character of a frame's title, about, in points.
_CHARACTER = 6
#: Arrows of the legend, of signs that the fonts of every renderer have.
SOLID, THICK, DASHED = "──►", "▬►", "\N{EN DASH} \N{EN DASH} ►"
#: The room after the label of a link in a frame, in points.
_ROOM = 20


def box_label(box: Box, theme: Theme) -> str:
    """A bold title, lines, and a small note."""
    first = row(box.title, 12 if box.family != "plain" else 11, theme.ink, bold=box.family != "plain")
    rows = [first, *(row(line, 11, theme.ink) for line in box.lines)]
    rows += [row(line, 11, theme.ink, bold=True) for line in box.changes]
    return table([*rows, row(box.note, 9, theme.ink)] if box.note else rows)


def heading(picture: Picture, theme: Theme) -> str:
    """The title of a picture with its notes and the legend, at the left, with room below."""
    notes = [row(note, 11, theme.faint, most=NOTE_LENGTH) for note in picture.notes]
    rows = [row(picture.title, 16, theme.ink, bold=True), *notes, *legend(picture, theme)]
    cells = "".join(f'<TR><TD ALIGN="LEFT">{r}</TD></TR>' for r in rows)
    return f'<<TABLE {_PLAIN} CELLSPACING="0" CELLPADDING="1">{cells}<TR><TD HEIGHT="{_ROOM}"></TD></TR></TABLE>>'


def frame_label(frame: Cluster, theme: Theme, beside: bool) -> str:
    """The title of a frame; where arrows come in as much room beside it, so that none crosses it."""
    room = f'<TD WIDTH="{_CHARACTER * len(frame.whole_title) + 2 * _ROOM}"></TD>' if beside else ""
    cell = '<TD ALIGN="RIGHT">' if frame.notes else "<TD>"
    notes = "".join(f"<TR>{cell}{row(note, 10, theme.faint)}</TD></TR>" for note in frame.notes)
    return f"<<TABLE {_PLAIN}><TR>{room}{cell}{row(frame.whole_title, 11, theme.faint)}</TD></TR>{notes}</TABLE>>"


def link_label(link: Link, theme: Theme, framed: bool = False) -> str:
    """The label of a link, a little away from it; in a frame with room after it, for Graphviz lets frames cut it."""
    sign = "" if link.told else SIZE_SIGNS.get(link.size, "")
    rows = (f'<TD WIDTH="4"></TD><TD>{row(line, 10, theme.ink)}</TD>' for line in (sign + link.label).split("\n"))
    room = f'<TD WIDTH="{_ROOM}"></TD>' if framed else ""
    cells = "</TR><TR>".join(f"{cells}{room}" for cells in rows)
    return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="2"><TR>{cells}</TR></TABLE>>'


def table(rows: Iterable[str]) -> str:
    cells = "".join(f'<TR><TD ALIGN="CENTER">{r}</TD></TR>' for r in rows)
    return f'<<TABLE {_PLAIN} CELLSPACING="0" CELLPADDING="1">{cells}</TABLE>>'


def row(text: str, size: int, colour: str, bold: bool = False, most: int = 2 * LABEL_LENGTH) -> str:
    words = escaped(shortened(one_line(text), most)) or " "
    inside = f"<B>{words}</B>" if bold else words
    return f'<FONT POINT-SIZE="{size}" COLOR="{colour}">{inside}</FONT>'


def escaped(text: str) -> str:
    """Text inside an HTML-like label."""
    return escape(_unsubstituted(one_line(text)), quote=True)


def _unsubstituted(text: str) -> str:
    """Graphviz puts names in for ``\\N``, ``\\G`` and the like, entities or not: an invisible joiner breaks them."""
    return text.replace("\\", f"\\{JOINER}")


def tooltip(lines: Iterable[str]) -> str:
    """Plain text with line breaks; what looks like an escape, an entity or HTML stays as it is."""
    import graphviz

    plain = (escape(_unsubstituted(shortened(one_line(line), TOOLTIP_LENGTH)), quote=False) for line in lines)
    return "\\n".join(str(graphviz.escape(line)) for line in plain)


def legend(picture: Picture, theme: Theme) -> Iterator[str]:
    """What the colours and lines mean, as one row of text; none where nothing needs a word."""
    keys = [*_family_keys(picture, theme), *_line_keys(picture, theme)]
    if keys:
        yield (3 * "&#160;").join(keys)


def _family_keys(picture: Picture, theme: Theme) -> Iterator[str]:
    for family in theme.told(picture.families):
        yield _key("■", theme.families[family].border, FAMILIES[family], theme)
    for mark in picture.marks:
        yield _key("■", theme.marks[mark].border, " ".join(MARKS[mark]), theme)
    if picture.has_stages:
        yield _key("══", theme.ink, STAGE, theme)


def _line_keys(picture: Picture, theme: Theme) -> Iterator[str]:
    for size in picture.size_changes:
        yield _key(THICK, theme.size(size), SIZE_SIGNS[size] + SIZES[size], theme)
    for way in picture.ways:
        yield _key(SOLID if way == "skip" else DASHED, theme.line, WAYS[way], theme)


def _key(sign: str, colour: str, words: str, theme: Theme) -> str:
    return f"{row(sign, 10, colour)}&#160;{row(words, 10, theme.ink)}"
