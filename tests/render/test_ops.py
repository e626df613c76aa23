"""The level ops: everything in nested frames, what repeats once."""

from __future__ import annotations

import pytest

from netspec.render import RenderError, picture_text
from netspec.render.drawing import picture_of
from netspec.render.picture import Picture
from netspec.render.words import TIMES
from tests.render import networks
from tests.texts import graph_of


def ops(text: str, block: str | None = None) -> Picture:
    return picture_of(graph_of(text), "ops", block=block)


def network(body: str) -> str:
    return f"network N() {{\n    input x: [B, 8, H, W]\n    {body}\n}}"


def titles(picture: Picture) -> list[str]:
    return [b.title for b in picture.boxes]


def tree(picture: Picture, parent: str | None = None) -> list[object]:
    """Each frame with those in it."""
    return [[c.whole_title, *tree(picture, c.id)] for c in picture.clusters_inside(parent)]


def arrows(picture: Picture) -> list[tuple[str, str, str]]:
    names = {b.id: b.title for b in picture.boxes}
    return [(names[k.source], names[k.target], k.label) for k in picture.links]


PAIR = "block Pair(n: int) {\n    input x\n    output x -> a: Conv2d(n, 3, padding=1) -> b: ReLU()\n}\n"


def test_blocks_and_lists_are_frames_at_every_depth() -> None:
    text = PAIR + network("output x -> one: Pair(16) -> all: [Pair(8), inner: [Pair(4), ReLU()]]")
    assert tree(ops(text)) == [
        ["one: Pair · 1,168 parameters"],
        ["all · 1,452 parameters", ["0: Pair · 1,160 parameters"],
         ["inner · 292 parameters", ["0: Pair · 292 parameters"]]],
    ]  # fmt: skip
    assert titles(ops(text)) == ["x", "a", "b", "a", "b", "a", "b", "1", "output"]


def test_layers_tell_their_settings_and_functions_what_they_do() -> None:
    text = network("output x -> a: Conv2d(8, 3, bias=False) -> norm: GroupNorm(4) -> rearrange('b c h w -> b h w c')")
    assert [(b.title, *b.lines) for b in ops(text).boxes[1:-1]] == [
        ("a", "Conv2d, kernel 3, 8", "bias=False"), ("norm", "GroupNorm", "num_groups=4"),
        ("rearrange", "b c h w -> b h w c"),
    ]  # fmt: skip


def test_what_repeats_is_drawn_once_however_it_is_written() -> None:
    loop = 'for i in range(5) { x = x -> "p{i}": Pair(8) }\n    output x'
    patterns = 'for i in range(3) { x = x -> "c{i}": Conv2d(8, 1) -> "p{i}": Pair(8) }\n    output x'
    assert tree(ops(PAIR + network("output x -> p: 5 * Pair(8)"))) == [
        ["p · 2,920 parameters", [f"0 … 4: Pair {TIMES}5 · 2,920 parameters"]]
    ]
    assert tree(ops(PAIR + network(loop))) == [[f"p0 … p4: Pair {TIMES}5 · 2,920 parameters"]]
    assert tree(ops(PAIR + network(patterns))) == [[f"c0 … p2 {TIMES}3", ["p0: Pair · 584 parameters"]]]
    assert titles(ops(PAIR + network(patterns))) == ["x", "c0", "a", "b", "output"]


def test_a_deeper_network_of_equal_blocks_has_the_same_picture() -> None:
    few, many = (ops(PAIR + network(f"output x -> p: {n} * Pair(8)")) for n in (3, 10_000))
    assert [(b.id, b.title) for b in few.boxes] == [(b.id, b.title) for b in many.boxes]


def test_a_first_block_that_differs_stands_apart() -> None:
    frames = [c.title for c in ops(networks.RESNET).clusters]
    assert [f for f in frames if "Bottleneck3d" in f] == [
        f for n in (2, 3, 5, 2) for f in ("0: Bottleneck3d", f"1 … {n}: Bottleneck3d {TIMES}{n}")
    ]


def test_links_say_a_shape_where_it_is_another_one() -> None:
    found = arrows(ops(PAIR + network("output x -> one: Pair(16) -> c: Conv2d(4, 1) -> r: ReLU()")))
    assert found == [
        ("x", "a", "[B, 8, H, W]"), ("a", "b", "[B, 16, H, W]"), ("b", "c", "[B, 16, H, W]"),
        ("c", "r", "[B, 4, H, W]"), ("r", "output", ""),
    ]  # fmt: skip


def test_skips_and_projections_lead_through_frames() -> None:
    drawn = ops(networks.RESNET, "layer2.0")
    assert drawn.title == "Bottleneck3d"
    dashed = [b.title for b in drawn.boxes if b.dashed]
    assert dashed == ["conv", "bn"]
    assert [k.way for k in drawn.links].count("projection") == 3
    assert [k.way for k in ops(networks.RESNET, "layer2.1").links].count("skip") == 1


def test_a_tensor_that_is_given_three_times_leads_there_three_times() -> None:
    drawn = ops(networks.SEQUENCE)
    assert [label for _, target, label in arrows(drawn) if target == TIMES] == ["[B, L, 8]", "[B, L, 8]"]
    text = "block Three() {\n    input q, k, v\n    output concat(q, k, v)\n}\n"
    found = arrows(ops(text + network("y = x -> a: Conv2d(8, 1)\n    output (y, y, y) -> t: Three()")))
    assert [label for _, target, label in found if target == "concat"] == [f"3 {TIMES} [B, 8, H, W]"]


