"""Tensors and families, inputs and contracts, outputs, facts, broadcasting, slicing."""

from __future__ import annotations

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from netspec.dims import evaluate
from tests.elaborate.reading import graph_of, keys, mistakes_of, only, ops, outputs


def net(body: str, declarations: str = "", shape: str = "[B, 4, H, W]") -> str:
    return f"{declarations}\nnetwork Net() {{ input x: {shape}\n{body}\n}}"


# --------------------------------------------------------------------------------------------------- families


PAIR = "block Pair() { input x; output x -> a: Conv2d(2, 1); output x -> b: Conv2d(3, 1) }\n"
SUM = "block Count() { input c: [*]; let n = len(c); output concat(*[c[i] for i in range(n)]) }\n"


def test_families_by_index() -> None:
    body = """for i in (2, 0, 1) { s[i] = x -> "c.{i}": Conv2d(i + 1, 1) }
    assert len(s) == 3
    output s[0], s[-1], s[1]"""
    assert outputs(graph_of(net(body))) == ["[B, 1, H, W]", "[B, 3, H, W]", "[B, 2, H, W]"]


def test_a_family_is_ordered_by_index() -> None:
    body = """for i in (2, 0, 1) { s[i] = x -> "c.{i}": Conv2d(i + 1, 1) }
    output s"""
    assert outputs(graph_of(net(body))) == ["[B, 1, H, W]", "[B, 2, H, W]", "[B, 3, H, W]"]


def test_families_are_taken_spread_and_counted() -> None:
    graph = graph_of(
        net("c = x -> p: Pair()\nassert len(c) == 2\noutput (c) -> n: Count(), concat(*c), concat(c)", PAIR + SUM)
    )
    assert outputs(graph) == ["[B, 5, H, W]"] * 3


def test_star_makes_a_family_of_one() -> None:
    graph = graph_of(net("*c = x -> a: Conv2d(2, 1)\nassert len(c) == 1\noutput c -> n: Count()", SUM))
    assert outputs(graph) == ["[B, 2, H, W]"]


def test_a_family_beside_another_input() -> None:
    two = "block Both() { input y; input c: [*]; output concat(y, *c) }\n"
    assert outputs(graph_of(net("c = x -> p: Pair()\noutput (x, c) -> t: Both()", PAIR + two))) == ["[B, 9, H, W]"]
    assert outputs(graph_of(net("output (x, x, x) -> t: Both()", two))) == ["[B, 12, H, W]"]


def test_a_list_of_tensors_is_a_family() -> None:
    assert outputs(graph_of(net("c = (x, x -> a: Conv2d(1, 1))\noutput concat(*c)"))) == ["[B, 5, H, W]"]


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        ("c = x -> p: Pair()\noutput c[2]", "NS212", "no member 2 in this family"),
        ("c = x -> p: Pair()\noutput c + x", "NS207", "`+` does not join a tensor and a family of tensors"),
        ("y, z, w = x -> p: Pair()\noutput y", "NS305", "3 names for 2 tensors"),
        ("y, z = x -> a: ReLU()\noutput y", "NS305", "2 names for 1 tensor"),
        ("c[0] = x -> p: Pair()\noutput x", "NS305", "a member of a family is one tensor, not 2"),
        ("c['a'] = x -> a: ReLU()\noutput x", "NS207", "the index of a family is an int, not a string"),
        ("x[0] = x -> a: ReLU()\noutput x", "NS205", "`x` is a tensor, and no family"),
        ("y = 3\noutput x", "NS106", "an int is not a tensor"),
        ("let y = x\noutput x", "NS106", "`let` names a value, and this is a tensor"),
        ("let y = [x, x]\noutput x", "NS106", "`let` names a value, and this holds tensors"),
        ("output 3", "NS106", "here stands a tensor, not an int"),
        ("output x -> 3", "NS106", "an int is not a step"),
        ("output x -> x", "NS106", "a tensor is not a step"),
        ("output (x, x) -> a: [ReLU()]", "NS305", "a list of steps takes one tensor"),
        ("output (x, x) -> a: ReLU()", "NS300", "ReLU takes 1 tensor, got 2"),
        ("output x -> p: [Pair(), ReLU()]", "NS305", "a member of a list gives one tensor, not 2"),
        ("output x -> p: [flatten()]", "NS405", "`flatten` is a function, and a list holds modules"),
        ("output x -> f: flatten()", "NS405", "`flatten` is a function without weights: it takes no label"),
        ("output concat([x, x])", "NS207", "`concat` takes its tensors side by side, not in a list"),
        ("output 2 ** x", "NS207", "`**` takes a tensor and a number, not an int and a tensor"),
        ("output x // 2", "NS207", "`//` does not work on tensors"),
        ("output x + ReLU", "NS207", "`+` does not join a tensor and the op `ReLU`"),
        ("let a = 'a' if x else 'b'\noutput x", "NS207", "a tensor is neither true nor false"),
        ("assert x == x\noutput x", "NS207", "`==` does not compare tensors"),
        ("output x -> a: Conv2d(x, 1)", "NS207", "a tensor is no argument"),
        ("output x -> a: Conv2d([x], 1)", "NS207", "a list of tensors is no argument"),
        ("output x -> a: Conv2d(H, 1)", "NS203", "out_channels must be a positive int, got the open size H"),
        ("output x.depth -> a: ReLU()", "NS200", "a tensor has no `.depth`"),
        ("let n = len(x)\noutput x", "NS207", "`len` needs a list, not a tensor"),
        ("output y", "NS200", "unknown name `y`"),
        ("output y\ny = x -> ReLU()", "NS200", "`y` has no value here"),
        ("if False { y = x }\noutput y", "NS200", "`y` has no value here"),
    ],
)
def test_refusals(body: str, code: str, message: str) -> None:
    assert only(net(body, PAIR))[:2] == (code, message)


