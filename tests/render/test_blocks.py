"""The level blocks: which charts there are, and what they show."""

from __future__ import annotations

import pytest

from netspec.render.drawing import picture_of
from netspec.render.picture import Box, Picture, RenderError
from netspec.render.words import MINUS, TIMES
from tests.render import networks
from tests.texts import graph_of


def blocks(text: str, block: str | None = None) -> Picture:
    return picture_of(graph_of(text), "blocks", block=block)


def box(picture: Picture, title: str) -> Box:
    (found,) = [b for b in picture.boxes if b.title == title]
    return found


def network(body: str) -> str:
    return f"network N() {{\n    input x: [B, 8, H, W]\n    {body}\n}}"


PAIR = "block Pair(n: int) {\n    input x\n    output x -> a: Conv2d(8, n, padding=n // 2) -> b: Conv2d(8, 1)\n}\n"


def test_each_distinct_block_has_a_chart_outer_ones_first() -> None:
    assert [c.title for c in blocks(networks.RESNET).clusters] == [
        "Bottleneck3d: layer1.0, layer2.0, layer3.0, layer4.0",
        "Bottleneck3d: layer1.1, layer2.1, layer3.1, layer4.1",
        "ConvModule: conv1, layer1.0.conv1, layer1.0.conv2 and 14 more",
        "ConvModule: layer1.0.conv3, layer1.0.downsample, layer1.1.conv3 and 9 more",
    ]


def test_a_projection_is_dashed_and_an_identity_solid() -> None:
    sheet = blocks(networks.RESNET, "Bottleneck3d")
    projected, plain = sheet.clusters
    assert [b.title for b in sheet.inside(projected.id) if b.dashed] == ["downsample"]
    assert not [b.title for b in sheet.inside(plain.id) if b.dashed]
    ids = {b.id for b in sheet.inside(plain.id)}
    assert [k.way for k in sheet.links if k.source in ids].count("skip") == 1


def test_a_block_at_a_path_is_drawn_alone_with_its_own_numbers() -> None:
    layer2 = blocks(networks.RESNET, "layer2.0")
    assert layer2.title == "Bottleneck3d"
    assert layer2.notes == ("444,928 parameters", "layer2.0 of ResNet3d50")
    assert layer2.clusters == ()
    assert [(b.title, b.shape) for b in layer2.boxes] == [
        ("x", "round"), ("conv1", "box"), ("conv2", "box"), ("conv3", "box"), ("downsample", "box"), ("+", "circle"),
        ("relu", "box"), ("output", "round"),
    ]  # fmt: skip
    assert box(layer2, "conv2").lines == ("ConvModule, kernel (1, 3, 3), 128, stride (1, 2, 2)",)
    assert {k.label for k in layer2.links if k.source == "n0"} == {"[B, 256, T, ceil(H/4), ceil(W/4)]"}


def test_every_repetition_has_its_path() -> None:
    assert blocks(networks.RESNET, "layer3.4").notes[-1] == "layer3.4 of ResNet3d50"


def test_layers_tell_their_settings() -> None:
    conv = box(blocks(networks.RESNET, "conv1"), "conv")
    assert conv.lines == ("Conv3d, kernel (3, 7, 7), 3 → 64, stride (1, 2, 2)", "padding=(1, 3, 3), bias=False")
    assert conv.note == "28,224 parameters"


def test_blocks_that_differ_in_numbers_alone_are_one_chart() -> None:
    drawn = blocks(PAIR + network("output x -> one: Pair(3) -> two: 2 * Pair(5)"))
    assert drawn.title == "Pair"
    assert drawn.notes[-2:] == ("one, two.0 of N", "drawn: one · n 3, 5")


def test_blocks_that_hold_other_lists_of_blocks_are_charts_of_their_own() -> None:
    text = (
        PAIR
        + """
block Gate() {
    input x
    output x * sigmoid(x)
}
block Inverted(wide: int, gate: bool) {
    input x
    output x -> block: [Pair(wide) if wide > 1, Pair(wide), Gate() if gate, Pair(1)]
}
"""
    )
    calls = "a: Inverted(1, True) -> b: Inverted(3, False) -> c: Inverted(3, True) -> d: Inverted(5, True)"
    sheet = blocks(text + network(f"output x -> {calls}"), "Inverted")
    assert [c.title for c in sheet.clusters] == ["Inverted: a", "Inverted: b", "Inverted: c, d"]
    assert [[line.partition(",")[0] for line in b.lines] for b in sheet.boxes if b.title == "block"] == [
        ["Pair", "Gate", "Pair"],
        [f"Pair {TIMES}2", "Pair"],
        [f"Pair {TIMES}2", "Gate", "Pair"],
    ]


