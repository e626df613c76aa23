"""Initial values: which policy decides, and the code that does it."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import torch
from torch import nn

from netspec.graph import Graph
from netspec.graph.decisions import assignments
from netspec.graph.initial import FUNCTIONS
from netspec.graph.misused import misused
from netspec.graph.policies import definitions, matches, targets
from netspec.pytorch.build import build_graph
from netspec.pytorch.source import generate
from tests.pytorch.networks import RESIDUAL
from tests.texts import graph_of, mistakes_of

UNIT = "block Unit() { input x; output x -> conv: Conv2d(4, 1) -> bn: BatchNorm2d() POLICY }\n"
NET = """network N() {
    input x: [B, 4, H, W]
    output x -> stem: Conv(4, 1) -> layer1: 3 * Unit() -> layer2: 2 * Unit()
    POLICIES
}"""


def _net(policies: str = "", unit: str = "") -> Graph:
    return graph_of(UNIT.replace("POLICY", f"\n{unit}") + NET.replace("POLICIES", policies))


def _filled(policies: str, unit: str = "") -> dict[str, float]:
    """Conv weights by path, which policies fill with numbers; -1 where nothing does."""
    model = build_graph(_net(policies, unit))
    weights = {n: m.weight for n, m in model.named_modules() if isinstance(m, nn.Conv2d)}
    return {n: w.flatten()[0].item() if w.unique().numel() == 1 else -1.0 for n, w in weights.items()}


@pytest.mark.parametrize("name", list(FUNCTIONS))
def test_the_table_of_functions_is_torchs(name: str) -> None:
    parameters = list(inspect.signature(getattr(nn.init, f"{name}_")).parameters.values())[1:]
    wanted = {p.name: ... if p.default is p.empty else p.default for p in parameters if p.name != "generator"}
    assert dict(FUNCTIONS[name]) == wanted


def test_the_table_is_complete() -> None:
    public = {n[:-1] for n in dir(nn.init) if n.endswith("_") and not n.startswith("_")}
    assert public == set(FUNCTIONS)


@pytest.mark.parametrize(
    ("policies", "unit", "expected"),
    [
        ("init Conv2d { weight = 1 }", "", {"stem": 1, "layer1.0.conv": 1, "layer2.1.conv": 1}),
        ("init Conv { weight = 1 }", "", {"stem": 1, "layer1.0.conv": -1}),
        ("init Unit { weight = 1 }", "", {"stem": -1, "layer1.0.conv": -1}),
        ('init "stem" { weight = 2 }\ninit Conv2d { weight = 1 }', "", {"stem": 2, "layer1.2.conv": 1}),
        ('init "layer1.1.conv" { weight = 3 }\ninit "layer*.*.conv" { weight = 2 }\ninit Conv2d { weight = 1 }', "",
         {"stem": 1, "layer1.0.conv": 2, "layer1.1.conv": 3, "layer2.1.conv": 2}),
        ("init Conv2d { weight = 1 }\ninit Conv2d { weight = 2 }", "", {"stem": 2, "layer1.0.conv": 2}),
        ("init Conv2d { weight = 1 }", "init Conv2d { weight = 5 }", {"stem": 1, "layer1.0.conv": 1}),
        ("init Conv2d { weight = 1 }", 'init "conv" { weight = 5 }', {"stem": 1, "layer1.0.conv": 5}),
        ('init "*.0.conv" { weight = 1 }', 'init "conv" { weight = 5 }', {"layer1.0.conv": 5, "layer1.1.conv": 5}),
        ('init "layer1.0.conv" { weight = 1 }', 'init "conv" { weight = 5 }', {"layer1.0.conv": 1, "layer1.1.conv": 5}),
        ("", "init Conv2d { weight = 5 }", {"stem": -1, "layer1.0.conv": 5, "layer2.1.conv": 5}),
        ('init "layer1" { weight = 5 }', "", {"stem": -1, "layer1.0.conv": -1}),
    ],
)  # fmt: skip
def test_a_path_beats_a_glob_beats_a_name(policies: str, unit: str, expected: dict[str, float]) -> None:
    found = _filled(policies, unit)
    assert {n: found[n] for n in expected} == expected


def test_attributes_are_decided_one_by_one() -> None:
    model = build_graph(_net('init Conv2d { weight = 1, bias = 2 }\ninit "stem" { bias = 3 }'))
    assert model.stem.weight.unique() == 1
    assert model.stem.bias.unique() == 3
    assert model.layer1[0].conv.bias.unique() == 2


def test_modules_without_the_attribute_are_passed_over() -> None:
    model = build_graph(graph_of(RESIDUAL))
    assert model.stem.bias is None
    assert not model.head.bias.any()


@pytest.mark.parametrize("call", [
    "uniform(a=-0.5, b=0.5)", "normal(std=0.02)", "trunc_normal(std=0.02)", "constant(0.3)", "ones()", "zeros()",
    "dirac(groups=2)", "xavier_uniform(gain=2)", "xavier_normal()", "kaiming_uniform(a=0.1)",
    'kaiming_normal(mode="fan_out", nonlinearity="relu")', "orthogonal(gain=0.5)", "0.25", "0", "1", "-2",
])  # fmt: skip
def test_every_function_of_torch(call: str) -> None:
    graph = graph_of(
        f"network N() {{ input x: [B, 4, H, W]; output x -> c: Conv2d(8, 3)\ninit Conv2d {{ weight = {call} }} }}"
    )
    torch.manual_seed(5)
    weight = build_graph(graph).c.weight
    torch.manual_seed(5)
    wanted = nn.Conv2d(4, 8, 3).weight
    name = call.split("(")[0] if "(" in call else "constant"
    arguments: dict[str, Any] = eval(f"dict({call.split('(', 1)[1]}", {}) if "=" in call else {}
    args = (float(call),) if "(" not in call else (0.3,) if name == "constant" else ()
    getattr(nn.init, f"{name}_")(wanted, *args, **arguments)
    assert torch.equal(weight, wanted)


def test_flat_functions() -> None:
    text = "network N() { input x: [B, 4]; output x -> f: Linear(4)\ninit Linear { weight = FILL } }"
    assert torch.equal(build_graph(graph_of(text.replace("FILL", "eye()"))).f.weight, torch.eye(4))
    assert (build_graph(graph_of(text.replace("FILL", "sparse(sparsity=0.5)"))).f.weight == 0).sum() == 8


def test_the_code_is_compact() -> None:
    source = generate(_net("init Conv2d { weight = 1 }", 'init "bn" { weight = 0, bias = 0 }'))
    assert source.count("isinstance") == 2
    assert "isinstance(module, nn.Conv2d)" in source
    assert "isinstance(module, Unit)" in source
    assert "nn.init.zeros_(module.bn.weight)" in source
    source = generate(_net('init "layer*.*.conv" { weight = 1, bias = 0 }'))
    assert 'for name in (\n            "layer1.0.conv", "layer1.1.conv"' in source
    assert source.count("get_submodule") == 1


def test_a_rule_that_does_not_cover_a_class_names_its_paths() -> None:
    text = UNIT.replace("POLICY", "\ninit Conv2d { weight = 5 }") + NET.replace("POLICIES", "")
    assert "isinstance(module, nn.Conv2d)" not in generate(graph_of(text))  # the stem is not in a Unit


# ----------------------------------------------------------------------------------------------------- selectors


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("Conv2d", ["stem", "layer1.0.conv", "layer1.1.conv", "layer1.2.conv", "layer2.0.conv", "layer2.1.conv"]),
        ("Conv", ["stem"]),
        ("Unit", ["layer1.0", "layer1.1", "layer1.2", "layer2.0", "layer2.1"]),
        ('"layer1"', ["layer1"]),
        ('"layer1.2"', ["layer1.2"]),
        ('"layer*"', ["layer1", "layer2"]),
        ('"*.1.bn"', ["layer1.1.bn", "layer2.1.bn"]),
        ('"layer2.*"', ["layer2.0", "layer2.1"]),
        ('"layer1.3"', []),
        ('"layer"', []),
        ('"*.conv"', []),
        ("Linear", []),
    ],
)
def test_selectors(selector: str, expected: list[str]) -> None:
    graph = _net(f"freeze {selector} if True") if expected else _net()
    policy = graph.definition.policies[0] if expected else _policy(selector)
    assert targets(graph.definition, policy) == expected
    assert matches(graph.definition, policy) == bool(expected)


def _policy(selector: str) -> Any:
    text = f"network N() {{ input x: [B, 3]; output x -> head: Linear(3)\nfreeze {selector} }}"
    from netspec.graph import Policy
    from netspec.source import Source, Span

    quoted = selector.startswith('"')
    span = Span(Source("spec.netspec", text), 0, 1)
    return Policy("freeze", selector.strip('"'), quoted, (), span, span)


def test_a_step_left_out_counts_as_matched() -> None:
    unit = "block Unit(on: bool) { input x; output x -> conv: Conv2d(4, 1) -> bn: BatchNorm2d() if on }\n"
    text = unit + NET.replace("POLICIES", 'init "layer1.*.bn" { weight = 0 }').replace("Unit()", "Unit(False)")
    assert not misused(graph_of(text))
    assert "nn.init" not in generate(graph_of(text))


def test_containers_and_own_modules() -> None:
    text = """block Own() { input x; output x -> self: [Conv2d(4, 1), ReLU()] }
    network N() { input x: [B, 4, H, W]; output x -> "a.b.c": Own() -> "a.b.d": Conv2d(4, 1)
    init "a.b.c.0" { weight = 1 }\ninit Own { weight = 2 } }"""
    graph = graph_of(text)
    assert [(a.path, a.attribute) for a in assignments(graph.definition)] == [("a.b.c.0", "weight")]
    assert targets(graph.definition, _policy('"a"')) == ["a"]
    assert matches(graph.definition, _policy('"*.b"'))


def test_repetitions_are_looked_at_once() -> None:
    text = UNIT.replace("POLICY", "") + NET.replace("POLICIES", "").replace("3 * Unit()", "300000 * Unit()")
    definition = graph_of(text).definition
    assert matches(definition, _policy('"layer1.299999.bn"'))
    assert not matches(definition, _policy('"layer1.300000.bn"'))
    assert matches(definition, _policy('"layer1.*.bn"'))
    assert not matches(definition, _policy('"layer1.*.nothing"'))
    assert targets(definition, _policy('"layer1.77.conv"')) == ["layer1.77.conv"]
    assert len(definitions(definition)) == 4


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (
            "init BatchNorm2d { weight = kaiming_normal() }",
            "kaiming_normal fills 2 axes or more; layer1.0.bn.weight is [4]",
        ),
        ("init Conv2d { weight = eye() }", "eye fills 2 axes; stem.weight is [4, 4, 1, 1]"),
        ("init Conv2d { bias = dirac() }", "dirac fills 3 to 5 axes; stem.bias is [4]"),
        (
            "init Conv2d { weight = dirac(groups=3) }",
            "groups=3 does not divide the first axis of stem.weight: [4, 4, 1, 1]",
        ),
        ('init Conv2d { weight = kaiming_normal(mode="fan") }', 'mode is "fan_in" or "fan_out", not "fan"'),
        ('init Conv2d { weight = normal(std="a") }', 'std is a number, not "a"'),
        ("init Conv2d { weight = kaiming_uniform(mode=3) }", 'mode is "fan_in" or "fan_out", not 3'),
    ],
)
def test_values_that_torch_would_refuse_are_located(policy: str, message: str) -> None:
    (diagnostic,) = mistakes_of(UNIT.replace("POLICY", "") + NET.replace("POLICIES", policy))
    assert diagnostic.code == "NS203"
    assert diagnostic.message == message
    assert diagnostic.primary.span.text.startswith("init")


def test_raw_tensors_are_checked_too() -> None:
    text = "network N() { input x: [B, 4]; param p: [4] = xavier_normal(); output x + p }"
    assert [d.message for d in mistakes_of(text)] == ["xavier_normal fills 2 axes or more; p is [4]"]
