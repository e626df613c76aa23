"""Bodies: statements on lines of their own, and those that have bodies themselves."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.syntax import ast
from netspec.syntax.format.comments import Notes
from netspec.syntax.format.expressions import TEST, targets
from netspec.syntax.format.layout import INDENT, NOWHERE, WIDTH, Part, Row, Step, Text
from netspec.syntax.format.statements import Simple, Statements
from netspec.syntax.format.writer import Writer


class Bodies:
    """Writes bodies; ``parts`` makes the parts of their statements."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.parts = Statements(notes)
        self.writer = Writer(notes)

    def body(self, statements: Sequence[ast.Statement], header_end: int, indent: int) -> int:
        """``{ … }`` after what is on the line; the place where it ends in the text."""
        opener = self.notes.next("{", header_end) if header_end != NOWHERE else NOWHERE
        closer = self.notes.closer(opener) if opener != NOWHERE else NOWHERE
        if not statements and not self.parts.commented(opener, closer):
            self.writer.write("{}")
            return closer
        self.writer.write("{")
        if self.notes.kept(opener, closer):
            self.writer.write(f" {'; '.join([self._flat(s) for s in self._grouped(statements)])} }}")
            return closer
        self._statements(statements, indent + INDENT, opener)
        if statements and self.notes.kept(self.parts.end(statements[-1]), closer):
            self.writer.write(" }")
            return closer
        self.writer.close(indent + INDENT, indent, closer, empty=not statements)
        self.writer.write("}")
        return closer

    def _statements(self, statements: Sequence[ast.Statement], indent: int, opener: int) -> None:
        before: ast.Statement | None = None
        for group in self._grouped(statements):
            start = self._start(group[0])
            if before is not None and self.notes.kept(self.parts.end(before), start):
                self.writer.write("; ")
            elif before is None and self.notes.kept(opener, start):
                self.writer.write(" ")
            else:
                self.writer.line(indent, start, first=before is None)
            self._write_docs(group[0], indent)
            with self.writer.inside(indent, nested=False):
                self._statement(group, indent)
            before = group[-1]

    def _write_docs(self, node: ast.Statement, indent: int) -> None:
        if isinstance(node, (ast.Input, ast.Const)):
            self.documented(node.doc, indent)

    def documented(self, doc: str, indent: int) -> None:
        """The ``##`` comment of what follows, where there is no text that has it."""
        if self.notes.source is not None or not doc:
            return
        for words in comment_lines(doc):
            self.writer.write(words)
            self.writer.line(indent)

    def _grouped(self, statements: Sequence[ast.Statement]) -> list[list[ast.Statement]]:
        """The statements; inputs that are written as one, ``input a, b``, together."""
        groups: list[list[ast.Statement]] = []
        for node in statements:
            if groups and self._continues(groups[-1][-1], node):
                groups[-1].append(node)
            else:
                groups.append([node])
        return groups

    def _continues(self, before: ast.Statement, node: ast.Statement) -> bool:
        if self.notes.source is None or not isinstance(before, ast.Input) or not isinstance(node, ast.Input):
            return False
        return self.notes.source.text[before.span.end : node.span.start].strip() == ","

    def _start(self, node: ast.Statement) -> int:
        """Where a statement begins; the first of several inputs has the place of its name."""
        start = self.parts.start(node)
        if self.notes.source is None or not isinstance(node, ast.Input) or node.span != node.name_span:
            return start
        return self.notes.source.text.rfind("input", 0, start)

    # ------------------------------------------------------------------------------------------------- statements

    def _statement(self, group: list[ast.Statement], indent: int) -> None:
        node = group[0]
        if isinstance(node, (ast.For, ast.If)):
            flat = self._on_one_line(node)
            if flat and indent + len(flat) <= WIDTH:
                self.writer.write(flat)
            elif isinstance(node, ast.For):
                self._for(node, indent)
            else:
                self._if(node, indent)
        elif self.notes.as_written(self._start(node), self.parts.end(group[-1])):
            self.writer.copy(self._start(node), self.parts.end(group[-1]))
        else:
            self.writer.put(self._simple_statement(node, group))

    def _simple_statement(self, node: Simple, group: Sequence[ast.Statement]) -> Part:
        if len(group) > 1:
            inputs = self.parts.inputs([n for n in group if isinstance(n, ast.Input)])
            return self.parts.whole(inputs, self._start(node), self.parts.end(group[-1]))
        return self.parts.statement(node)

    def _flat(self, group: list[ast.Statement]) -> str:
        node = group[0]
        if isinstance(node, ast.For):
            return f"{self._for_header(node).flat} {{ {self._flat_body(node.body)} }}"
        if isinstance(node, ast.If):
            heads = [self._if_header(n, condition).flat for n, (condition, _) in enumerate(node.branches)]
            bodies = [self._flat_body(body) for _, body in node.branches]
            return " ".join([f"{head} {{ {body} }}" for head, body in zip(heads, bodies, strict=True)])
        return self._simple_statement(node, group).flat

    def _flat_body(self, statements: Sequence[ast.Statement]) -> str:
        return "; ".join([self._flat(group) for group in self._grouped(statements)])

    def _on_one_line(self, node: ast.For | ast.If) -> str:
        """A loop or an ``if`` without ``else`` whose body is one statement, on one line; empty where it cannot be."""
        body = node.body if isinstance(node, ast.For) else node.branches[0][1]
        if isinstance(node, ast.If) and len(node.branches) > 1:
            return ""
        if len(body) != 1 or isinstance(body[0], (ast.For, ast.If)) or self._is_documented(body[0]):
            return ""
        return "" if self.parts.commented(self.parts.start(node), self.parts.end(node)) else self._flat([node])

    def _is_documented(self, node: Simple) -> bool:
        return self.notes.source is None and isinstance(node, (ast.Input, ast.Const)) and bool(node.doc)

    def _for(self, node: ast.For, indent: int) -> None:
        end = self.parts.end(node.annotations[-1] if node.annotations else node.iterable)
        self.header(self._for_header(node), self.parts.start(node), end)
        self.body(node.body, end, indent)

    def header(self, part: Part, start: int, end: int) -> None:
        """What stands between two places of the text, before a body; parentheses may close after the second."""
        end = self.notes.end_before("{", end)
        if self.notes.as_written(start, end):
            self.writer.copy(start, end)
        else:
            self.writer.put(self.parts.whole(part, start, end), len(" {"))
        self.writer.write(" ")

    def _for_header(self, node: ast.For) -> Part:
        head = f"for {targets(node.targets)} in "
        iterable = self.parts.expression(node.iterable, TEST)
        return Step(head, iterable, self.parts.annotations(node.annotations), hang=INDENT)

    def _if(self, node: ast.If, indent: int) -> None:
        place = NOWHERE
        for n, (condition, body) in enumerate(node.branches):
            if n:
                self._else(place, condition, indent)
            end = self.parts.end(condition) if condition is not None else place
            start = self._else_word(place, condition) if n else self.parts.start(node)
            self.header(self._if_header(n, condition), start, end if condition is not None else start)
            place = self.body(body, end, indent)

    def _else(self, place: int, condition: ast.Expr | None, indent: int) -> None:
        """Go on after the body that ends at a place: on its line, unless comments stand between."""
        word = self._else_word(place, condition)
        if self.notes.left(word):
            self.writer.line(indent, word, first=True)
        else:
            self.writer.write(" ")

    def _else_word(self, place: int, condition: ast.Expr | None) -> int:
        return self.notes.next("elif" if condition is not None else "else", place) if place != NOWHERE else NOWHERE

    def _if_header(self, number: int, condition: ast.Expr | None) -> Part:
        if condition is None:
            return Text("else")
        return Row([Text("elif " if number else "if "), self.parts.expression(condition, TEST)])


def comment_lines(doc: str) -> list[str]:
    """The lines of a ``##`` comment."""
    return [f"## {line}".rstrip() for line in doc.split("\n")]
