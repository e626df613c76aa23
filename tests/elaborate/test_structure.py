"""Chains, steps, labels, lists, repetitions, options and control."""

from __future__ import annotations

import pytest
import torch
from torch import nn

import netspec
from netspec.elaborate.blocks.labels import MODULE_MEMBERS, SEQUENTIAL_MEMBERS
from netspec.graph import Definition, Repeat
from tests.elaborate.reading import graph_of, keys, mistakes_of, modules, only, ops, outputs

NET = "network Net() {{ input x: [B, 4, H, W]\n{body}\n}}"


def net(body: str, declarations: str = "") -> str:
    return declarations + "\n" + NET.format(body=body)


def test_chains_with_parentheses() -> None:
    graph = graph_of(net("main = x -> a: Conv2d(4, 1)\noutput (main + x) -> b: ReLU() -> flatten()"))
    assert ops(graph) == ["a Conv2d", "add add", "b ReLU", "flatten flatten"]
    assert outputs(graph) == ["[B, 4*H*W]"]


def test_a_chain_inside_an_expression() -> None:
    graph = graph_of(net("output x + (x -> a: Conv2d(4, 1) -> b: BatchNorm2d())"))
    assert ops(graph) == ["a Conv2d", "b BatchNorm2d", "add add"]


def test_runs_of_plus_are_one_node() -> None:
    graph = graph_of(net("output x + x + x - x + 1 + x"))
    assert [len(n.inputs) for n in graph.definition.nodes if n.name.startswith(("add", "sub"))] == [3, 2, 2]


def test_several_inputs_and_outputs() -> None:
    blocks = (
        """block Two { }"""
        and """block Swap() { input a, b; output b, a }
    block Sum() { input a; input b; output a + b }"""
    )
    graph = graph_of(
        net("y, z = (x, x -> c: Conv2d(3, 1)) -> s: Swap()\noutput (y -> d: Conv2d(4, 1), z) -> t: Sum()", blocks)
    )
    assert ops(graph) == ["c Conv2d", "d Conv2d", "t.add add"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("output x -> a: [Conv2d(8, 1), ReLU(), Conv2d(4, 1)]", ["a.0 Conv2d", "a.1 ReLU", "a.2 Conv2d"]),
        ("output x -> a: [Conv2d(8, 1), ReLU() if False, Conv2d(4, 1)]", ["a.0 Conv2d", "a.1 Conv2d"]),
        ("output x -> a: [ReLU() if False else PReLU()]", ["a.0 PReLU"]),
        ("output x -> a: [*[ReLU() for i in range(2)], PReLU()]", ["a.0 ReLU", "a.1 ReLU", "a.2 PReLU"]),
        ("output x -> a: [first: ReLU(), last: PReLU()]", ["a.first ReLU", "a.last PReLU"]),
        ('output x -> a: ["r{i}": ReLU() for i in range(2)]', ["a.r0 ReLU", "a.r1 ReLU"]),
        ("output x -> a: [[ReLU(), PReLU()], ReLU()]", ["a.0.0 ReLU", "a.0.1 PReLU", "a.1 ReLU"]),
        ("output x -> a: []", []),
        ("output x -> a: [ReLU(), 2 * PReLU(), ReLU()]", ["a.0 ReLU", "a.1 PReLU", "a.2 PReLU", "a.3 ReLU"]),
        ("output x -> a: 2 * [ReLU(), PReLU()]", ["a.0.0 ReLU", "a.0.1 PReLU", "a.1.0 ReLU", "a.1.1 PReLU"]),
        ("output x -> a: 2 * (2 * ReLU())", ["a.0 ReLU", "a.1 ReLU", "a.2 ReLU", "a.3 ReLU"]),
        ("output x -> a: 0 * ReLU()", []),
        ("output x -> a: 1 * ReLU()", ["a.0 ReLU"]),
        ("output x -> a: ReLU() * 2", ["a.0 ReLU", "a.1 ReLU"]),
        ("output x -> a: ReLU() if False", []),
        ("output x -> a: ReLU() if False else b: PReLU()", ["b PReLU"]),
        ("output x -> a: ReLU() if True else b: PReLU()", ["a ReLU"]),
        ("for i in range(2) { x = x -> 'l.{i}': ReLU() }\noutput x", ["l.0 ReLU", "l.1 ReLU"]),
        (
            "if 1 > 2 { x = x -> a: ReLU() } elif 2 > 1 { x = x -> b: ReLU() } else { x = x -> c: ReLU() }\noutput x",
            ["b ReLU"],
        ),
        ("output x -> ReLU() -> ReLU()", ["relu ReLU", "relu_2 ReLU"]),
        ("output x -> MaxPool2d(2) -> AdaptiveAvgPool(1)", ["maxpool MaxPool2d", "adaptiveavgpool AdaptiveAvgPool2d"]),
    ],
)
def test_paths(body: str, expected: list[str]) -> None:
    assert ops(graph_of(net(body))) == expected


