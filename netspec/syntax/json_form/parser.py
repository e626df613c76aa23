"""JSON text to a tree; strict, and exact about what is wrong.

Python's own parsers tell no places of what they read, and take what JSON has not: NaN, a key twice, 1e999.
"""

from __future__ import annotations

import math
import re
from typing import NoReturn

from netspec.diagnostics.help import Help, appended
from netspec.diagnostics.model import Label, Mistake, mistake
from netspec.limits import MAX_DIGITS, MAX_NESTING
from netspec.source import Span
from netspec.syntax.characters import describe, first_offset, forbidden_at
from netspec.syntax.json_form.characters import characters
from netspec.syntax.json_form.slips import habit
from netspec.syntax.json_form.tree import JsonText, Node

#: How deep brackets and braces may nest: what nests once in the language takes two of them.
MAX_BRACKETS = 2 * MAX_NESTING + 50

_token = re.compile(
    r'[ \t\r\n]*(?:(?P<string>"(?:[^"\\\r\n]|\\[^\r\n])*")|(?P<number>-?[0-9][0-9.eE+-]*)|(?P<sign>[{}\[\],:])'
    r"|(?P<word>[A-Za-z_]\w*)|(?P<end>\Z)|(?P<other>.))",
    re.DOTALL,
)
_number = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_A_VALUE = "a value is a string, a number, `true`, `false`, `null`, `[…]` or `{…}`"


class Token:
    """One word or sign; ``kind`` is a group of the pattern."""

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, found: re.Match[str]) -> None:
        self.kind = str(found.lastgroup)
        self.text = found[self.kind]
        self.start, self.end = found.span(self.kind)

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs


def parse_json(text: JsonText) -> None:
    """Read the tree of a text. Raises `Mistake`."""
    _Parser(text).run()


