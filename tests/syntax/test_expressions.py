# ruff: noqa: E501 - one case after the other
"""The tree of each kind of expression and chain."""

from __future__ import annotations

from typing import Any

import pytest

from netspec.syntax.ast import Const
from tests.syntax.nodes import (
    Annotation,
    Attribute,
    Binary,
    BoolOp,
    Call,
    Chain,
    Clause,
    Compare,
    Conditional,
    Constant,
    Dict,
    DictComp,
    Dots,
    Index,
    Interpolation,
    Keyword,
    Label,
    List,
    ListComp,
    Name,
    Slice,
    Star,
    Step,
    Sum,
    Target,
    Unary,
    a,
    b,
    c,
    call,
    d,
    labelled,
    one,
    three,
    two,
    x,
    y,
    zero,
)
from tests.syntax.test_examples import document_of


def expression(text: str) -> Any:
    (const,) = document_of(f"netspec 1\nconst it = {text}\n").declarations
    assert isinstance(const, Const)
    return const.value


def chain(text: str) -> Any:
    (block,) = document_of(f"netspec 1\nblock It() {{\n    y = {text}\n}}\n").declarations
    return block.body[0].value  # type: ignore[union-attr]


i_in_a = Clause((Target("i"),), a, None)

EXPRESSIONS = [
    # literals
    ("a", a), ("_1", Name("_1")), ("12", Constant(12)), ("1_000", Constant(1000)), ("0", zero),
    ("1.5", Constant(1.5)), ("1.", Constant(1.0)), (".5", Constant(0.5)), ("1e-6", Constant(1e-6)),
    ("2.5E3", Constant(2500.0)), ("True", Constant(True)), ("False", Constant(False)), ("None", Constant(None)),
    # strings
    ('"a"', Constant("a")), ("'a'", Constant("a")), ('""', Constant("")), ('"a" \'b\'', Constant("ab")),
    (r'"\n\t\\\"\'"', Constant("\n\t\\\"'")), ('"{{}}"', Constant("{}")), ('"é → 層"', Constant("é → 層")),
    ('"{a}"', Interpolation((a,))), ('"x{a + 1}y"', Interpolation(("x", Sum((a, one), ("+", "+")), "y"))),
    ('"{a}{b}"', Interpolation((a, b))), ('"{{{a}}}"', Interpolation(("{", a, "}"))),
    ('"a" "{b}" "c"', Interpolation(("a", b, "c"))), ("\"{'q' if a else 'r'}\"", Interpolation((
        Conditional(Constant("q"), a, Constant("r")),))),
    ('"{ {1: 2}[1] }"', Interpolation((Index(Dict(((one, two),)), (one,)),))), ('"{order}"', Interpolation((Name("order"),))),
    # operators, from loose to tight
    ("a if b else c", Conditional(a, b, c)), ("a if b else c if d else x", Conditional(a, b, Conditional(c, d, x))),
    ("a or b and c", BoolOp("or", (a, BoolOp("and", (b, c))))), ("a or b or c", BoolOp("or", (a, b, c))),
    ("a and b and c", BoolOp("and", (a, b, c))), ("not a and b", BoolOp("and", (Unary("not", a), b))),
    ("not not a", Unary("not", Unary("not", a))), ("not a == b", Unary("not", Compare((a, b), ("==",)))),
    ("a < b <= c", Compare((a, b, c), ("<", "<="))), ("a in b", Compare((a, b), ("in",))),
    ("a not in b", Compare((a, b), ("not in",))), ("a != b", Compare((a, b), ("!=",))),
    ("a + b - c", Sum((a, b, c), ("+", "+", "-"))), ("a - b * c", Sum((a, Binary("*", b, c)), ("+", "-"))),
    ("(a + b) + c", Sum((Sum((a, b), ("+", "+")), c), ("+", "+"))),
    ("a * b / c", Binary("/", Binary("*", a, b), c)), ("a // b % c", Binary("%", Binary("//", a, b), c)),
    ("-a * b", Binary("*", Unary("-", a), b)), ("-a ** b", Unary("-", Binary("**", a, b))),
    ("a ** -b", Binary("**", a, Unary("-", b))), ("a ** b ** c", Binary("**", a, Binary("**", b, c))),
    ("(a)", a), ("((a))", a), ("(-a) ** b", Binary("**", Unary("-", a), b)),
    # attributes, indices, calls
    ("a.b.c", Attribute(Attribute(a, "b"), "c")), ("a[0]", Index(a, (zero,))),
    ("a.input", Attribute(a, "input")), ("a[1, 2]", Index(a, (one, two))), ("a[:]", Index(a, (Slice(None, None, None),))),
    ("a[1:]", Index(a, (Slice(one, None, None),))), ("a[:2]", Index(a, (Slice(None, two, None),))),
    ("a[1:2:3]", Index(a, (Slice(one, two, three),))), ("a[::2]", Index(a, (Slice(None, None, two),))),
    ("a[..., 0]", Index(a, (Dots(), zero))), ("a[:, *b]", Index(a, (Slice(None, None, None), Star(b)))),
    ("a[b if c else d]", Index(a, (Conditional(b, c, d),))), ("a[0,]", Index(a, (zero,))),
    ("a()", call("a")), ("a(b, c)", call("a", b, c)), ("a(b, c=d,)", call("a", b, c=d)), ("a(*b)", call("a", Star(b))),
    ("a(**b)", Call(a, (), (Keyword(None, b),))), ("a(input=1)", call("a", input=one)),
    ("a(b if c else d)", call("a", Conditional(b, c, d))), ("a(b)(c)[0]", Index(Call(call("a", b), (c,), ()), (zero,))),
    ("a(i for i in a)", call("a", ListComp(Name("i"), (i_in_a,)))),
    ("a(x -> b)", call("a", Chain(x, (), (Step(b),)))), ("a(c=x -> b)", call("a", c=Chain(x, (), (Step(b),)))),
    # lists, tuples, dicts
    ("[]", List(())), ("()", List((), "()")), ("[a]", List((a,))), ("[a, b,]", List((a, b))), ("(a,)", List((a,), "()")),
    ("(a, b)", List((a, b), "()")), ("(a, b, c,)", List((a, b, c), "()")), ("[*a, b]", List((Star(a), b))),
    ("(*a, b)", List((Star(a), b), "()")), ("[a if b else c]", List((Conditional(a, b, c),))),
    ("[i for i in a]", ListComp(Name("i"), (i_in_a,))), ("[*i for i in a]", ListComp(Star(Name("i")), (i_in_a,))),
    ("[a for i in a if b]", ListComp(a, (Clause((Target("i"),), a, b),))),
    ("[a for i in a for j in b]", ListComp(a, (i_in_a, Clause((Target("j"),), b, None)))),
    ("[a for i, j in a]", ListComp(a, (Clause((Target("i"), Target("j")), a, None),))),
    ("[a for i, (j, k) in a]", ListComp(a, (Clause((Target("i"), Target(None, (Target("j"), Target("k")))), a, None),))),
    ("{}", Dict(())), ("{a: b, 1: 2,}", Dict(((a, b), (one, two)))), ('{"a": [b]}', Dict(((Constant("a"), List((b,))),))),
    ("{a: b if c else d}", Dict(((a, Conditional(b, c, d)),))), ("{i: a for i in a}", DictComp(Name("i"), a, (i_in_a,))),
    # newlines inside brackets mean nothing
    ("[\n    a,  # first\n\n    b\n]", List((a, b))), ("{\n  a:\n  b\n}", Dict(((a, b),))), ("(\na\n+ b\n)", Sum((a, b), ("+", "+"))),
    # steps stand in lists
    ("[d: a]", List((labelled("d", a),))), ('["d.0": a]', List((Step(a, Label(Constant("d.0"))),))),
    ("[stage d: a]", List((labelled("d", a, stage=True),))), ("[a if b]", List((Step(a, condition=b),))),
    ("[a @hide]", List((Step(a, annotations=(Annotation("hide", (), ()),)),))),
    ("[a if b else d: c]", List((Step(a, condition=b, otherwise=labelled("d", c)),))),
    ("[d: a if b else c]", List((labelled("d", a, condition=b, otherwise=Step(c)),))),
    ("[2 * a, a * b]", List((Binary("*", two, a), Binary("*", a, b)))),
    ('["d{i}": a for i in a]', ListComp(Step(a, Label(Interpolation(("d", Name("i"))))), (i_in_a,))),
    ("[x -> a, b]", List((Chain(x, (), (Step(a),)), b))),
]  # fmt: skip

