"""Spec text to AST: ``parse(Source) -> (Document or None, diagnostics)``."""

from __future__ import annotations

from typing import Any, Literal

from netspec.diagnostics.model import Diagnostic, Label
from netspec.limits import MAX_SOURCE_BYTES, MAX_SYNTAX_ERRORS
from netspec.source import Source, Span
from netspec.syntax.ast import Document, Expr
from netspec.syntax.build import Builder
from netspec.syntax.characters import first_offset, forbidden_characters
from netspec.syntax.edition import edition_mistake, with_edition
from netspec.syntax.feed import Feeder
from netspec.syntax.lexer import Lexer
from netspec.syntax.table import load
from netspec.syntax.tokens import Docs, Tokens, attach

Result = tuple[Document | None, tuple[Diagnostic, ...]]


def parse(source: Source) -> Result:
    """The document that a text says, or None and its syntax errors, in order of place.

    Never fails: mistakes are diagnostics, at most `MAX_SYNTAX_ERRORS` of them.
    """
    mistakes = too_large(source) or forbidden_characters(source)
    if mistakes:
        return None, tuple(mistakes[:MAX_SYNTAX_ERRORS])
    return _Parse(source).run()


def too_large(source: Source) -> list[Diagnostic]:
    """A diagnostic for a text that is too large."""
    text = source.text
    if len(text) * 4 <= MAX_SOURCE_BYTES:
        return []
    if len(text) <= MAX_SOURCE_BYTES and len(text.encode(errors="replace")) <= MAX_SOURCE_BYTES:
        return []
    return [Diagnostic("NS601", f"a spec of more than {MAX_SOURCE_BYTES:,} bytes", Label(Span(source, 0, 0)),
                       help="split it, and import the parts with `use`")]  # fmt: skip


class _Parse:
    """One run: tokens, doc comments, the builder, and the parser that calls it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.table = load()

    def run(self) -> Result:
        start = first_offset(self.source)
        found = Lexer(self.source, self.table, start, len(self.source.text)).run()
        if not found.complete:
            return None, _in_order(found.mistakes)
        found.finish(start)
        wrong = edition_mistake(self.source, found.tokens)
        if wrong is not None and wrong.code == "NS102":
            return None, (wrong,)
        document = self._build(found, wrong)
        if found.mistakes:
            return None, _in_order(found.mistakes)
        return document, ()

    def _build(self, found: Tokens, wrong_edition: Diagnostic | None) -> Document | None:
        tokens, mistakes = found.tokens, found.mistakes
        builder = Builder(self.source, attach(found, self.source.text), found.depths, self._fragment)
        if wrong_edition is not None:
            if tokens[0].type != "ERROR":
                mistakes.append(wrong_edition)
            tokens = with_edition(tokens)
        self.feeder = Feeder(self.source, self.table, builder.callbacks(self.table), mistakes, builder.refusals)
        document: Document | None = self.feeder.parse(tokens, "document")
        mistakes += builder.refusals
        return document

    def _fragment(self, start: int, end: int, depth: int) -> Expr | None:
        """The expression in the braces of a string."""
        found = Lexer(self.source, self.table, start, end, depth, fragment=True).run()
        self.feeder.mistakes += found.mistakes
        if not found.complete:
            return None
        found.finish(end, "}")
        expression: Expr | None = self.feeder.parse(found.tokens, "expr")
        return expression


class Parts(_Parse):
    """Reads expressions and types that stand alone, each in a source of its own: those of the JSON form."""

    def __init__(self, source: Source) -> None:
        super().__init__(source)
        self.builder = Builder(source, Docs(), {}, self._fragment)
        self.callbacks = self.builder.callbacks(self.table)

    def read(self, source: Source, symbol: Literal["expr", "type"], start: int, end: int, depth: int,
             closing: str) -> tuple[Any, list[Diagnostic]]:  # fmt: skip
        """What a range of a source says, None where it cannot be read; and the syntax errors.

        ``depth`` is how deep the part stands, ``closing`` the sign after it.
        """
        self.source = source
        found = Lexer(source, self.table, start, end, depth, fragment=True).run()
        if not found.complete:
            return None, found.mistakes
        found.finish(end, closing)
        self.builder.begin(source, Docs(), found.depths, self._fragment)
        self.feeder = Feeder(source, self.table, self.callbacks, found.mistakes, self.builder.refusals)
        node = self.feeder.parse(found.tokens, symbol)
        return node, found.mistakes + self.builder.refusals


def _in_order(mistakes: list[Diagnostic]) -> tuple[Diagnostic, ...]:
    return tuple(sorted(mistakes, key=lambda m: m.primary.span.start)[:MAX_SYNTAX_ERRORS])
