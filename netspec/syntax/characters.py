"""Characters that may stand nowhere in a spec: control and bidi ones, and others that nobody sees."""

from __future__ import annotations

import re

from netspec.diagnostics.model import Diagnostic, Label
from netspec.source import Source, Span

#: Control characters, bidi marks (Trojan Source), invisible ones, line ends other than \n and \r\n, lone surrogates.
_forbidden = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]+|\r(?!\n)"
)


def forbidden_characters(source: Source) -> list[Diagnostic]:
    """A diagnostic for each run of characters that may stand nowhere, strings and comments included."""
    return [_forbidden_run(source, found) for found in _forbidden.finditer(source.text, first_offset(source))]


def forbidden_at(text: str) -> int | None:
    """Where the first such character of a string's text is, which no escape may bring in either."""
    found = _forbidden.search(text.replace("\r", "\0"))
    return found.start() if found else None


def first_offset(source: Source) -> int:
    """Where the text begins: after a byte order mark, if there is one."""
    return 1 if source.text.startswith("\ufeff") else 0


def _forbidden_run(source: Source, found: re.Match[str]) -> Diagnostic:
    name = describe(found[0][0])
    return Diagnostic(
        "NS101",
        f"{name} cannot stand in a spec, not even in a string or a comment",
        Label(Span(source, *found.span()), "an invisible character is here"),
        help="delete it" if found[0] != "\r" else "end lines with a line feed",
    )


def describe(character: str) -> str:
    """``U+202E RIGHT-TO-LEFT OVERRIDE``."""
    from unicodedata import name as name_of

    name = name_of(character, "") or "control character"
    return f"U+{ord(character):04X} {name}"
