"""What is proven of a whole network: one condition for all its joins, and the contract that settles them."""

from __future__ import annotations

import pytest

from netspec.analysis.sizes import size_conditions
from netspec.check import check_all
from netspec.diagnostics import applied
from netspec.files import read_import
from netspec.source import Source
from tests.elaborate.reading import graph_of, mistakes_of, outputs

UNET = """
block Double(planes: int, padding: int) {
    input x
    output x -> conv1: Conv2d(planes, 3, padding=padding) -> conv2: Conv2d(planes, 3, padding=padding)
}
network UNet(widths: int[] = (4, 8, 12, 16), padding: int = 1) {
    input x: SHAPE
    for i, n in enumerate(widths) {
        skip[i] = x -> "down.{i}": Double(n, padding)
        x = skip[i] -> MaxPool2d(2)
    }
    x = x -> middle: Double(20, padding)
    for i in reversed(range(len(widths))) {
        up = x -> "up.{i}": ConvTranspose2d(widths[i], 2, stride=2)
        x = JOIN -> "merge.{i}": Double(widths[i], padding)
    }
    output x
}
"""
HOURGLASS = """
network Hourglass() {
    input x: SHAPE
    a = x -> MaxPool2d(2)
    b = a -> MaxPool2d(3)
    c = b -> MaxPool2d(2)
    d = (c -> Upsample(scale_factor=2)) + b
    e = (d -> Upsample(scale_factor=3)) + a
    output (e -> Upsample(scale_factor=2)) + x
}
"""


def unet(shape: str = "[B, 3, H, W]", join: str = "concat(up, skip[i])") -> str:
    return UNET.replace("SHAPE", shape).replace("JOIN", join)


def net(body: str, shape: str = "[B, 4, H, W]", declarations: str = "") -> str:
    return f"{declarations}\nnetwork Net() {{\n    input x: {shape}\n{body}\n}}"


def fixed(text: str) -> str:
    """The text with the edits of its diagnostics applied until it is right, as ``netspec check --fix`` does."""
    source = Source("spec.netspec", f"netspec 1\n{text}")
    for _ in range(4):
        diagnostics = [d for d in check_all(source, read_import)[1] if d.severity == "error"]
        if not diagnostics:
            return source.text
        source = Source("spec.netspec", applied(source, [edit for d in diagnostics for edit in d.edits]))
    raise AssertionError("\n\n".join(map(str, diagnostics)))


def added(text: str) -> str:
    """What `fixed` writes behind the shape of the first input that it changes."""
    before, after = f"netspec 1\n{text}".splitlines(), fixed(text).splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1
    return changed[0][1].removeprefix(changed[0][0]).strip()


# --------------------------------------------------------------------------------------------------- the named networks


@pytest.mark.parametrize("join", ["concat(up, skip[i])", "concat(skip[i], up)", "(up + skip[i])"])
def test_a_unet_of_depth_4_has_one_mistake(join: str) -> None:
    # four halvings and doublings: 16*floor(H/16) == H
    (found,) = mistakes_of(unet(join=join))
    assert (found.code, found.primary.span.text) == ("NS301", join.strip("()") if "+" in join else join)
    assert found.notes == (
        "equal only when H % 16 == 0, fails at H = 1",
        "equal only when W % 16 == 0, fails at W = 1",
        "3 more joins need part of it",
    )
    assert "`where H % 16 == 0 and W % 16 == 0`" in found.help
    assert added(unet(join=join)) == "where H % 16 == 0, W % 16 == 0"


def test_the_diagnostic_stands_at_the_join_that_asks_for_most() -> None:
    # with the upsampled tensor first the sizes run on: the last join, at full resolution, has 16*floor(H/16) and H
    (found,) = mistakes_of(unet())
    assert found.primary.text == "sizes 16*floor(H/16) and H of axis 2 differ, and 1 more size"
    # with the skip first each join needs its part: of H % 16 < 8, H % 8 < 4, H % 4 < 2, H % 2 == 0 the longest pattern
    (found,) = mistakes_of(unet(join="concat(skip[i], up)"))
    assert found.primary.text == "sizes floor(H/8) and 2*floor(H/16) of axis 2 differ, and 1 more size"


def test_a_contract_settles_a_unet() -> None:
    graph = graph_of(unet("[B, 3, H, W] where H % 16 == 0, W % 16 == 0"))
    assert outputs(graph) == ["[B, 4, 16*floor(H/16), 16*floor(W/16)]"]
    assert graph.minimums == {}  # a multiple of 16 is at least 16


def test_a_contract_that_is_too_weak_gives_way_to_the_right_one() -> None:
    text = unet("[B, 3, H, W] where W % 48 == 0, H % 8 == 0")
    (found,) = mistakes_of(text)
    # of the multiples of 8 every second one: the least that fails is 8
    assert found.notes[0] == "equal only when H % 16 == 0, fails at H = 8"
    assert "where W % 48 == 0, H % 16 == 0" in fixed(text)


