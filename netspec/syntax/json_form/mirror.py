"""The text form of what a JSON text says, as the source that all later phases work on.

They quote the spec, and look at its words; so a spec in JSON is written as text once, and read from that. What they
tell is shown where it stands in JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cached_property
from typing import Any

from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.json_form.tree import JsonText


class Mirror(Source):
    """The text form of a JSON text. ``pairs`` are its spans, and where each stands in the JSON text."""

    def __init__(self, text: str, written: JsonText) -> None:
        super().__init__(written.name, text)
        self.written = written
        self.pairs: dict[tuple[int, int], Span] = {}
        if hasattr(written, "folder"):
            self.folder = written.folder

    def learn(self, own: ast.Document, written: ast.Document) -> None:
        """Note where each node of the own tree stands in JSON, given the tree that was read from there."""
        for span, shown in spans(own.declarations, written.declarations):
            self.pairs[span.start, span.end] = shown

    @cached_property
    def _ranges(self) -> list[tuple[int, int]]:
        """The spans, short ones first."""
        return sorted(self.pairs, key=lambda range_: range_[1] - range_[0])

    def shown(self, span: Span) -> Span:
        found = self.pairs.get((span.start, span.end))
        if found is None:
            around = ((s, e) for s, e in self._ranges if s <= span.start and span.end <= e)
            found = self.pairs.get(next(around, (-1, -1)))
        return found.shown if found is not None else Span(self.written, 0, 0)

    def rewritten(self, span: Span, text: str) -> tuple[Span, str] | None:
        """An edit of what stands in a string of its own, or in one, is an edit of the JSON text too."""
        found = self.pairs.get((span.start, span.end))
        if found is None or found.source is self.written:
            return found and self.written.in_string(found, text)
        return found.source.rewritten(found, text)


def spans(own: Any, other: Any) -> Iterator[tuple[Span, Span]]:
    """The spans of two trees that say the same, in pairs; inner nodes after those around them."""
    if isinstance(own, tuple):
        for a, b in zip(own, other, strict=True):
            yield from spans(a, b)
    elif isinstance(own, ast.Node):
        names = [field.name for field in fields(own)]
        for name in names:
            if name.endswith("span"):
                yield getattr(own, name), getattr(other, name)
        for name in names:
            if not name.endswith("span"):
                yield from spans(getattr(own, name), getattr(other, name))
