# ruff: noqa: E501 - one case after the other
"""The tree of each kind of statement, declaration, parameter and type."""

from __future__ import annotations

from typing import Any

import pytest

from netspec.syntax.ast import Document
from tests.syntax.nodes import (
    Annotation,
    Assert,
    Bind,
    BindTarget,
    Block,
    Chain,
    Compare,
    Conditional,
    Const,
    Constant,
    Dict,
    Example,
    For,
    Function,
    If,
    Import,
    Index,
    Input,
    Interpolation,
    Keyword,
    Label,
    Let,
    List,
    ListType,
    LiteralType,
    Module,
    Name,
    NamedType,
    OptionalType,
    Order,
    Output,
    Parameter,
    Policy,
    RawTensor,
    Selector,
    Star,
    Step,
    Sum,
    Target,
    UnionType,
    Use,
    Variant,
    a,
    b,
    c,
    call,
    labelled,
    one,
    three,
    two,
    x,
    y,
    zero,
)
from tests.syntax.test_examples import document_of


def statements(text: str) -> tuple[Any, ...]:
    (block,) = document_of(f"netspec 1\nblock It() {{\n    {text}\n}}\n").declarations
    return block.body  # type: ignore[union-attr]


def declarations(text: str) -> tuple[Any, ...]:
    return document_of(f"netspec 1\n{text}\n").declarations


def types(text: str) -> Any:
    (block,) = declarations(f"block It(p: {text}) {{ }}")
    return block.params[0].type


def selector(text: str, quoted: bool = False) -> Any:
    return Selector(Constant(text), quoted)


hide = Annotation("hide", (), ())
set_x = Bind((BindTarget("x"),), one)
set_y = Bind((BindTarget("y"),), two)