CHAINS = [
    ("x", x), ("x + y", Sum((x, y), ("+", "+"))), ("x -> a", Chain(x, (), (Step(a),))),
    ("x -> a -> b", Chain(x, (), (Step(a), Step(b)))), ("x -> a: b()", Chain(x, (), (labelled("a", call("b")),))),
    ("x\n        -> a: b\n        -> c", Chain(x, (), (labelled("a", b), Step(c)))),
    ("x\n\n # why\n    -> a", Chain(x, (), (Step(a),))),
    ("(x + y) -> a", Chain(Sum((x, y), ("+", "+")), (), (Step(a),))),
    ("(x, y) -> a", Chain(List((x, y), "()"), (), (Step(a),))), ("x.a[0] -> b", Chain(Index(Attribute(x, "a"), (zero,)), (), (Step(b),))),
    ("x + (y -> a)", Sum((x, Chain(y, (), (Step(a),))), ("+", "+"))),
    ("(x -> a) -> b", Chain(Chain(x, (), (Step(a),)), (), (Step(b),))),
    ("(a if b else c) -> d", Chain(Conditional(a, b, c), (), (Step(d),))),
    ("x -> a: [b, c]", Chain(x, (), (labelled("a", List((b, c))),))), ("x -> self: [b]", Chain(x, (), (labelled("self", List((b,))),))),
    ("x -> stage a: 3 * b()", Chain(x, (), (labelled("a", Binary("*", three, call("b")), stage=True),))),
    ('x -> "a.{b}": c', Chain(x, (), (Step(c, Label(Interpolation(("a.", b)))),))),
    ("x -> a if b", Chain(x, (), (Step(a, condition=b),))), ("x -> a: c if b -> d", Chain(x, (), (labelled("a", c, condition=b), Step(d)))),
    ("x -> a if b else c", Chain(x, (), (Step(a, condition=b, otherwise=Step(c)),))),
    ("x -> a: c if b else d: y -> c", Chain(x, (), (labelled("a", c, condition=b, otherwise=labelled("d", y)), Step(c)))),
    ('x -> a @label("A") @hide if b', Chain(x, (), (Step(a, annotations=(
        Annotation("label", (Constant("A"),), ()), Annotation("hide", (), ())), condition=b),))),
    ("x @link('f') -> a", Chain(x, (Annotation("link", (Constant("f"),), ()),), (Step(a),))),
    ("x -> a\n     @draw(first=2)\n     -> b", Chain(x, (), (Step(a, annotations=(Annotation("draw", (), (Keyword("first", two),)),)), Step(b)))),
    ("rearrange(x -> a: b, 'c')", Call(Name("rearrange"), (Chain(x, (), (labelled("a", b),)), Constant("c")), ())),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), EXPRESSIONS, ids=[text for text, _ in EXPRESSIONS])
