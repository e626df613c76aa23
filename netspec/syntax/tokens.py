"""The words and signs of a spec, as the lexer hands them to the parser."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from typing import NamedTuple

from netspec.diagnostics.model import Diagnostic

_empty_line = re.compile(r"\n[ \t]*\r?\n")


class Token:
    """One word or sign: its terminal in grammar.lark, its text, and its place in the source."""

    __slots__ = ("end", "start", "text", "type")

    def __init__(self, type: str, text: str, start: int, end: int) -> None:
        self.type = type
        self.text = text
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"Token({self.type}, {self.text!r})"


def statement_start(tokens: list[Token], index: int) -> int:
    """Number of the first token of the statement that a token belongs to; bodies before it are part of it."""
    depth = 0
    while index > 0:
        before = tokens[index - 1].type
        if depth == 0 and before in ("NEWLINE", "LBRACE"):
            break
        depth += (before == "RBRACE") - (before == "LBRACE")
        index -= 1
    return index


class DocComment(NamedTuple):
    """A ``##`` comment: its words, its place, and whether it has its line to itself."""

    text: str
    start: int
    end: int
    alone: bool


class Tokens:
    """What the lexer found in a source: tokens, doc comments, depths of interpolating strings, and mistakes.

    ``complete`` is False where the lexer gave up before the end.
    """

    def __init__(self) -> None:
        self.tokens: list[Token] = []
        self.docs: list[DocComment] = []
        self.depths: dict[int, int] = {}
        self.mistakes: list[Diagnostic] = []
        self.complete = True

    def finish(self, place: int, text: str = "") -> None:
        """Add the token that ends the text; a fragment is ended by the brace at ``place``."""
        if not text and self.tokens:
            place = self.tokens[-1].end
        self.tokens.append(Token("$END", text, place, place + len(text)))

    def forget(self, start: int) -> None:
        """Drop what was found from a place on, since it is to be read again."""
        while self.tokens and self.tokens[-1].start >= start:
            self.tokens.pop()
        self.docs = [d for d in self.docs if d.start < start]
        self.mistakes = [m for m in self.mistakes if m.primary.span.start < start]


class Docs:
    """Doc comments by the place of what they document.

    ``above[start]`` holds the groups of lines (split at empty ones) above the token that starts there;
    ``beside[end]`` the comment on the same line after the token that ends there.
    """

    def __init__(self) -> None:
        self.above: dict[int, list[str]] = {}
        self.beside: dict[int, str] = {}


def attach(found: Tokens, text: str) -> Docs:
    """Find the token that each doc comment stands above or beside."""
    docs = Docs()
    if not found.docs:
        return docs
    tokens = [t for t in found.tokens if t.type != "NEWLINE"]
    starts = [t.start for t in tokens]
    last_end = 0
    for doc in found.docs:
        if not doc.alone:
            _attach_beside(docs, doc, tokens, bisect_left(starts, doc.start) - 1)
            continue
        below = bisect_right(starts, doc.start)
        if below == len(tokens):
            continue
        groups = docs.above.setdefault(starts[below], [])
        if groups and not _empty_line.search(text, last_end, doc.start):
            groups[-1] += "\n" + doc.text
        else:
            groups.append(doc.text)
        last_end = doc.end
    return docs


def _attach_beside(docs: Docs, doc: DocComment, tokens: list[Token], index: int) -> None:
    while index > 0 and tokens[index].type in ("COMMA", "LBRACE"):
        index -= 1
    if index >= 0:
        docs.beside[tokens[index].end] = doc.text
