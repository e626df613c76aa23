"""Policies and their selectors; in-place ops."""

from __future__ import annotations

import pytest

from netspec.graph.decisions import assignments
from tests.elaborate.reading import graph_of, mistakes_of, only

DECLARATIONS = """block Unit(n: int, norm: bool = True) {
    input x
    output x -> conv: Conv(n, 1) -> bn: BatchNorm() if norm -> act: ReLU()
    POLICY
}
"""


def net(policy: str, inner: str = "", unit: str = "Unit(8)") -> str:
    return f"""{DECLARATIONS.replace("POLICY", inner)}
    network Net() {{
        input x: [B, 4, H, W]
        output x -> stem: Conv2d(4, 1) -> layer1: 2 * {unit} -> layer2: [{unit}] -> "head.a": {unit}
        {policy}
    }}"""


@pytest.mark.parametrize(
    "policy",
    [
        "freeze Conv2d",
        "freeze Conv",
        "freeze Unit",
        'freeze "stem"',
        'freeze "layer*"',
        'freeze "layer1.0"',
        'freeze "layer1.*.conv"',
        'freeze "*"',
        'freeze "layer1.1.bn"',
        'freeze "head"',
        'freeze "head.a.conv"',
        "freeze_stats BatchNorm2d",
        "freeze_weights BatchNorm",
        'checkpoint "layer*"',
        'freeze "nothing" if False',
        'freeze "layer{1 + 1}"',
        "init Conv2d { weight = zeros(), bias = 0 }",
        'init "head.a.conv" { weight = kaiming_normal(mode="fan_out") }',
        "init BatchNorm { weight = 0.5 }",
        "init Conv2d { weight = normal }",
    ],
)
def test_selectors_that_match(policy: str) -> None:
    graph_of(net(policy))
    if not policy.startswith("init"):
        graph_of(
            net("", policy.replace("layer1.0", "conv").replace("layer{1 + 1}", "act"))
            if policy.split()[1] in ("Conv2d", "Conv")
            else net(policy)
        )


def test_a_step_left_out_counts_as_matched() -> None:
    graph_of(net('freeze "layer1.0.bn"', 'freeze "bn"', "Unit(8, False)"))


@pytest.mark.parametrize(
    ("policy", "help_"),
    [
        ('freeze "layre1"', "did you mean `layer1`?"),
        ('freeze "layer1.2"', ""),
        ('freeze "layer1.0.cnov"', "did you mean `conv`?"),
        ('freeze "head.b"', ""),
        ("freeze MaxPool2d", ""),
        ('freeze_weights "layer1.0.bm"', "the labels there are `conv`, `bn`, `act`"),
        ("freeze_weights Conv1d", "did you mean `Conv2d`?"),
        ('freeze_stats "layer1.0.bn.running_mean"', "nothing is below `bn`"),
        ("freeze_stats BatchNorm1d", "did you mean `BatchNorm2d`?"),
        ('checkpoint "layer1.2"', "the labels there are `0`, `1`"),
        ('checkpoint "hed.a"', "did you mean `head`?"),
        ('checkpoint "head.a.conf"', "did you mean `conv`?"),
        ('init "layer2.0.cnov" { weight = 0 }', "did you mean `conv`?"),
    ],
)
def test_selectors_that_match_nothing(policy: str, help_: str) -> None:
    found = mistakes_of(net(policy))
    assert [d.code for d in found] == ["NS402"]
    assert help_ in found[0].help
    assert found[0].primary.span.text == policy.split()[1]


@pytest.mark.parametrize("kind", ["init", "freeze", "freeze_weights", "freeze_stats", "checkpoint"])
def test_selectors_of_blocks_that_match_nothing(kind: str) -> None:
    settings = " { weight = 0 }" * (kind == "init")
    (found,) = mistakes_of(net("", f'{kind} "cnov"{settings}'))
    assert (found.code, found.help, found.primary.span.text) == ("NS402", "did you mean `conv`?", '"cnov"')
    assert found.message == f'`{kind} "cnov"` names nothing in Unit'


@pytest.mark.parametrize("policy", ['freeze_stats "stem"', "freeze_stats Conv2d", 'freeze_weights "layer1.*.act"'])
def test_policies_that_have_nothing_to_act_on(policy: str) -> None:
    (found,) = mistakes_of(net(policy))
    assert (found.code, found.primary.span.text) == ("NS402", policy.split()[1])
    graph_of(net(policy, "", "Unit(8, norm=False)"))  # what is left out by its `if` might have some


def test_an_empty_container_takes_every_policy() -> None:
    policies = "; ".join(f'{kind} "rest"' for kind in ("freeze", "freeze_weights", "freeze_stats", "checkpoint"))
    graph_of(net(f"module rest: []; {policies}"))


def test_a_path_that_is_not_quoted() -> None:
    found = mistakes_of(net("freeze layer1"))
    assert [(d.code, d.help) for d in found] == [("NS200", 'a path is quoted: `"layer1"`')]