def test_expression(text: str, tree: Any) -> None:
    assert expression(text) == tree


@pytest.mark.parametrize(("text", "tree"), CHAINS, ids=[text for text, _ in CHAINS])
def test_chain(text: str, tree: Any) -> None:
    assert chain(text) == tree


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a + b", "a + b"), ("(a + b)", "a + b"), ("(a + b) * c", "(a + b) * c"), ("-(a)", "-(a)"), ("((a)).b", "((a)).b"),
        ("[a, b]", "[a, b]"), ("a(b)(c)", "a(b)(c)"), ("a if b else (c)", "a if b else (c)"), ("'a'  'b'", "'a'  'b'"),
        ("(a, b)", "(a, b)"), ("not (a and b)", "not (a and b)"), ("a < (b)", "a < (b)"), ("{a: b}", "{a: b}"),
    ],
)  # fmt: skip
def test_place(text: str, place: str) -> None:
    """Parentheses belong to what is around them, not to what is in them."""
    assert expression(text).span.text == place


def test_places_in_a_string() -> None:
    """What stands in the braces of a string has its own place in the text."""
    first, second = expression('"a\\n{b} {a + 1}"').parts[1::2]
    assert (first.span.text, second.span.text) == ("b", "a + 1")


def test_place_of_a_step() -> None:
    step = chain("x -> stage a: b() @hide if c").steps[0]
    assert step.span.text == "stage a: b() @hide if c"
    assert step.label.span.text == "a"
    assert step.annotations[0].span.text == "@hide"


def test_list_and_tuple_are_one_kind_of_value() -> None:
    assert expression("[a, b]") == expression("(a, b)")
    assert expression("(a, b)").brackets == "()"
