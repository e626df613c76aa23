"""Statements as parts; those with bodies are laid out in `netspec.syntax.format.bodies`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from netspec.syntax import ast
from netspec.syntax.format.chains import Chains
from netspec.syntax.format.expressions import EXPR, ITEM, TEST, group
from netspec.syntax.format.layout import INDENT, NOWHERE, Commas, Part, Row, Step, Text

Simple = (
    ast.Input | ast.Output | ast.Let | ast.Const | ast.Assert | ast.Bind | ast.Policy | ast.Module | ast.RawTensor
    | ast.Order
)  # fmt: skip


class Statements(Chains):
    def statement(self, node: Simple) -> Part:
        """A statement without a body."""
        return self.whole(self._statement(node), self.start(node), self.end(node))

    def _statement(self, node: Simple) -> Part:
        match node:
            case ast.Input():
                return self._input(node)
            case ast.Output():
                return self._output(node)
            case ast.Let():
                target = node.target.name if node.target.name is not None else group(node.target)
                return Row([Text(f"let {target} = "), self.value(node.value)])
            case ast.Const():
                return self.const(node)
            case ast.Assert():
                return self._assertion(node)
            case ast.Bind():
                places = self._commas(node.targets, [self._place_of(t) for t in node.targets])
                return Row([places, Text(" = "), self.expression(node.value)])
            case ast.Policy():
                return self._policy(node)
            case ast.Module():
                return self._module(node)
            case ast.RawTensor():
                return self._raw_tensor(node)
        return Row([Text("order "), self._commas(node.selectors, [Text(self._selector(s)) for s in node.selectors])])

    def inputs(self, nodes: Sequence[ast.Input]) -> Part:
        """``input a, b``."""
        return Row([Text("input "), self._commas(nodes, [Text(node.name) for node in nodes])])

    def const(self, node: ast.Const) -> Part:
        return Row([Text(f"const {node.name} = "), self.value(node.value)])

    def _commas(self, nodes: Sequence[ast.Node], parts: Sequence[Part]) -> Commas:
        """Elements without a bracket around them."""
        parted = any(self.commented(self.end(a), self.start(b)) for a, b in pairwise(nodes))
        return Commas(self.items(nodes, parts), parted)

    # ------------------------------------------------------------------------------------------------- tensors

    def _input(self, node: ast.Input) -> Part:
        parts: list[Part] = [Text(f"input {node.name}")]
        if node.family:
            parts.append(Text(f": {node.dtype or ''}[*]"))
        elif node.dims is not None:
            parts += [Text(": "), *self._dims(node.dtype, node.dims, node)]
        if node.where:
            parts += [Text(" where "), self._commas(node.where, [self.expression(test, TEST) for test in node.where])]
        return Step("", Row(parts), self.annotations(node.annotations), hang=INDENT)

    def _dims(self, dtype: str | None, dims: Sequence[ast.Expr | ast.Star],
              node: ast.Input | ast.RawTensor) -> list[Part]:  # fmt: skip
        parts = [self.star(d) if isinstance(d, ast.Star) else self.expression(d, TEST) for d in dims]
        start, end = NOWHERE, NOWHERE
        if self.notes.source is not None:
            opener = self.notes.next("[", node.name_span.end)
            start, end = opener, self.notes.closer(opener) + 1
        return [Text(dtype or ""), self.bracket("[", dims, parts, "]", "fill", start, end)]

    def _raw_tensor(self, node: ast.RawTensor) -> Part:
        parts = [Text(f"{node.kind} {node.name}: "), *self._dims(node.dtype, node.dims, node)]
        if node.value is not None:
            parts += [Text(" = "), self.value(node.value)]
        return Row(parts)

    def _output(self, node: ast.Output) -> Part:
        if node.label is not None:
            return Row([Text(f"output {self.literal(node.label).flat} = "), self.expression(node.values[0])])
        values = [self.expression(value, ITEM) for value in node.values]
        return Row([Text("output "), self._commas(node.values, values)])

    def _place_of(self, node: ast.BindTarget) -> Part:
        if node.index is None:
            return Text(f"{'*' if node.star else ''}{node.name}")
        start = NOWHERE if self.notes.source is None else self.notes.next("[", node.span.start)
        part = self.expression(node.index, EXPR)
        index = self.bracket("[", [node.index], [part], "]", "parts", start, self.end(node))
        return Row([Text(node.name), index])

    def _module(self, node: ast.Module) -> Part:
        head = f"module {self.label(node.label)}: "
        value = self.expression(node.value, TEST if node.annotations else EXPR)
        return Step(head, value, self.annotations(node.annotations), hang=INDENT)

    # ------------------------------------------------------------------------------------------------- values

    def _assertion(self, node: ast.Assert) -> Part:
        condition = self.expression(node.condition, TEST)
        if node.message is None:
            return Row([Text("assert "), condition])
        nodes = [node.condition, node.message]
        return Row([Text("assert "), self._commas(nodes, [condition, self.literal(node.message)])])

    # ------------------------------------------------------------------------------------------------- policies

    def _policy(self, node: ast.Policy) -> Part:
        parts: list[Part] = [Text(f"{node.kind} {self._selector(node.selector)}")]
        if node.settings:
            start, end = NOWHERE, NOWHERE
            if self.notes.source is not None:
                opener = self.notes.next("{", node.selector.span.end)
                start, end = opener, self.notes.closer(opener) + 1
            settings = [self.keyword(setting, " = ") for setting in node.settings]
            parts += [Text(" "), self.bracket("{ ", node.settings, settings, " }", "settings", start, end)]
        if node.condition is not None:
            parts += [Text(" if "), self.expression(node.condition, TEST)]
        return Row(parts)

    def _selector(self, node: ast.Selector) -> str:
        if node.quoted:
            return self.literal(node.text).flat
        assert isinstance(node.text, ast.Constant)
        return str(node.text.value)