STATEMENTS = [
    ("input x", [Input("x")]), ("input a, b", [Input("a"), Input("b")]),
    ("input x: [B, 3]", [Input("x", None, (Name("B"), three))]), ("input x: int[B,]", [Input("x", "int", (Name("B"),))]),
    ("input c: [*]", [Input("c", family=True)]), ("input x: [*L[n]]", [Input("x", None, (Star(Index(Name("L"), (Name("n"),))),))]),
    ("input x: [B] where B > 1, B < 3 @hide", [Input("x", None, (Name("B"),), False, (
        Compare((Name("B"), one), (">",)), Compare((Name("B"), three), ("<",))), (hide,))]),
    ("input x where a", [Input("x", where=(a,))]),
    ("output x", [Output(None, (x,))]), ("output a, b", [Output(None, (a, b))]), ('output "c" = x', [Output(Constant("c"), (x,))]),
    ('output "c{a}" = x -> b', [Output(Interpolation(("c", a)), (Chain(x, (), (Step(b),)),))]),
    ("output x -> a, y", [Output(None, (Chain(x, (), (Step(a),)), y))]), ('output "c"', [Output(None, (Constant("c"),))]),
    ("output (a + b) -> c", [Output(None, (Chain(Sum((a, b), ("+", "+")), (), (Step(c),)),))]),
    ("let a = 1", [Let(Target("a"), one)]), ("let a = b if c else 1", [Let(Target("a"), Conditional(b, c, one))]),
    ("let (a, b) = c", [Let(Target(None, (Target("a"), Target("b"))), c)]),
    ("let a, b = c", [Let(Target(None, (Target("a"), Target("b"))), c)]),
    ("const k = 1", [Const("k", one)]),
    ("assert a", [Assert(a, None)]), ('assert a < 1, "{a}"', [Assert(Compare((a, one), ("<",)), Interpolation((a,)))]),
    ("x = 1", [set_x]), ("x, y = a", [Bind((BindTarget("x"), BindTarget("y")), a)]), ("*x = a", [Bind((BindTarget("x", star=True),), a)]),
    ("x, y[a] = b", [Bind((BindTarget("x"), BindTarget("y", a)), b)]), ("x[a + 1] = b", [Bind((BindTarget("x", Sum((a, one), ("+", "+"))),), b)]),
    ("for i in a { x = 1 }", [For((Target("i"),), a, (set_x,))]), ("for i in a { }", [For((Target("i"),), a, ())]),
    ("for i, (a, b) in c @draw(first=2) {\n x = 1\n y = 2\n }", [For((Target("i"), Target(None, (Target("a"), Target("b")))), c, (set_x, set_y), (
        Annotation("draw", (), (Keyword("first", two),)),))]),
    ("if a { x = 1 }", [If(((a, (set_x,)),))]), ("if a { x = 1 } else { y = 2 }", [If(((a, (set_x,)), (None, (set_y,))))]),
    ("if a { } elif b { x = 1 }\n elif c { }\n else { y = 2 }", [If(((a, ()), (b, (set_x,)), (c, ()), (None, (set_y,))))]),
    ("if a in {1: 2} { x = 1 }", [If(((Compare((a, Dict(((one, two),))), ("in",)), (set_x,)),))]),
    ("if a\n    {\n x = 1\n }", [If(((a, (set_x,)),))]),
    ("freeze Conv2d", [Policy("freeze", selector("Conv2d"))]), ('freeze "a.b*"', [Policy("freeze", selector("a.b*", True))]),
    ("freeze_weights a if b", [Policy("freeze_weights", selector("a"), (), b)]), ("freeze_stats a", [Policy("freeze_stats", selector("a"))]),
    ('checkpoint "a{b}"', [Policy("checkpoint", Selector(Interpolation(("a", b)), True))]),
    ("init a { weight = 0, bias = b(c=1) }", [Policy("init", selector("a"), (Keyword("weight", zero), Keyword("bias", call("b", c=one))))]),
    ("init a {\n weight = 0\n\n bias = 1,\n }", [Policy("init", selector("a"), (Keyword("weight", zero), Keyword("bias", one)))]),
    ("init a { weight = 0,\n bias = 1 } if c", [Policy("init", selector("a"), (Keyword("weight", zero), Keyword("bias", one)), c)]),
    ("module a: b()", [Module(Label(Name("a")), call("b"))]), ('module "a.b": [x: c]', [Module(Label(Constant("a.b")), List((labelled("x", c),)))]),
    ("module a: b @hide", [Module(Label(Name("a")), b, (hide,))]), ("module a: b if c else x", [Module(Label(Name("a")), Conditional(b, c, x))]),
    ("param a: [1, b] = 0", [RawTensor("param", "a", None, (one, b), zero)]), ("buffer a: int[b]", [RawTensor("buffer", "a", "int", (b,), None)]),
    ("param a: [*b]", [RawTensor("param", "a", None, (Star(b),), None)]),
    ('order a, *, "b_*"', [Order((selector("a"), selector("*"), selector("b_*", True)))]),
    ("x = 1; y = 2", [set_x, set_y]), ("; x = 1 ;; y = 2;", [set_x, set_y]), ("x = 1 # one\n\n  # two\n y = 2", [set_x, set_y]),
]  # fmt: skip

block_it = Block("block", "It", (), None, (), ())

DECLARATIONS = [
    ('use "std/conv" { A }', [Use("std/conv", (Import("A", "A"),))]),
    ('use "./x.netspec" {\n A as B,\n C,\n}', [Use("./x.netspec", (Import("A", "B"), Import("C", "C")))]),
    ("const A = {1: 2}", [Const("A", Dict(((one, two),)))]),
    ("fn f(a, b = 1) = a + b", [Function("f", (Parameter("a", None, None), Parameter("b", None, one)), Sum((a, b), ("+", "+")))]),
    ("fn f() = 1 if a else 2", [Function("f", (), Conditional(one, a, two))]),
    ("block It() { }", [block_it]), ("network It() { x = 1 }", [Block("network", "It", (), None, (), (set_x,))]),
    ('block It() as "A{b}" @hide { }', [Block("block", "It", (), Interpolation(("A", b)), (hide,), ())]),
    ('network It() as "A" { }', [Block("network", "It", (), Constant("A"), (), ())]), ("block It()\n{\n}", [block_it]),
    ("network A = B(c=1)", [Variant("network", "A", None, call("B", c=one))]), ("block A = B", [Variant("block", "A", None, Name("B"))]),
    ('network A as "C" = B()', [Variant("network", "A", Constant("C"), call("B"))]),
    ("example A(b=1)", [Example(call("A", b=one))]), ("block It() { }\nexample It()", [block_it, Example(call("It"))]),
    ("block It(a: int = 1, **b) { }", [Block("block", "It", (Parameter("a", NamedType("int"), one), Parameter("b", None, None, True)), None, (), ())]),
]  # fmt: skip

