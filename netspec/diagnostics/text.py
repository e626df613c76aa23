"""A diagnostic as text, in the layout that rustc made familiar.

Lines are shown as they are, but for tabs (spaces), invisible characters (``�``), and what makes a line too long for
a terminal (``…``): the text of a spec is a stranger's.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import groupby

from netspec.diagnostics.model import Diagnostic, Label
from netspec.diagnostics.places import as_shown
from netspec.source import Source

TAB = 4
#: The widest excerpt of a line, in columns, and what is kept of it before a label.
WIDTH, BEFORE = 120, 50
#: The longest message or note.
TEXT = 1000


def render(diagnostic: Diagnostic) -> str:
    """The diagnostic with the lines that it is about, without a newline at the end."""
    diagnostic = as_shown(diagnostic)
    labels = [diagnostic.primary, *diagnostic.related]
    gutter = max(len(str(label.span.line)) for label in labels)
    lines = [f"{diagnostic.severity}[{diagnostic.code}]: {_plain(diagnostic.message)}"]
    for source, group in _by_source(labels):
        lines += _section(source, group, diagnostic.primary, gutter)
    facts = [f"{'':{gutter}} = {fact}" for fact in _facts(diagnostic)]
    return "\n".join([*lines, *facts] if facts else lines[:-1])


def _by_source(labels: list[Label]) -> Iterator[tuple[Source, list[Label]]]:
    """The labels of each source; the primary one's source comes first."""
    sources = list({id(label.span.source): label.span.source for label in labels}.values())
    for source in sources:
        yield source, [label for label in labels if label.span.source is source]


def _facts(diagnostic: Diagnostic) -> Iterator[str]:
    if diagnostic.trail:
        more = f" and {diagnostic.more} more" if diagnostic.more else ""
        yield f"in: {_plain(diagnostic.trail)}{more}"
    for note in diagnostic.notes:
        yield f"note: {_plain(note)}"
    if diagnostic.help:
        yield f"help: {_plain(diagnostic.help)}"


def _section(source: Source, labels: list[Label], primary: Label, gutter: int) -> Iterator[str]:
    """The lines of one source that have labels, in order."""
    first = primary if primary in labels else labels[0]
    line, column = source.position(first.span.start)
    if line == 1 and source.text.startswith("\ufeff"):
        column = max(1, column - 1)
    path = f" at {_plain(source.path(first.span.start))}" if source.path(first.span.start) else ""
    yield f"{'':{gutter}}{'-->' if first is primary else ':::'} {_plain(source.name)}:{line}:{column}{path}"
    yield f"{'':{gutter}} |"
    ordered = sorted(labels, key=lambda label: (label.span.line, label.span.start))
    for number, group in groupby(ordered, key=lambda label: label.span.line):
        yield from _line(source, number, list(group), primary, gutter)
    yield f"{'':{gutter}} |"


def _line(source: Source, number: int, labels: list[Label], primary: Label, gutter: int) -> Iterator[str]:
    """A line and the underlines of its labels; a line too long for that is shown again for labels further on."""
    text, start = source.line(number), source.line_starts[number - 1]
    ranges = [_range(label, start, text) for label in labels]
    low, high = _window(text, ranges[0][0])
    seen = next((n for n, (_, last) in enumerate(ranges) if n and last > high), len(labels))
    labels, rest, ranges = labels[:seen], labels[seen:], ranges[:seen]
    cut, end = ("…" if low else ""), ("…" if high < len(text) else "")
    yield f"{number:>{gutter}} | {cut}{_shown(text[low:high])}{end}".rstrip()
    for label, (first, last) in zip(labels, ranges, strict=True):
        indent = len(cut) + _width(text[low:first])
        sign = "^" if label is primary else "-"
        underline = sign * max(1, _width(text[first : min(last, high)]))
        yield f"{'':{gutter}} | {'':{indent}}{underline} {_plain(label.text)}".rstrip()
    if rest:
        yield from _line(source, number, rest, primary, gutter)


def _range(label: Label, start: int, text: str) -> tuple[int, int]:
    """The columns of a label, from 0; one that spans lines ends with its first."""
    first = min(label.span.start - start, len(text))
    last = min(max(label.span.end - start, first), len(text.rstrip()))
    return first, max(first, last)


def _window(text: str, first: int) -> tuple[int, int]:
    """The part of a line that is shown."""
    if len(text) <= WIDTH and _width(text) <= WIDTH:
        return 0, len(text)
    low = max(0, first - BEFORE) if first > WIDTH - BEFORE else 0
    high = low
    room = WIDTH
    while high < len(text) and room > 0:
        room -= _width(text[high])
        high += 1
    return low, high


def _shown(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(" " * TAB if c == "\t" else c if _visible(c) else "" if c == "\ufeff" else "�" for c in text)


def _visible(character: str) -> bool:
    return character.isprintable() or unicodedata.category(character) == "Zs" or unicodedata.combining(character) > 0


def _width(text: str) -> int:
    """How many columns a text takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if character == "\t":
        return TAB
    if character == "\ufeff" or unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _plain(text: str) -> str:
    """One line of bounded length."""
    if len(text) > TEXT:
        text = text[: TEXT - 1] + "…"
    return text if text.isprintable() else "".join(c if c.isprintable() else " " if c.isspace() else "�" for c in text)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Several diagnostics, an empty line between them."""
    return "\n\n".join(map(render, diagnostics))
