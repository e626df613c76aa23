"""What reading a JSON form has in common: places, nesting, and the texts in its strings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal

from netspec.diagnostics.model import Diagnostic, Label, Mistake
from netspec.limits import MAX_NESTING
from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.build_expressions import merged
from netspec.syntax.json_form.fragments import Fragment
from netspec.syntax.json_form.tree import JsonText, Node
from netspec.syntax.lexer import token_pattern
from netspec.syntax.parse import Parts
from netspec.syntax.strings import pieces
from netspec.syntax.table import load
from netspec.syntax.words import HARD


class Base:
    """The state of one reading: the text, how deep it is read, and what is wrong."""

    def __init__(self, text: JsonText) -> None:
        self.text = text
        self.parts = Parts(text)
        self.depth = 0
        self.mistakes: list[Diagnostic] = []

    # ------------------------------------------------------------------------------------------------- places

    def span(self, node: Node, key: str = "") -> Span:
        """The place of a value; of an object that goes over several lines that of the member under a key."""
        span, member = self.text.span(node), node.get(key)
        return self.text.span(member) if member is not None and "\n" in span.text else span

    def inside(self, node: Node) -> Span:
        """The place of a string without its quotes."""
        return Span(self.text, node.start + 1, node.end - 1)

    def key(self, node: Node, key: str) -> Span:
        """The place of a key without its quotes."""
        start, end = node.keys[key]
        return Span(self.text, start + 1, end - 1)

    # ------------------------------------------------------------------------------------------------- mistakes

    def refuse(self, message: str, span: Span, label: str = "", *, code: str = "NS100", help: str = "") -> None:
        self.mistakes.append(Diagnostic(code, message, Label(span, label), help=help))

    @contextmanager
    def deeper(self, node: Node) -> Iterator[None]:
        """Read what nests in a value. Raises `Mistake` where that is too deep."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise Mistake(Diagnostic(
                "NS105", f"nesting deeper than {MAX_NESTING}", Label(self.text.span(node), "one level too many"),
                help="give parts of it names of their own",
            ))  # fmt: skip
        yield
        self.depth -= 1

    # ------------------------------------------------------------------------------------------------- texts

    def part(self, node: Node, symbol: Literal["expr", "type"] = "expr", start: int = 0) -> Any:
        """The expression or type that a string says from an offset on; any name where it cannot be read."""
        text: str = node.value
        source = Fragment(self.text, node)
        whole = Span(source, start, len(text))
        if symbol == "expr" and _is_name(text[start:]):
            return ast.Name(text[start:], span=whole)
        found, mistakes = self.parts.read(source, symbol, start, len(text), self.depth, '"')
        self.mistakes += [_at_end(m) for m in mistakes] or self._comment(source)
        return ast.Name("", span=whole) if found is None else found

    def _comment(self, source: Fragment) -> list[Diagnostic]:
        """The first comment in an expression: it would be lost."""
        if "#" not in source.text:
            return []
        words = token_pattern(load()).finditer(source.text)
        comments = (Span(source, *word.span("COMMENT")) for word in words if word.lastgroup == "COMMENT")
        return [Diagnostic("NS100", "a comment in an expression", Label(span), help="leave it out, or write a `doc`")
                for span in list(comments)[:1]]  # fmt: skip

    def string(self, node: Node) -> ast.Constant | ast.Interpolation:
        """A string of the language: ``{…}`` puts in a value."""
        text: str = node.value
        span = self.text.span(node)
        if "{" not in text and "}" not in text:
            return ast.Constant(text, span=span)
        source = Fragment(self.text, node)
        parts: list[str | ast.Expr] = []
        for piece in pieces(source, 0, len(text), str, self.mistakes):
            if isinstance(piece, str):
                parts.append(piece)
                continue
            value, mistakes = self.parts.read(source, "expr", *piece, self.depth + 1, "}")
            self.mistakes += mistakes
            parts.append("" if value is None else value)
        joined = merged(parts)
        if joined and not (len(joined) == 1 and isinstance(joined[0], str)):
            return ast.Interpolation(tuple(joined), span=span)
        return ast.Constant("".join(map(str, joined)), span=span)

    def doc(self, node: Node) -> str:
        """Documentation as the text form has it: no blanks around a line."""
        doc = node.get("doc")
        return "" if doc is None else "\n".join(line.strip() for line in doc.value.split("\n"))


def _at_end(diagnostic: Diagnostic) -> Diagnostic:
    """The quote that ends a string is what is found where an expression goes on."""
    return replace(diagnostic, message=diagnostic.message.replace('found `"`', "found the end of the string"))


def _is_name(text: str) -> bool:
    return text.isidentifier() and text.isascii() and text not in HARD
