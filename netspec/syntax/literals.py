"""Numbers and strings: what can be wrong with them, and what they stand for."""

from __future__ import annotations

import math
import re

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.limits import MAX_DIGITS
from netspec.source import Source, Span

_rest_of_word = re.compile(r"\w*")
_rest_of_line = re.compile(r"[^\r\n]*")
_escape = re.compile(r"\\(.)")
#: What a string without its closing quote probably holds, if a bracket, comma or colon follows.
_one_word = re.compile(r"[\w.*{}/-]+(?=\s*[),\]:])").match
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "'": "'"}


def number_mistake(source: Source, start: int, end: int) -> Diagnostic | None:
    """What is wrong with the number at a place, if anything."""
    text = source.text[start:end]
    rest = _rest_of_word.match(source.text, end)
    if rest and rest[0] and text[-1] != ".":
        span = Span(source, start, rest.end())
        return Diagnostic("NS100", f"`{_short(span.text)}` is neither a number nor a name", Label(span),
                          help="names begin with a letter")  # fmt: skip
    if sum(c.isdigit() for c in text) > MAX_DIGITS:
        return Diagnostic("NS107", f"a number of more than {MAX_DIGITS} digits", Label(Span(source, start, end)))
    if "e" in text.lower() and math.isinf(float(text)):
        return Diagnostic("NS107", "a number too large for a float", Label(Span(source, start, end)))
    if text.isdigit() and text[0] == "0" and text.strip("0"):
        span, plain = Span(source, start, end), text.lstrip("0")
        help = Help(f"write `{plain}`", Edit(span, plain))
        return Diagnostic("NS100", "a number that begins with 0", Label(span), help=help)
    return None


def string_mistake(source: Source, start: int, end: int) -> Diagnostic | None:
    """What is wrong with the string at a place, if anything."""
    text = source.text
    if text.startswith(('"""', "'''"), start):
        closing = text.find(text[start : start + 3], start + 3)
        end = closing + 3 if closing >= 0 else len(text)
        return Diagnostic("NS103", f"`{text[start] * 3}` does not begin a string", Label(Span(source, start, end)),
                          help=f"write one `{text[start]}`, and `\\n` for a new line")  # fmt: skip
    for found in _escape.finditer(text, start, end):
        if found[1] not in _ESCAPES:
            return Diagnostic(
                "NS103", f"`{found[0]}` is no escape", Label(Span(source, *found.span())),
                notes=("the escapes are `\\n`, `\\t`, `\\\\`, `\\\"` and `\\'`",), help="for a backslash write `\\\\`",
            )  # fmt: skip
    return None


def endless_string(source: Source, start: int) -> Diagnostic:
    """A quote that opens a string which its line does not close."""
    line = _rest_of_line.match(source.text, start)
    span = Span(source, start, line.end() if line else start + 1)
    quote = source.text[start]
    word = _one_word(source.text, start + 1, span.end)
    end = word.end() if word else start + len(span.text.rstrip())
    return Diagnostic("NS103", "a string that does not end on its line", Label(span),
                      help=Help(f"close it with `{quote}`", Edit(Span(source, end, end), quote)))  # fmt: skip


def unescape(text: str) -> str:
    """The text that a string's literal part stands for."""
    return _escape.sub(lambda found: _ESCAPES[found[1]], text) if "\\" in text else text


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