def test_an_hourglass_by_two_three_two() -> None:
    # 2*3*2*floor(floor(floor(H/2)/3)/2) = 12*floor(H/12)
    text = HOURGLASS.replace("SHAPE", "[B, 3, H, W]")
    (found,) = mistakes_of(text)
    assert found.notes[0] == "equal only when H % 12 == 0, fails at H = 1"
    assert found.primary.span.text == "e -> Upsample(scale_factor=2)) + x"
    assert [label.text for label in found.related][-2:] == ["needs part of it"] * 2
    assert added(text) == "where H % 12 == 0, W % 12 == 0"


def test_ceil_against_floor() -> None:
    # a stride-2 convolution with padding gives ceil(H/2), pooling floor(H/2): equal for even H
    body = "main = x -> conv: Conv2d(4, 3, stride=2, padding=1)\noutput main + (x -> MaxPool2d(2))"
    (found,) = mistakes_of(net(body))
    assert found.notes[0] == "equal only when H % 2 == 0, fails at H = 1"
    # the other way round: pooling with ceil_mode, a convolution without padding
    body = "main = x -> conv: Conv2d(4, 2, stride=2)\noutput main + (x -> MaxPool2d(2, ceil_mode=True))"
    (found,) = mistakes_of(net(body))
    assert found.notes[0] == "equal only when H % 2 == 0, fails at H = 1"


def test_a_unet_of_valid_convolutions_never_fits() -> None:
    # each level loses 4 on the way down and 4 more on the way up: the upsampled tensor is always the smaller one
    text = unet().replace("padding: int = 1", "padding: int = 0")
    (found,) = mistakes_of(text)
    assert found.notes == ("never equal, whatever the sizes are",)
    assert found.help.startswith('`concat(…, align="center")` crops them; or keep the size in the convolutions')
    assert 'concat(up, skip[i], align="center")' in fixed(text)
    assert graph_of(fixed(text)).minimums["H"][0] == 188  # 16*floor((H + 4)/16) - 188 >= 1


def test_an_addition_that_never_fits_names_crop() -> None:
    text = net("y = x -> conv: Conv2d(4, 3) -> MaxPool2d(2) -> Upsample(scale_factor=2)\noutput x + y")
    (found,) = mistakes_of(text)
    assert found.notes == ("never equal, whatever the sizes are",)
    assert "project the skip" in found.help or "`crop(y, like=x)`" in found.help


# --------------------------------------------------------------------------------------------------- one cause


def test_two_causes_are_two_mistakes() -> None:
    body = """h = x -> MaxPool2d((2, 1)) -> Upsample(scale_factor=(2, 1))
    a = h + x
    w = x -> MaxPool2d((1, 3)) -> Upsample(scale_factor=(1, 3))
    output a, w + x"""
    first, second = mistakes_of(net(body))
    assert (first.primary.span.text, first.notes) == ("h + x", ("equal only when H % 2 == 0, fails at H = 1",))
    assert (second.primary.span.text, second.notes) == ("w + x", ("equal only when W % 3 == 0, fails at W = 1",))
    assert "where H % 2 == 0, W % 3 == 0" in fixed(net(body))


def test_a_join_in_a_block_that_stands_often_is_told_once() -> None:
    block = "block Down() { input x; output (x -> MaxPool2d(2) -> Upsample(scale_factor=2)) + x }"
    (found,) = mistakes_of(net("y = x -> a: Down()\nz = y -> b: Down()\noutput z -> c: Down()", declarations=block))
    # the first one has the sizes of its input; what it gives is 2*floor(H/2), even, so that the others always fit
    assert (found.trail, found.notes[0]) == ("Net() > a (Down)", "equal only when H % 2 == 0, fails at H = 1")


def test_what_a_block_demands_is_settled_with_the_joins() -> None:
    block = "block Even() { input x: [B, C, H, W] where H % 2 == 0; output x -> MaxPool2d((2, 1)) }"
    (found,) = mistakes_of(net("y = x -> a: Even()\noutput y -> b: Even()", declarations=block))
    # floor(H/2) % 2 == 0 where H % 4 < 2
    assert found.notes[0] == "holds only when H % 4 == 0, fails at H = 1"
    assert added(net("y = x -> a: Even()\noutput y -> b: Even()", declarations=block)) == "where H % 4 == 0"


def test_sizes_that_a_block_states_to_be_equal() -> None:
    block = "block Square() { input x: [B, C, N, N]; output x -> ReLU() }"
    (found,) = mistakes_of(net("output x -> s: Square()", declarations=block))
    assert (found.code, found.notes) == ("NS302", ("holds only when H == W, fails at H = 1, W = 2",))
    assert "where" in fixed(net("output x -> s: Square()", declarations=block))


def test_conditions_that_exclude_each_other() -> None:
    body = "a = x[:, :, 1:] -> MaxPool2d(2) -> Upsample(scale_factor=2)\nb = a + x[:, :, 1:]\n"
    body += "c = x -> MaxPool2d(2) -> Upsample(scale_factor=2)\noutput b, c + x"
    # H - 1 must be even, and H too
    found = mistakes_of(net(body))[0]
    assert found.notes[0] == "never equal for the sizes that are admitted"
    assert found.edits == ()


