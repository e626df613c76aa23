"""Lines of text, and the comments that are put between and beside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from netspec.syntax.brackets import PAIRS
from netspec.syntax.format.columns import Line, joined
from netspec.syntax.format.comments import Comment, Notes
from netspec.syntax.format.layout import INDENT, NOWHERE, WIDTH


class Lines:
    """The lines so far. ``indent`` is where the lines of the innermost broken part begin, ``nested`` says whether a
    bracket is open, so that a line may end anywhere."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.lines: list[Line] = []
        self.current: Line | None = None
        self.text = ""
        self.indent = 0
        self.nested = False
        self.run = 0
        self.runs = 0

    # ------------------------------------------------------------------------------------------------- lines

    def line(self, indent: int, start: int = NOWHERE, *, first: bool = False, blank: bool = False,
             keep: bool = True, take: bool = True, opener: int = NOWHERE) -> None:  # fmt: skip
        """End the line and begin another one for what starts at a place of the text, after the comments before that.

        Blank lines are kept where ``keep`` says so and nothing is ``first`` in its bracket; ``blank`` asks for one.
        What is broken for its length alone does not ``take`` comments: inside of it they would break it otherwise.
        """
        taken = self.notes.take(start) if take else []
        below = taken[self._end_with(taken, start) :]
        above = self.notes.blank_above if keep else _never
        alone = [c for c in below if c.alone]
        blank = blank and not any(above(c.start) for c in alone[1:])
        blank = blank and not (alone and above(start))
        for comment in below:
            self._begin(indent, not first and (blank or above(comment.start)))
            self.text += _demoted(comment) if self.notes.moves(comment, start) else comment.text
            first = blank = False
        self._begin(indent, not first and (blank or above(start, opener)))

    def close(self, inner: int, outer: int, place: int, *, empty: bool = False, take: bool = True) -> None:
        """Begin the line of what closes a bracket or body, after the comments that are left in it."""
        taken = self.notes.take(place) if take else []
        for n, comment in enumerate(taken[self._end_with(taken, place) :]):
            self._begin(inner, not (empty and n == 0) and self.notes.blank_above(comment.start))
            self.text += _demoted(comment) if self.notes.moves(comment, place) else comment.text
        self._begin(outer, False)

    def _end_with(self, taken: list[Comment], start: int) -> int:
        """Put a comment at the end of the line, if one belongs there; how many of those taken are written then.

        What documents the line, or is about it, stays beside it: others before that go above the line.
        """
        if self.current is None or not taken:
            return 0
        bound = [n for n, c in enumerate(taken) if not c.alone and c.bound and not self.notes.moves(c, start)]
        at = bound[-1] if bound else 0
        if not bound and taken[0].alone and not self.notes.moves(taken[0], start):
            return 0
        code = self.text.lstrip()
        margin = len(self.text) - len(code) + (INDENT if code[:1] in PAIRS else 0)
        self.lines += [Line(" " * margin + _demoted(comment), 0) for comment in taken[:at]]
        self.comment(_demoted(taken[at]) if self.notes.moves(taken[at], start) else taken[at].text)
        return at + 1

    def _begin(self, indent: int, blank: bool) -> None:
        self._end()
        if blank and self.lines:
            self.lines.append(Line("", 0))
        self.current = Line("", self.run)
        self.text = " " * indent

    def _end(self) -> None:
        if self.current is None:
            return
        self.current.text = self.text.rstrip()
        self.lines.append(self.current)
        self.current = None

    def copy(self, start: int, end: int) -> None:
        """What stands between two places of the text, as it is written, its first line where this one goes on."""
        assert self.notes.source is not None
        text = self.notes.source.text
        shift = len(self.text) - len(text[text.rfind("\n", 0, start) + 1 : start].expandtabs(INDENT))
        first, *more = text[start:end].splitlines()
        self.text += first
        for line in more:
            words = line.lstrip()
            margin = line[: len(line) - len(words)].expandtabs(INDENT)
            self._begin(max(0, len(margin) + shift), False)
            self.text += words
        self.notes.take(end)

    def comment(self, text: str) -> None:
        """A comment at the end of the line."""
        assert self.current is not None
        self.current.comment = text

    def finish(self) -> str:
        """The whole text, with the comments that are left."""
        end = len(self.notes.source.text) + 1 if self.notes.source is not None else NOWHERE
        self.line(0, end)
        self.current = None
        while self.lines and not self.lines[-1].text:
            self.lines.pop()
        return joined(self.lines, WIDTH)

    @contextmanager
    def inside(self, indent: int, nested: bool = True) -> Iterator[None]:
        """Write the contents of something broken."""
        before = self.indent, self.nested
        self.indent, self.nested = indent, nested or self.nested
        yield
        self.indent, self.nested = before


def _never(place: int, opener: int = NOWHERE) -> bool:
    return False


def _demoted(comment: Comment) -> str:
    """A comment that moves documents nothing: else it could come to document what it now stands beside."""
    return comment.text[1:] if comment.text.startswith("##") and comment.text[:3] != "###" else comment.text
