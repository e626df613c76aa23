"""Reading statements."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, get_args

from netspec.syntax import ast
from netspec.syntax.json_form import models as m
from netspec.syntax.json_form.reading.steps import Steps
from netspec.syntax.json_form.tree import Node
from netspec.syntax.words import HARD

_PolicyModel = m.InitModel | m.FreezeModel | m.FreezeWeightsModel | m.FreezeStatsModel | m.CheckpointModel
_PolicyKind = Literal["init", "freeze", "freeze_weights", "freeze_stats", "checkpoint"]


class Statements(Steps):
    def body(self, statements: Sequence[m.Statement], node: Node) -> tuple[ast.Statement, ...]:
        with self.deeper(node):
            return tuple(map(self.statement, statements, node.items))

    def statement(self, value: m.Statement, node: Node) -> ast.Statement:
        readers: dict[type, Callable[[Any, Node], ast.Statement]] = {
            m.InputModel: self.input, m.OutputModel: self.output, m.TensorModel: self.bind, m.LetModel: self.let,
            m.ConstModel: self.const, m.AssertModel: self.assertion, m.ForModel: self.for_loop,
            m.IfModel: self.branches, m.ModuleModel: self.module, m.ParamModel: self.raw_tensor,
            m.BufferModel: self.raw_tensor, m.OrderModel: self.order,
        }  # fmt: skip
        return readers.get(type(value), self.policy)(value, node)

    # ------------------------------------------------------------------------------------------------- tensors

    def input(self, value: m.InputModel, node: Node) -> ast.Input:
        dims = node.get("dims")
        family = isinstance(value.dims, str)
        return ast.Input(
            value.input, value.dtype, self.dims(dims.items) if dims is not None and not family else None, family,
            self.codes(node, "where"), self.annotations(node, value.annotations), self.doc(node),
            span=self.span(node, "input"), name_span=self.inside(node["input"]),
        )  # fmt: skip

    def dims(self, nodes: Iterable[Node]) -> tuple[ast.Expr | ast.Star, ...]:
        return tuple(map(self.starred, nodes))

    def codes(self, node: Node, key: str) -> tuple[ast.Expr, ...]:
        """Several expressions under a key that may be left out."""
        found = node.get(key)
        return tuple(map(self.code, found.items)) if found is not None else ()

    def output(self, value: m.OutputModel, node: Node) -> ast.Output:
        at = node["output"]
        values: tuple[ast.Expr, ...]
        if isinstance(value.output, list):
            values = tuple(map(self.tensor, value.output, at.items))
        else:
            values = (self.tensor(value.output, at),)
        label = self.string(node["name"]) if node.get("name") is not None else None
        if label is not None and len(values) > 1:
            self.refuse("one name for several outputs", label.span, help="write an `output` for each")
        return ast.Output(label, values, span=self.span(node, "output"))

    def bind(self, value: m.TensorModel, node: Node) -> ast.Bind:
        at = node["tensor"]
        targets = tuple(map(self.place, at.items or [at]))
        return ast.Bind(targets, self.chain(value, node), span=self.span(node, "tensor"))

    def place(self, node: Node) -> ast.BindTarget:
        """``y``, ``skip[i]``, ``*c``."""
        found = self.starred(node)
        star = isinstance(found, ast.Star)
        named = found.value if isinstance(found, ast.Star) else found
        index = None
        if isinstance(named, ast.Index) and not star and len(named.indices) == 1:
            index, named = named.indices[0], named.value
        if not isinstance(named, ast.Name) or isinstance(index, (ast.Slice, ast.Dots, ast.Star)):
            self.refuse(f"`{node.value[:60]}` cannot name a tensor", self.inside(node),
                        help="write `y`, `skip[i]` for a member of a family, or `*c` for a family")  # fmt: skip
            return ast.BindTarget("", span=found.span)
        return ast.BindTarget(named.id, index, star, span=found.span)

    def module(self, value: m.ModuleModel, node: Node) -> ast.Module:
        return ast.Module(self.label(node["module"]), self.value(value.value, node["value"]),
                          self.annotations(node, value.annotations), span=self.span(node, "module"))  # fmt: skip

    def raw_tensor(self, value: m.ParamModel | m.BufferModel, node: Node) -> ast.RawTensor:
        kind: Literal["param", "buffer"] = "param" if isinstance(value, m.ParamModel) else "buffer"
        given = self.value(value.value, node["value"]) if node.get("value") is not None else None
        return ast.RawTensor(kind, node[kind].value, value.dtype, self.dims(node["dims"].items), given,
                             span=self.span(node, kind), name_span=self.inside(node[kind]))  # fmt: skip

    # ------------------------------------------------------------------------------------------------- values

    def let(self, value: m.LetModel, node: Node) -> ast.Let:
        return ast.Let(self.target(node["let"]), self.value(value.value, node["value"]), span=self.span(node, "let"))

    def const(self, value: m.ConstModel, node: Node) -> ast.Const:
        return ast.Const(value.const, self.value(value.value, node["value"]), self.doc(node),
                         span=self.span(node, "const"), name_span=self.inside(node["const"]))  # fmt: skip

    def assertion(self, value: m.AssertModel, node: Node) -> ast.Assert:
        message = self.string(node["message"]) if node.get("message") is not None else None
        return ast.Assert(self.code(node["assert"]), message, span=self.span(node, "assert"))

    # ------------------------------------------------------------------------------------------------- control

    def for_loop(self, value: m.ForModel, node: Node) -> ast.For:
        return ast.For(self.targets(node["for"]), self.code(node["in"]), self.body(value.body, node["body"]),
                       self.annotations(node, value.annotations), span=self.span(node, "for"))  # fmt: skip

    def branches(self, value: m.IfModel, node: Node) -> ast.If:
        branches: list[tuple[ast.Expr | None, tuple[ast.Statement, ...]]] = [self.branch(value, node)]
        if value.elif_:
            branches += map(self.branch, value.elif_, node["elif"].items)
        if node.get("else") is not None:
            branches.append((None, self.body(value.else_, node["else"])))
        return ast.If(tuple(branches), span=self.span(node, "if"))

    def branch(self, value: m.IfModel | m.Branch, node: Node) -> tuple[ast.Expr, tuple[ast.Statement, ...]]:
        return self.code(node["if"]), self.body(value.then, node["then"])

    # ------------------------------------------------------------------------------------------------- policies

    def policy(self, value: _PolicyModel, node: Node) -> ast.Policy:
        kind: _PolicyKind = next(kind for kind in get_args(_PolicyKind) if node.get(kind) is not None)
        settings: tuple[ast.Keyword, ...] = ()
        if isinstance(value, m.InitModel) and value.settings:
            settings = tuple(self.keyword(name, each, node["settings"]) for name, each in value.settings.items())
        condition = self.code(node["if"]) if node.get("if") is not None else None
        return ast.Policy(kind, self.selector(node[kind]), settings, condition, span=self.span(node, kind))

    def selector(self, node: Node) -> ast.Selector:
        """A path, or ``{"op": "Conv2d"}``."""
        if isinstance(node.value, dict):
            return self.plain_selector(node["op"])
        text = self.string(node)
        return ast.Selector(text, True, span=text.span)

    def plain_selector(self, node: Node) -> ast.Selector:
        span = self.inside(node)
        return ast.Selector(ast.Constant(node.value, span=span), False, span=span)

    def order(self, value: m.OrderModel, node: Node) -> ast.Order:
        return ast.Order(tuple(map(self.order_entry, node["order"].items)), span=self.span(node, "order"))

    def order_entry(self, node: Node) -> ast.Selector:
        """A label, or ``*``; anything else is a string."""
        if isinstance(node.value, dict):
            return self.selector(node["path"])
        text: str = node.value
        if text == "*" or (text.isidentifier() and text.isascii() and text not in HARD):
            return self.plain_selector(node)
        return self.selector(node)
