"""Which brackets are open while a text is read, how deep that is, and what to do when one is never closed."""

from __future__ import annotations

from itertools import takewhile

from netspec.diagnostics.model import Diagnostic, Label
from netspec.limits import MAX_NESTING
from netspec.source import Source, Span
from netspec.syntax import brackets
from netspec.syntax.brackets import Open
from netspec.syntax.tokens import Token, Tokens

#: What an operand can end with: `-` after it subtracts, a brace after it is no dict.
ENDS = frozenset({
    "NAME", "INT", "FLOAT", "STRING", "TRUE", "FALSE", "NONE", "RPAR", "RSQB", "RBRACE", "DICT_CLOSE", "ERROR",
})  # fmt: skip
#: Words whose statements have a body.
HEADERS = frozenset({"IF", "ELIF", "ELSE", "FOR", "BLOCK", "POLICY"})


class Nesting:
    """The tokens found so far, and the brackets that are open after the last of them."""

    def __init__(self, source: Source, end: int, depth: int, fragment: bool) -> None:
        self.source = source
        self.text = source.text
        self.end = end
        self.fragment = fragment
        self.found = Tokens()
        self.tokens = self.found.tokens
        self.stack: list[Open] = []
        #: The first body whose closing brace is indented unlike its opening line: it may explain a missing one.
        self.askew: tuple[Token, Token] | None = None
        #: Depth of the innermost bracket, and how much deeper operators and `else` have made the expression in it.
        self.depth, self.count, self.choices = depth, 0, 0
        #: Whether newlines mean nothing: inside ( ), [ ] and the braces of dicts.
        self.nested = fragment
        #: Whether a newline was read after the last token.
        self.fresh = False
        #: Terminal of the keyword that began the statement, if one did.
        self.leader = ""
        #: Where to read on, if not right after the last token.
        self.resume: int | None = None

    # ------------------------------------------------------------------------------------------------- mistakes

    def note(self, diagnostic: Diagnostic) -> None:
        self.found.mistakes.append(diagnostic)

    def mistake(self, diagnostic: Diagnostic) -> None:
        """Note a mistake, and tell the parser where it is."""
        self.note(diagnostic)
        span = diagnostic.primary.span
        self.tokens.append(Token("ERROR", "", span.start, span.end))

    def end_statement(self, place: int) -> None:
        self.count = self.choices = 0
        self.leader = ""
        self.tokens.append(Token("NEWLINE", "", place, place))

    # ------------------------------------------------------------------------------------------------- depth

    def deepen(self, start: int, end: int) -> None:
        self.count += 1
        self.check_depth(start, end)

    def check_depth(self, start: int, end: int) -> None:
        if self.depth + self.count + self.choices <= MAX_NESTING:
            return
        self.mistake(Diagnostic(
            "NS105", f"nesting deeper than {MAX_NESTING}", Label(Span(self.source, start, end), "one level too many"),
            help="give parts of it names of their own",
        ))  # fmt: skip
        self.found.complete = False
        self.resume = self.end

    # ------------------------------------------------------------------------------------------------- brackets

    def open(self, terminal: str, text: str, start: int, end: int) -> None:
        if text == "{" and self._ends_header(end):
            self.unclosed(start)
            return
        body = text == "{" and self._opens_body(start)
        if text == "{" and not body:
            terminal = "DICT_OPEN"
        self.stack.append(Open(text, body, len(self.tokens), self.depth, self.count, self.choices))
        self.depth += 1 + (0 if body else self.count + self.choices)
        self.count = self.choices = 0
        self.nested = not body
        self.tokens.append(Token(terminal, text, start, end))
        self.check_depth(start, end)

    def _ends_header(self, end: int) -> bool:
        """Whether a brace opens a body although a bracket of its header is still open."""
        if not self.nested or self.leader not in HEADERS:
            return False
        previous = self.tokens[-1].type
        if previous in ENDS:
            return True
        if self.leader != "BLOCK" or len(self.stack) > 1 or previous not in ("LPAR", "COMMA"):
            return False
        parameters = self.tokens[self.stack[0].token - 2].type == "BLOCK"
        return parameters and not self.text[end : end + 200].split("\n", 1)[0].strip()

    def _opens_body(self, start: int) -> bool:
        if self.nested or self.leader == "USE" or not self.tokens:
            return False
        previous = self.tokens[-1]
        if previous.type == "ELSE":
            return self.leader == "ELSE"
        return previous.type in ENDS and (self.leader in HEADERS or previous.end < start)

    def close(self, terminal: str, text: str, start: int, end: int) -> None:
        if self.stack and brackets.PAIRS[text] != self.stack[-1].sign:
            self._close_inner(text, start)
            if self.resume is not None:
                return
        if self.stack and self.stack[-1].body and text == "}":
            self._close_body(start)
        elif self.nested and self.stack and (text != "}" or self.stack[-1].sign == "{"):
            terminal = "DICT_CLOSE" if text == "}" else terminal
            self._pop()
        if terminal == "RBRACE" and self.tokens and self.tokens[-1].type == "NEWLINE":
            self.tokens.pop()
        self.tokens.append(Token(terminal, text, start, end))

    def _close_inner(self, text: str, start: int) -> None:
        """Deal with the open brackets inside the one that a closing bracket fits, if it fits any."""
        if text == "}":
            if self.nested and any(o.sign == "{" for o in self.stack):
                self.unclosed(start)
            return
        fits = (n for n, o in enumerate(reversed(self.stack)) if o.sign == brackets.PAIRS[text] or o.body)
        inner = next(fits, None)
        if inner is None or self.stack[-1 - inner].body:
            return
        opened = self.tokens[self.stack[-1].token]
        if not self._has_error(opened.start):
            self.mistake(brackets.never_closed(self.source, opened, start))
        del self.stack[len(self.stack) - inner :]

    def _close_body(self, start: int) -> None:
        opened = self.tokens[self.stack[-1].token]
        if self.askew is None and brackets.is_askew(self.text, opened.start, start):
            self.askew = opened, Token("RBRACE", "}", start, start + 1)
        self._pop()
        if not self.stack:
            self.askew = None

    def _pop(self) -> None:
        opened = self.stack.pop()
        self.depth, self.count, self.choices = opened.depth, opened.operators + 1, opened.choices
        self.nested = not self.stack[-1].body if self.stack else self.fragment
        if opened.body:
            self.count = self.choices = 0

    # ------------------------------------------------------------------------------------------------- never closed

    def outermost(self) -> Token:
        """The outermost open bracket of this statement."""
        bodies = sum(o.body for o in self.stack)
        return self.tokens[self.stack[bodies].token]

    def pop_to_body(self) -> None:
        while self.stack and not self.stack[-1].body:
            self._pop()
        self.count = self.choices = 0

    def unclosed(self, noticed: int) -> None:
        """Tell which bracket is never closed, and read on at the next statement."""
        first = self.outermost()
        self.resume = brackets.next_statement(self.text, first.start, first.end, noticed)
        opened = [self.tokens[o.token] for o in self.stack if self.tokens[o.token].start < self.resume]
        self.pop_to_body()
        self.found.forget(self.resume)
        if not self._has_error(first.start):
            self.mistake(brackets.never_closed(self.source, opened[-1], self.resume))
        self.fresh = "\n" in self.text[first.start : self.resume]

    def _has_error(self, start: int) -> bool:
        """Whether a mistake was found from a place on: then that may be why a bracket seems open."""
        since = takewhile(lambda token: token.start >= start, reversed(self.tokens))
        return any(token.type == "ERROR" for token in since)

    def close_bodies(self, start: int, end: int) -> None:
        """Close all bodies before a declaration, or at the end of the text."""
        if not self.stack:
            return
        opened = self.tokens[self.stack[-1].token]
        self.note(brackets.missing_brace(self.source, opened, self.askew, start, end))
        self.askew = None
        if self.tokens[-1].type == "NEWLINE":
            self.tokens.pop()
        while self.stack:
            self._pop()
            self.tokens.append(Token("RBRACE", "", start, start))
        self.end_statement(start)
