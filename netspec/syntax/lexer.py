"""Text to tokens: one regular expression, and the rules for newlines and words.

The lexer never fails. Where it finds a mistake it notes a diagnostic and puts an ERROR token, which the parser
takes for a mistake already told.
"""

from __future__ import annotations

import re
from functools import cache

from netspec.diagnostics.model import Diagnostic
from netspec.limits import MAX_SYNTAX_ERRORS
from netspec.source import Source
from netspec.syntax import brackets, words
from netspec.syntax.literals import endless_string, number_mistake, string_mistake
from netspec.syntax.nesting import ENDS, HEADERS, Nesting
from netspec.syntax.table import Table
from netspec.syntax.tokens import DocComment, Token, Tokens

#: Operators that make a tree deeper when repeated, and those after which something flat goes on.
_DEEPER = frozenset({"DOT", "STAR", "FACTOR", "POWER", "NOT"})
_FLAT = frozenset({"COMMA", "ARROW", "AND", "OR"})
#: Signs that neither nest nor end anything.
_PLAIN = frozenset({"EQUAL", "COLON", "QMARK", "VBAR", "AT", "COMPARE", "ELLIPSIS"})


@cache
def _pattern(terminals: tuple[tuple[str, str], ...]) -> tuple[re.Pattern[str], dict[str, str]]:
    """The expression that reads one token, and the terminals of the signs, both from the grammar's terminals."""
    named = dict(terminals)
    signs = {";": "SEMICOLON"}
    for name in named.keys() - {"NAME", "FLOAT", "INT", "STRING"}:
        pattern = named[name][3:-1] if named[name].startswith("(?:") else named[name]
        for choice in re.split(r"(?<!\\)\|", pattern):
            sign = re.sub(r"\\(.)", r"\1", choice)
            if not sign[0].isalpha():
                signs[sign] = name
    choices = "|".join(re.escape(sign) for sign in sorted(signs, key=lambda sign: (-len(sign), sign)))
    parts = (
        f"(?P<NAME>{named['NAME']})", r"(?P<NEWLINE>\r?\n)", f"(?P<FLOAT>{named['FLOAT']})", f"(?P<SIGN>{choices})",
        f"(?P<INT>{named['INT']})", f"(?P<STRING>{named['STRING']})", r"(?P<COMMENT>\#[^\r\n]*)", r"(?P<OTHER>[^ \t])",
    )  # fmt: skip
    return re.compile(r"[ \t]*(?:" + "|".join(parts) + ")"), signs


def token_pattern(table: Table) -> re.Pattern[str]:
    """The expression that reads one token after another; its groups are named after kinds of tokens."""
    return _pattern(tuple(table.terminals.items()))[0]


