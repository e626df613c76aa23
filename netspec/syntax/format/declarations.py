"""Whole documents: the first line, declarations with their parameters, and the blank lines between them."""

from __future__ import annotations

from netspec.syntax import ast
from netspec.syntax.format.bodies import Bodies, comment_lines
from netspec.syntax.format.layout import INDENT, NOWHERE, Bracket, Item, Part, Row, Step, Text
from netspec.syntax.format.literals import quoted
from netspec.syntax.format.types import type_text

#: Comments longer than this stand above a parameter, where no text says where they stand.
_LONGEST_BESIDE = 60


class Documents(Bodies):
    def document(self, node: ast.Document) -> str:
        """The text of a document."""
        writer, declarations = self.writer, node.declarations
        above = bool(node.doc) and not (declarations and _keeps_doc_below(declarations[0]))
        writer.line(0, self.notes.next("netspec", 0) if self.notes.source is not None else NOWHERE, first=True)
        if above:
            self.documented(node.doc, 0)
        writer.write(f"netspec {node.edition or 1}")
        if node.doc and not above and self.notes.source is None:
            self._document_doc(node)
        before: ast.Declaration | None = None
        for declaration in declarations:
            blank = _stand_apart(before, declaration, self.notes.source is None)
            if before is None:
                blank = not (self.notes.source is None and node.doc and isinstance(declaration, ast.Use))
            if before is not None and self.notes.kept(self.parts.end(before), self.parts.start(declaration)):
                writer.write("; ")
            else:
                writer.line(0, self.parts.start(declaration), blank=blank)
            self._declaration(declaration)
            before = declaration
        return writer.finish()

    def _document_doc(self, node: ast.Document) -> None:
        """The comment below the first line; apart from what follows, unless that is a ``use``."""
        self.writer.line(0, blank=True)
        *lines, last = comment_lines(node.doc)
        for words in lines:
            self.writer.write(words)
            self.writer.line(0)
        self.writer.write(last)

    def _declaration(self, node: ast.Declaration) -> None:
        if not isinstance(node, (ast.Use, ast.Example)):
            self.documented(node.doc, 0)
        if isinstance(node, ast.Block):
            self._block(node)
        elif self.notes.as_written(start := self.parts.start(node), end := self.parts.end(node)):
            self.writer.copy(start, end)
        else:
            self.writer.put(self.parts.whole(self._simple(node), start, end))

    def _simple(self, node: ast.Use | ast.Const | ast.Function | ast.Variant | ast.Example) -> Part:
        match node:
            case ast.Use():
                return self._use(node)
            case ast.Const():
                return self.parts.const(node)
            case ast.Function():
                params = self._params(node.params, node.name_span.end)
                return Row([Text(f"fn {node.name}"), params, Text(" = "), self.parts.value(node.body)])
            case ast.Variant():
                head = f"{node.kind} {node.name}{self._class_name(node.class_name)} = "
                return Row([Text(head), self.parts.value(node.value)])
        return Row([Text("example "), self.parts.value(node.value)])

    def _use(self, node: ast.Use) -> Part:
        names = [Text(n.name if n.name == n.alias else f"{n.name} as {n.alias}") for n in node.names]
        start, end = NOWHERE, self.parts.end(node)
        if self.notes.source is not None:
            start = node.path_span.end
        path = quoted(ast.Constant(node.path, span=node.span), 0, str)
        return Row([Text(f"use {path} "), self.parts.bracket("{ ", node.names, names, " }", "fill", start, end)])

    def _class_name(self, node: ast.Constant | ast.Interpolation | None) -> str:
        return f" as {self.parts.literal(node).flat}" if node is not None else ""

    # ------------------------------------------------------------------------------------------------- blocks

    def _block(self, node: ast.Block) -> None:
        params = self._params(node.params, node.name_span.end)
        name = Row([Text(f"{node.kind} {node.name}"), params, Text(self._class_name(node.class_name))])
        header = Step("", name, self.parts.annotations(node.annotations), hang=INDENT)
        place = NOWHERE
        if self.notes.source is not None:
            place = max(params.end, node.class_name.span.end if node.class_name is not None else 0,
                        node.annotations[-1].span.end if node.annotations else 0)  # fmt: skip
        self.header(header, self.parts.start(node), place)
        self.body(node.body, place, 0)

    def _params(self, nodes: tuple[ast.Parameter, ...], name_end: int) -> Bracket:
        start, end = NOWHERE, NOWHERE
        if self.notes.source is not None:
            start = self.notes.next("(", name_end)
            end = self.notes.closer(start) + 1
        bracket = self.parts.bracket("(", nodes, [self._param(n) for n in nodes], ")", "table", start, end)
        if self.notes.source is not None or not any(n.doc for n in nodes):
            return bracket
        items = [_documented(item, n.doc) for item, n in zip(bracket.items, nodes, strict=True)]
        return Bracket("(", items, ")", "table")

    def _param(self, node: ast.Parameter) -> Part:
        head = f"{'**' if node.rest else ''}{node.name}"
        if node.type is not None:
            head += f": {type_text(node.type)}"
        if node.default is None:
            return Text(head)
        return Row([Text(f"{head} = " if node.type is not None else f"{head}="), self.parts.value(node.default)])


def _documented(item: Item, doc: str) -> Item:
    if not doc:
        return item
    lines = comment_lines(doc)
    beside = len(lines) == 1 and len(lines[0]) <= _LONGEST_BESIDE
    return item._replace(beside=lines[0]) if beside else item._replace(above=tuple(lines))


def _keeps_doc_below(first: ast.Declaration) -> bool:
    """Whether a comment above the first declaration documents the file: not where it would document that."""
    return isinstance(first, ast.Use) or (not isinstance(first, ast.Example) and bool(first.doc))


def _stand_apart(before: ast.Declaration | None, after: ast.Declaration, bare: bool) -> bool:
    """Whether a blank line is asked for: around what has a body; without a text, also between unlike declarations."""
    if isinstance(after, ast.Block):
        return True
    if isinstance(before, ast.Block):
        return not isinstance(after, ast.Example)
    return bare and (type(before) is not type(after) or bool(getattr(after, "doc", "")))
