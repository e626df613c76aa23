"""The comments of a text that is formatted, and where they stand among its words."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from netspec.source import Source
from netspec.syntax.brackets import CLOSERS, PAIRS
from netspec.syntax.characters import first_offset
from netspec.syntax.format.layout import NOWHERE
from netspec.syntax.lexer import token_pattern
from netspec.syntax.table import load

#: Comments that are about the line of code they stand at.
_about_a_line = re.compile(r"#+[ \t]*netspec:").match
#: What may stand between a comment and what begins the next line of output: it moves with that.
_JOINTS = frozenset({
    ",", ";", "(", "{", "->", "+", "-", "*", "/", "//", "%", "==", "!=", "<", "<=", ">", ">=",
    "in", "not", "and", "or", "if", "elif", "else", "for",
})  # fmt: skip


class Comment(NamedTuple):
    """A comment: its text, its place, whether it has its line to itself."""

    text: str
    start: int
    end: int
    alone: bool

    @property
    def bound(self) -> bool:
        """Whether it documents something, or is about a line of code: then it stays beside that."""
        return (self.text.startswith("##") and self.text[:3] != "###") or _about_a_line(self.text) is not None


class Notes:
    """The comments and blank lines of a text, taken in order while what they stand beside is written.

    Of an AST without a text there are none: ``Notes(None)``. ``copied`` are lines whose statements stay as they are
    written.
    """

    def __init__(self, source: Source | None, copied: frozenset[int] = frozenset()) -> None:
        self.source = source
        self.comments: list[Comment] = []
        self._starts: list[int] = []
        self._words: list[str] = []
        self._matching: dict[int, int] = {}
        self._taken = 0
        if source is not None:
            self._read(source)
        self._places = [c.start for c in self.comments]
        self._about = self._lines_about()
        self._kept = frozenset(self._about)
        self._copied = copied

    def _read(self, source: Source) -> None:
        opened: list[int] = []
        begin = first_offset(source)
        for found in token_pattern(load()).finditer(source.text, begin):
            kind = str(found.lastgroup)
            text, start = found[kind], found.start(kind)
            if kind == "NEWLINE":
                continue
            if kind == "COMMENT":
                line = source.text.rfind("\n", 0, start) + 1
                alone = not source.text[max(line, begin) : start].strip(" \t")
                self.comments.append(Comment(text.rstrip(), start, found.end(kind), alone))
                continue
            if text in CLOSERS:
                opened.append(start)
            elif text in PAIRS and opened:
                self._matching[opened.pop()] = start
            self._starts.append(start)
            self._words.append(text)

    def _lines_about(self) -> list[int]:
        """The lines that comments are about, in the order of the comments: their words stay together."""
        lines = []
        for comment in self.comments:
            if self.source is not None and _about_a_line(comment.text):
                after = bisect_left(self._starts, comment.start)
                place = comment.start
                if comment.alone and after < len(self._starts):
                    place = self._starts[after]
                lines.append(self.source.position(place)[0])
        return lines

    def parted(self, written: Source) -> frozenset[int]:
        """The lines that comments are about, and not about all their words any more in what was written."""
        if not self._about:
            return frozenset()
        after = Notes(written)
        names, same = self._names(), after._names()
        if [word for word, _ in names] != [word for word, _ in same]:
            return frozenset()  # `use … { a as a }` loses a word
        lines: dict[int, set[int]] = {}
        for (_, old), (_, new) in zip(names, same, strict=True):
            lines.setdefault(old, set()).add(new)
        pairs = zip(self._about, after._about, strict=True)
        return frozenset(old for old, new in pairs if not lines.get(old, set()) <= {new})

    def _names(self) -> list[tuple[str, int]]:
        """The names, keywords and numbers of the text with their lines."""
        assert self.source is not None
        words = zip(self._words, self._starts, strict=True)
        return [(word, self.source.position(at)[0]) for word, at in words if word[0].isalnum() or word[0] == "_"]

    # ------------------------------------------------------------------------------------------------- places

    def between(self, start: int, end: int) -> bool:
        """Whether a comment begins in a range of the text."""
        at = bisect_left(self._places, start)
        return at < len(self._places) and self._places[at] < end

    def closer(self, opener: int) -> int:
        """Where the bracket is closed that opens at a place."""
        return self._matching.get(opener, NOWHERE)

    def next(self, word: str, start: int) -> int:
        """Where a word or sign stands next, from a place on."""
        for at in range(bisect_left(self._starts, start), len(self._starts)):
            if self._words[at] == word:
                return self._starts[at]
        return NOWHERE

    def end_before(self, word: str, start: int) -> int:
        """Where what is before a word ends, which stands next from a place on."""
        if start == NOWHERE:
            return NOWHERE
        at = bisect_left(self._starts, self.next(word, start)) - 1
        return self._starts[at] + len(self._words[at])

    def kept(self, first: int, second: int) -> bool:
        """Whether what stands at two places stays on one line."""
        if not self._kept or NOWHERE in (first, second) or self.source is None:
            return False
        line = self.source.position(first)[0]
        return line in self._kept and line == self.source.position(second)[0]

    def as_written(self, start: int, end: int) -> bool:
        """Whether what stands between two places is not laid out."""
        if not self._copied or self.source is None:
            return False
        first, last = self.source.position(start)[0], self.source.position(end)[0]
        return any(first <= line <= last for line in self._copied)

    def blank_above(self, place: int, opener: int = NOWHERE) -> bool:
        """Whether the line above is empty, for what begins its line, with parentheses before it or not; ``opener`` is
        the bracket that it stands in."""
        if self.source is None or place == NOWHERE:
            return False
        text = self.source.text
        at = bisect_left(self._starts, place)
        while at > 0 and self._words[at - 1] == "(" and at < len(self._starts) and self._starts[at] <= place:
            if self._starts[at - 1] <= opener:
                break
            at -= 1
            place = self._starts[at]
        line = text.rfind("\n", 0, place) + 1
        above = text.rfind("\n", 0, max(line - 1, 0)) + 1
        return line > 0 and not text[line:place].strip() and not text[above:line].strip(" \t\r\n\ufeff")

    # ------------------------------------------------------------------------------------------------- comments

    def take(self, start: int) -> list[Comment]:
        """The comments before a place that were not taken yet."""
        if self._taken == len(self.comments) or start == NOWHERE:
            return []
        first, self._taken = self._taken, max(self._taken, bisect_left(self._places, start))
        return self.comments[first : self._taken]

    def left(self, place: int) -> bool:
        """Whether comments before a place were not taken yet."""
        return self._taken < bisect_left(self._places, place)

    def moves(self, comment: Comment, start: int) -> bool:
        """Whether words stand between a comment and a place, so that it is written after them."""
        first, last = bisect_right(self._starts, comment.end), bisect_left(self._starts, start)
        return any(self._words[at] not in _JOINTS for at in range(first, last))
