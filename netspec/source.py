"""Spec texts and places in them."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple


class Source:
    """One spec text and the name under which users know it (a path, or ``std/conv``).

    >>> Source("a.netspec", "netspec 1\\nblock").position(10)
    (2, 1)
    """

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    @cached_property
    def line_starts(self) -> list[int]:
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of an offset."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (numbered from 1) without its end."""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] - 1 if number < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    def shown(self, span: Span) -> Span:
        """Where users see what stands at a span of this source: elsewhere for a text that was made of another one."""
        return span

    def rewritten(self, span: Span, text: str) -> tuple[Span, str] | None:
        """The edit, where users see it, that makes ``text`` of a span of this source; None where there is none."""
        return span, text

    def remarks(self, span: Span) -> tuple[str, ...]:
        """What to say beside a value of a wrong type that stands at a span."""
        return ()

    def path(self, offset: int) -> str:
        """How data formats name a place: ``$.declarations[0].body[2]``; empty for a text."""
        return ""


class Span(NamedTuple):
    """The half-open range ``[start, end)`` of offsets in a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    @property
    def shown(self) -> Span:
        """The place in the file that users have."""
        return self.source.shown(self)

    @property
    def line(self) -> int:
        shown = self.shown
        return shown.source.position(shown.start)[0]

    @property
    def place(self) -> str:
        """``specs/resnet3d50.netspec:12``, as tracebacks and comments name it."""
        return f"{self.source.name}:{self.line}"

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of another one."""
        return Span(self.source, self.start, other.end)
