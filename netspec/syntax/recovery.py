"""Where to go on after a syntax error: at the next statement of the same body, or at the next declaration."""

from __future__ import annotations

from typing import Any

from lark.parsers.lalr_parser_state import ParserState

from netspec.syntax.tokens import Token, statement_start
from netspec.syntax.words import DECLARATIONS

_DECLARES = frozenset(DECLARATIONS.values())
_BODIES = frozenset({"IF", "ELIF", "ELSE", "FOR", "BLOCK", "ERROR"})
_SYNC = frozenset({"NEWLINE", "LBRACE", "RBRACE", "$END"})


class Recovery:
    """Drops the broken statement from the parser's stack, and finds the token to go on at."""

    def __init__(self, text: str, state: ParserState[int], tokens: list[Token]) -> None:
        self.text = text
        self.state = state
        self.tokens = tokens
        self.states = state.parse_conf.states

    def resume(self, index: int) -> int:
        """The token to go on at after the one that could not stand there."""
        first = statement_start(self.tokens, index)
        symbol, braces = self._unwind()
        if braces == 0 and symbol == "statement" and self._misses_brace(first, index):
            return self._without_brace(first, index)
        at = self._skip_braces(index, braces) if braces else index
        while self.tokens[at].type not in _SYNC:
            at += 1
        if self.tokens[at].type == "LBRACE" and self._has_body(first, at):
            self._pretend_header(symbol, self.tokens[at])
            return at
        at = self._skip_declaration(first, at) if symbol == "declaration" else self._skip_statement(first, at)
        self._pretend(symbol)
        return at

    def _unwind(self) -> tuple[str, int]:
        """Go back to before the innermost statement or declaration: which of the two it is, and its open braces."""
        stack = self.state.state_stack
        braces = 0
        while True:
            row = self.states[stack[-1]]
            for symbol in ("statement", "declaration"):
                if symbol in row:
                    return symbol, braces
            stack.pop()
            value = self.state.value_stack.pop()
            if isinstance(value, Token):
                braces += (value.type == "LBRACE") - (value.type == "RBRACE")

    # ------------------------------------------------------------------------------------------------- pretending

    def _pretend(self, symbol: str) -> None:
        """Take the statement or declaration for read; what stands for it is None."""
        goto: Any = self.states[self.state.state_stack[-1]][symbol]
        self.state.state_stack.append(goto[1])
        self.state.value_stack.append(None)

    def _pretend_header(self, symbol: str, brace: Token) -> None:
        """Read the body although its header is broken."""
        header = [("IF", "if"), ("TRUE", "True")]
        if symbol == "declaration":
            header = [("BLOCK", "block"), ("NAME", "_"), ("LPAR", "("), ("RPAR", ")")]
        for terminal, text in header:
            self.state.feed_token(Token(terminal, text, brace.start, brace.start))  # type: ignore[arg-type]

    def _has_body(self, first: int, brace: int) -> bool:
        """Whether the brace probably opens a body: the statement has one, or begins with an unknown word."""
        types = [t.type for t in self.tokens[first:brace]]
        if not types or types[0] in _BODIES:
            return True
        settings = self.tokens[brace + 1].type == "NAME" and self.tokens[brace + 2].type == "EQUAL"
        return types[0] == "NAME" and "EQUAL" not in types and not (settings and len(types) == 2)

    def _misses_brace(self, first: int, index: int) -> bool:
        """Whether a body's opening brace is missing: further on, more braces close than are open."""
        leader = self.tokens[first].type
        if leader not in _BODIES | {"POLICY"} or any(t.type == "LBRACE" for t in self.tokens[first:index]):
            return False
        depth = sum(isinstance(v, Token) and v.type == "LBRACE" for v in self.state.value_stack)
        for at in range(index, len(self.tokens)):
            token = self.tokens[at].type
            if token == "NEWLINE" and self.tokens[at + 1].type in _DECLARES:
                break
            depth += (token == "LBRACE") - (token == "RBRACE")
        return depth < 0

    def _without_brace(self, first: int, index: int) -> int:
        """Read the body although its opening brace is missing, or leave out the settings for which it is."""
        at = index
        while self.tokens[at].type not in _SYNC:
            at += 1
        place = self.tokens[at]
        if self.tokens[first].type == "POLICY":
            self._pretend("statement")
            return at + 1 if place.type == "RBRACE" else at
        self._pretend_header("statement", place)
        self.state.feed_token(Token("LBRACE", "{", place.start, place.start))  # type: ignore[arg-type]
        return at + 1 if place.type == "NEWLINE" else at

    # ------------------------------------------------------------------------------------------------- skipping

    def _skip_braces(self, at: int, depth: int) -> int:
        """To the end of the statement, over the braces of a policy."""
        while True:
            token = self.tokens[at].type
            if token == "$END" or (depth == 0 and token in ("NEWLINE", "RBRACE")):
                return at
            depth += (token == "LBRACE") - (token == "RBRACE")
            at += 1

    def _skip_statement(self, first: int, at: int) -> int:
        """To the end of the statement, and over lines below it that are indented deeper."""
        at = self._skip_braces(at, 0)
        if self._indent(first) + 1 < self._column(first):
            return at
        while self.tokens[at].type == "NEWLINE" and self._goes_on(first, at + 1):
            at = self._skip_braces(at + 1, 0)
        return at

    def _goes_on(self, first: int, at: int) -> bool:
        """Whether a line belongs to the statement above: it is indented deeper, closes a bracket, or is its `else`."""
        token = self.tokens[at].type
        if token in ("RPAR", "RSQB", "DICT_CLOSE") or (token in ("ELSE", "ELIF") and self.tokens[first].type == "IF"):
            return True
        return self._column(at) == self._indent(at) + 1 > self._column(first)

    def _skip_declaration(self, first: int, at: int) -> int:
        """To the end of the line before the next declaration that is indented no deeper."""
        while self.tokens[at].type != "$END":
            declares = self.tokens[at].type == "NEWLINE" and self.tokens[at + 1].type in _DECLARES
            if declares and self._column(at + 1) <= self._column(first):
                return at
            at += 1
        return at

    def _column(self, at: int) -> int:
        start = self.tokens[at].start
        return start - self.text.rfind("\n", 0, start)

    def _indent(self, at: int) -> int:
        """How many blanks its line begins with."""
        line = self.text.rfind("\n", 0, self.tokens[at].start) + 1
        return len(self.text[line : line + 200]) - len(self.text[line : line + 200].lstrip(" \t"))
