# ruff: noqa: RUF001 - characters that look like others are what this file is about
"""Characters that begin no word, number, string or sign: what to say of them."""

from __future__ import annotations

import re

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Source, Span
from netspec.syntax.characters import describe

_word = re.compile(r"\w+")
_quoted = re.compile("[“”„‟«»‘’‚‛][^“”„‟«»‘’‚‛\"'\r\n]*[“”„‟«»‘’‚‛\"']")
_QUOTES = "“”„‟«»‘’‚‛"
#: What a foreign sign probably stands for.
_MEANT = {
    "→": "->", "⇒": "->", "−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "÷": "/", "≤": "<=", "≥": ">=", "≠": "!=",
    "&&": "and", "&": "and", "!": "not", "^": "**", "\xa0": " ", "\u3000": " ",
}  # fmt: skip


def stray_character(source: Source, start: int) -> Diagnostic:
    """What to say of a character that begins no word, number, string or sign; its span covers all that is wrong."""
    text = source.text
    character = text[start]
    if character in _QUOTES:
        return _typographic_quote(source, start)
    word = _word.match(text, start)
    if word:
        return _foreign_word(source, start, word.end())
    return _foreign_sign(source, start)


def _typographic_quote(source: Source, start: int) -> Diagnostic:
    found = _quoted.match(source.text, start)
    end = found.end() if found and not _closes_other(source.text, found.end() - 1) else start + 1
    inside = source.text[start:end].strip(_QUOTES + "\"'")
    span = Span(source, start, end)
    edits = [Edit(span, f'"{inside}"')] if end > start + 1 else []
    return Diagnostic(
        "NS101",
        f"`{source.text[start]}` is a typographic quote",
        Label(span, "strings stand in plain quotes"),
        help=Help(f'write `"{inside}"`' if len(inside) < 60 else 'write `"`', *edits),
    )


def _closes_other(text: str, end: int) -> bool:
    """Whether the quote at a place is a plain one that rather belongs to a string after it."""
    line = text[end:].split("\n", 1)[0]
    return text[end] in "\"'" and line.count(text[end]) % 2 == 0


def _foreign_word(source: Source, start: int, end: int) -> Diagnostic:
    letter = next(c for c in source.text[start:end] if not c.isascii())
    return Diagnostic(
        "NS101",
        f"`{letter}` cannot stand in a name",
        Label(Span(source, start, end), "names have the letters a-z and A-Z, digits and `_`"),
        notes=(f"the character is {describe(letter)}",),
        help="rename it; any text may stand in strings and comments",
    )


def _foreign_sign(source: Source, start: int) -> Diagnostic:
    sign = source.text[start : start + 2]
    if sign not in _MEANT:
        sign = sign[0]
    meant = _MEANT.get(sign) or _plain_form(sign)
    span = Span(source, start, start + len(sign))
    help = ""
    if meant is not None:
        help = Help(f"write `{meant}`" if meant != " " else "write a plain blank", Edit(span, _spaced(meant, span)))
    return Diagnostic(
        "NS101",
        f"{f'`{sign}`' if sign.isprintable() else describe(sign)} is not a sign of the language",
        Label(span),
        help=help,
    )


def _spaced(meant: str, span: Span) -> str:
    """A word in place of a sign has a blank after it: `not a` for `!a`."""
    return f"{meant} " if meant.isalpha() and span.source.text[span.end : span.end + 1].isidentifier() else meant


def _plain_form(sign: str) -> str | None:
    """The ASCII sign of which this is a full-width or other typographic form."""
    from unicodedata import normalize

    plain = normalize("NFKC", sign)
    return plain if plain.isascii() and plain != sign else None