def test_arguments_of_a_step_left_out_are_not_evaluated() -> None:
    graph_of(net("let n = 0\noutput x -> a: Conv2d(1 // n, 1) if n > 0 -> b: [Conv2d(1 // n, 1) if n > 0]"))


BLOCK = "block Block(n: int) { input x; output x -> c: Conv(n, 1) }"


def test_a_repetition_is_one_node_and_a_differing_first_element_apart() -> None:
    graph = graph_of(net("output x -> a: 5 * Block(8)", BLOCK))
    inner = graph.definition.modules[0].body
    assert isinstance(inner, Definition)
    assert modules(inner) == {"0": "Block", "1": "4 x Block"}
    assert keys(graph) == [f"a.{i}.c.{w}" for i in range(5) for w in ("weight", "bias")]


def test_equal_neighbours_are_a_repetition_however_they_are_written() -> None:
    written = [
        "[Block(4), 2 * Block(4)]",
        "[Block(4) for i in range(3)]",
        "[Block(4), Block(n=4), Block(4)]",
        "3 * Block(4)",
    ]
    for text in written:
        graph = graph_of(net(f"output x -> a: {text}", BLOCK))
        assert modules(graph.definition.modules[0].body) == {"0": "3 x Block"}  # type: ignore[arg-type]


def test_labelled_elements_are_no_repetition() -> None:
    graph = graph_of(net('output x -> a: ["b{i}": Block(4) for i in range(3)]', BLOCK))
    assert modules(graph.definition.modules[0].body) == {f"b{i}": "Block" for i in range(3)}  # type: ignore[arg-type]


def test_a_long_repetition_is_checked_once() -> None:
    graph = graph_of(net("output x -> a: 10000 * Block(4)", BLOCK))
    assert graph.definition.node_count == 10000
    assert graph.definition.parameter_count == 10000 * (4 * 4 + 4)


def test_shrinking_repetitions_end() -> None:
    graph = graph_of(net("output x -> a: 3 * MaxPool2d(2)"))
    assert modules(graph.definition.modules[0].body) == {"0": "MaxPool2d", "1": "MaxPool2d", "2": "MaxPool2d"}  # type: ignore[arg-type]
    assert outputs(graph) == ["[B, 4, floor(H/8), floor(W/8)]"]
    assert {n: least for n, (least, _) in graph.minimums.items()} == {"H": 8, "W": 8}


def test_containers_stand_where_their_first_member_appears_and_in_order_of_numbers() -> None:
    body = """y = x -> "l.1": Conv2d(4, 1) -> first: Conv2d(4, 1) -> "l.0": Conv2d(4, 1)
          -> "l.10.b": Conv2d(4, 1) -> "l.2": Conv2d(4, 1)
    output y -> "l.10.a": Conv2d(4, 1)"""
    weights = [k.removesuffix(".weight") for k in keys(graph_of(net(body))) if k.endswith("weight")]
    assert weights == ["l.0", "l.1", "l.2", "l.10.b", "l.10.a", "first"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("order c, a", "c a b d1 d2"),
        ("order *, a", "b c d1 d2 a"),
        ("order c, *, a", "c b d1 d2 a"),
        ('order "d*"', "d1 d2 a b c"),
        ('order *, "d*", a', "b c d1 d2 a"),
        ('order "d*", d1', "d2 d1 a b c"),
        ("order c\norder b", "c b a d1 d2"),
    ],
)
def test_order(order: str, expected: str) -> None:
    body = "output x -> a: PReLU() -> b: PReLU() -> c: PReLU() -> d1: PReLU() -> d2: PReLU()\n"
    assert " ".join(k.removesuffix(".weight") for k in keys(graph_of(net(body + order)))) == expected