# --------------------------------------------------------------------------------------------------- outputs


def test_outputs() -> None:
    assert outputs(graph_of(net("output x"))) == ["[B, 4, H, W]"]
    assert outputs(graph_of(net("output x, x -> ReLU()"))) == ["[B, 4, H, W]"] * 2
    named = graph_of(net("for i in range(2) { output \"c{i}\" = x -> 'c.{i}': Conv2d(i + 1, 1) }"))
    assert outputs(named) == ["c0: [B, 1, H, W]", "c1: [B, 2, H, W]"]


def test_named_outputs_of_a_block_are_a_family_by_name() -> None:
    block = 'block Two() { input x; output "a" = x -> a: Conv2d(1, 1); output "b" = x -> b: Conv2d(2, 1) }\n'
    assert outputs(graph_of(net('c = x -> t: Two()\noutput c["b"], c[0]', block))) == ["[B, 2, H, W]", "[B, 1, H, W]"]
    assert only(net('c = x -> t: Two()\noutput c["d"]', block))[:2] == ("NS212", 'no member "d" in this family')


def test_outputs_refused() -> None:
    assert only(net('output "a" = x\noutput x'))[:2] == ("NS403", "named and unnamed outputs are mixed")
    assert only(net('output "a" = x\noutput "a" = x'))[:2] == ("NS205", "two outputs are named `a`")
    assert only(net("y = x -> ReLU()"))[:2] == ("NS403", "`Net` has no output")
    assert only(net('output "a" = x -> p: Pair()', PAIR))[:2] == ("NS305", "the output `a` is one tensor, not 2")


# --------------------------------------------------------------------------------------------------- inputs


def test_inputs_of_networks() -> None:
    text = """network Net(n: int = 3) {
        input tokens: int[B, L]
        input a, b
        output tokens
    }"""
    found = mistakes_of(text)
    assert [d.message for d in found] == [
        "the network's input `a` needs its shape",
        "the network's input `b` needs its shape",
    ]


def test_numbered_open_sizes() -> None:
    text = "network Net(n: int = 2) { input x: [B, 4, *L[n]]; output x -> c: Conv(8, 3, stride=2, padding=1) }"
    assert outputs(graph_of(text)) == ["[B, 8, ceil(L1/2), ceil(L2/2)]"]
    assert outputs(graph_of(text, "Net", n=3)) == ["[B, 8, ceil(L1/2), ceil(L2/2), ceil(L3/2)]"]


def test_lists_of_known_sizes_are_spliced() -> None:
    text = "network Net() { let level = [8, 9]; input x: [B, 4, *level]; output x -> c: Conv(8, 1) }"
    assert outputs(graph_of(text)) == ["[B, 8, 8, 9]"]


def test_a_name_stands_for_one_size() -> None:
    text = "network Net() {{ input x: [B, 4, H, W]; input y: [{y}]; output x + y }}"
    assert outputs(graph_of(text.format(y="B, 4, H, W"))) == ["[B, 4, H, W]"]
    assert only(text.format(y="N, 4, H, W"))[0] == "NS301"
    clash = "network Net() { input x: [B, L1, *L[2]]; output x -> ReLU() }"
    assert only(clash)[:2] == ("NS205", "two open sizes are named `L1`")