def test_outputs_of_a_block_lead_on_from_where_they_are_made() -> None:
    text = "block Two() {\n    input x\n    y = x -> a: ReLU()\n    output y\n    output y -> b: Conv2d(4, 1)\n}\n"
    drawn = ops(text + network("y, z = x -> two: Two()\n    output concat(y, z) -> c: ReLU()"))
    assert [(s, t) for s, t, _ in arrows(drawn)] == [
        ("x", "a"), ("a", "b"), ("a", "concat"), ("b", "concat"), ("concat", "c"), ("c", "output")
    ]  # fmt: skip


def test_several_outputs_of_a_layer_are_named_as_the_spec_names_them() -> None:
    text = """
network N() {
    input x: [B, L, 8]
    y, h, c = x -> lstm: LSTM(16)
    output y
    output h -> r: ReLU()
}
"""
    assert arrows(ops(text))[1:3] == [("lstm", "r", "h: [1, B, 16]"), ("lstm", "output 0", "y: [B, L, 16]")]


def test_links_into_attention_say_what_they_are_there() -> None:
    text = """
network N() {
    input x: [B, L, 16]
    input memory: [B, S, 16]
    input pad: bool[B, S]
    y = (x, memory, memory) -> attention: MultiheadAttention(4, key_padding_mask=pad)
    output (y, y, y) -> self_attention: MultiheadAttention(4)
}
"""
    assert arrows(ops(text))[:5] == [
        ("x", "attention", "query: [B, L, 16]"), ("memory", "attention", "key: [B, S, 16]"),
        ("memory", "attention", "value: [B, S, 16]"), ("pad", "attention", "key_padding_mask: bool[B, S]"),
        ("attention", "self_attention", f"3 {TIMES} [B, L, 16]"),
    ]  # fmt: skip


def test_what_takes_its_size_from_another_tensor_says_like_and_no_factor() -> None:
    text = """
block Up() {
    input x, skip
    output interpolate(x, like=skip) -> c: Conv2d(8, 1)
}
network N() {
    input x: [B, 8, H, W]
    a = x -> pool1: MaxPool2d(2)
    b = a -> pool2: MaxPool2d(2)
    output interpolate(b, like=a) -> r: ReLU()
    output (b, a) -> up: Up()
    output b -> twice: Upsample(scale_factor=2)
}
"""
    drawn = ops(text)
    assert [b.lines for b in drawn.boxes if b.title == "interpolate"] == [("like",), ("like",)]
    assert ("pool1", "interpolate", "like: [B, 8, floor(H/2), floor(W/2)]") in arrows(drawn)
    whole = {b.title: b.lines for b in picture_of(graph_of(text)).boxes}
    assert whole["up"] == ("Up, kernel 1, 8",)
    assert whole["twice"] == ("Upsample, scale 2",)


def test_links_say_sizes_as_the_contract_lets_them_be() -> None:
    shapes = {label for *_, label in arrows(picture_of(graph_of(networks.UNET)))}
    assert "[B, 64, H, W]" in shapes
    assert not any("*floor" in shape for shape in shapes)


def test_pointers_show_the_settings_of_layers_and_joins() -> None:
    text = network("y = x -> a: Conv2d(8, 3, padding=1)\n    output concat(x, y, axis=-1)")
    found = {b.title: b.tooltip for b in ops(text).boxes}
    assert found["a"][:2] == ("a: Conv2d", "out_channels=8, kernel_size=3, padding=1")
    assert found["concat"][:2] == ("concat: concat", "axis=-1")


def test_the_inside_of_a_block_that_is_used_again_counts_no_weights() -> None:
    text = PAIR + "block Twice() {\n    input x\n    module h: Pair(8)\n    output x -> h -> h\n}\n"
    drawn = ops(text + network("output x -> t: Twice()"))
    assert [b.note for b in drawn.boxes if b.title == "a"] == ["584 parameters", "the same weights again"]


def test_a_block_that_hands_on_what_it_gets_has_no_frame() -> None:
    text = "block Nothing() {\n    input x\n    output x\n}\n"
    drawn = ops(text + network("output x -> n: Nothing() -> r: ReLU()"))
    assert (titles(drawn), drawn.clusters) == (["x", "r", "output"], ())


def test_annotations_are_not_read() -> None:
    drawn = ops(networks.LABELLED, "Unit")
    assert {"conv1", "bn", "conv2", "project", "+"} <= set(titles(drawn))


def test_one_block_by_its_name_or_path_or_a_list() -> None:
    assert [c.title for c in ops(networks.RESNET, "layer3").clusters[:2]] == ["0: Bottleneck3d", "conv1: ConvModule"]
    assert titles(ops(networks.RESNET, "layer3.2.conv1")) == ["x", "conv", "bn", "activate", "output"]
    assert len(ops(networks.RESNET, "Bottleneck3d").charts) == 2
    with pytest.raises(ValueError, match=r"there is no block `Botleneck3d`: did you mean `Bottleneck3d`\?"):
        ops(networks.RESNET, "Botleneck3d")


def test_what_mermaid_does_not_take_is_refused_with_its_counts() -> None:
    loop = 'for i in range(501) { x = x -> "c{i}": Conv2d(8 + i, 1) }\n    output x'
    graph = graph_of(network(loop))
    with pytest.raises(RenderError, match=r"^too large for mermaid\.js: 502 links of at most 500, .*; write \.svg or"):
        picture_text(graph, "mmd", "ops")
    assert len(picture_of(graph, "ops").boxes) == 503
