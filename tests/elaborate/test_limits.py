"""Every limit is there, at its place: what is allowed works, one more is a diagnostic."""

from __future__ import annotations

import time

import pytest

from netspec import limits
from netspec.diagnostics import closest
from tests.elaborate.evaluating import mistake_of, value_of
from tests.elaborate.reading import graph_of, mistakes_of, outputs


def net(body: str, declarations: str = "", shape: str = "[B, 4, H, W]") -> str:
    return f"{declarations}\nnetwork Net() {{ input x: {shape}\n{body}\n}}"


def codes(text: str) -> list[str]:
    """The codes of all mistakes; none may take long."""
    start = time.process_time()
    found = mistakes_of(text)
    assert time.process_time() - start < 10  # most take less than 2, on the machines of CI a little more
    return [d.code for d in found]


# --------------------------------------------------------------------------------------------------- fuel


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(99999) { for j in range(99999) { let k = i } }",
        "let k = [1 for i in range(99999) for j in range(99999)]",
        "let k = [[j for j in range(9999)] for i in range(9999)]",
        "for i in range(99999) { x = x -> ReLU() }",
        "for i in range(99999) { y[i] = x }",
        "for i in range(99999) { let s = sum(range(9999)) }",
        "for i in range(99999) { let s = sorted(range(9999)) }",
        "let k = range(9999)\nfor i in range(99999) { let s = k == k }",
        "let k = range(9999)\nfor i in range(99999) { let s = 9999 in k }",
        "let k = range(9999)\nfor i in range(99999) { let s = k[1:] }",
        "let k = {i: i for i in range(9999)}\nfor i in range(99999) { let s = 1 in k }",
        "let s = 'ab{[0 for i in range(900)]}'\nfor i in range(99999) { let k = '{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}' }",
        "for i in range(99999) { let k = [(a, b) for a, b in zip(range(99), range(99))] }",
        "for i in range(99999) { let k = Conv2d(*[1 for i in range(2)], bias=True, groups=i + 1) }",
        'for i in range(99999) { output "o{i}" = x }',
        "for i in range(99999) { x = x -> 'l.{i}': [ReLU()] }",
        "for i in range(99999) { x = x + 1 }",
        "for i in range(99999) { x = x[:, :] }",
        "let p = Two(Two, Two)\nfor i in range(14) { let p = Two(p, p) }\nfor i in range(9999) { y = x -> p }",
        "let p = [ReLU() for i in range(9999)]\nfor i in range(9999) { y = x -> p }",
        "for i in range(9999) { freeze 'a{i}' if i < 0 }\nfor i in range(9999) { order *, 'b*' if False }".replace(
            " if False", ""
        ),
    ],
)
def test_work_ends(body: str) -> None:
    found = codes(net(body + "\noutput x", "block Two(a: block, b: block) { input x; output x }"))
    assert found[-1:] in (["NS600"], [], ["NS402"], ["NS403"])


def test_a_loop_at_the_limit() -> None:
    assert codes(net("for i in range(40000) { let k = i * i }\noutput x")) == []


# --------------------------------------------------------------------------------------------------- values


def test_sizes_of_values() -> None:
    most = limits.MAX_VALUE_SIZE
    assert len(value_of(f"range({most})")) == most
    assert mistake_of(f"range({most} + 1)").code == "NS601"
    assert mistake_of("range(10 ** 9)").code == "NS601"
    assert mistake_of("range(0, -(10 ** 18), -1)").code == "NS601"
    assert len(value_of(f"[*range({most} - 1)]")) == most - 1
    assert mistake_of(f"[*range({most}), 0]").code == "NS601"


@pytest.mark.parametrize(
    ("start", "turn"),
    [
        ("(0, 0)", "(n, n)"),
        ("[0]", "[*n, *n]"),
        ("'ab'", "n + n"),
        ("'ab'", "'{n}{n}'"),
        ("{'a': 0}", "{'a': n, 'b': n}"),
        ("ReLU", "[n, n]"),
        ("Two(ReLU, ReLU)", "Two(n, n)"),
        ("ReLU()", "2 * [n, n]"),
        ("(0,)", "(*n, *n, 1)"),
        ("[[]]", "[n]"),
        ("ReLU", "Two(n, ReLU)"),
        ("ReLU", "[2 * n]"),
        ("ReLU", "[a: n]"),
        ("(1,)", "zip(n, n)"),
        ("(1,)", "enumerate(n)"),
        ("{}", "{'k': n}"),
        ("ReLU", "3 * n"),
    ],
)
def test_values_that_grow(start: str, turn: str) -> None:
    text = net(
        f"let n = {start}\nfor i in range(200) {{ let n = {turn} }}\noutput x",
        "block Two(a: block, b: block) { input x; output x }",
    )
    assert codes(text) in (["NS601"], ["NS602"])


