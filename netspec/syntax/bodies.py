"""Bodies that Python's indentation marks: where their braces belong."""

from __future__ import annotations

import re

from netspec.diagnostics.model import Edit
from netspec.source import Source, Span
from netspec.syntax.brackets import indentation, last_deeper
from netspec.syntax.failure import Failure

_blank = re.compile(r"[ \t]*(#.*)?\r?").fullmatch
_continues = re.compile(r"[ \t]*(?:elif\b.*|else[ \t]*)(:)[ \t]*(?:#.*)?").fullmatch


def in_braces(f: Failure) -> list[Edit]:
    """The edits that put the body after a header into braces, and those of its ``elif:`` and ``else:``."""
    colon = f.token.type == "COLON"
    before = f.before().end
    opening = Edit(Span(f.source, before, f.token.end if colon else before), " {")
    number = f.source.position(before)[0]
    rest = f.source.text[f.token.end : _end(f.source, number)] if colon else ""
    if _blank(rest):
        return [opening, *_closed(f.source, number)]
    end = f.token.end + len(rest.rstrip())
    return [opening, Edit(Span(f.source, end, end), " }")]


def _closed(source: Source, header: int) -> list[Edit]:
    """The brace after the lines below a header that are indented deeper, unless it stands there.

    An ``else:`` right below is a header too.
    """
    edits: list[Edit] = []
    own = indentation(source.line(header))
    while True:
        last = last_deeper(source, header) or header
        line, number = _next_line(source, last)
        if line.lstrip().startswith("}") and indentation(line) == own:
            return edits
        end = _end(source, last)
        edits.append(Edit(Span(source, end, end), "\n" + " " * own + "}"))
        again = _continues(line)
        if again is None or indentation(line) != own:
            return edits
        colon = source.line_starts[number - 1] + again.start(1)
        edits.append(Edit(Span(source, colon, colon + 1), " {"))
        header = number


def _next_line(source: Source, number: int) -> tuple[str, int]:
    """The first line after one that is not blank, with its number."""
    for after in range(number + 1, len(source.line_starts) + 1):
        line = source.line(after)
        if not _blank(line):
            return line, after
    return "", number


def _end(source: Source, number: int) -> int:
    return source.line_starts[number - 1] + len(source.line(number))