class Lexer(Nesting):
    """Reads the tokens of a source, or of one ``{expr}`` in a string (a fragment), once."""

    def __init__(self, source: Source, table: Table, start: int, end: int, depth: int = 0,
                 fragment: bool = False) -> None:  # fmt: skip
        super().__init__(source, end, depth, fragment)
        self.resume = start
        self.pattern, self.signs = _pattern(tuple(table.terminals.items()))
        self.handlers = {
            "NAME": self._word, "SIGN": self._sign, "INT": self._number, "FLOAT": self._number, "STRING": self._string,
            "COMMENT": self._comment, "OTHER": self._other,
        }  # fmt: skip

    def run(self) -> Tokens:
        while self.resume is not None and self.found.complete:
            position, self.resume = self.resume, None
            self._scan(position)
            if self.resume is None:
                self._finish()
            if len(self.found.mistakes) >= MAX_SYNTAX_ERRORS:
                self.found.complete = False
        return self.found

    def _scan(self, position: int) -> None:
        """Read on from a place, until the end or until `resume` names a place to go on at."""
        append, signs, known = self.tokens.append, self.signs, words.WORDS
        for found in self.pattern.finditer(self.text, position, self.end):
            kind = found.lastgroup
            if kind == "NEWLINE":
                self.fresh = True
                continue
            text = found[kind]  # type: ignore[index]
            start, end = found.span(kind)  # type: ignore[arg-type]
            if self.fresh and kind != "COMMENT":
                self._begin_line(text, start, end)
                if self.resume is not None:
                    return
            if kind == "NAME" and text not in known:
                append(Token("NAME", text, start, end))
            elif kind == "SIGN" and signs[text] in _PLAIN:
                append(Token(signs[text], text, start, end))
            else:
                self.handlers[kind](text, start, end)  # type: ignore[index]
                if self.resume is not None:
                    return

    def _finish(self) -> None:
        """The end of the text: what is still open is never closed."""
        if self.fragment or not self.found.complete:
            return
        if self.nested:
            self.unclosed(self.end)
            return
        last = self.tokens[-1].end if self.tokens else self.end
        self.close_bodies(last, last)
        if self.tokens and self.tokens[-1].type == "NEWLINE":
            self.tokens.pop()

    # ------------------------------------------------------------------------------------------------- lines

    def _begin_line(self, text: str, start: int, end: int) -> None:
        """What the newline before this token means."""
        self.fresh = False
        if self.nested:
            if words.leads_statement(text, self.text, end):
                self.unclosed(start)
            return
        previous = self.tokens[-1].type if self.tokens else "NEWLINE"
        if previous in ("NEWLINE", "LBRACE") or text in ("->", "@", "}"):
            return
        if previous == "RBRACE" and text in ("else", "elif"):
            return
        if text == "{" and self.leader in HEADERS:
            return
        if previous == "COMMA" and not words.leads_statement(text, self.text, end):
            return
        self.end_statement(self.tokens[-1].end)

    def _comment(self, text: str, start: int, end: int) -> None:
        if text.startswith("##") and not text.startswith("###"):
            line = self.text.rfind("\n", 0, start) + 1
            alone = not self.text[line:start].strip(" \t\ufeff")
            self.found.docs.append(DocComment(text[2:].strip(), start, end, alone))

    # ------------------------------------------------------------------------------------------------- words

    def _word(self, text: str, start: int, end: int) -> None:
        previous = self.tokens[-1].type if self.tokens else "NEWLINE"
        leading = previous in ("NEWLINE", "LBRACE") and not self.fragment
        if leading and self.stack and words.leads_declaration(text, self.text, end):
            self.close_bodies(start, end)
        terminal = words.terminal(text, self.text, end, previous, leading)
        if leading or (previous == "RBRACE" and terminal in ("ELSE", "ELIF")):
            self.leader = terminal
        self.tokens.append(Token(terminal, text, start, end))
        if terminal == "ELSE":
            self.choices += 1
            self.check_depth(start, end)
        elif terminal == "NOT":
            self.deepen(start, end)
        elif terminal in _FLAT:
            self.count = 0

    # ------------------------------------------------------------------------------------------------- literals

    def _number(self, text: str, start: int, end: int) -> None:
        wrong = number_mistake(self.source, start, end)
        if wrong is not None:
            self._skip(wrong, end)
            return
        self.tokens.append(Token("FLOAT" if "." in text or "e" in text.lower() else "INT", text, start, end))

    def _string(self, text: str, start: int, end: int) -> None:
        wrong = string_mistake(self.source, start, end)
        if wrong is not None:
            self._skip(wrong, end)
            return
        if "{" in text:
            self.found.depths[start] = self.depth + self.count + self.choices + 1
        self.tokens.append(Token("STRING", text, start, end))

    def _other(self, text: str, start: int, end: int) -> None:
        if text in "\"'":
            self._endless_string(endless_string(self.source, start))
        else:
            from netspec.syntax.strays import stray_character

            self._skip(stray_character(self.source, start), end)

    def _skip(self, wrong: Diagnostic, end: int) -> None:
        """Note a mistake, and read on after it."""
        self.mistake(wrong)
        if wrong.primary.span.end > end:
            self.resume = wrong.primary.span.end

    def _endless_string(self, wrong: Diagnostic) -> None:
        """Read on after a string that does not end; the brackets around it end with its statement."""
        self.mistake(wrong)
        span = wrong.primary.span
        self.resume = span.end
        if self.nested and not self.fragment:
            opened = self.outermost()
            self.pop_to_body()
            self.resume = brackets.next_statement(self.text, opened.start, span.end, self.end)
            self.fresh = True
        line = self.text.rfind("\n", 0, span.start) + 1
        if self.stack and self.tokens[self.stack[-1].token].start > line:
            self.resume = brackets.closing_braces(self.text, span.start, span.end)
            self.fresh = False

    # ------------------------------------------------------------------------------------------------- signs

    def _sign(self, text: str, start: int, end: int) -> None:
        terminal = self.signs[text]
        if text in "([{":
            self.open(terminal, text, start, end)
        elif text in ")]}":
            self.close(terminal, text, start, end)
        elif terminal == "SEMICOLON" and not self.nested:
            if self.tokens and self.tokens[-1].type not in ("NEWLINE", "LBRACE"):
                self.end_statement(start)
        else:
            self._operator(terminal, start, end)
            self.tokens.append(Token(terminal, text, start, end))

    def _operator(self, terminal: str, start: int, end: int) -> None:
        if terminal in _DEEPER:
            self.deepen(start, end)
        elif terminal in ("MINUS", "PLUS"):
            if self.tokens and self.tokens[-1].type in ENDS:
                self.count = 0
            else:
                self.deepen(start, end)
        elif terminal in _FLAT:
            self.count = 0
            if terminal in ("COMMA", "ARROW"):
                self.choices = 0