def test_inputs_of_blocks_name_the_callers_sizes() -> None:
    block = "block Same() { input x: [B, C, H, H]; output x -> c: Conv(2 * C, 1) }\n"
    assert outputs(graph_of(net("output x -> s: Same()", block, "[B, 4, 8, 8]"))) == ["[B, 8, 8, 8]"]
    code, message, place = only(net("output x -> s: Same()", block))
    assert (code, message, place) == ("NS302", "`Same` takes size H where it is given W", "Same()")


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("[B, 3, H, W]", "`Take` takes size 3 where it is given 4"),
        ("[B, C, L]", "`Take` takes [B, C, L]"),
        ("[B, C, *L[3]]", "`Take` takes [B, C, *L[3]]"),
        ("int[B, C, H, W]", "`Take` takes int tensors"),
    ],
)
def test_what_a_block_does_not_take(declared: str, words: str) -> None:
    text = net("output x -> t: Take()", f"block Take() {{ input x: {declared}; output x -> ReLU() }}\n")
    code, message, place = only(text)
    assert (code, message, place) == ("NS302", words, "Take()")


def test_counts_of_tensors() -> None:
    two = "block Two() { input a, b; output a + b }\n"
    assert only(net("output x -> t: Two()", two))[:2] == ("NS305", "`Two` takes more tensors: `b` is not given")
    assert only(net("output (x, x, x) -> t: Two()", two))[:2] == ("NS305", "`Two` takes 2 tensors, not 3")


def test_sizes_that_cannot_be() -> None:
    assert only("network Net() { input x: [B, 0]; output x }")[0] == "NS304"
    assert only("network Net() { input x: [B, 1.5]; output x }")[0] == "NS207"
    assert only("network Net() { input x: flaot[B, 4]; output x }")[0] == "NS211"
    assert only("network Net() { input x: [*]; output x }")[0] == "NS302"
    assert only("network Net() { input x: [B, *L[B]]; output x }")[0] == "NS207"


# --------------------------------------------------------------------------------------------------- contracts


HALF = "y = x -> d: MaxPool2d(2) -> u: Upsample(scale_factor=2)\noutput x + y"


def test_a_join_must_be_equal_for_all_sizes() -> None:
    (found,) = mistakes_of(net(HALF))
    assert found.code == "NS301"
    assert found.notes == (
        "equal only when H % 2 == 0, fails at H = 1",
        "equal only when W % 2 == 0, fails at W = 1",
    )
    assert "where H % 2 == 0 and W % 2 == 0" in found.help


def test_a_contract_is_a_fact_for_proofs() -> None:
    assert outputs(graph_of(net(HALF, shape="[B, 4, H, W] where H % 2 == 0, W % 4 == 0"))) == ["[B, 4, H, W]"]
    assert outputs(graph_of(net(HALF, shape="[B, 4, H, W] where H % 2 == 0 and W % 4 == 0"))) == ["[B, 4, H, W]"]


def test_a_contract_never_changes_structure() -> None:
    body = "y = x -> d: MaxPool2d(2) -> u: Upsample(scale_factor=2)\noutput x -> p: Conv2d(4, 1) if y.shape != x.shape"
    for shape in ("[B, 4, H, W]", "[B, 4, H, W] where H % 2 == 0, W % 2 == 0"):
        assert "p.weight" in keys(graph_of(net(body, shape=shape)))
    assert "p.weight" not in keys(graph_of(net(body, shape="[B, 4, 8, 8]")))


DEMAND = "block Even() { input x: [B, C, H, W] where H % 4 == 0; output x -> ReLU() }\n"


def test_a_blocks_contract_is_proven_from_the_caller() -> None:
    assert graph_of(net("output x -> e: Even()", DEMAND, "[B, 4, H, W] where H % 8 == 0"))
    assert graph_of(net("output x -> e: Even()", DEMAND, "[B, 4, 12, W]"))
    (found,) = mistakes_of(net("output x -> e: Even()", DEMAND, "[B, 4, H, W] where H % 2 == 0"))
    assert (found.code, found.message, found.primary.span.text) == (
        "NS302",
        "`H % 4 == 0` is not proven here",
        "Even()",
    )
    assert found.help == "admit only such sizes, with `where H % 4 == 0` at the network's input"
    (found,) = mistakes_of(net("output x -> e: Even()", DEMAND, "[B, 4, 6, W]"))
    assert (found.code, found.message, found.primary.text) == ("NS302", "`H % 4 == 0` does not hold here", "H is 6")


