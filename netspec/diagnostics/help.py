"""What to do about a mistake: words, and the edits that do it."""

from __future__ import annotations

import re

from netspec.diagnostics.model import Edit
from netspec.source import Span


class Help(str):
    """A help with the edits that do what it says; a `Diagnostic` takes them from it.

    >>> from netspec.source import Source
    >>> Help("write `->`", Edit(Span(Source("a", "x => y"), 2, 4), "->")).edits[0].text
    '->'
    """

    edits: tuple[Edit, ...]

    def __new__(cls, text: str, *edits: Edit) -> Help:
        made = super().__new__(cls, text)
        made.edits = edits
        return made


def inserted(span: Span, text: str) -> Edit:
    """Put a text before a place."""
    return Edit(Span(span.source, span.start, span.start), text)


def appended(span: Span, text: str) -> Edit:
    """Put a text after a place."""
    return Edit(Span(span.source, span.end, span.end), text)


def removed(span: Span) -> Edit:
    """Take out an argument or an element of a list, with the comma that joins it to its neighbours."""
    text, start, end = span.source.text, span.start, span.end
    after = _comma_after(text, end)
    before = text[:start].rstrip()
    if after:
        end = after.end()
    elif before.endswith(","):
        start = len(before) - 1
    return Edit(Span(span.source, start, end), "")


_comma_after = re.compile(r"\s*,[ \t]*").match