def test_lists_of_blocks_that_differ_in_how_many_stand_in_a_row_are_one_chart() -> None:
    text = PAIR + "block Stage(depth: int) {\n    input x\n    output x -> all: depth * Pair(3)\n}\n"
    drawn = blocks(text + network("output x -> a: Stage(2) -> b: Stage(3)"), "Stage")
    assert drawn.notes[1:] == ("a, b of N", "drawn: a · depth 2, 3")


def test_settings_that_are_no_numbers_keep_charts_apart() -> None:
    text = """
block Attend(causal: bool, scale: float) {
    input x
    output scaled_dot_product_attention(x, x, x, is_causal=causal, scale=scale)
}
"""
    sheet = blocks(text + network("output x -> a: Attend(True, 0.5) -> b: Attend(False, 0.5) -> c: Attend(True, 0.25)"))
    assert [(c.title, c.notes) for c in sheet.clusters] == [
        ("Attend: a, c", ("drawn: a · scale 0.5, 0.25",)), ("Attend: b", ())
    ]  # fmt: skip
    assert [b.lines for b in sheet.boxes if b.family == "join"] == [("is_causal=True, scale=0.5",), ("scale=0.5",)]


def test_joins_show_their_settings_in_boxes_with_round_corners() -> None:
    text = """
block Joins() {
    input x
    y = stack(concat(x, x, axis=-1), concat(x, x, axis=-1), axis=1)
    output concat(y, y)
}
"""
    drawn = blocks(text + network("output x -> j: Joins()"))
    assert [(b.title, b.lines, b.shape) for b in drawn.boxes if b.family == "join"] == [
        ("concat", ("axis=-1",), "round"), ("concat", ("axis=-1",), "round"), ("stack", ("axis=1",), "round"),
        ("concat", (), "circle"),
    ]  # fmt: skip


def test_of_blocks_that_differ_in_numbers_alone_one_that_makes_its_tensor_smaller_is_drawn() -> None:
    text = """
block Unit(stride: int = 1, dilation: int = 1) {
    input x
    output x -> a: Conv2d(8, 3, padding=dilation, stride=stride, dilation=dilation)
}
"""
    drawn = blocks(text + network("output x -> a: Unit() -> b: Unit(2) -> c: Unit(dilation=3)"))
    assert drawn.notes[1:] == ("a, b, c of N", "drawn: b · stride 1, 2 · dilation 1, 3")
    assert box(drawn, "a").lines[0] == "Conv2d, kernel 3, 8, stride 2"
    sheet = blocks(text + PAIR + network("output x -> a: Unit() -> b: Unit(dilation=3) -> c: Pair(1)"))
    assert [c.notes for c in sheet.clusters] == [("drawn: a · dilation 1, 3",), ()]


def test_a_projection_may_be_a_list_of_layers_and_is_never_a_slice() -> None:
    text = """
block Unit(planes: int) {
    input x
    main = x -> a: Conv2d(planes, 3, padding=1) -> b: Conv2d(planes, 3, padding=1)
    output main + (x -> downsample: [Conv2d(planes, 1), BatchNorm2d()] if x.shape != main.shape)
}
block Gate() {
    input x
    output concat(x[:, None], 0 * x[:, None])
}
"""
    unit = blocks(text + network("output x -> u: Unit(16)"), "Unit")
    assert [(b.title, *b.lines) for b in unit.boxes if b.dashed] == [
        ("0", "Conv2d, kernel 1, 8 → 16"), ("1", "BatchNorm2d")
    ]  # fmt: skip
    assert [k.way for k in unit.links].count("projection") == 3
    gate = blocks(text + network("output x -> g: Gate()"), "Gate")
    assert {k.way for k in gate.links} == {"plain"}
    assert not any(b.dashed for b in gate.boxes)


def test_functions_show_their_numbers_patterns_and_slices() -> None:
    text = """
block Functions() {
    input x
    y = rearrange(x, "b (k c) h w -> b k c h w", k=2)
    output (1 - y[:, 0, ..., 1:] * 3 / 2) -> pool: AdaptiveAvgPool2d(4)
}
"""
    drawn = blocks(text + network("output x -> f: Functions()"), "Functions")
    assert [(b.title, *b.lines) for b in drawn.boxes[1:-1]] == [
        ("rearrange", "b (k c) h w -> b k c h w, k=2"), ("index", "[:, 0, ..., 1:]"), ("mul", f"{TIMES} 3"),
        ("div", "÷ 2"), ("sub", f"1 {MINUS} x"), ("pool", "AdaptiveAvgPool2d, size 4"),
    ]  # fmt: skip


