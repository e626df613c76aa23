"""Strings with braces: where their ``{expr}`` stand."""

from __future__ import annotations

import re
from collections.abc import Callable

from netspec.diagnostics.model import Diagnostic, Label
from netspec.source import Source, Span

_literal = re.compile(r"(?:[^{}]|\{\{|\}\})*")
_inside = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|.", re.DOTALL)


def pieces(source: Source, place: int, end: int, literally: Callable[[str], str],
           mistakes: list[Diagnostic]) -> list[str | tuple[int, int]]:  # fmt: skip
    """The literal parts of a string whose inside is ``[place, end)``, and the ranges of the expressions between them.

    ``literally`` says what a literal part stands for.
    """
    found: list[str | tuple[int, int]] = []
    while place < end:
        literal = _literal.match(source.text, place, end)
        assert literal is not None
        found.append(literally(literal[0].replace("{{", "{").replace("}}", "}")))
        place = literal.end()
        if place == end:
            break
        closing = _closing(source.text, place, end)
        if source.text[place] == "}" or closing is None:
            mistakes.append(_lone_brace(source, place))
            break
        formatted = _format(source.text, place + 1, closing)
        if formatted is not None:
            mistakes.append(_no_format(source, formatted, closing))
            break
        found.append((place + 1, closing))
        place = closing + 1
    return found


def _closing(text: str, start: int, end: int) -> int | None:
    """The brace that closes the one at ``start``."""
    depth = 0
    for found in _inside.finditer(text, start, end):
        if found[0] in "([{":
            depth += 1
        elif found[0] in ")]}":
            depth -= 1
            if depth == 0:
                return found.start()
    return None


def _format(text: str, start: int, end: int) -> int | None:
    """Where the colon or `!` of a Python format begins, which no expression has outside brackets."""
    depth = 0
    for found in _inside.finditer(text, start, end):
        depth += (found[0] in "([{") - (found[0] in ")]}")
        if depth == 0 and (found[0] == ":" or (found[0] == "!" and text[found.end()] != "=")):
            return found.start()
    return None


def _no_format(source: Source, start: int, end: int) -> Diagnostic:
    return Diagnostic(
        "NS103", "a string in netspec formats nothing", Label(Span(source, start, end), "no format can stand here"),
        help="write only `{expr}`, with `round(x, 2)` for few digits",
    )  # fmt: skip


def _lone_brace(source: Source, place: int) -> Diagnostic:
    brace = source.text[place]
    what = "does not close an expression" if brace == "}" else "opens an expression that does not end"
    return Diagnostic(
        "NS103", f"`{brace}` in a string {what}", Label(Span(source, place, place + 1)),
        help=f"write `{brace * 2}` for a brace",
    )  # fmt: skip