def test_contracts_are_kept_for_the_door() -> None:
    graph = graph_of(net("output x -> ReLU()", shape="[B, 4, H, W] where H % 32 == 0, 4 <= W <= 64"))
    assert [str(c.condition) for c in graph.definition.contracts] == ["H % 32 == 0", "4 <= W", "W <= 64"]


def test_contracts_that_cannot_be() -> None:
    assert only(net("output x", shape="[B, 4, H, W] where H % 2 == 0, H % 2 == 1"))[:2] == (
        "NS213",
        "no size satisfies the contract",
    )
    assert only(net("output x", shape="[B, 4, H, W] where H"))[:2] == ("NS106", "a contract is a comparison of sizes")
    assert only(net("output x", shape="[B, 4, H, W] where H == 1.5"))[0] == "NS207"
    assert only(net("output x", shape="[B, 4, H, W] where 1 == 2"))[0] == "NS208"


def test_minimums_are_no_errors() -> None:
    graph = graph_of(net("output x -> c: Conv2d(8, 7)"))
    assert {n: least for n, (least, _) in graph.minimums.items()} == {"H": 7, "W": 7}
    assert only(net("output x -> c: Conv2d(8, 7)", shape="[B, 4, 6, W]"))[0] == "NS304"


def test_conditions_beyond_minimums_are_checked_at_the_door() -> None:
    graph = graph_of(net("output x -> n: InstanceNorm2d()"))
    assert [str(c.condition) for c in graph.definition.contracts] == ["H >= 2 or W >= 2"]


# --------------------------------------------------------------------------------------------------- facts


def test_facts() -> None:
    body = """assert x.rank == 4 and x.channels == 4 and x.shape[1] == 4
    assert x.shape == x.shape and x.spatial == (x.shape[2], x.shape[3]) and len(x.shape) == 4
    y = x -> p: MaxPool2d(3, stride=1, padding=1)
    assert y.shape == x.shape
    z = y -> d: MaxPool2d(2)
    assert z.shape != x.shape and z.shape != (B, 4, H, W)
    output z -> c: Conv2d(2 * x.channels, 1)"""
    assert outputs(graph_of(net(body))) == ["[B, 8, floor(H/2), floor(W/2)]"]


@pytest.mark.parametrize("condition", ["H > 7", "H == W", "H % 2 == 0", "x.shape[2] == 3", "B != 1"])
def test_conditions_that_depend_on_an_open_size(condition: str) -> None:
    code, message, place = only(net(f"if {condition} {{ x = x -> a: ReLU() }}\noutput x"))
    assert (code, place) == ("NS213", condition)
    assert message.endswith("must hold for all sizes, or for none")


@pytest.mark.parametrize("condition", ["H >= 1", "H + 1 > H", "2 * H != 2 * H + 1", "H * W >= H", "H % 2 < 2"])
def test_conditions_that_hold_for_all_sizes(condition: str) -> None:
    assert ops(graph_of(net(f"output x -> a: ReLU() if {condition}"))) == ["a ReLU"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("let n = H / 2", "`/` does not work on the open size H"),
        ("let n = H ** 2", "`**` does not work on the open size H"),
        ("let n = H * 1.5", "`*` does not work on the open size H and a float"),
        ("let n = 5 // H", "`//` of the open size H needs"),
        ("let n = [i for i in range(H)]", "`range` needs a known number"),
        ("let n = sqrt(H)", "`sqrt` needs a known number"),
        ("y = x -> a: H * ReLU()", "a step cannot be repeated H times"),
        ("let n = int(H)", "`int` needs a known number"),
    ],
)
def test_open_sizes_are_no_numbers(body: str, words: str) -> None:
    code, message, _ = only(net(body + "\noutput x"))
    assert (code, message[: len(words)]) == ("NS214", words)


def test_unknowns_do_not_cascade() -> None:
    body = """let n = undefined + 1
    y = x -> a: Conv2d(n, 3) -> b: [Conv2d(n, 1), ReLU()]
    for i in range(n) { y = y -> "l.{i}": ReLU() }
    if n > 3 { z = y } else { z = x }
    s[n] = z
    let (p, q) = (n, n)
    w, v = (y, z) -> c: ReLU()
    output concat(s[0], w) -> d: Linear(q), v
    order a, b, zzz
    freeze "nothing"
    """
    assert only(net(body))[:2] == ("NS200", "unknown name `undefined`")


