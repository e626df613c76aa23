"""Parameters: types, spreading, defaults; bound blocks and options; variants."""

from __future__ import annotations

import pytest

from tests.elaborate.reading import graph_of, keys, mistakes_of, only, ops, outputs, shapes

NET = "network Net() {{ input x: [B, 4, H, W]; output x -> a: {call} }}"


def argument(type_: str, value: str) -> object:
    """What becomes of a value given to a parameter of a type."""
    text = f"block P(n: int = 2, p: {type_}) {{ input x; output x -> Identity() }}\n" + NET.format(call=f"P(p={value})")
    graph = graph_of(text)
    return graph.definition.modules[0].body.arguments["p"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("int", "3", 3),
        ("float", "3", 3.0),
        ("float", "0.5", 0.5),
        ("bool", "True", True),
        ("str", "'a'", "a"),
        ("int?", "None", None),
        ("int?", "3", 3),
        ("int[3]", "1", (1, 1, 1)),
        ("int[3]", "(1, 2, 3)", (1, 2, 3)),
        ("int[n]", "5", (5, 5)),
        ("int[axes]", "1", (1, 1)),
        ("int[axes]", "(1, 2)", (1, 2)),
        ("int[]", "(1, 2)", (1, 2)),
        ("int[]", "[]", ()),
        ("int[][]", "((1,), (2, 3))", ((1,), (2, 3))),
        ("int[2][3]", "1", ((1, 1), (1, 1), (1, 1))),
        ("int | str", "'a'", "a"),
        ("int | int[]", "(1, 2)", (1, 2)),
        ("int | int[]", "1", 1),
        ("'down' | 'up'", "'up'", "up"),
        ("3 | 5", "5", 5),
        ("int[3]?", "2", (2, 2, 2)),
        ("int[2] | int", "7", 7),
        ("float[2]", "1", (1.0, 1.0)),
        ("(int | int[])[]", "(1, (2, 3))", (1, (2, 3))),
        ("int | None", "None", None),
    ],
)
def test_a_value_of_the_type(type_: str, value: str, expected: object) -> None:
    found = argument(type_, value)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("type_", "value", "words"),
    [
        ("int", "1.5", "`p` of `P` must be an int"),
        ("int", "True", "`p` of `P` must be an int"),
        ("int", "None", "`p` of `P` must be an int"),
        ("int", "'3'", "`p` of `P` must be an int"),
        ("bool", "1", "`p` of `P` must be True or False"),
        ("str", "3", "`p` of `P` must be a string"),
        ("int[3]", "(1, 2)", "`p` of `P` must be int[3]"),
        ("int[3]", "1.5", "`p` of `P` must be int[3]"),
        ("int[]", "3", "`p` of `P` must be int[]"),
        ("int[n]", "(1, 2, 3)", "`p` of `P` must be int[n] with n = 2"),
        ("int[axes]", "(1, 2, 3)", "`p` of `P` must be int[axes] with axes = 2"),
        ("'down' | 'up'", "'Up'", '`p` of `P` must be "down" or "up"'),
        ("block", "3", "`p` of `P` must be a block or op"),
        ("block", "(1, 2)", "`p` of `P` must be a block or op"),
        ("int?", "'a'", "`p` of `P` must be an int or None"),
        ("1 | 2", "True", "`p` of `P` must be 1 or 2"),
    ],
)
def test_a_value_of_another_type(type_: str, value: str, words: str) -> None:
    text = f"block P(n: int = 2, p: {type_}) {{ input x; output x -> Identity() }}\n" + NET.format(call=f"P(p={value})")
    code, message, place = only(text)
    assert (code, message, place) == ("NS203", words, f"p={value}")


def test_a_computed_argument_is_refused_where_it_is_written() -> None:
    text = "block P(p: int) { input x; output x }\n"
    text += "network Net(k: float = 1.5) { input x: [B, 4]; output x -> a: P(2 * k) }"
    found = mistakes_of(text)
    assert [(d.code, d.primary.span.text, d.trail) for d in found] == [("NS203", "2 * k", "Net() > a (P)")]


def test_defaults_read_earlier_parameters() -> None:
    text = """block P(k: int[axes], padding: int[axes] = [j // 2 for j in k]) {
        input x
        output x -> c: Conv(3, k, padding=padding)
    }
    network Net() { input x: [B, 4, H, W]; output x -> a: P((3, 5)) }"""
    assert outputs(graph_of(text)) == ["[B, 3, H, W]"]


def test_a_default_cannot_read_later_ones() -> None:
    assert only("block P(a: int = b, b: int = 1) { input x; output x }")[:2] == ("NS200", "unknown name `b`")


