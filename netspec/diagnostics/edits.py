"""Applying the edits of diagnostics to a text."""

from __future__ import annotations

from collections.abc import Iterable

from netspec.diagnostics.model import Edit
from netspec.source import Source


def applied(source: Source, edits: Iterable[Edit]) -> str:
    """The text of a source after edits, which are made all at once. Of edits that overlap the first one is made.

    Edits of other sources are left out.
    """
    made: list[Edit] = []
    for edit in edits:
        if _is(edit.span.source, source) and not any(_overlap(edit, other) for other in made):
            made.append(edit)
    text = source.text
    for edit in sorted(made, key=lambda e: e.span.start, reverse=True):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _is(a: Source, b: Source) -> bool:
    """Whether two sources are the same text: that of a JSON file is read under its own name again."""
    return a is b or (a.name == b.name and a.text == b.text)


def _overlap(a: Edit, b: Edit) -> bool:
    if a.span.start == b.span.start:
        return True
    return a.span.start < b.span.end and b.span.start < a.span.end
