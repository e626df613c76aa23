"""A syntax error: the token that cannot stand where it stands, and what could stand there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from lark.parsers.lalr_analysis import Shift

from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Source, Span
from netspec.syntax.tokens import Token, statement_start

_OPENERS = frozenset({"LPAR", "LSQB", "DICT_OPEN", "LBRACE"})
_CLOSERS = frozenset({"RPAR", "RSQB", "DICT_CLOSE", "RBRACE"})
_NOTHING = Token("NOTHING", "", 0, 0)
#: Where a statement ends, seen from inside it.
_STATEMENT_ENDS = frozenset({"NEWLINE", "LBRACE", "RBRACE", "$END"})


class Failure:
    """lark's stack of states before the token ``tokens[index]`` that it cannot take."""

    def __init__(self, source: Source, states: Mapping[int, Mapping[str, Any]], stack: list[int], tokens: list[Token],
                 index: int) -> None:  # fmt: skip
        self.source = source
        self.states = states
        self.stack = stack
        self.tokens = tokens
        self.index = index

    @cached_property
    def token(self) -> Token:
        """The token; for a brace on a line of its own, the end of the line before, which is missed there."""
        token, before = self.tokens[self.index], self.before()
        if token.type != "RBRACE" or self.index == self.start or self.block is None or "NEWLINE" in self.expected:
            return token
        if "\n" not in self.source.text[before.end : token.start]:
            return token
        return Token("NEWLINE", "", before.end, before.end)

    def before(self, count: int = 1) -> Token:
        """The token so many places before."""
        return self.tokens[self.index - count] if self.index >= count else _NOTHING

    @property
    def after(self) -> Token:
        return self.tokens[self.index + 1] if self.index + 1 < len(self.tokens) else _NOTHING

    def span(self, token: Token, last: Token | None = None) -> Span:
        """The place of a token, or of all from it to another one."""
        return Span(self.source, token.start, (last or token).end)

    def put(self, text: str, at: Token | None = None, to: Token | None = None) -> Edit:
        """An edit of the token, or of another place."""
        return Edit(self.span(at or self.token, to), text)

    def instead(self, sign: str) -> Edit:
        """The sign, joined to what stands before it, in place of the token."""
        blank = "" if self.source.text[self.token.end : self.token.end + 1] in " \t\n" else " "
        space = " " if sign == "=" else ""
        return Edit(Span(self.source, self.before().end, self.token.end), space + sign + blank)

    def before_token(self, text: str, token: Token) -> Edit:
        return Edit(Span(self.source, token.start, token.start), text)

    def after_token(self, text: str, token: Token) -> Edit:
        return Edit(Span(self.source, token.end, token.end), text)

    def say(self, message: str, label: str = "", help: str = "", *, at: Token | None = None, to: Token | None = None,
            related: tuple[Label, ...] = (), code: str = "NS100") -> Diagnostic:  # fmt: skip
        """A diagnostic at the token, or at another place."""
        return Diagnostic(code, message, Label(self.span(at or self.token, to), label), related, help=help)

    @cached_property
    def expected(self) -> frozenset[str]:
        """The terminals that could stand in place of the token."""
        row = self.states[self.stack[-1]]
        return frozenset(symbol for symbol in row if self.accepts(symbol))

    def accepts(self, terminal: str) -> bool:
        stack = list(self.stack)
        while True:
            action = self.states[stack[-1]].get(terminal)
            if action is None:
                return False
            if action[0] is Shift:
                return terminal.isupper() or terminal.startswith("$")
            rule = action[1]
            if rule.expansion:
                del stack[-len(rule.expansion) :]
            stack.append(self.states[stack[-1]][rule.origin.name][1])

    @cached_property
    def start(self) -> int:
        """Number of the first token of the statement."""
        return statement_start(self.tokens, self.index)

    @property
    def open_at_end(self) -> bool:
        """Whether the text ends in a body, since a mistake before has a brace too many or too few."""
        return self.token.type == "$END" and self.block is not None

    @property
    def fragment(self) -> bool:
        """Whether this is the expression in the braces of a string."""
        return bool(self.tokens[-1].text)

    @property
    def leader(self) -> Token:
        """The first token of the statement."""
        return self.tokens[self.start]

    @property
    def statement_tokens(self) -> list[Token]:
        end = self.index
        while self.tokens[end].type not in _STATEMENT_ENDS:
            end += 1
        return self.tokens[self.start : end]

    @cached_property
    def opener(self) -> Token | None:
        """The innermost bracket that is open before the token, braces of bodies left out."""
        depth = 0
        for token in reversed(self.tokens[self.start : self.index]):
            if token.type in _CLOSERS:
                depth += 1
            elif token.type in _OPENERS:
                if depth == 0:
                    return token
                depth -= 1
        return None

    @cached_property
    def block(self) -> Token | None:
        """The brace of the body around the statement."""
        depth = 0
        for token in reversed(self.tokens[: self.index]):
            if token.type == "RBRACE":
                depth += 1
            elif token.type == "LBRACE":
                if depth == 0:
                    return token
                depth -= 1
        return None