def test_one_mistake_met_on_several_ways_is_told_once() -> None:
    blocks = "block Bad(n: int) { input x; output x -> c: Conv2d(n, 1, groups=3) }\n"
    blocks += "block Twice() { input x; y = x -> a: Bad(3); output x -> b: Bad(6) }\n"
    (found,) = mistakes_of(net("y = x -> t: Twice() \ny = x -> u: Twice()\noutput x -> v: [Bad(3)]", blocks))
    assert (found.trail, found.more) == ("Net() > t (Twice) > a (Bad)", 4)


def test_independent_mistakes_are_all_told() -> None:
    body = 'y = x -> a: Conv2d(8)\nz = x -> b: ReLU(inplce=True)\nlet n = 1 / 0\noutput x -> c: Linear("a")'
    assert [d.code for d in mistakes_of(net(body))] == ["NS202", "NS201", "NS203", "NS207"]


# --------------------------------------------------------------------------------------------------- slicing


BOUND = st.one_of(st.none(), st.integers(-6, 6))
ENTRY = st.one_of(
    st.integers(-5, 4), st.none(), st.just("..."), st.tuples(BOUND, BOUND, st.one_of(st.none(), st.integers(1, 3)))
)


def written(entry: object) -> str:
    if isinstance(entry, tuple):
        return ":".join("" if b is None else str(b) for b in entry)
    return str(entry)


def as_torch(entry: object) -> object:
    return slice(*entry) if isinstance(entry, tuple) else ... if entry == "..." else entry


@settings(max_examples=150, deadline=None)
@given(st.lists(ENTRY, min_size=1, max_size=4), st.booleans())
def test_slicing_is_torchs(entries: list[object], is_open: bool) -> None:
    shape = (2, 3, 4, 5)
    assume(entries.count("...") < 2)
    declared = "[B, C, H, W]" if is_open else "[2, 3, 4, 5]"
    text = f"network Net() {{ input x: {declared}; output x[{', '.join(map(written, entries))}] }}"
    try:
        expected = torch.empty(shape)[tuple(map(as_torch, entries))].shape
    except (IndexError, TypeError):
        expected = None
    found = mistakes_of(text)
    if expected is None or (0 in expected and (found or not is_open)):
        assert found or is_open
        return
    assert not found, "\n".join(map(str, found))
    graph = graph_of(text)
    sizes = dict(zip("BCHW", shape, strict=True))
    inside = all(sizes[n] >= least for n, (least, _) in graph.minimums.items())
    inside = inside and all(c.condition.holds(sizes) for c in graph.definition.contracts)
    assert inside == (0 not in expected)
    if inside:
        assert [evaluate(d, sizes) for d in graph.definition.outputs[0].type.dims] == list(expected)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.integers(-9, 9), st.integers(-9, 9), st.integers(1, 3))
def test_slices_of_open_sizes(size: int, start: int, stop: int, step: int) -> None:
    text = f"network Net() {{ input x: [L]; output x[{start}:{stop}:{step}] }}"
    expected = len(range(size)[start:stop:step])
    found = mistakes_of(text)
    if found:
        assert expected == 0
        return
    graph = graph_of(text)
    inside = all(size >= least for least, _ in graph.minimums.values())
    inside = inside and all(c.condition.holds({"L": size}) for c in graph.definition.contracts)
    assert inside == (expected > 0)
    if inside:
        assert evaluate(graph.definition.outputs[0].type.dims[0], {"L": size}) == expected


def test_slices_with_sizes() -> None:
    body = "y = x[:, :, :H // 2, None]\noutput x[..., *[0 for i in range(2)]], y"
    assert outputs(graph_of(net(body))) == ["[B, 4]", "[B, 4, floor(H/2), 1, W]"]
    assert only(net("output x[:, :, ::-1]"))[:2] == ("NS207", "a tensor is sliced in steps of at least 1, not -1")
    assert only(net("output x['a']"))[:2] == ("NS207", "a tensor's index is an int, a slice or None, not a string")


def test_a_failed_assertion_ends_its_block() -> None:
    body = """assert 1 > 2, "one is not more than two"
    let n = {1: 2}[3]
    output x -> a: Conv2d(n)"""
    assert [d.code for d in mistakes_of(net(body.replace("Conv2d(n)", "Conv2d(n, 1)")))] == ["NS208"]
    inner = 'block Deep() { input x; for i in range(3) { assert i < 1, "i is {i}" }\nlet k = (1,)[2]\noutput x }\n'
    found = mistakes_of(net("y = x -> d: Deep()\noutput y", inner))
    assert [(d.message, d.trail) for d in found] == [("i is 1", "Net() > d (Deep)")]
