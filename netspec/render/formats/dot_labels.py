"""HTML-like labels and tooltips for Graphviz, everything in them escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from netspec.render.formats.theme import Theme
from netspec.render.picture import FAMILIES, SIZES, STAGE, WAYS, Box, Cluster, Link, Picture
from netspec.render.words import JOINER, LABEL_LENGTH, NOTE_LENGTH, SIZE_SIGNS, TOOLTIP_LENGTH, one_line, shortened

_PLAIN = 'BORDER="0" CELLBORDER="0"'
#: The width of a character of a frame's title, about, in points.
_CHARACTER = 6
#: The room after the label of a link in a frame, in points.
_ROOM = 20


def box_label(box: Box, theme: Theme) -> str:
    """A bold title, lines, and a small note."""
    first = row(box.title, 12 if box.family != "plain" else 11, theme.ink, bold=box.family != "plain")
    rows = [first, *(row(line, 11, theme.ink) for line in box.lines)]
    return table([*rows, row(box.note, 9, theme.ink)] if box.note else rows)


def heading(picture: Picture, theme: Theme) -> str:
    """The title of a picture with its notes, at the left."""
    notes = [row(note, 11, theme.faint, most=NOTE_LENGTH) for note in picture.notes]
    return table([row(picture.title, 16, theme.ink, bold=True), *notes], align="LEFT")


def frame_label(frame: Cluster, theme: Theme, beside: bool) -> str:
    """The title of a frame; where arrows come in as much room beside it, so that none crosses it."""
    room = f'<TD WIDTH="{_CHARACTER * len(frame.title)}"></TD>' if beside else ""
    cell = '<TD ALIGN="RIGHT">' if frame.notes else "<TD>"
    notes = "".join(f"<TR>{cell}{row(note, 10, theme.faint)}</TD></TR>" for note in frame.notes)
    return f"<<TABLE {_PLAIN}><TR>{room}{cell}{row(frame.title, 11, theme.faint)}</TD></TR>{notes}</TABLE>>"


def link_label(link: Link, theme: Theme, framed: bool = False) -> str:
    """The label of a link, a little away from it; in a frame with room after it, for Graphviz lets frames cut it."""
    sign = "" if link.told else SIZE_SIGNS.get(link.size, "")
    rows = (f'<TD WIDTH="4"></TD><TD>{row(line, 10, theme.ink)}</TD>' for line in (sign + link.label).split("\n"))
    room = f'<TD WIDTH="{_ROOM}"></TD>' if framed else ""
    cells = "</TR><TR>".join(f"{cells}{room}" for cells in rows)
    return f'<<TABLE BORDER="0" CELLSPACING="0" CELLPADDING="2"><TR>{cells}</TR></TABLE>>'


def table(rows: Iterable[str], align: str = "CENTER") -> str:
    cells = "".join(f'<TR><TD ALIGN="{align}">{r}</TD></TR>' for r in rows)
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


def legend(picture: Picture, theme: Theme) -> str:
    """What the colours and lines mean, as one row; empty where nothing needs a word."""
    cells = "".join([*_family_cells(picture, theme), *_line_cells(picture, theme)])
    return f'<<TABLE {_PLAIN} CELLSPACING="4" CELLPADDING="1"><TR>{cells}</TR></TABLE>>' if cells else ""


def _family_cells(picture: Picture, theme: Theme) -> Iterator[str]:
    for family in theme.told(picture.families):
        paint = theme.families[family]
        colours = f'COLOR="{paint.border}" BGCOLOR="{paint.fill}"'
        yield f'<TD FIXEDSIZE="TRUE" WIDTH="16" HEIGHT="11" BORDER="1" {colours}></TD>'
        yield _word(FAMILIES[family], theme)
    if picture.has_stages:
        outer = f'<TABLE BORDER="1" COLOR="{theme.line}" CELLBORDER="1" CELLSPACING="2" CELLPADDING="0">'
        yield f'<TD>{outer}<TR><TD FIXEDSIZE="TRUE" WIDTH="12" HEIGHT="7"></TD></TR></TABLE></TD>'
        yield _word(STAGE, theme)


def _line_cells(picture: Picture, theme: Theme) -> Iterator[str]:
    for size in picture.size_changes:
        yield _word("━━▶", theme, theme.size(size))
        yield _word(SIZE_SIGNS[size] + SIZES[size], theme)
    for way in picture.ways:
        yield _word("──▶" if way == "skip" else "╌╌▶", theme, theme.line)
        yield _word(WAYS[way], theme)


def _word(text: str, theme: Theme, colour: str = "") -> str:
    return f"<TD>{row(text, 10, colour or theme.ink)}</TD>"