def test_positional_arguments_fill_what_is_unbound_and_keywords_rebind() -> None:
    text = """block Unit(planes: int, kernel: int, bias: bool = False) {
        input x
        output x -> conv: Conv(planes, kernel, bias=bias)
    }
    network Net() {
        input x: [B, 4, H, W]
        let first = Unit(kernel=1)
        let second = first(8)
        output x -> a: first(5) -> b: first(6, True) -> c: second() -> d: second(planes=7, bias=True)
    }"""
    graph = graph_of(text)
    assert shapes(graph) == {
        "a.conv.weight": [5, 4, 1, 1],
        "b.conv.weight": [6, 5, 1, 1],
        "b.conv.bias": [6],
        "c.conv.weight": [8, 6, 1, 1],
        "d.conv.weight": [7, 8, 1, 1],
        "d.conv.bias": [7],
    }


def test_ops_are_bound_in_the_same_way() -> None:
    text = """network Net() {
        input x: [B, 4, H, W]
        let conv = Conv2d(kernel_size=3, bias=False)
        output x -> a: conv(5) -> b: conv(6, 2) -> c: conv(7, kernel_size=1, bias=True)
    }"""
    assert shapes(graph_of(text)) == {
        "a.weight": [5, 4, 3, 3],
        "b.weight": [6, 5, 3, 3],
        "c.weight": [7, 6, 1, 1],
        "c.bias": [7],
    }


def test_an_open_size_may_hide_a_block() -> None:
    text = (
        "block B(n: int) { input x; output x -> c: Linear(n) }\nnetwork Net() { input x: [B, 4]; output x -> a: B(3) }"
    )
    found = mistakes_of(text)
    assert [(d.message, d.help) for d in found] == [
        ("an open size cannot be called", "`B` hides the declaration of this name: rename one of them")
    ]


def test_options_are_taken_and_forwarded() -> None:
    text = """block Layer(planes: int, kernel: int = 3, bias: bool = True) {
        input x
        output x -> conv: Conv(planes, kernel, bias=bias)
    }
    block Modern(planes: int, **options) { input x; output x -> layer: Layer(planes, **options) }
    network Net() { input x: [B, 4, H, W]; output x -> a: Modern(8, kernel=1, bias=False) -> b: Modern(8) }"""
    assert shapes(graph_of(text)) == {
        "a.layer.conv.weight": [8, 4, 1, 1],
        "b.layer.conv.weight": [8, 8, 3, 3],
        "b.layer.conv.bias": [8],
    }
    wrong = mistakes_of(text.replace("kernel=1", "kernle=1"))
    assert [(d.message, d.primary.span.text, d.help) for d in wrong] == [
        ("`Layer` has no argument `kernle`", "kernle=1", "did you mean `kernel`?")
    ]


def test_options_do_not_take_positional_arguments() -> None:
    text = """block Modern(planes: int, **options) { input x; output x -> c: Conv(planes, **options) }
    network Net() { input x: [B, 4, H, W]; output x -> a: Modern(8, 3) }"""
    assert only(text) == ("NS204", "`Modern` takes 1 argument by position, not 2", "3")


def test_a_dict_can_be_spread_over_a_call() -> None:
    text = """const settings = {"kernel_size": 1, "bias": False}
    network Net() { input x: [B, 4, H, W]; output x -> a: Conv2d(8, **settings) }"""
    assert shapes(graph_of(text)) == {"a.weight": [8, 4, 1, 1]}


def test_blocks_ops_and_lists_are_values() -> None:
    text = """block Two(unit: block, act: block?) { input x; output x -> a: unit(8) -> act: act() if act != None }
    block Unit(n: int, k: int = 1) { input x; output x -> self: Conv(n, k) }
    network Net() {
        input x: [B, 4, H, W]
        output x -> one: Two(Unit, ReLU) -> two: Two(Conv2d(kernel_size=1), None)
                 -> three: Two(Unit(k=3), PReLU(per_channel=True))
    }"""
    assert ops(graph_of(text)) == [
        "one.a Conv2d",
        "one.act ReLU",
        "two.a Conv2d",
        "three.a Conv2d",
        "three.act PReLU",
    ]


def test_tables_of_blocks() -> None:
    text = """const norms = {"batch": BatchNorm, "inst": InstanceNorm(affine=True), "null": None}
    network Net(norm: "batch" | "inst" | "null" = "inst") {
        input x: [B, 4, H, W]
        let n = norms[norm]
        output x -> c: Conv2d(8, 1, bias=n == None) -> n: n() if n != None
    }"""
    assert keys(graph_of(text)) == ["c.weight", "n.weight", "n.bias"]
    assert keys(graph_of(text, "Net", norm="null")) == ["c.weight", "c.bias"]