def test_attributes_of_init() -> None:
    found = mistakes_of(net("init Conv2d { weigth = 0 }"))
    assert [(d.code, d.help) for d in found] == [("NS201", "did you mean `weight`?")]
    graph_of(net("init ReLU { weight = 0 }"))
    scaled = "param scale: [1] = 1; output x * scale"
    text = f"block Scale() {{ input x; {scaled} }}\nblock Outer() {{ input x; output x -> inner: Scale() }}\n"
    text += "network Net() { input x: [B, 4, H, W]; output x -> a: 2 * Outer()\nPOLICY }"
    graph_of(text.replace("POLICY", "init Scale { scale = 0 }"))
    assert [d.code for d in mistakes_of(text.replace("POLICY", "init Outer { scale = 0 }"))] == ["NS201"]


def test_a_path_beats_a_glob_beats_a_name_and_the_outermost_block_wins() -> None:
    policy = """init "layer1.0.conv" { weight = 1 }
    init "layer1.*.conv" { weight = 2 }
    init Conv2d { weight = 3 }
    init Conv2d { bias = 4 }
    init Conv { bias = 5 }"""
    graph = graph_of(net(policy, 'init "conv" { weight = 6, bias = 6 }'))
    found = {f"{a.path}.{a.attribute}": a.initial.args[0] for a in assignments(graph.definition)}
    assert found["layer1.0.conv.weight"] == 1
    assert found["layer1.1.conv.weight"] == 6
    assert found["stem.weight"] == 3
    assert found["stem.bias"] == 4  # `Conv` is no name of a `Conv2d` as written
    assert found["layer2.0.conv.weight"] == 6
    assert found["layer1.0.conv.bias"] == 6


# --------------------------------------------------------------------------------------------------- in place


RELU = "ReLU(inplace=True)"
VIEW = "block View() { input x; output flatten(x) }\nblock Act() { input x; output x -> relu: ReLU(inplace=True) }\n"
VIEW += "block Tap() { input x; output x -> c: Conv2d(4, 1); output x }\n"
VIEW += "block Write() { input a, b; y = a -> ReLU(inplace=True); output y + b }\n"


@pytest.mark.parametrize(
    "body",
    [
        f"output x -> a: {RELU} -> b: {RELU}",
        f"y = x -> c: Conv2d(4, 1)\noutput (x + y) -> a: {RELU}",
        f"y = x -> a: {RELU}\noutput y + (y -> c: Conv2d(4, 1))",
        f"y = x -> c: Conv2d(4, 1) -> flatten() -> a: {RELU}\noutput y",
        "y = x -> c: Conv2d(4, 1) -> a: Act()\noutput y + x",
        f"output x -> l: [Conv2d(4, 1), {RELU}, Conv2d(4, 1), {RELU}]",
        f"output x -> l: 3 * {RELU}",
        f"y, z = x -> t: Tap()\ny = y -> a: {RELU}\noutput y + z",
        "y = x -> c: Conv2d(4, 1)\noutput (y, x) -> w: Write()",
    ],
)
def test_in_place_ops_that_nothing_minds(body: str) -> None:
    graph_of(VIEW + f"network Net() {{ input x: [B, 4, H, W]\n{body}\n}}")


@pytest.mark.parametrize(
    ("body", "other"),
    [
        (f"y = x -> a: {RELU}\noutput y + x", "y + x"),
        (f"y = x -> c: Conv2d(4, 1)\nz = x -> a: {RELU}\noutput y + z", "Conv2d(4, 1)"),
        (f"y = x -> a: {RELU}\noutput y, x", "output y, x"),
        (
            f"v = flatten(x)\ny = x -> a: {RELU}\noutput (v -> l: Linear(3) if False) , y",
            "output (v -> l: Linear(3) if False) , y",
        ),
        ("y = x -> a: Act()\noutput y + x", "y + x"),
        (f"y = x -> v: View() -> a: {RELU}\nz = x -> c: Conv2d(4, 1)\noutput y, z", "Conv2d(4, 1)"),
        (f"y, z = x -> t: Tap()\nz = z -> a: {RELU}\noutput y + z", "Tap()"),
        (f"y = x -> a: {RELU}\nz = x -> b: {RELU}\noutput y + z", RELU),
        ("output (x, x) -> w: Write()", "Write()"),
        (f"param p: [4]\noutput x, p -> a: {RELU}", "p"),
    ],
)
def test_in_place_ops_on_what_something_else_reads(body: str, other: str) -> None:
    found = mistakes_of(VIEW + f"network Net() {{ input x: [B, 4, H, W]\n{body}\n}}")
    assert [d.code for d in found] == ["NS306"]
    assert found[0].related[0].span.text == other


def test_in_place_inside_a_block() -> None:
    text = "block Bad() { input x; y = x -> a: ReLU(inplace=True); output x + y }\n"
    text += "network Net() { input x: [B, 4, H, W]; output x -> b: Bad() }"
    assert only(text)[0] == "NS306"
