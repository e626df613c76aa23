"""Where diagnostics are, as tools want to know it: files, lines and columns."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote

from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Source, Span


class Region(NamedTuple):
    """A span by lines and columns from 1, in characters; the end is the place after the last character.

    A byte-order mark takes no column.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int


def as_shown(diagnostic: Diagnostic) -> Diagnostic:
    """The diagnostic with its places where users see them: those of a spec in the JSON form are in the JSON text.

    Its edits stay where all of them can be done there.
    """
    edits = [edit.span.source.rewritten(edit.span, edit.text) for edit in diagnostic.edits]
    made = tuple(Edit(*edit) for edit in edits if edit is not None)
    primary, related = _label(diagnostic.primary), tuple(map(_label, diagnostic.related))
    remarks = primary.span.source.remarks(primary.span) if diagnostic.code == "NS203" else ()
    return replace(
        diagnostic, primary=primary, related=related, notes=(*diagnostic.notes, *remarks),
        edits=made if len(made) == len(edits) else (), help=str(diagnostic.help),
    )  # fmt: skip


def _label(label: Label) -> Label:
    return Label(label.span.shown, label.text)


def region(span: Span) -> Region:
    return Region(*_position(span.source, span.start), *_position(span.source, max(span.start, span.end)))


def _position(source: Source, offset: int) -> tuple[int, int]:
    line, column = source.position(offset)
    if line == 1 and source.text.startswith("\ufeff"):
        column = max(1, column - 1)
    return line, column


def is_file(source: Source) -> bool:
    """Whether a source is a file of the user's: not of the standard library, and no argument from the command line."""
    return hasattr(source, "folder")


def uri(source: Source) -> str:
    """The address of a source: a path as a relative or ``file:`` address, ``netspec:std/conv`` for what is no file."""
    path = quote(source.name, safe="/")
    if not is_file(source):
        return f"netspec:{path}"
    return f"file://{path}" if path.startswith("/") else path
