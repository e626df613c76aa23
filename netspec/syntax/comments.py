"""The comments of a spec, which the parser passes over."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.source import Source, Span
from netspec.syntax.lexer import token_pattern
from netspec.syntax.table import load


def comments(source: Source) -> Iterator[Span]:
    """The comments of a well-formed spec in order, each from its ``#`` to the end of its line."""
    for found in token_pattern(load()).finditer(source.text):
        if found.lastgroup == "COMMENT":
            yield Span(source, *found.span("COMMENT"))