integer = NamedType("int")
TYPES = [
    ("int", integer), ("None", NamedType("None")), ("int[]", ListType(integer, None)), ("int[3]", ListType(integer, 3)),
    ("int[n]", ListType(integer, "n")), ("int[][]", ListType(ListType(integer, None), None)), ("int?", OptionalType(integer)),
    ("int[axes]?", OptionalType(ListType(integer, "axes"))), ("int?[]", ListType(OptionalType(integer), None)),
    ('"a" | "b"', UnionType((LiteralType("a"), LiteralType("b")))), ("1 | -1", UnionType((LiteralType(1), LiteralType(-1)))),
    ("(int | int[])[]", ListType(UnionType((integer, ListType(integer, None))), None)),
    ("block | None", UnionType((NamedType("block"), NamedType("None")))), ("str", NamedType("str")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "trees"), STATEMENTS, ids=[text for text, _ in STATEMENTS])
def test_statement(text: str, trees: list[Any]) -> None:
    assert list(statements(text)) == trees


@pytest.mark.parametrize(("text", "trees"), DECLARATIONS, ids=[text for text, _ in DECLARATIONS])
def test_declaration(text: str, trees: list[Any]) -> None:
    assert list(declarations(text)) == trees


@pytest.mark.parametrize(("text", "tree"), TYPES, ids=[text for text, _ in TYPES])
def test_type(text: str, tree: Any) -> None:
    assert types(text) == tree


def test_document() -> None:
    document = document_of("# first\nnetspec 1")
    assert (document.edition, document.declarations, document.doc) == (1, (), "")
    assert isinstance(document, Document)


@pytest.mark.parametrize(
    "word",
    ["input", "output", "let", "const", "assert", "module", "order", "init", "freeze", "freeze_weights", "freeze_stats", "checkpoint",
     "param", "buffer", "stage", "as", "where", "use", "fn", "block", "network", "example", "netspec", "axes"],
)  # fmt: skip
def test_words_are_names_where_they_are_not_words(word: str) -> None:
    """As a parameter, an argument, a label, a value, an attribute, a tensor, an op, a class and a setting."""
    text = f"""netspec 1
block {word}({word}: int, a = {word}) {{
    input {word}
    {word} = {word} -> {word}: {word}({word}={word}, a={word}.{word}[{word}]) -> {word}
    {word}, b = [{word}: {word}, {word} if {word}, stage {word}: {word}, ({word}), "{{{word}}}"]
    {word}[{word}] = {word} + {word} -> {word} if False else {word}
    for {word} in {word} {{ output {word} }}
    if {word} {{ let {word} = {word} }} elif {word} {{ module {word}: {word} }}
    init {word} {{ {word} = {word} }} if {word}
    order {word}, {word}
    param {word}: {word}[{word}] = {word}
}}
use "{word}" {{ {word} as {word}, {word} }}
fn {word}({word}) = {word}
const {word} = {word}
network {word} = {word}()
example {word}({word}={word})
""".replace(f"{word} + {word} ->", f"({word} + {word}) ->")
    assert len(document_of(text).declarations) == 6


@pytest.mark.parametrize("sign", ["->", "@hide"])
def test_lines_that_go_on(sign: str) -> None:
    """A line that begins with an arrow or an annotation belongs to the one before."""
    rest = f"{sign} b" if sign == "->" else f"-> b {sign}"
    lines = rest.replace(" @", "\n        @")
    assert statements(f"x = a\n\n        # why\n        {lines}") == statements(f"x = a {rest}")


def test_spans_of_names() -> None:
    (block,) = declarations("block It(abc: int = 1) { input clip: [B]; let k = 2 }")
    assert block.name_span.text == "It"
    assert block.params[0].name_span.text == "abc"
    assert block.params[0].span.text == "abc: int = 1"
    assert block.body[0].name_span.text == "clip"
    assert block.body[0].span.text == "input clip: [B]"
    assert block.body[1].span.text == "let k = 2"
