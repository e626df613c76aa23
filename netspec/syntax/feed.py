"""Feeds tokens to lark's parser, and goes on after a syntax error."""

from __future__ import annotations

from typing import Any

from lark.exceptions import UnexpectedToken
from lark.parsers.lalr_parser_state import ParseConf, ParserState

from netspec.diagnostics.model import Diagnostic
from netspec.limits import MAX_SYNTAX_ERRORS
from netspec.source import Source
from netspec.syntax.build import Build
from netspec.syntax.table import Production, Table
from netspec.syntax.tokens import Token


class Feeder:
    """Runs lark's parser over tokens that end with ``$END``."""

    def __init__(self, source: Source, table: Table, callbacks: dict[Production, Build],
                 mistakes: list[Diagnostic], refusals: list[Diagnostic]) -> None:  # fmt: skip
        self.source = source
        self.table = table
        self.callbacks = callbacks
        self.mistakes = mistakes
        self.refusals = refusals

    def parse(self, tokens: list[Token], start: str) -> Any:
        """What the start symbol is built to; None after a mistake that cannot be passed over."""
        conf: ParseConf[int] = ParseConf(self.table.actions, self.callbacks, start)  # type: ignore[arg-type]
        state = ParserState(conf, None)  # type: ignore[arg-type]
        index, last, failed_at = 0, len(tokens) - 1, -1
        while True:
            try:
                feed = state.feed_token
                for index in range(index, last):  # noqa: B020 - goes on where it stopped
                    feed(tokens[index])  # type: ignore[arg-type]
                return feed(tokens[last], True)  # type: ignore[arg-type]
            except UnexpectedToken as unexpected:
                index = last if unexpected.token is tokens[last] else index
                if index == failed_at:
                    return None
                self._tell(state, tokens, index)
                if start != "document" or len(self.mistakes) >= MAX_SYNTAX_ERRORS:
                    return None
                failed_at = index
                index = self._resume(state, tokens, index)

    def _tell(self, state: ParserState[int], tokens: list[Token], index: int) -> None:
        """Note the syntax error, unless the lexer has told of it."""
        from netspec.syntax.failure import Failure
        from netspec.syntax.mistakes import explain, without_followers

        failure = Failure(self.source, self.table.actions.states, list(state.state_stack), tokens, index)
        told = any(t.type == "ERROR" for t in failure.statement_tokens)
        if not told and not (failure.open_at_end and self.mistakes):
            self.refusals[:] = without_followers(self.refusals, failure)
            self.mistakes.append(explain(failure))

    def _resume(self, state: ParserState[int], tokens: list[Token], index: int) -> int:
        from netspec.syntax.recovery import Recovery

        return Recovery(self.source.text, state, tokens).resume(index)