def test_order_may_name_what_is_left_out() -> None:
    graph_of(net("output x -> a: PReLU() -> b: PReLU() if False -> c: [PReLU()]\norder c, b, *"))
    graph_of(
        net(
            "if False { x = x -> z: PReLU() }\nfor i in [] { x = x -> 'l.{i}': PReLU() }\n"
            "output x -> a: PReLU()\norder a, z, l"
        )
    )
    code, message, place = only(net("output x -> conv: PReLU()\norder cnv"))
    assert (code, message, place) == ("NS402", "`order` names no label `cnv`", "cnv")


def test_a_failed_block_has_no_mistakes_of_order() -> None:
    assert only(net("output x -> a: Conv2d(4) -> b: ReLU()\norder b, a"))[0] == "NS202"


# --------------------------------------------------------------------------------------------------- self


SELF = """block Layer(n: int) { input x; output x -> self: [Conv(n, 1), ReLU()] }
block One(n: int) { input x; output x -> self: Conv(n, 1) }
block Of(n: int) { input x; output x -> self: Layer(n) }
block Around() { input x; output flatten(x) -> self: Linear(3) }
"""


def test_self_blocks_add_no_prefix() -> None:
    graph = graph_of(
        net(
            "output x -> a: Layer(8) -> b: One(7) -> c: Of(6) -> d: Around()",
            SELF.replace("flatten(x)", "x[:, :, 0, 0]"),
        )
    )
    assert [k for k in keys(graph) if k.endswith("weight")] == ["a.0.weight", "b.weight", "c.0.weight", "d.weight"]


def test_a_network_may_be_self() -> None:
    graph = graph_of(net("output x -> self: [Conv2d(8, 1), PReLU()]"))
    assert keys(graph) == ["0.weight", "0.bias", "1.weight"]


def test_self_stands_alone() -> None:
    code, message, _ = only(net("output x -> self: [Conv2d(8, 1)] -> b: PReLU()"))
    assert (code, message) == ("NS401", "a block that is `self:` one module has no other")
    assert only(net("output x -> self: ReLU() -> ReLU()"))[0] == "NS401"
    assert only(net("output x -> a: [self: ReLU()]"))[0] == "NS206"
    assert only(net("output x -> 'self.a': ReLU()"))[0] == "NS206"


# --------------------------------------------------------------------------------------------------- labels


def test_members_of_modules_are_as_torch_has_them() -> None:
    public = {n for n in dir(nn.Module()) if not n.startswith("_")}
    assert public <= MODULE_MEMBERS
    sequential = {n for n in dir(nn.Sequential()) if not n.startswith("_")}
    assert sequential - public <= SEQUENTIAL_MEMBERS
    assert torch.__version__


@pytest.mark.parametrize(
    "label", ["train", "forward", "training", "class", "_a", "0", "a b", "ünder", "", "a.", "a..b", "1a"]
)
def test_labels_that_cannot_be(label: str) -> None:
    assert only(net(f'output x -> "{label}": ReLU()'))[0] == "NS206"


@pytest.mark.parametrize("label", ["append", "train", "a.b", "_a"])
def test_labels_that_cannot_be_in_a_list(label: str) -> None:
    assert only(net(f'output x -> a: ["{label}": ReLU()]'))[0] == "NS206"


def test_a_label_stands_once() -> None:
    code, _, place = only(net("output x -> a: ReLU() -> a: PReLU()"))
    assert (code, place) == ("NS401", "a")
    assert only(net('output x -> a: ReLU() -> "a.b": PReLU()'))[0] == "NS401"
    assert only(net('output x -> "a.b": ReLU() -> a: PReLU()'))[0] == "NS401"
    assert only(net("output x -> l: [a: ReLU(), a: ReLU()]"))[0] == "NS401"