def test_equal_for_single_sizes_only_is_a_mistake_at_once() -> None:
    # H == ceil(H/2) at H = 1: nobody means that, so what follows is not looked at
    body = "y = x -> conv: Conv2d(4, 3, stride=2, padding=1)\nz = x + y\noutput z -> c: Conv2d(z.channels + 1, 1)"
    (found,) = mistakes_of(net(body))
    assert found.notes[0] == "equal only when H == 1, fails at H = 2"
    # unless the contract says that it is so
    graph_of(net("y = x -> conv: Conv2d(4, 3, stride=2, padding=1)\noutput x + y", "[B, 4, H, 1] where H == 1"))


def test_a_contract_behind_the_join_counts_too() -> None:
    text = "network Net() { input x: [B, 4, H, W]\n y = (x -> MaxPool2d(2) -> Upsample(scale_factor=2)) + x\n"
    text += " input z: [B, 4, H, W] where H % 2 == 0, W % 2 == 0\n output y, z }"
    graph_of(text)


# --------------------------------------------------------------------------------------------------- several sizes


def test_tokens_of_two_axes() -> None:
    # H*W tokens against 2*W*ceil(H/2)
    body = "a = x -> flatten(2)\nb = x -> p: Conv2d(4, 3, stride=(2, 1), padding=1) -> flatten(2)\n"
    (found,) = mistakes_of(net(body + "output a + concat(b, b, axis=2)"))
    assert found.notes == ("equal only when H % 2 == 0, fails at H = 1",)
    # patches counted by one floor or by two are the same
    body = "a = x -> p: Conv2d(8, 4, stride=4) -> flatten(2)\n"
    body += "b = x -> MaxPool2d(2) -> MaxPool2d(2) -> q: Conv2d(8, 1) -> flatten(2)\noutput a + b"
    assert outputs(graph_of(net(body))) == ["[B, 8, floor(H/4)*floor(W/4)]"]


def test_two_inputs_that_must_fit() -> None:
    text = "network Net() {\n    input a: [B, 4, H, W]\n    input b: [B, 4, K, W]\n"
    text += "    output (a -> MaxPool2d((2, 1))) + b\n}"
    (found,) = mistakes_of(text)
    assert found.notes == ("equal only when floor(H/2) == K, fails at H = 1, K = 1",)
    assert added(text) == "where H // 2 == K"


def test_numbered_sizes_are_written_as_items() -> None:
    text = net("output (x -> MaxPool(2) -> Upsample(scale_factor=2)) + x", "[B, 4, *L[2]]")
    assert added(text) == "where L[0] % 2 == 0, L[1] % 2 == 0"


def test_what_is_not_proven_is_checked_when_the_module_runs() -> None:
    # windows of 331 * 337 = 111547 and 331 * 338 = 111878 cells: beyond the longest period that is looked at, and equal
    # for all sizes that are tried
    def long(name: str, stride: int) -> str:
        pools = f"MaxPool1d(1, stride=331) -> MaxPool1d(1, stride={stride})"
        return f"{name} = x -> {pools}\n"

    graph = graph_of(net(long("a", 337) + long("b", 338) + "output a + b", "[B, 4, L]"))
    contracts = [(str(c.condition), c.kind, c.span.text) for c in graph.definition.contracts]
    assert contracts == [("ceil(L/111547) == ceil(L/111878)", "unproven", "a + b")]
    (condition,) = size_conditions(graph)
    assert (condition.holds, condition.proven) == ("ceil(L/111547) == ceil(L/111878)", False)


def test_what_fails_somewhere_is_no_matter_of_the_door() -> None:
    # whether H*H == 2*K*K has solutions is beyond what is decided; that it fails at 1 and 1 is not
    text = "network Net() {\n    input a: [B, 4, H, H]\n    input b: [B, 4, K, 2 * K]\n"
    text += "    output flatten(a, 2) + flatten(b, 2)\n}"
    (found,) = mistakes_of(text)
    assert found.notes == ("equal only when H*H == 2*K*K, fails at H = 1, K = 1",)
    assert added(text) == "where H * H == 2 * K * K"


def test_what_no_module_can_compute_is_an_error() -> None:
    # a factor that is no small fraction is computed in floats, as torch does
    body = "y = x -> Upsample(scale_factor=1.3)\nz = x[:, :, :] -> Upsample(scale_factor=1.7)\noutput y + z"
    assert [d.code for d in mistakes_of(net(body))] in (["NS303"], ["NS301"])


def test_requirements_are_kept_with_the_graph() -> None:
    graph = graph_of(net("output x -> c: Conv2d(4, 7) -> MaxPool2d(2)"))
    assert [(str(r.condition), r.kind, r.what) for r in graph.requirements if "H" in str(r.condition)] == [
        ("H >= 7", "fit", "Conv2d"),
        ("H - 6 >= 2", "fit", "MaxPool2d"),
    ]
