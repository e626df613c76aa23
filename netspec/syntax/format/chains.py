"""Chains, steps and annotations as parts."""

from __future__ import annotations

from netspec.syntax import ast
from netspec.syntax.format.expressions import EXPR, ITEM, POSTFIX, TEST, Expressions
from netspec.syntax.format.layout import INDENT, Arrow, Arrows, Part, Row, Step, Text

#: What needs parentheses before an arrow, and as a step: `(a + b) -> f`.
_ARITHMETIC = (ast.Sum, ast.Binary, ast.Unary, ast.Compare, ast.BoolOp)
_NO_STEPS = (ast.Sum, ast.Compare, ast.BoolOp)


class Chains(Expressions):
    def chain(self, node: ast.Chain) -> Part:
        source = self.expression(node.source, POSTFIX if isinstance(node.source, _ARITHMETIC) else TEST)
        if node.annotations:
            source = Step("", source, self.annotations(node.annotations))
        arrows = []
        place = self.end(node.annotations[-1] if node.annotations else node.source)
        for step in node.steps:
            start = self.start(step)
            glued = self.notes.kept(place, start)
            arrows.append(Arrow(self.step(step, in_chain=True), start, self.commented(place, start), glued))
            place = self.end(step)
        return Arrows(source, arrows)

    def element(self, node: ast.Expr | ast.Step | ast.Star) -> Part:
        """An element of a list, or an argument."""
        if isinstance(node, ast.Star):
            return self.star(node)
        return self.step(node) if isinstance(node, ast.Step) else self.expression(node, ITEM)

    def step(self, node: ast.Step, in_chain: bool = False) -> Step:
        """A step; in a chain arithmetic stands in parentheses."""
        value = self.expression(node.value, TEST)
        if in_chain and isinstance(node.value, _NO_STEPS):
            value = self.parenthesised(value, node.value)
        head = f"{'stage ' if node.stage else ''}{self.label(node.label)}: " if node.label else ""
        tail: list[Part] = []
        if node.condition is not None:
            tail += [Text("if "), self.expression(node.condition, TEST)]
        if node.otherwise is not None:
            tail += [Text(" else "), self.step(node.otherwise)]
        annotations = self.annotations(node.annotations)
        part = Step(head, value, annotations, Row(tail) if tail else None, hang=0 if in_chain else INDENT)
        whole = self.notes.kept(self.start(node), self.end(node))
        return Step("", Text(part.flat)) if whole else part

    def label(self, node: ast.Label) -> str:
        return node.value.id if isinstance(node.value, ast.Name) else self.literal(node.value).flat

    def annotations(self, nodes: tuple[ast.Annotation, ...]) -> list[Part]:
        return [self.annotation(node) for node in nodes]

    def annotation(self, node: ast.Annotation) -> Part:
        name = Text(f"@{node.name}")
        if not node.args and not node.keywords:
            return name
        start = self.start(node)
        return Row([name, self.arguments(node.args, node.keywords, start, self.end(node))])

    def value(self, node: ast.Expr) -> Part:
        """An expression where no chain may stand without parentheses."""
        return self.expression(node, EXPR)
