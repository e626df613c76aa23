"""Brackets that are never closed: what to say of them, and where the text goes on."""

from __future__ import annotations

import re
from typing import NamedTuple

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
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
    inside = _inside(source.text, opened, noticed)
    found = _word_or_sign(source.text, inside.step or noticed)
    if found:
        what = {"{": "the body begins here", "-": "the next step begins here"}
        related = (Label(Span(source, *found.span(1)), what.get(found[1], "the next statement begins here")),)
        if found[1] in PAIRS:
            related = (Label(Span(source, *found.span(1)), "this closes an outer bracket"),)
    help = ""
    if inside.plain or not found or found[1] not in PAIRS:
        help = Help(f"close it with `{closer}`", Edit(Span(source, inside.end, inside.end), closer))
    return Diagnostic(
        "NS104",
        f"`{opened.text}` is never closed",
        Label(Span(source, opened.start, opened.end), f"expected a `{closer}` for this"),
        related,
        help=help,
    )


class Inside(NamedTuple):
    """What stands in an open bracket: where it ends, whether it has no brackets, and the next step of its chain."""

    end: int
    plain: bool
    step: int


def _inside(text: str, opened: Token, noticed: int) -> Inside:
    """A step on a line of its own cannot stand in a call: the bracket ends before it."""
    call = opened.text == "(" and (text[opened.start - 1].isalnum() or text[opened.start - 1] == "_")
    end, depth, plain = opened.end, 0, True
    for piece in _piece.finditer(text, opened.end, noticed):
        if piece["arrow"] and depth == 0 and call:
            return Inside(end, plain, piece.end() - 2)
        if piece["comment"]:
            continue
        sign = piece["sign"] or ""
        depth += (sign in CLOSERS) - (sign in PAIRS)
        plain = plain and not sign
        end = piece.end()
    return Inside(end, plain, 0)


_piece = re.compile(
    r"(?P<arrow>\n[ \t]*->)|(?P<comment>#[^\n]*|\s)|(?P<sign>[][(){}])|"
    r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\w+|[^\s]"
)


def missing_brace(source: Source, opened: Token, askew: tuple[Token, Token] | None, start: int,
                  end: int) -> Diagnostic:  # fmt: skip
    """A block that is still open where a declaration begins, or at the end of the text.

    ``askew`` are the braces of an inner body of which the closing one is indented like something outside it: then it
    is probably that body whose brace is missing.
    """
    opened, closed = askew or (opened, None)
    line = source.position(opened.start)[0]
    indent = " " * indentation(source.text, source.line_starts[line - 1])
    last = last_deeper(source, line, start) or source.position(_code_end(source.text, start))[0]
    place = source.line_starts[last - 1] + len(source.line(last))
    brace = Edit(Span(source, place, place), f"\n{indent}}}")
    related = [Label(Span(source, opened.start, opened.end), "this `{`" if closed else "this `{` is never closed")]
    if closed:
        related.append(Label(Span(source, closed.start, closed.end), "closed by this, but not indented like its line"))
    return Diagnostic(
        "NS104",
        f"expected `}}` to close the block that starts on line {line}",
        Label(Span(source, start, end), "a declaration begins here" if end > start else "the text ends here"),
        tuple(related),
        help=Help(f"add `}}` after line {last}", brace),
    )


def last_deeper(source: Source, header: int, end: int | None = None) -> int:
    """The number of the last of the lines right below one that are indented deeper, before ``end``; 0 without any."""
    last, number = 0, header + 1
    own = indentation(source.line(header))
    while number <= len(source.line_starts) and (end is None or source.line_starts[number - 1] < end):
        line = source.line(number)
        if line.strip() and not line.lstrip().startswith("#"):
            if indentation(line) <= own:
                break
            last = number
        number += 1
    return last


def _code_end(text: str, end: int) -> int:
    """Where the last line ends that is neither empty nor a comment alone."""
    lines = text[:end].split("\n")
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return len("\n".join(lines).rstrip("\r"))


def is_askew(text: str, opened: int, closed: int) -> bool:
    """Whether a closing brace begins its line, but is not indented like the line of its opening one."""
    line = text.rfind("\n", 0, closed) + 1
    if text[line:closed].strip(" \t"):
        return False
    return closed - line != indentation(text, text.rfind("\n", 0, opened) + 1)


def next_statement(text: str, opened: int, start: int, limit: int) -> int:
    """Where the statement after the one with a bracket at ``opened`` probably begins, at most at ``limit``.

    Lines that belong to the bracket are indented deeper than its own line.
    """
    own = indentation(text, text.rfind("\n", 0, opened) + 1)
    line = text.find("\n", start, limit) + 1
    while line:
        after = line + indentation(text, line)
        if after >= limit:
            return limit
        if after - line <= own and text[after] not in "\r\n#)]":
            return line
        line = text.find("\n", line, limit) + 1
    return limit


def closing_braces(text: str, start: int, end: int) -> int:
    """Where the braces begin that end a line."""
    return start + len(text[start:end].rstrip(" \t}"))


def indentation(text: str, line: int = 0) -> int:
    """How many blanks stand at a place."""
    found = _indent(text, line)
    return found.end() - line if found else 0