def test_variants() -> None:
    text = """network Base(n: int = 8, k: int = 1) as "Base{n}" { input x: [B, 4, H, W]; output x -> c: Conv2d(n, k) }
    network Wide = Base(32)
    network Named as "Narrow" = Base(16)
    network Wider = Wide(k=3)
    """
    wide = graph_of(text, "Wide")
    assert (wide.name, wide.definition.class_name, shapes(wide)["c.weight"]) == ("Wide", "Base32", [32, 4, 1, 1])
    assert graph_of(text, "Named").definition.class_name == "Narrow"
    assert shapes(graph_of(text, "Wider"))["c.weight"] == [32, 4, 3, 3]
    assert shapes(graph_of(text, "Wide", n=5))["c.weight"] == [5, 4, 1, 1]


def test_a_variant_of_a_block_without_a_class_name_is_called_after_itself() -> None:
    text = "network Base(n: int = 8) { input x: [B, 4]; output x -> c: Linear(n) }\nnetwork Wide = Base(32)"
    assert graph_of(text, "Wide").definition.class_name == "Wide"


def test_the_class_name_of_a_variant_may_name_the_parameters() -> None:
    text = """network Base(n: int = 8) as "Base{n}" { input x: [B, 4]; output x -> c: Linear(n) }
    const kind = "Wide"
    network Wide as "{kind}{n}" = Base(32)
    network Wider = Wide(n=64)
    """
    assert graph_of(text, "Wide").definition.class_name == "Wide32"
    assert graph_of(text, "Wide", n=5).definition.class_name == "Wide5"
    assert graph_of(text, "Wider").definition.class_name == "Wide64"
    assert only('block P(n: int) { input x: [B, 4]; output x }\nnetwork Net as "{m}" = P(1)')[1] == "unknown name `m`"


def test_a_variant_may_be_described_by_itself() -> None:
    text = """## The base.
    network Base(n: int = 8) { input x: [B, 4]; output x -> c: Linear(n) }
    ## A wide one.
    network Wide = Base(32)
    network Wider = Wide(n=64)
    network Other = Base(n=1)
    """
    docs = {name: graph_of(text, name).definition.doc for name in ("Base", "Wide", "Wider", "Other")}
    assert docs == {"Base": "The base.", "Wide": "A wide one.", "Wider": "A wide one.", "Other": "The base."}


def test_a_variant_stands_for_a_block() -> None:
    assert only("network Net = 3")[:2] == ("NS203", "`Net` stands for a block with arguments")


def test_names_of_classes_may_interpolate() -> None:
    text = """block P(n: int) as "Block{n}x" { input x; output x -> c: Linear(n) }
    network Net() { input x: [B, 4]; output x -> a: P(3) }"""
    assert graph_of(text).definition.modules[0].body.class_name == "Block3x"  # type: ignore[union-attr]


def test_missing_arguments() -> None:
    text = "block P(n: int, m: int = 1) { input x; output x }\nnetwork Net() { input x: [B, 4]; output x -> a: P() }"
    assert only(text) == ("NS202", "`P` needs `n`", "P()")
    assert only(NET.format(call="Conv2d(8)"))[:2] == ("NS202", "Conv2d needs kernel_size")


def test_networks_may_be_blocks_of_others() -> None:
    text = """network Inner() { input x: [B, 4, H, W]; output x -> c: Conv2d(8, 1) }
    network Outer() { input x: [N, 4, 8, W]; output x -> inner: Inner() }"""
    assert outputs(graph_of(text, "Outer")) == ["[N, 8, 8, W]"]


def test_arguments_from_python() -> None:
    text = """network Net(n: int[] = (1,), f: float = 1, norm: block? = BatchNorm, s: str = "a", o: int? = 3) {
        input x: [B, 4, H, W]
        assert s == "a" or s == "1 + 1", "{s}"
        output x -> norm: norm() if norm != None
    }"""
    graph = graph_of(text, "Net", n=[1, 2], f=2, norm="InstanceNorm(affine=True)", s="1 + 1", o=None)
    assert graph.definition.arguments["n"] == (1, 2)
    assert graph.definition.arguments["f"] == 2.0
    assert ops(graph) == ["norm InstanceNorm2d"]
    assert ops(graph_of(text, "Net", norm=None)) == []
    wrong = mistakes_of(text, "Net", n=(1, "a"))
    assert [(d.code, d.primary.span.source.name) for d in wrong] == [("NS203", "argument n")]
    wrong = mistakes_of(text, "Net", norm="InstanceNrm()")
    assert [(d.message, d.primary.span.text) for d in wrong] == [("unknown name `InstanceNrm`", "InstanceNrm")]
    wrong = mistakes_of(text, "Net", norm="ReLU) -> (1")
    assert wrong[0].code.startswith("NS1")
    assert mistakes_of(text, "Net", depth=3)[0].message == "`Net` has no argument `depth`"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**63])
def test_numbers_that_the_language_has_not(value: float) -> None:
    text = "network Net(f: float | int = 1) { input x: [B, 4]; output x -> Identity() }"
    assert mistakes_of(text, "Net", f=value)[0].code == "NS602"