def test_nesting_of_values() -> None:
    most = limits.MAX_NESTING
    assert codes(net(f"let n = 0\nfor i in range({most - 1}) {{ let n = [n] }}\noutput x")) == []
    assert codes(net(f"let n = 0\nfor i in range({most}) {{ let n = [n] }}\noutput x")) == ["NS601"]


def test_numbers() -> None:
    assert value_of("2 ** 62 - 1 + 2 ** 62") == 2**63 - 1
    assert value_of("-(2 ** 62 - 1 + 2 ** 62)") == -(2**63 - 1)
    for text in (
        "2 ** 63",
        "2 ** 62 + 2 ** 62",
        "-(2 ** 62) - 2 ** 62",
        "10 ** 18 * 10",
        "10 ** 10 ** 10",
        "10 ** -(10 ** 10) * 0 + 2 ** 64",
    ):
        assert mistake_of(text).code == "NS602", text
    for text in (
        "1e300 * 1e300",
        "1e300 ** 2",
        "-1e300 * 1e300",
        "1e308 + 1e308",
        "float('inf')",
        "float('nan')",
        "int(1e30)",
        "ceil(1e30)",
    ):
        assert mistake_of(text).code == "NS602", text
    assert mistake_of("prod([10 ** 6 for i in range(9)])").code == "NS602"
    assert value_of("2.0 ** -1074 / 2") == 0.0
    assert value_of("round(1.5, 10 ** 9)") == 1.5
    assert mistake_of("sqrt(10 ** 18) ** 40").code == "NS602"


def test_messages_never_show_unbounded_values() -> None:
    for text in (
        "range(99999) + 1",
        "'a' * range(9)",
        "'{[i for i in range(999)]}' + 1",
        "int('{[i for i in range(99)]}')",
    ):
        assert len(str(mistake_of(text))) < 2000


# --------------------------------------------------------------------------------------------------- depth


def nested(depth: int) -> str:
    blocks = ["block B0() { input x; output x -> ReLU() }"]
    blocks += [f"block B{i}() {{ input x; output x -> b: B{i - 1}() }}" for i in range(1, depth)]
    return "\n".join(blocks)


def test_blocks_in_blocks() -> None:
    depth = limits.MAX_DEPTH - 1
    assert codes(net(f"output x -> b: B{depth - 1}()", nested(depth))) == []
    assert codes(net(f"output x -> b: B{depth}()", nested(depth + 1))) == ["NS600"]
    assert codes(net("output x -> b: B299()", nested(300))) == ["NS600"]


def test_lists_in_lists() -> None:
    assert codes(net("let n = ReLU()\nfor i in range(20) { let n = [n] }\noutput x -> a: n")) == []
    assert codes(net("let n = ReLU()\nfor i in range(60) { let n = [n] }\noutput x -> a: n")) == ["NS600"]


def test_deep_expressions_in_deep_blocks_end_in_a_diagnostic() -> None:
    deep = "(" * 40 + "n" + " + 1)" * 40
    blocks = ["block B0(n: int) { input x; output x -> ReLU() }"]
    blocks += [f"block B{i}(n: int) {{ input x; output x -> b: B{i - 1}({deep}) }}" for i in range(1, 38)]
    assert codes(net("output x -> b: B37(1)", "\n".join(blocks))) in ([], ["NS600"])
    functions = "fn f0(n) = n\n" + "\n".join(f"fn f{i}(n) = f{i - 1}({deep})" for i in range(1, 38))
    assert codes(net("let n = f37(1)\noutput x", functions)) in ([], ["NS600"])
    constants = "const c0 = 1\n" + "\n".join(f"const c{i} = {deep.replace('n', f'c{i - 1}', 1)}" for i in range(1, 60))
    assert codes(net("let n = c59\noutput x", constants)) == ["NS600"]


RECURSIONS = {
    "block": "block A() { input x; output x -> a: A() }",
    "two blocks": "block A() { input x; output x -> b: C() }\nblock C() { input x; output x -> a: A() }",
    "argument": "block W(u: block) { input x; output x -> u: u(u) }\nblock A() { input x; output x -> w: W(W) }",
    "bound argument": "block W(u: block) { input x; output x -> u: u() }\n"
    "block A() { input x; output x -> w: W(W(W(ReLU))) }",
    "list": "block A() { input x; output x -> l: [ReLU(), A()] }",
    "repetition": "block A() { input x; output x -> l: 3 * A() }",
    "condition": "block A(n: int = 3) { input x; output x -> a: A(n - 1) if n > 0 }",
    "function": "fn f(n) = f(n)\nblock A() { input x; let n = f(1); output x }",
    "two functions": "fn f(n) = g(n)\nfn g(n) = f(n)\nblock A() { input x; let n = f(1); output x }",
    "default": "fn f(n = f()) = n\nblock A() { input x; let n = f(); output x }",
    "constant": "const c = c\nblock A() { input x; let n = c; output x }",
    "two constants": "const c = [d]\nconst d = [c]\nblock A() { input x; let n = c; output x }",
    "block constant": "block A() { const k = A.k; input x; output x }",
    "variant": "block A() { input x; output x -> v: V }\nnetwork V = A()",
    "variant of itself": "network V = V\nblock A() { input x; output x -> v: V }",
}


