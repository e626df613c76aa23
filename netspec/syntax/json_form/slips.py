# ruff: noqa: RUF001 - characters that look like others
"""What people write into JSON that JSON has not."""

from __future__ import annotations

import re

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Source, Span

_quoted = re.compile(r"'([^'\"\\\r\n]*)'")
_comment = re.compile(r"(?://|#)[^\r\n]*|/\*.*?(?:\*/|$)", re.DOTALL)
_word = re.compile(r"-?[A-Za-z_]\w*")
_endless = re.compile(r"\"[^\r\n]*")
_typographic = re.compile("['“”„«»‘’]")
_plus = re.compile(r"\+[0-9.]+|\.[0-9]+|-\.[0-9]+")
_comma = re.compile(r",(?=[ \t\r\n]*$)")
_spelled = {"True": "true", "False": "false", "None": "null", "undefined": "null", "nil": "null"}


def habit(source: Source, start: int) -> Diagnostic | None:
    """What is probably meant at a place where JSON cannot go on."""
    text = source.text
    if text[start : start + 1] in "]}" and (comma := _comma.search(text, 0, start)):
        return _say(source, comma, "a comma before a closing bracket", "leave the comma out", "")
    if found := _comment.match(text, start):
        return _say(source, found, "JSON has no comments", 'write it into a `"doc"`, or the spec as text')
    if found := _quoted.match(text, start):
        return _say(source, found, "strings of JSON stand in double quotes", f'write `"{found[1]}"`', f'"{found[1]}"')
    if found := _typographic.match(text, start):
        return _say(source, found, "strings of JSON stand in double quotes", 'write `"…"`')
    if found := _endless.match(text, start):
        return _say(source, found, "a string that does not end on its line", 'close it with `"`; a new line is `\\n`')
    if found := _plus.match(text, start):
        return _say(source, found, f"`{found[0]}` is no number of JSON", "digits stand before a point, and no `+`")
    return _habit_of_words(source, start)


def _habit_of_words(source: Source, start: int) -> Diagnostic | None:
    found = _word.match(source.text, start)
    if found is None:
        return None
    word = found[0]
    if word in _spelled:
        return _say(source, found, f"`{word}` is no word of JSON", f"write `{_spelled[word]}`", _spelled[word])
    if word.lower().strip("-") in ("nan", "inf", "infinity"):
        return _say(source, found, f"`{word}` is no number of JSON", "numbers are finite")
    if word in ("true", "false", "null"):
        return None
    if re.compile(r"[ \t]*:").match(source.text, found.end()):
        return _say(source, found, "keys of JSON stand in quotes", f'write `"{word[:60]}"`', f'"{word}"')
    return _say(source, found, f"`{word[:60]}` stands for nothing in JSON",
                f'a string is `"{word[:60]}"`, a name `{{"expr": "{word[:60]}"}}`')  # fmt: skip


def _say(source: Source, found: re.Match[str], message: str, help: str, instead: str | None = None) -> Diagnostic:
    span = Span(source, found.start(), min(found.end(), _line_end(source.text, found.start())))
    edits = [Edit(Span(source, *found.span()), instead)] if instead is not None else []
    return Diagnostic("NS100", message, Label(span), help=Help(help, *edits))


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)