def test_weights_need_a_label() -> None:
    assert only(net("output x -> Conv2d(4, 1)")) == ("NS400", "`Conv2d` has weights and needs a label", "Conv2d(4, 1)")
    assert only(net("output x -> [Conv2d(4, 1)]"))[:2] == ("NS400", "this list has weights and needs a label")
    assert only(net("output x -> Block(4)", BLOCK))[:2] == ("NS400", "`Block` has weights and needs a label")
    graph_of(net("output x -> [ReLU(), MaxPool2d(2)] -> ReLU()"))


def test_unlabelled_modules_never_get_the_name_of_a_member() -> None:
    graph = graph_of(
        net(
            "output x -> Train() -> Lambda()",
            "block Train() { input x; output x -> ReLU() }\nblock Lambda() { input x; output x -> ReLU() }",
        )
    )
    assert list(modules(graph.definition)) == ["train_", "lambda_"]


# --------------------------------------------------------------------------------------------------- modules


def test_a_module_used_again() -> None:
    graph = graph_of(net("output x -> r: PReLU() -> c: Conv2d(4, 1) -> r -> r()"))
    assert ops(graph) == ["r PReLU", "c Conv2d", "r PReLU", "r PReLU"]
    assert keys(graph) == ["r.weight", "c.weight", "c.bias"]


def test_declared_modules() -> None:
    body = """module head: Block(8)
    module "a.b": Conv2d(4, 1)
    module pool: MaxPool3d(2)
    y = x -> "a.b" -> head
    output x -> head(), y"""
    graph = graph_of(net(body, BLOCK))
    assert ops(graph) == ["a.b Conv2d", "head.c Conv2d", "head.c Conv2d"]
    assert list(modules(graph.definition)) == ["head", "a.b", "pool"]
    assert [m.used for m in graph.definition.modules] == [True, True, False]


def test_a_declared_empty_list_is_a_container_that_labels_fill() -> None:
    body = """module rest: []
    y = x -> last: Conv2d(4, 1)
    for i in range({n}) {{ y = y -> "rest.{{i}}": Conv2d(4, 1) }}
    output y"""
    assert modules(graph_of(net(body.format(n=0))).definition) == {"rest": "ModuleList", "last": "Conv2d"}
    filled = graph_of(net(body.format(n=2)))
    assert list(modules(filled.definition)) == ["rest.0", "rest.1", "last"]
    assert ops(filled)[0].startswith("last")
    model = netspec.build(graph_of(net(body.format(n=0))))
    assert isinstance(model.rest, nn.ModuleList)
    assert list(model.state_dict()) == ["last.weight", "last.bias"]


def test_a_container_is_no_step() -> None:
    filled = 'module rest: []\ny = x -> "rest.0": Conv2d(4, 1)\noutput y -> rest'
    assert only(net(filled)) == ("NS106", "`rest` holds modules, and is no step", "rest")
    used = 'module rest: []\ny = x -> rest\noutput y -> "rest.0": Conv2d(4, 1)'
    assert only(net(used))[:2] == ("NS401", "the label `rest.0` is taken")
    assert only(net("module rest: []\nmodule rest: []\noutput x"))[:2] == ("NS401", "the label `rest` is taken")


def test_a_declared_module_with_weights_must_be_used() -> None:
    assert only(net("module c: Conv2d(4, 1)\noutput x -> ReLU()"))[0] == "NS406"
    assert only(net("module c: Block(4)\noutput x -> ReLU()", BLOCK))[0] == "NS406"


def test_shared_weights_must_be_equal() -> None:
    found = mistakes_of(net("module h: Conv2d(4, 1)\nz = x -> big: Conv2d(8, 1)\noutput x -> h, z -> h"))
    assert [(d.code, d.primary.text, d.related[0].text) for d in found] == [
        ("NS404", "h.weight is [4, 8, 1, 1]", "h.weight is [4, 4, 1, 1]")
    ]


def test_labels_come_before_functions_blocks_and_ops() -> None:
    graph = graph_of(net("output x -> flatten: ReLU() -> flatten()"))
    assert ops(graph) == ["flatten ReLU", "flatten ReLU"]


