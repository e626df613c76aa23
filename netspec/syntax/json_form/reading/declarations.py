"""Reading declarations, parameters, and the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from netspec.syntax import ast
from netspec.syntax.json_form import models as m
from netspec.syntax.json_form.reading.statements import Statements
from netspec.syntax.json_form.tree import Node


class Documents(Statements):
    def document(self, value: m.DocumentModel, node: Node) -> ast.Document:
        declarations = tuple(map(self.declaration, value.declarations, node["declarations"].items))
        return ast.Document(self.text, value.netspec, declarations, self.doc(node))

    def declaration(self, value: m.Declaration, node: Node) -> ast.Declaration:
        readers: dict[type, Callable[[Any, Node], ast.Declaration]] = {
            m.UseModel: self.use, m.ConstModel: self.const, m.FunctionModel: self.function, m.BlockModel: self.block,
            m.NetworkModel: self.block, m.BlockVariant: self.variant, m.NetworkVariant: self.variant,
            m.ExampleModel: self.example,
        }  # fmt: skip
        return readers[type(value)](value, node)

    def use(self, value: m.UseModel, node: Node) -> ast.Use:
        names = tuple(map(self.imported, value.names, node["names"].items))
        return ast.Use(value.use, names, span=self.span(node, "use"), path_span=self.text.span(node["use"]))

    def imported(self, value: str | m.ImportedName, node: Node) -> ast.Import:
        if isinstance(value, str):
            return ast.Import(value, value, span=self.inside(node))
        return ast.Import(value.name, value.as_, span=self.span(node, "name"))

    def function(self, value: m.FunctionModel, node: Node) -> ast.Function:
        return ast.Function(
            value.fn, self.parameters(value.params, node), self.value(value.value, node["value"]), self.doc(node),
            span=self.span(node, "fn"), name_span=self.inside(node["fn"]),
        )  # fmt: skip

    def block(self, value: m.BlockModel | m.NetworkModel, node: Node) -> ast.Block:
        kind = _kind(node)
        return ast.Block(
            kind, node[kind].value, self.parameters(value.params, node), self.class_name(node),
            self.annotations(node, value.annotations), self.body(value.body, node["body"]), self.doc(node),
            span=self.span(node, kind), name_span=self.inside(node[kind]),
        )  # fmt: skip

    def variant(self, value: m.BlockVariant | m.NetworkVariant, node: Node) -> ast.Variant:
        kind = _kind(node)
        return ast.Variant(kind, node[kind].value, self.class_name(node), self.value(value.value, node["value"]),
                           self.doc(node), span=self.span(node, kind), name_span=self.inside(node[kind]))  # fmt: skip

    def class_name(self, node: Node) -> ast.Constant | ast.Interpolation | None:
        found = node.get("as")
        return self.string(found) if found is not None else None

    def example(self, value: m.ExampleModel, node: Node) -> ast.Example:
        read = self.object(value.example, node["example"])
        if not isinstance(read, ast.Call):
            self.refuse("an example is a network with its arguments", read.span, "not a call", code="NS106",
                        help='write `{"op": "Network", "kwargs": {"depth": 18}}`')  # fmt: skip
        return ast.Example(read, span=self.span(node, "example"))

    # ------------------------------------------------------------------------------------------------- parameters

    def parameters(self, values: Sequence[str | m.Parameter | m.RestParameter] | None,
                   node: Node) -> tuple[ast.Parameter, ...]:  # fmt: skip
        return tuple(map(self.parameter, values, node["params"].items)) if values else ()

    def parameter(self, value: str | m.Parameter | m.RestParameter, node: Node) -> ast.Parameter:
        named = node if isinstance(value, str) else node["rest" if isinstance(value, m.RestParameter) else "name"]
        name = self.inside(named)
        if named.value == "self":
            self.refuse("there is no `self` in a spec", name, help="leave it out: a block's own names are enough")
        if isinstance(value, str):
            return ast.Parameter(value, None, None, span=name, name_span=name)
        if isinstance(value, m.RestParameter):
            return ast.Parameter(value.rest, None, None, True, self.doc(node), span=name, name_span=name)
        type_ = self.part(node["type"], "type") if node.get("type") is not None else None
        default = self.value(value.default, node["default"]) if node.get("default") is not None else None
        return ast.Parameter(value.name, type_, default, False, self.doc(node), span=self.span(node, "name"),
                             name_span=name)  # fmt: skip


def _kind(node: Node) -> Literal["block", "network"]:
    return "block" if node.get("block") is not None else "network"
