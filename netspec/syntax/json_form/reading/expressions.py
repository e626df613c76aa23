"""Reading values, tensors, targets and annotations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.json_form import models as m
from netspec.syntax.json_form.reading.base import Base
from netspec.syntax.json_form.tree import Node


class Expressions(Base):
    # ------------------------------------------------------------------------------------------------- scalars

    def code(self, node: Node) -> ast.Expr:
        """Where only an expression can stand: a string is its text."""
        if isinstance(node.value, str):
            found: ast.Expr = self.part(node)
            return found
        return self.scalar(node)

    def starred(self, node: Node) -> ast.Expr | ast.Star:
        """The text of an expression that may begin with ``*``."""
        text = node.value
        if not isinstance(text, str) or not text.lstrip().startswith("*") or text.lstrip().startswith("**"):
            return self.code(node)
        value = self.part(node, start=text.index("*") + 1)
        return ast.Star(value, span=self.inside(node))

    def scalar(self, node: Node) -> ast.Expr:
        """A number, true, false or null. A negative number is what the text form has: a minus and a number."""
        span = self.text.span(node)
        if span.text.startswith("-"):
            return ast.Unary("-", ast.Constant(abs(node.value), span=span._replace(start=span.start + 1)), span=span)
        return ast.Constant(node.value, span=span)

    # ------------------------------------------------------------------------------------------------- values

    def value(self, value: m.Value, node: Node) -> ast.Expr:
        """Where a value can stand: JSON's literals and lists stand for themselves."""
        if isinstance(value, str):
            return self.string(node)
        if isinstance(value, list):
            with self.deeper(node):
                items = tuple(map(self.item, value, node.items))
            return ast.List(items, "()" if len(items) > 1 else "[]", span=self.text.span(node))
        if isinstance(value, m.Model):
            return self.object(value, node)
        return self.scalar(node)

    def item(self, value: m.Value, node: Node) -> ast.Expr | ast.Star:
        """An element of a list, or an argument: ``{"expr": "*xs"}`` too."""
        return self.starred(node["expr"]) if isinstance(value, m.Expression) else self.value(value, node)

    def object(self, value: m.Model, node: Node) -> ast.Expr:
        if isinstance(value, m.Expression):
            return self.code(node["expr"])
        if isinstance(value, m.Call):
            return self.repeated(node, lambda: self.call(value, node))
        if isinstance(value, m.StepList):
            return self.repeated(node, lambda: self.step_list(value, node))
        if isinstance(value, m.Chain):
            return self.chain(value, node)
        assert isinstance(value, m.Dictionary)
        with self.deeper(node):
            return self.dictionary(value, node)

    def dictionary(self, value: m.Dictionary, node: Node) -> ast.Dict:
        pairs = []
        for entry, at in zip(value.dict_, node["dict"].items, strict=True):
            pairs.append((self.value(entry[0], at[0]), self.value(entry[1], at[1])))
        return ast.Dict(tuple(pairs), span=self.span(node, "dict"))

    def repeated(self, node: Node, read: Callable[[], ast.Expr]) -> ast.Expr:
        """What an object says, or ``n * …`` where it has ``repeat``."""
        if node.get("repeat") is None:
            return read()
        count = self.code(node["repeat"])
        with self.deeper(node):
            one = read()
        return ast.Binary("*", count, one, span=one.span)

    # ------------------------------------------------------------------------------------------------- calls

    def call(self, value: m.Call, node: Node) -> ast.Call:
        function = self.code(node["op"])
        with self.deeper(node):
            args, keywords = self.arguments(value.args, value.kwargs, node)
        return ast.Call(function, args, keywords, span=self.span(node, "op"))

    def arguments(self, args: list[m.Value] | None, kwargs: dict[str, m.Value] | None,
                  node: Node) -> tuple[tuple[ast.Expr | ast.Star, ...], tuple[ast.Keyword, ...]]:  # fmt: skip
        named = node["kwargs"] if kwargs else node
        given = tuple(map(self.item, args, node["args"].items)) if args else ()
        return given, tuple(self.keyword(name, value, named) for name, value in (kwargs or {}).items())

    def keyword(self, name: str, value: m.Value, node: Node) -> ast.Keyword:
        read = self.value(value, node[name])
        place = self.key(node, name)
        span = Span(self.text, node.keys[name][0], node[name].end)
        return ast.Keyword(None if name == "**" else name, read, span=span, name_span=place)

    def annotations(self, node: Node, given: Sequence[str | m.AnnotationCall] | None) -> tuple[ast.Annotation, ...]:
        return tuple(map(self.annotation, given, node["annotations"].items)) if given else ()

    def annotation(self, value: str | m.AnnotationCall, node: Node) -> ast.Annotation:
        if isinstance(value, str):
            return ast.Annotation(value, (), (), span=self.inside(node))
        with self.deeper(node):
            args, keywords = self.arguments(value.args, value.kwargs, node)
        return ast.Annotation(value.name, args, keywords, span=self.span(node, "name"))

    # ------------------------------------------------------------------------------------------------- tensors

    def tensor(self, value: m.Flow, node: Node) -> ast.Expr:
        """Where a chain begins: a string is the text of an expression."""
        if isinstance(value, str):
            return self.code(node)
        if isinstance(value, list):
            with self.deeper(node):
                return ast.List(tuple(map(self.tensor, value, node.items)), "()", span=self.text.span(node))
        return self.object(value, node)

    def chain(self, value: m.Chain | m.TensorModel, node: Node) -> ast.Expr:
        """A tensor and its steps; without steps the tensor."""
        source = self.tensor(value.from_, node["from"])
        annotations = self.annotations(node, value.annotations)
        if not value.steps:
            if annotations:
                self.refuse("an annotation without steps", annotations[0].span,
                            help="annotations stand with a chain's `steps`, or with one of them")  # fmt: skip
            return source
        steps = tuple(map(self.chain_step, value.steps, node["steps"].items))
        return ast.Chain(source, annotations, steps, span=self.span(node, "from"))

    def chain_step(self, value: m.Step, node: Node) -> ast.Step:
        raise NotImplementedError

    def step_list(self, value: m.StepList, node: Node) -> ast.List | ast.ListComp:
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------- targets

    def targets(self, node: Node) -> tuple[ast.Target, ...]:
        """The names of a ``for``: one, or as many as a list has."""
        return tuple(map(self.target, node.items)) if node.items else (self.target(node),)

    def target(self, node: Node) -> ast.Target:
        if node.items:
            with self.deeper(node):
                return ast.Target(None, tuple(map(self.target, node.items)), span=self.text.span(node))
        name = self.part(node)
        if not isinstance(name, ast.Name):
            self.refuse(f"`{node.value[:60]}` is no name", self.inside(node),
                        help='several names are a list: `["i", "n"]`')  # fmt: skip
            return ast.Target("", span=self.inside(node))
        return ast.Target(name.id, span=name.span)
