"""Brackets that are never closed: what to say of them, and where the text goes on."""

from __future__ import annotations

import re
from typing import NamedTuple

from netspec.diagnostics.model import Diagnostic, Label
from netspec.source import Source, Span
from netspec.syntax.tokens import Token

PAIRS = {")": "(", "]": "[", "}": "{"}
CLOSERS = {opener: closer for closer, opener in PAIRS.items()}
_word_or_sign = re.compile(r"[ \t]*(\w+|\S)").match
_indent = re.compile(r"[ \t]*").match


class Open(NamedTuple):
    """An open bracket: its sign, whether it is the brace of a body, the number of its token, and the depths outside."""

    sign: str
    body: bool
    token: int
    depth: int
    operators: int
    choices: int


def never_closed(source: Source, opened: Token, noticed: int) -> Diagnostic:
    """``(`` is never closed; at ``noticed`` something stands that is not inside it."""
    closer = CLOSERS[opened.text]
    related: tuple[Label, ...] = ()
    found = _word_or_sign(source.text, noticed)
    if found:
        what = {"{": "the body begins here"}.get(found[1], "the next statement begins here")
        if found[1] in PAIRS:
            what = "this closes an outer bracket"
        related = (Label(Span(source, *found.span(1)), what),)
    return Diagnostic(
        "NS104",
        f"`{opened.text}` is never closed",
        Label(Span(source, opened.start, opened.end), f"expected a `{closer}` for this"),
        related,
    )


def missing_brace(source: Source, opened: Token, askew: tuple[Token, Token] | None, start: int,
                  end: int) -> Diagnostic:  # fmt: skip
    """A block that is still open where a declaration begins, or at the end of the text.

    ``askew`` are the braces of an inner body of which the closing one is indented like something outside it: then it
    is probably that body whose brace is missing.
    """
    opened, closed = askew or (opened, None)
    line = source.position(opened.start)[0]
    related = [Label(Span(source, opened.start, opened.end), "this `{`" if closed else "this `{` is never closed")]
    if closed:
        related.append(Label(Span(source, closed.start, closed.end), "closed by this, but not indented like its line"))
    return Diagnostic(
        "NS104",
        f"expected `}}` to close the block that starts on line {line}",
        Label(Span(source, start, end), "a declaration begins here" if end > start else "the text ends here"),
        tuple(related),
    )


def is_askew(text: str, opened: int, closed: int) -> bool:
    """Whether a closing brace begins its line, but is not indented like the line of its opening one."""
    line = text.rfind("\n", 0, closed) + 1
    if text[line:closed].strip(" \t"):
        return False
    return closed - line != _indentation(text, text.rfind("\n", 0, opened) + 1)


def next_statement(text: str, opened: int, start: int, limit: int) -> int:
    """Where the statement after the one with a bracket at ``opened`` probably begins, at most at ``limit``.

    Lines that belong to the bracket are indented deeper than its own line.
    """
    own = _indentation(text, text.rfind("\n", 0, opened) + 1)
    line = text.find("\n", start, limit) + 1
    while line:
        after = line + _indentation(text, line)
        if after >= limit:
            return limit
        if after - line <= own and text[after] not in "\r\n#)]":
            return line
        line = text.find("\n", line, limit) + 1
    return limit


def closing_braces(text: str, start: int, end: int) -> int:
    """Where the braces begin that end a line."""
    return start + len(text[start:end].rstrip(" \t}"))


def _indentation(text: str, line: int) -> int:
    found = _indent(text, line)
    return found.end() - line if found else 0
