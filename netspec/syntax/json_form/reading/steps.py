"""Reading steps, lists of steps, and what they may have around them."""

from __future__ import annotations

from netspec.syntax import ast
from netspec.syntax.build_base import conditional
from netspec.syntax.json_form import models as m
from netspec.syntax.json_form.reading.expressions import Expressions
from netspec.syntax.json_form.tree import Node
from netspec.syntax.words import HARD

StepModel = m.CallStep | m.ListStep | m.ExpressionStep


class Steps(Expressions):
    def chain_step(self, value: m.Step, node: Node) -> ast.Step:
        """A step of a chain."""
        if isinstance(value, str):
            read = self.code(node)
            return ast.Step(read, span=read.span)
        return self.step(value, node)

    def step(self, value: StepModel, node: Node) -> ast.Step:
        label = self.label(node["label"]) if node.get("label") is not None else None
        if value.stage and label is None:
            self.refuse("a stage without a label", self.key(node, "stage"), help='name it: `"label": "layer1"`')
        made = self.made(value, node)
        annotations = self.annotations(node, value.annotations)
        condition = self.code(node["if"]) if node.get("if") is not None else None
        otherwise = self.otherwise(value, node) if node.get("else") is not None else None
        return ast.Step(made, label, bool(value.stage), annotations, condition, otherwise, span=made.span)

    def made(self, value: StepModel, node: Node) -> ast.Expr:
        if isinstance(value, m.ExpressionStep):
            return self.code(node["expr"])
        if isinstance(value, m.CallStep):
            return self.repeated(node, lambda: self.call(value, node))
        return self.repeated(node, lambda: self.step_list(value, node))

    def otherwise(self, value: StepModel, node: Node) -> ast.Step:
        if node.get("if") is None:
            self.refuse("an `else` without `if`", self.key(node, "else"), help="say when: `\"if\": \"stride == 1\"`")
        with self.deeper(node["else"]):
            return self.chain_step(value.else_, node["else"])

    def label(self, node: Node) -> ast.Label:
        """A name, or a string; a string that could be a name is written as an expression: ``{"expr": "'conv1'"}``."""
        if isinstance(node.value, dict):
            found = self.part(node["expr"])
            is_string = isinstance(found, ast.Constant) and isinstance(found.value, str)
            if is_string or isinstance(found, ast.Interpolation):
                return ast.Label(found, span=found.span)
            self.refuse("a label is a string", found.span, help='write `"label": "conv1"`')
            return ast.Label(ast.Constant("", span=found.span), span=found.span)
        text: str = node.value
        if text.isidentifier() and text.isascii() and text not in HARD:
            return ast.Label(ast.Name(text, span=self.inside(node)), span=self.inside(node))
        string = self.string(node)
        return ast.Label(string, span=string.span)

    # ------------------------------------------------------------------------------------------------- lists

    def step_list(self, value: m.StepList, node: Node) -> ast.List | ast.ListComp:
        at, span = node["list"], self.span(node, "list")
        with self.deeper(at):
            if isinstance(value.list_, m.Comprehension):
                return self.comprehension(value.list_, at)
            return ast.List(tuple(map(self.element, value.list_, at.items)), span=span)

    def element(self, value: m.Step, node: Node) -> ast.Expr | ast.Step | ast.Star:
        """An element of a list of steps: a step only if it has something that expressions do not have."""
        if isinstance(value, str):
            return self.starred(node)
        keys = set(node.value)
        if keys == {"expr"}:
            return self.starred(node["expr"])
        step = self.step(value, node)
        if step.label is None and not step.annotations and step.condition is None:
            return step.value
        return conditional(step) or step

    def comprehension(self, value: m.Comprehension, node: Node) -> ast.ListComp:
        targets = self.targets(node["for"])
        iterable = self.code(node["in"])
        condition = self.code(node["if"]) if node.get("if") is not None else None
        clause = ast.Clause(targets, iterable, condition, span=self.text.span(node["for"]))
        return ast.ListComp(self.element(value.each, node["each"]), (clause,), span=self.span(node, "each"))
