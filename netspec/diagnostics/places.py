"""Where diagnostics are, as tools want to know it: files, lines and columns."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from netspec.source import Source, Span


class Region(NamedTuple):
    """A span by lines and columns from 1, in characters; the end is the place after the last character.

    A byte-order mark takes no column.
    """

    start_line: int
    start_column: int
    end_line: int
    end_column: int


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