def test_a_network_without_blocks_is_drawn_itself() -> None:
    assert [b.title for b in blocks(network("output x -> a: Conv2d(8, 1) -> b: ReLU()")).boxes] == [
        "x", "a", "b", "output"
    ]  # fmt: skip


def test_blocks_behind_labels_are_drawn_only_when_they_are_named() -> None:
    text = PAIR + network('output x -> one: Pair(3) @label("One") -> two: Pair(5) @label("Two")')
    assert [b.title for b in blocks(text).boxes] == ["One", "Two"]
    assert [b.title for b in blocks(text, "Pair").boxes] == ["x", "a", "b", "output"]


def test_lists_of_layers_are_opened_and_lists_of_blocks_say_what_they_hold() -> None:
    text = PAIR + "block Both() {\n    input x\n    output x -> a: [Conv2d(8, 1), ReLU()] -> b: 3 * Pair(1)\n}\n"
    both = blocks(text + network("output x -> both: Both()"), "Both")
    assert [c.title for c in both.clusters] == ["a"]
    assert [b.title for b in both.inside("c0")] == ["0", "1"]
    assert box(both, "b").lines == (f"Pair {TIMES}3, 8",)


def test_a_block_that_is_one_list_itself_needs_no_frame() -> None:
    text = "block Layer() {\n    input x\n    output x -> self: [Conv2d(8, 1), ReLU()]\n}\n"
    layer = blocks(text + network("output x -> layer: Layer()"))
    assert [b.title for b in layer.boxes] == ["x", "0", "1", "output"]
    assert layer.clusters == ()


def test_inputs_outputs_families_and_raw_weights() -> None:
    text = """
block Several() {
    input c: [*]
    param scale: [8, 1, 1] = 1
    y[0] = (c[0] + c[1]) -> a: Conv2d(8, 1)
    y[1] = c[1] * scale
    output y
}
"""
    several = blocks(text + network("y = x -> ReLU()\n    *z = (x, y) -> s: Several()\n    output concat(z[0], z[1])"))
    assert [b.title for b in several.boxes if b.family == "port"] == ["c_0", "c_1", "output 0", "output 1"]
    assert box(several, "scale").lines == ("Parameter [8, 1, 1]",)
    assert [b.title for b in several.boxes if b.shape == "circle"] == ["+", TIMES]


def test_a_module_used_twice_says_so() -> None:
    text = "block Twice() {\n    input x\n    module h: Conv2d(8, 1)\n    output x -> h -> h\n}\n"
    assert [b.note for b in blocks(text + network("output x -> t: Twice()")).boxes if b.title == "h"] == [
        "72 parameters", "the same weights again"
    ]  # fmt: skip


def test_a_wrong_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ValueError, match=r"there is no block `Bottelneck3d`: did you mean `Bottleneck3d`\?"):
        blocks(networks.RESNET, "Bottelneck3d")
    with pytest.raises(ValueError, match=r"there is no block `layer1\.9`: did you mean `layer1\.1`\?"):
        blocks(networks.RESNET, "layer1.9")
    with pytest.raises(ValueError, match="there is no block `x`: there are ResNet3d50, ConvModule, Bottleneck3d"):
        blocks(networks.RESNET, "x")


def test_too_many_charts_are_refused_with_their_names() -> None:
    many = "\n".join(f"block B{i}() {{\n    input x\n    output x -> c: Conv2d(8, 1)\n}}" for i in range(25))
    body = "output x" + "".join(f" -> b{i}: B{i}()" for i in range(25))
    with pytest.raises(RenderError, match="25 blocks, and 24 stand in one picture: choose with --block: B0, B1, B2"):
        blocks(f"{many}\n{network(body)}")


def test_a_long_block_is_folded() -> None:
    loop = 'for i in range(200) { x = x -> "c{i}": Conv2d(8 + i, 1) }'
    text = f"block Long() {{\n    input x\n    {loop}\n    output x\n}}\n"
    long = blocks(text + network("output x -> long: Long()"))
    assert len(long.boxes) <= 40
    assert any("folded" in note for note in long.notes)
