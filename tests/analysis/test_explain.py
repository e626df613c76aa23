"""Where a layer comes from and who set what: places, reasons and winners, against the text and against other tables."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import netspec
from netspec.analysis import attribute_rows
from netspec.analysis.explain import Explanation, Setting
from netspec.analysis.explain.reasons import Text
from netspec.cli.main import main
from netspec.graph.walk import modules, state
from tests.texts import graph_of

ROOT = Path(__file__).resolve().parents[2]
RESNET = ROOT / "specs" / "pyskl" / "resnet3d.netspec"

TEXT = """netspec 1
const width = 8
fn wide(n, k=3) = Conv2d(n * 2, k, padding=k // 2)
block Unit(n: int, act: block = ReLU()) {
    input x
    output x -> self: [Conv2d(n, 3, padding=1), act()]
}
block Twice(n: int) {
    input x
    module conv: Conv2d(n, 3, padding=1)
    param scale: [n, 1, 1] = 1
    output (x -> conv -> conv) * scale
    init "conv" { weight = 0 }
}
network Net(inner: block = Unit, last: int = 4) {
    input image: [B, 3, H, W]
    let n = width
    for i in range(2) {
        let n = n * 2
    }
    x = image -> stem: wide(n)
    x = x -> body: 3 * Unit(n)
    a = x -> a: inner(n, act=LeakyReLU(0.1))
    b = x -> b: inner(n,
                      act=LeakyReLU(0.1))
    y = (a + b) -> twice: Twice(a.channels)
    y = y -> list: [Unit(j % 1 + 8) for j in range(3)] if True
    output "sum" = y -> "heads.0": Conv2d(last, 1)
    init Conv2d { weight = kaiming_normal }
    freeze "body"
    freeze "heads"
    checkpoint "body"
}
network Leaky = Net(last=6)
"""


def explained(path: str, network: str = "Net", **arguments: Any) -> Explanation:
    return netspec.explain(graph_of(TEXT, network, **arguments), path)


def setting(explanation: Explanation, name: str) -> Setting:
    return next(s for s in explanation.settings if s.name == name)


def reasons(setting: Setting) -> list[tuple[str, Any, str, str, int | None]]:
    """A setting and, of each, the first name that it was written with: name, value, kind, text, line."""
    found = [setting]
    while found[-1].because:
        found.append(found[-1].because[0])
    return [(s.name, s.value, s.kind, s.written, s.place.line if s.place else None) for s in found]


# --------------------------------------------------------------------------------------------------- the way


def test_the_trail_names_each_block_with_its_line() -> None:
    trail = [(s.label, s.name, s.place.line, s.place.text) for s in explained("body.2.0").trail]
    assert trail == [
        ("", "Net", 15, "network Net(inner: block = Unit, last: int = 4) {"),
        ("body", "list", 22, "x = x -> body: 3 * Unit(n)"),
        ("2", "Unit", 22, "x = x -> body: 3 * Unit(n)"),
        ("self", "list", 6, "output x -> self: [Conv2d(n, 3, padding=1), act()]"),
        ("0", "Conv2d", 6, "output x -> self: [Conv2d(n, 3, padding=1), act()]"),
    ]


@pytest.mark.parametrize(
    ("path", "what", "name"),
    [
        ("", "network", "Net"), (".", "network", "Net"), ("body", "list", "list"), ("body.1", "block", "Unit"),
        ("a.1", "layer", "LeakyReLU"), ("stem.weight", "weight", "Conv2d"), ("twice.scale", "tensor", "param"),
        ("heads", "container", ""), ("heads.0", "layer", "Conv2d"), ("add", "function", "add"), ("image", "input", ""),
        ("sum", "output", ""),
    ],
)  # fmt: skip
def test_every_kind_of_place_is_found(path: str, what: str, name: str) -> None:
    found = explained(path)
    assert (found.what, found.name, found.path) == (what, name, path)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("heds.0", "the network has no `heds`: did you mean `heads`? It has `stem`, `body`, `a`, `b`, `twice`, `list`, "
                   "`heads`"),
        ("body.3", "`body` has no `3`: it has `0` to `2`"),
        ("twice.conf.weight", "`twice` has no `conf`: did you mean `conv`? It has `conv`, `scale`"),
        ("stem.weigth", "`stem` has no `weigth`: did you mean `weight`? It has `weight`, `bias`"),
        ("a.1.weight", "`a.1` has no `weight`: it is a layer without weights"),
        ("body.²", "`body` has no `²`: it has `0` to `2`"),
        ("body..0", "`body` has no ``: it has `0` to `2`"),
        ("heads.1", "`heads` has no `1`: it has `0`"),
    ],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_answered_with_what_is_there(path: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        explained(path)


# --------------------------------------------------------------------------------------------------- who set it


def test_an_argument_is_followed_through_functions_and_turns_of_a_loop() -> None:
    assert reasons(setting(explained("stem"), "out_channels")) == [
        ("out_channels", 64, "argument", "n * 2", 3),
        ("n", 32, "argument", "n", 21),
        ("n", 32, "let", "let n = n * 2", 19),
        ("n", 16, "let", "let n = n * 2", 19),
        ("n", 8, "let", "let n = width", 17),
        ("width", 8, "const", "const width = 8", 2),
    ]


def test_defaults_and_what_is_inferred_are_told_apart() -> None:
    stem = explained("stem")
    assert reasons(setting(stem, "padding")) == [
        ("padding", (1, 1), "argument", "k // 2", 3), ("k", 3, "default", "3", 3),
    ]  # fmt: skip
    assert setting(stem, "in_channels").kind == "inferred"
    assert setting(stem, "groups").kind == "op"


def test_equal_arguments_written_in_two_lines_keep_theirs() -> None:
    places = [setting(explained(path), "negative_slope").place for path in ("a.1", "b.1")]
    assert [place and place.line for place in places] == [23, 25]


def test_equal_turns_of_a_comprehension_keep_their_own() -> None:
    turns = [setting(explained(f"list.{j}"), "n").because[0] for j in range(3)]
    assert [(t.name, t.value, t.kind, t.written) for t in turns] == [
        ("j", j, "for", "for j in range(3)") for j in range(3)
    ]


def test_what_comes_from_a_tensor_says_so() -> None:
    assert reasons(setting(explained("twice"), "n")) == [
        ("n", 32, "argument", "a.channels", 26), ("a", "[B, 32, H, W]", "tensor", "a", 23),
    ]  # fmt: skip


def test_arguments_from_outside_and_of_a_variant_are_named() -> None:
    given = explained("heads.0", last=5)
    assert reasons(setting(given, "out_channels"))[-1] == ("last", 5, "given", "5", None)
    assert given.title == "Net(last=5)"
    assert reasons(setting(explained("heads.0", "Leaky"), "out_channels"))[-1] == ("last", 6, "argument", "6", 34)


def test_a_long_way_of_a_value_is_followed() -> None:
    text = """
network Net() {
    input x: [B, 3, H, W]
    let n = 1
    for i in range(3000) { let n = n + 1 }
    output x -> conv: Conv2d(n, 1)
}"""
    found = netspec.explain(graph_of(text), "conv")
    assert len(reasons(setting(found, "out_channels"))) == 3002
    assert "out_channels = 3001 let n = n + 1" in " ".join(str(found).split())


@pytest.mark.parametrize("path", ["layer2.0.conv2.conv", "layer3.4", "layer4.0.downsample", "maxpool"])
def test_what_is_written_gives_the_value_with_the_names_told(path: str) -> None:
    """Python says the same of every expression that is Python's too."""
    graph = netspec.load(RESNET).elaborate("ResNet3d", depth=101, base_channels=24)
    told = [s for each in netspec.explain(graph, path).settings for s in with_reasons(each)]
    found = [(s.value, evaluated(s)) for s in told if s.kind == "argument" and is_data(s)]
    assert len(found) >= 3
    assert [value for value, _ in found] == [spread(result, value) for value, result in found]


def with_reasons(setting: Setting) -> list[Setting]:
    return [setting, *(s for use in setting.because for s in with_reasons(use))]


def is_data(setting: Setting) -> bool:
    """Blocks and sizes stand as text."""
    return not any(isinstance(s.value, Text) for s in (setting, *setting.because))


def evaluated(setting: Setting) -> Any:
    return eval(setting.written, {}, {use.name: use.value for use in setting.because})


def spread(result: Any, value: Any) -> Any:
    """A number for all axes."""
    return (result,) * len(value) if isinstance(value, tuple) and not isinstance(result, tuple) else result


# --------------------------------------------------------------------------------------------------- what it has


def test_shapes_are_symbolic_and_with_sizes_numbers_too() -> None:
    found = netspec.explain(graph_of(TEXT, "Net"), "stem", image=(2, 3, 16, 20))
    assert [str(d) for d in found.uses[0].outputs[0]] == ["B", "64", "H", "W"]
    assert found.uses[0].output_sizes == ((2, 64, 16, 20),)
    with pytest.raises(netspec.SpecError, match="channels must be 3"):
        netspec.explain(graph_of(TEXT, "Net"), "stem", image=(2, 4, 16, 20))


def test_a_block_tells_what_it_holds() -> None:
    held = [(c.label, c.name, str(c.outputs[0]), c.count) for c in explained("twice").children]
    shape = "(B, 32, H, W)"
    assert held == [("scale", "param", "(32, 1, 1)", 1), ("conv", "Conv2d", shape, 1), ("mul", "mul", shape, 1)]
    held = [(c.label, c.name, c.count) for c in explained("body").children]
    assert held == [("0", "Unit", 1), ("1", "Unit", 2)]  # the first one takes 64 channels
    assert "  1 to 2  Unit  [B, 32, H, W]" in str(explained("body")).splitlines()


def test_a_shared_module_has_all_its_calls() -> None:
    assert [use.place.line for use in explained("twice.conv").uses] == [12, 12]


def test_of_several_policies_the_winner_is_told() -> None:
    found = [(e.kind, e.on, e.place.line, e.won) for e in explained("twice.conv").policies]
    assert found == [("init", "weight", 13, True), ("init", "weight", 29, False)]
    found = [(e.kind, e.on, e.place.line, e.won) for e in explained("body.0.0").policies]
    assert found == [("freeze", "", 30, True), ("checkpoint", "", 32, True), ("init", "weight", 29, True)]
    assert [(e.kind, e.place.line) for e in explained("heads").policies] == [("freeze", 31)]


@pytest.mark.parametrize(
    ("file", "network"),
    [("pyskl/resnet3d", "ResNet3d"), ("mdnc/networks", "UNet"), ("torchvision/resnet", "ResNet18")],
)
def test_layers_agree_with_the_other_tables(file: str, network: str) -> None:
    graph = netspec.load(ROOT / "specs" / f"{file}.netspec").elaborate(network)
    rows = {path: (name, settings) for path, name, settings in attribute_rows(graph)}
    calls = {row.path: row for row in reversed(netspec.summary(graph).rows)}
    keys = [key for key, _ in state(graph.definition)]
    paths = [path for path, _, _ in modules(graph.definition)]
    for path in paths[:: len(paths) // 12]:
        found = netspec.explain(graph, path)
        assert [t.key for t in found.weights] == [key for key in keys if key.startswith(f"{path}.")]
        if found.what == "layer":
            name, settings = rows[path]
            given = {s.name: list(s.value) if isinstance(s.value, tuple) else s.value for s in found.settings}
            assert (found.name, settings.items() <= given.items()) == (name, True)
            assert (found.uses[0].inputs, found.uses[0].outputs) == (calls[path].inputs, calls[path].outputs)
        for step in found.trail:
            assert step.place.text.removeprefix("… ") in graph.sources[step.place.file].line(step.place.line)


# --------------------------------------------------------------------------------------------------- the command


def run(*args: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["explain", *args])
    return result.exit_code, result.output


def test_the_command_says_who_set_a_value() -> None:
    status, output = run(str(RESNET), "layer2.0.conv2.conv", "--set", "depth=101", "--set", "base_channels=32")
    assert status == 0
    lines = [" ".join(line.split()) for line in output.splitlines()]
    at = lines.index(next(line for line in lines if line.startswith("out_channels = 64")))
    assert lines[at].startswith("out_channels = 64 base_channels * 2 ** i")
    assert lines[at + 1] == "base_channels = 32 --set base_channels=32"


def test_the_command_tells_wrong_uses() -> None:
    status, output = run(str(RESNET), "layer2.0.conv4")
    assert status == 2
    assert "`layer2.0` has no `conv4`: did you mean `conv" in output
    assert run("nowhere.netspec", "conv1")[0] == 2
    assert "there is no file nowhere" in run("nowhere")[1]


def test_a_wrong_spec_gives_its_diagnostics() -> None:
    status, output = run(str(RESNET), "conv1", "--set", "depth=100")
    assert status == 1
    assert "error[NS208]" in output