def test_an_unknown_label() -> None:
    code, message, _ = only(net('output x -> "b.c"'))
    assert (code, message) == ("NS200", "no module here has the label `b.c`")


def test_a_step_left_out_cannot_be_used_again() -> None:
    code, message, place = only(net("output x -> act: ReLU() if False -> act"))
    assert (code, message, place) == (
        "NS200",
        "the step `act` was left out by its `if`, and cannot be used again",
        "act",
    )


# --------------------------------------------------------------------------------------------------- raw tensors


def test_raw_tensors() -> None:
    body = """param scale: [4, 1, 1] = 0.5
    c = x -> conv: Conv2d(4, 1)
    buffer index: int[2, 2] = [[0, 1], [2, 3]]
    param shift: [1, 4, 1, 1] = trunc_normal(std=0.02)
    buffer steps: float[3] = 1
    param token: [1, 1]
    output c * scale + shift"""
    graph = graph_of(net(body))
    assert keys(graph) == ["scale", "shift", "token", "index", "steps", "conv.weight", "conv.bias"]
    assert outputs(graph) == ["[B, 4, H, W]"]


def test_raw_tensors_of_lower_rank_spread() -> None:
    graph_of(net("param g: [4, 1, 1]\nparam s: [1]\noutput g * x + s"))
    assert only(net("param g: [5, 1, 1]\noutput g * x"))[0] == "NS301"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("param p: [B]", "NS214"),
        ("param p: [0]", "NS304"),
        ("param p: [1.5]", "NS207"),
        ("param p: int[3]", "NS207"),
        ("buffer p: int[3] = [1, 2]", "NS203"),
        ("buffer p: int[2] = ['a', 'b']", "NS203"),
        ("param p: [3] = 'a'", "NS207"),
        ("param p: [3] = nrmal(std=1)", "NS200"),
        ("param p: [3] = constant()", "NS202"),
        ("param p: [3] = normal(sd=1)", "NS201"),
        ("param train: [3]", "NS206"),
        ("buffer b: int[2, 2] = [[1, 2], [3]]", "NS203"),
    ],
)
def test_raw_tensors_refused(statement: str, code: str) -> None:
    assert only(net(f"{statement}\noutput x -> ReLU()"))[0] == code


# --------------------------------------------------------------------------------------------------- annotations


def test_annotations_are_kept() -> None:
    body = """y = x @hide -> a: Conv2d(4, 1) @label("Two<br>lines {1 + 1}") @optional("yes") if True
          -> b: [ReLU() @hide, PReLU()]
    module m: ReLU() @label("m")
    output y -> m"""
    definition = graph_of(net(body)).definition
    assert {n.name: [(d.name, d.args) for d in n.drawings] for n in definition.nodes} == {
        "x": [("hide", ())],
        "a": [("label", ("Two<br>lines 2",)), ("optional", ("yes",))],
        "b": [],
        "m": [("label", ("m",))],
    }
    inner = next(n.body for n in definition.nodes if n.name == "b")
    assert isinstance(inner, Definition)
    assert [[d.name for d in n.drawings] for n in inner.nodes] == [[], ["hide"], []]


def test_unknown_annotations() -> None:
    assert only(net("output x -> a: ReLU() @lable('x')"))[:2] == ("NS200", "there is no annotation `@lable`")


def test_stages_are_marked() -> None:
    graph = graph_of(net("output x -> stage a: 2 * Block(4) -> b: [stage c: ReLU()]", BLOCK))
    assert [(m.label, m.stage) for m in graph.definition.modules] == [("a", True), ("b", False)]
    assert isinstance(graph.definition.modules[0].body, Definition)
    assert isinstance(graph.definition.modules[0].body.modules[0].body, Repeat)


def test_what_relies_on_a_failed_assert_is_left_out() -> None:
    found = mistakes_of("""
const table = {1: 3}
network N(depth: int = 2) {
    assert depth in table, "depth is 1, not {depth}"
    let width = table[depth]
    input x: [B, 3, H]
    output x -> conv: Conv1d(width, 1)
}
""")
    assert [d.message for d in found] == ["depth is 1, not 2"]
