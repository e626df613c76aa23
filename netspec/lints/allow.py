"""``# netspec: allow NS501``: warnings that a spec's author has seen, and means to live with.

At the end of a line it holds for that line, alone on its line for the next line of code, and before the first
declaration for the whole file. Several codes are separated by commas; what follows them is the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from netspec.diagnostics import CODES, Diagnostic, Label, did_you_mean
from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.comments import comments

#: What a text without allows does not contain.
MARK = "netspec:"
_comment = re.compile(r"#+[ \t]*netspec:[ \t]*([A-Za-z_-]+)[ \t:]*((?:NS\w+[ \t,]*)*)")


class Allow(NamedTuple):
    """One code of a comment. ``line`` is the line that it is about; None is the whole file."""

    code: str
    span: Span
    line: int | None


def allowed(document: ast.Document, found: Iterable[Diagnostic], whole: bool) -> Iterator[Diagnostic]:
    """The warnings that no comment allows, and those about the comments (NS500).

    An allow that nothing needs is told where ``whole`` says that all warnings of the spec are here.
    """
    allows, mistakes = _read(document)
    known = {(allow.code, allow.line) for allow in allows}
    used: set[tuple[str, int | None]] = set()
    for diagnostic in found:
        keys = {(diagnostic.code, None), (diagnostic.code, diagnostic.primary.span.line)} & known
        used |= keys
        if not keys:
            yield diagnostic
    yield from mistakes
    if whole:
        yield from (_unneeded(allow) for allow in allows if (allow.code, allow.line) not in used)


def _unneeded(allow: Allow) -> Diagnostic:
    where = "in this file" if allow.line is None else "there"
    return Diagnostic("NS500", f"nothing {where} gives {allow.code}", Label(allow.span), help="leave the comment out")


def _read(document: ast.Document) -> tuple[list[Allow], list[Diagnostic]]:
    source = document.source
    first = min((d.span.start for d in document.declarations), default=len(source.text))
    lines = _Lines(source)
    allows: list[Allow] = []
    mistakes: list[Diagnostic] = []
    for comment in comments(source):
        match = _comment.match(source.text, comment.start, comment.end)
        if match is None or (match[1] != "allow" and not match[2]):
            continue
        line = None if comment.start < first else lines.about(comment)
        allows += (Allow(code, span, line) for code, span in _codes(source, match, mistakes))
    return allows, mistakes


def _codes(source: Source, match: re.Match[str], mistakes: list[Diagnostic]) -> Iterator[tuple[str, Span]]:
    """The codes of a comment with their places; what is wrong with it becomes a mistake."""

    def wrong(message: str, start: int, end: int, help_: str) -> None:
        mistakes.append(Diagnostic("NS500", message, Label(Span(source, start, end)), help=help_))

    if match[1] != "allow":
        wrong(f"`{match[1]}` is no word for netspec", *match.span(1), "write `# netspec: allow NS501`")
        return
    if not match[2]:
        wrong("an `allow` without codes", *match.span(1), "name what is allowed: `# netspec: allow NS501`")
    for each in re.finditer(r"NS\w+", match[2]):
        start, end = match.start(2) + each.start(), match.start(2) + each.end()
        if each[0] not in CODES:
            warnings = [code for code in CODES if code.startswith("NS5")]
            wrong(f"there is no code {each[0]}", start, end, did_you_mean(each[0], warnings))
        elif not each[0].startswith("NS5"):
            wrong(f"{each[0]} is an error", start, end, "only warnings can be allowed")
        else:
            yield each[0], Span(source, start, end)


class _Lines:
    """The lines that comments are about."""

    def __init__(self, source: Source) -> None:
        self.source = source

    @cached_property
    def _next(self) -> list[int]:
        """For each line the next one with code, or itself where there is none."""
        count = len(self.source.line_starts)
        following = list(range(count + 1))
        code = 0
        for line in range(count, 0, -1):
            following[line] = code or line
            text = self.source.line(line).strip()
            code = line if text and not text.startswith("#") else code
        return following

    def about(self, comment: Span) -> int:
        """A comment's own line, or where it stands alone the next one with code."""
        line = comment.line
        before = self.source.text[self.source.line_starts[line - 1] : comment.start]
        return line if before.strip() else self._next[line]