@pytest.mark.parametrize("what", RECURSIONS)
def test_recursion(what: str) -> None:
    text = RECURSIONS[what] + "\nnetwork Net() { input x: [B, 4]; output x -> a: A() }"
    found = mistakes_of(text, "Net")
    assert [d.code for d in found] == ["NS209"]


# --------------------------------------------------------------------------------------------------- layers


def test_layers() -> None:
    most = limits.MAX_NODES
    assert graph_of(net(f"output x -> a: {most} * ReLU()")).definition.node_count == most
    assert codes(net(f"output x -> a: {most + 1} * ReLU()")) == ["NS603"]
    assert codes(net("output x -> a: 10 ** 9 * ReLU()")) == ["NS603"]
    assert codes(net("output x -> a: 10 ** 18 * (10 ** 18 * ReLU())")) == ["NS602"]
    unit = "block Unit() { input x; output x -> c: Conv2d(4, 1) }"
    assert codes(net("output x -> a: 10 ** 4 * (10 ** 4 * Unit())", unit)) == ["NS603"]
    assert codes(net("output x -> a: 10 ** 4 * [10 ** 4 * Unit()]", unit)) == ["NS603"]
    assert codes(net("output x -> a: [10 ** 6 * Unit(), ReLU()]", unit)) == ["NS603"]
    bombs = "block B0() { input x; output x -> a: 100 * ReLU() }\n"
    bombs += "\n".join(f"block B{i}() {{ input x; output x -> a: 100 * B{i - 1}() }}" for i in range(1, 9))
    assert codes(net("output x -> b: B8()", bombs)) == ["NS603"]


def test_parameters_are_counted_exactly_and_refused_only_when_built() -> None:
    graph = graph_of(net("output x -> fc: Linear(10 ** 12) -> fc2: Linear(10 ** 12)", shape="[B, 1000000000000]"))
    assert graph.definition.parameter_count == 2 * (10**24 + 10**12)


def test_sizes_beyond_2_63() -> None:
    assert codes(
        net("output x -> u: Upsample(scale_factor=2 ** 40) -> v: Upsample(scale_factor=2 ** 40)", shape="[1, 4, 4, 4]")
    ) == ["NS602"]
    assert codes(net("output flatten(x)", shape="[1, 2000000000, 2000000000, 4000000000]")) == ["NS602"]


def test_sizes_that_become_complicated_end() -> None:
    body = "for i in range(300) { x = concat(x -> 'a.{i}': MaxPool2d(3, stride=2, padding=1), "
    body += "x -> 'b.{i}': MaxPool2d(2), axis=1, align='center') }"
    assert set(codes(net(body + "\noutput x"))) <= {"NS601", "NS600"}
    body = "let n = H\nfor i in range(2000) { let n = n * n + W // (i + 2) }\noutput x"
    assert set(codes(net(body))) <= {"NS601", "NS600", "NS602"}


# --------------------------------------------------------------------------------------------------- messages


def test_a_hundred_thousand_names_do_not_make_suggestions_slow() -> None:
    names = [f"name_{i}" for i in range(100_000)]
    start = time.process_time()
    for i in range(20):
        closest(f"nmae_{i}", names)
    assert time.process_time() - start < 2


def test_many_mistakes_end() -> None:
    text = net("\n".join(f"y{i} = x -> a{i}: Cnv{i}(undefined{i})" for i in range(3000)) + "\noutput x")
    start = time.process_time()
    found = mistakes_of(text)
    assert len(found) <= 2 * limits.MAX_ERRORS
    "".join(map(str, found))
    assert time.process_time() - start < 10


def test_mistakes_of_elaboration_are_at_most_a_hundred() -> None:
    text = net("\n".join(f"let y{i} = 1 // 0" for i in range(500)) + "\noutput x")
    assert len(mistakes_of(text)) == limits.MAX_ERRORS


def test_large_but_right_specs_pass() -> None:
    text = net("\n".join(f"x = x -> c{i}: Conv2d(4, 1)" for i in range(3000)) + "\noutput x")
    assert outputs(graph_of(text)) == ["[B, 4, H, W]"]