class _Parser:
    """Reads one token after the other; open arrays and objects are on a stack, not on Python's."""

    def __init__(self, source: JsonText) -> None:
        self.source = source
        self.place = first_offset(source)
        self.stack: list[Node] = []

    def run(self) -> None:
        self._value(self._next(), None)
        while self.stack:
            self._member(self.stack[-1])
        last = self._next()
        if last.kind != "end":
            self._fail(last, "text after the end of the document")

    # ------------------------------------------------------------------------------------------------- tokens

    def _next(self) -> Token:
        found = _token.match(self.source.text, self.place)
        assert found is not None
        self.place = found.end()
        return Token(found)

    def _fail(self, token: Token, message: str, label: str = "", help: str = "", code: str = "NS100") -> NoReturn:
        """Tell what people write in JSON's place, if it is that, or what is expected."""
        usual = habit(self.source, token.start)
        if usual is not None:
            raise Mistake(usual)
        mistake(code, message, Span(self.source, token.start, token.end), label, help=help)

    def _unclosed(self, token: Token, node: Node) -> str:
        """At the end of the text: what is still open."""
        if token.kind != "end":
            return ""
        line, column = self.source.position(node.start)
        return f"the `{self.source.text[node.start]}` of line {line}, column {column} is not closed"

    # ------------------------------------------------------------------------------------------------- values

    def _value(self, token: Token, key: str | None) -> None:
        """Read a value, and put it into the innermost open array or object, or at the top."""
        node = Node(token.start, token.end)
        if token.text not in ("/", "#"):  # a comment is no member
            self._put(node, key)
        if token.kind == "string":
            node.value = self._string(token)
        elif token.kind == "number":
            node.value = self._number(token)
        elif token.kind == "word" and token.text in _WORDS:
            node.value = _WORDS[token.text]
        elif token.is_sign("{", "["):
            node.value = {} if token.text == "{" else []
        else:
            self._fail(token, "expected a value", "the text ends here" if token.kind == "end" else "", _A_VALUE)
        if isinstance(node.value, (dict, list)):
            self._open(node)

    def _put(self, node: Node, key: str | None) -> None:
        if not self.stack:
            self.source.tree = node
        elif key is None:
            self.stack[-1].value.append(node)
        else:
            self.stack[-1].value[key] = node

    def _open(self, node: Node) -> None:
        if len(self.stack) == MAX_BRACKETS:
            mistake("NS105", f"JSON that nests deeper than {MAX_BRACKETS}", Span(self.source, node.start, node.end),
                    "one level too many", help="give parts of it names of their own")  # fmt: skip
        node.end = len(self.source.text)
        self.stack.append(node)

    # ------------------------------------------------------------------------------------------------- members

    def _member(self, node: Node) -> None:
        """Read the next member of the innermost array or object, or its end."""
        closer = "}" if isinstance(node.value, dict) else "]"
        token = self._next()
        after_comma = bool(node.value) and token.is_sign(",")
        if after_comma:
            token = self._next()
        elif node.value and not token.is_sign(closer):
            self._no_comma(token, node, closer)
        if token.is_sign(closer) and not after_comma:
            node.end = token.end
            self.stack.pop()
        elif isinstance(node.value, list):
            self._value(token, None)
        else:
            self._entry(token, node)

    def _no_comma(self, token: Token, node: Node, closer: str) -> NoReturn:
        """Neither a comma nor the end follows a member: where another one does, the comma is missing."""
        message = f"expected `,` or `{closer}`"
        if token.kind not in ("string", "number") and not token.is_sign("{", "["):
            self._fail(token, message, self._unclosed(token, node))
        last = node.items[-1] if node.items else list(node.value.values())[-1]
        span = Span(self.source, last.start, last.end)
        mistake("NS100", message, span._replace(start=last.end), help=Help("put a `,` there", appended(span, ",")))

    def _entry(self, token: Token, node: Node) -> None:
        """Read a key and its value."""
        if token.kind != "string":
            self._fail(token, "expected a key", self._unclosed(token, node), 'a key is a string: `"op": …`')
        key, span = self._string(token), Span(self.source, token.start, token.end)
        if key in node.keys:
            first = Label(Span(self.source, *node.keys[key]), "first here")
            mistake("NS205", f"the key `{key[:60]}` stands twice in one object", span, related=(first,))
        colon = self._next()
        if not colon.is_sign(":"):
            self._fail(colon, "expected `:`", "", f"a value follows a key: `{token.text[:60]}: …`")
        node.keys[key] = (token.start, token.end)
        self._value(self._next(), key)

    # ------------------------------------------------------------------------------------------------- scalars

    def _number(self, token: Token) -> int | float:
        found = _number.fullmatch(token.text)
        if found is None:
            self._fail(token, f"`{token.text[:40]}` is no number of JSON",
                       help="digits without a zero before them, `-1`, `0.5`, `1e-5`")  # fmt: skip
        if sum(c.isdigit() for c in token.text) > MAX_DIGITS:
            self._fail(token, f"a number of more than {MAX_DIGITS} digits", code="NS107")
        if found[1] is None and found[2] is None:
            return int(token.text)
        value = float(token.text)
        if math.isinf(value):
            self._fail(token, "a number too large for a float", code="NS107")
        return value

    def _string(self, token: Token) -> str:
        """The text that a string stands for; escapes bring nothing in that cannot stand in a spec."""
        raw = token.text[1:-1]
        if "\\" not in raw:
            return raw
        read = list(characters(raw))
        text = "".join(character.text for character in read)
        wrong = next((c for c in read if c.wrong), None)
        bad = forbidden_at(text)
        if wrong is not None:
            self._bad(token, wrong.start, wrong.wrong, "NS103")
        if bad is not None:
            what = f"{describe(text[bad])} cannot stand in a spec, not even in a string"
            self._bad(token, read[bad].start, what, "NS101")
        return text

    def _bad(self, token: Token, offset: int, message: str, code: str) -> NoReturn:
        start = token.start + 1 + offset
        width = 6 if self.source.text[start : start + 2] == "\\u" else 2
        mistake(code, message, Span(self.source, start, start + width))
