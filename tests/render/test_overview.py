"""The overview: which boxes and links, what they say, and how much is folded."""

from __future__ import annotations

from netspec.analysis import bind_inputs
from netspec.render.levels.overview import overview
from netspec.render.picture import Box, Picture
from tests.render import networks
from tests.texts import graph_of


def picture(text: str) -> Picture:
    return overview(graph_of(text))


def box(picture: Picture, title: str) -> Box:
    (found,) = [b for b in picture.boxes if b.title == title]
    return found


def links(picture: Picture) -> dict[tuple[str, str], tuple[str, str, str]]:
    titles = {b.id: b.title for b in picture.boxes}
    return {(titles[k.source], titles[k.target]): (k.label, k.size, k.way) for k in picture.links}


def test_a_resnet_is_eight_boxes() -> None:
    resnet = picture(networks.RESNET)
    assert [b.title for b in resnet.boxes] == [
        "clip", "conv1", "maxpool", "layer1", "layer2", "layer3", "layer4", "output"
    ]  # fmt: skip
    assert resnet.notes == ("ResNet3d-50 for video clips (arXiv 1512.03385, inflated to 3-D).", "32,185,792 parameters")
    assert [b.shape for b in resnet.boxes] == ["round", "box", "box", *["double"] * 4, "round"]
    assert [b.family for b in resnet.boxes] == ["port", "conv", "pool", *["conv"] * 4, "port"]


def test_equal_blocks_are_folded_and_a_differing_first_one_kept_apart() -> None:
    layer2 = box(picture(networks.RESNET), "layer2")
    assert layer2.lines == ("Bottleneck3d, 256 → 512, stride (1, 2, 2)", "Bottleneck3d \N{MULTIPLICATION SIGN}3, 512")
    assert layer2.note == "1,678,336 parameters"


def test_members_of_a_list_that_differ_tell_in_what() -> None:
    text = """
block Unit(width: int, dilation: int = 1, kernel: int = 3) {
    input x
    output x -> a: Conv2d(width, kernel, dilation=dilation, padding=dilation * (kernel // 2)) -> b: Conv2d(width, 1)
}
"""
    dilated = picture(text + network("output x -> stage units: [Unit(8, dilation=d) for d in (1, 3, 9)]"))
    assert box(dilated, "units").lines == ("Unit, 8", "Unit, 8, dilation 3", "Unit, 8, dilation 9")
    wide = picture(text + network("output x -> stage units: [Unit(8, kernel=k) for k in (3, 5)]"))
    assert box(wide, "units").lines == ("Unit, 8, kernel 3", "Unit, 8, kernel 5")
    many = picture(text + network("output x -> stage units: [Unit(8, dilation=d) for d in (1, 2, 3, 4, 5)]"))
    assert box(many, "units").lines == ("Unit \N{MULTIPLICATION SIGN}5", "dilation 1, 2, 3, 4, 5")


def test_links_carry_shapes_and_tell_where_the_size_falls() -> None:
    found = links(picture(networks.RESNET))
    assert found["clip", "conv1"] == ("[B, 3, T, H, W]", "same", "plain")
    assert found["layer1", "layer2"] == ("[B, 256, T, ceil(H/4), ceil(W/4)]", "same", "plain")
    assert found["layer2", "layer3"] == ("[B, 512, T, ceil(H/8), ceil(W/8)]", "down", "plain")


def test_links_carry_numbers_where_sizes_are_given() -> None:
    graph = graph_of(networks.RESNET)
    sizes = bind_inputs(graph, {"clip": (1, 3, 8, 224, 224)})
    assert links(overview(graph, sizes))["layer2", "layer3"][0] == "[1, 512, 8, 28, 28]"


def test_tooltips_tell_path_class_documentation_and_place() -> None:
    down = box(picture(networks.UNET), "down1").tooltip
    assert down[0] == "down1: Double"
    assert "Double convolution, as in the paper." in down
    assert "planes=128" in down
    assert down[-1].startswith("spec.netspec:")


def test_skips_of_a_unet_go_from_side_to_side() -> None:
    found = links(picture(networks.UNET))
    skips = {ends: link for ends, link in found.items() if link[2] == "skip"}
    assert {source for source, _ in skips} == {"down3", "down2", "down1", "inc"}
    assert all(label == "" for label, _, _ in skips.values())
    assert any(size == "up" for _, size, _ in found.values())


def test_identity_skips_and_projections_are_told_apart() -> None:
    residual = picture(networks.RESIDUAL)
    ways = {(k.source, k.target): k.way for k in residual.links}
    project = box(residual, "project")
    assert project.dashed
    assert not box(residual, "c").dashed
    assert {way for (source, target), way in ways.items() if project.id in (source, target)} == {"projection"}
    assert list(ways.values()).count("skip") == 1
    assert [b.title for b in residual.boxes if b.shape == "circle"] == ["+", "+"]


def test_blocks_that_hold_stages_are_opened_in_a_frame() -> None:
    detector = picture(networks.BACKBONE)
    (frame,) = detector.clusters
    assert frame.title == "backbone.body: Body"
    assert [b.title for b in detector.inside(frame.id)] == ["stem", "layer1"]
    assert box(detector, "layer1").tooltip[0] == "backbone.body.layer1: Sequential"
    assert [b.title for b in detector.inside(None)] == ["image", "head", "output"]


def test_several_inputs_and_outputs_keep_their_names() -> None:
    two = picture(networks.TWO_STREAM)
    ports = [(b.title, b.lines) for b in two.boxes if b.family == "port"]
    assert ports == [("rgb", ("input",)), ("flow", ("input",)), ("mask", ("output",)), ("logits", ("output",))]


def network(body: str) -> str:
    return f"network N() {{\n    input x: [B, 8, H, W]\n    {body}\n}}"


def test_small_layers_join_the_one_before_them() -> None:
    flat = picture(network("output x -> c: Conv2d(8, 3) -> b: BatchNorm2d() -> r: ReLU() -> p: MaxPool2d(2)"))
    assert [b.title for b in flat.boxes] == ["x", "c · b · r", "p", "output"]


def test_equal_steps_in_a_row_are_one_box() -> None:
    flat = picture(network('for i in range(6) { x = x -> "c{i}": Conv2d(8, 3, padding=1) -> ReLU() }\n    output x'))
    (only,) = [b for b in flat.boxes if b.family == "conv"]
    assert only.title.startswith("c0 … ")
    assert "(Conv2d · ReLU) \N{MULTIPLICATION SIGN}6" in only.lines[0]
    assert only.note == "3,504 parameters"


def test_sixty_residual_steps_without_labels_are_one_box() -> None:
    flat = picture(network('for i in range(60) { x = x + (x -> "c{i}": Conv2d(8, 3, padding=1)) }\n    output x'))
    assert len(flat.boxes) == 3
    assert any("folded" in note for note in flat.notes)


def test_hundreds_of_differing_steps_stay_readable() -> None:
    body = 'for i in range(300) { x = x -> "c{i}": Conv2d(8 + i, 1) }\n    output x'
    chain = picture(network(body))
    assert len(chain.boxes) <= 40
    assert chain.notes[-1] == f"302 steps folded into {len(chain.boxes)} boxes"


def test_many_outputs_are_one_box() -> None:
    many = picture(network('for i in range(30) { output "o{i}" = x -> "h{i}": Conv2d(8, 1) }'))
    assert many.boxes[-1].title == "30 outputs"
    assert many.links[-1].label == "30 \N{MULTIPLICATION SIGN} [B, 8, H, W]"


def test_a_shared_module_says_so() -> None:
    shared = picture(network("module head: Conv2d(8, 1)\n    output x -> head -> head"))
    assert [b.note for b in shared.boxes if b.title == "head"] == ["72 parameters", "the same weights again"]


def test_a_network_of_one_block_is_opened() -> None:
    text = "block Body() {\n    input x\n    output x -> a: Conv2d(8, 3) -> p: MaxPool2d(2) -> b: Conv2d(4, 3)\n}\n"
    opened = picture(text + network("output x -> body: Body()"))
    assert [b.title for b in opened.boxes] == ["x", "a", "p", "b", "output"]


def test_a_sequential_network_needs_no_frame() -> None:
    opened = picture(network("output x -> self: [Conv2d(8, 3), MaxPool2d(2), Conv2d(4, 3)]"))
    assert [b.title for b in opened.boxes] == ["x", "0", "1", "2", "output"]
    assert opened.clusters == ()


def test_a_network_that_returns_its_input() -> None:
    assert [b.title for b in picture(network("output x")).boxes] == ["x", "output"]


def test_a_block_with_nearly_all_layers_is_opened_where_there_are_no_stages() -> None:
    layers = "Conv2d(8, 3), ReLU(), MaxPool2d(2), Conv2d(16, 3), ReLU(), MaxPool2d(2)"
    head = "-> pool: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(10)"
    text = "network N() {{\n    input x: [B, 8, H, W]\n    output x -> {}features: [{}] {}\n}}"
    opened = picture(text.format("", layers, head))
    assert [c.title for c in opened.clusters] == ["features"]
    assert [b.title for b in opened.boxes] == ["x", "0 · 1", "2", "3 · 4", "5", "pool · flatten", "fc", "output"]
    assert [b.title for b in picture(text.format("stage ", layers, head)).boxes] == [
        "x", "features", "pool · flatten", "fc", "output"
    ]  # fmt: skip
    assert box(picture(text.format("", "Conv2d(8, 3), ReLU()", head)), "features").lines


def test_what_is_rearranged_or_works_on_features_is_not_resized() -> None:
    text = """
network N() {
    input x: [B, 16, 32, 32]
    y = x -> rearrange("b c h w -> b h w c")
    y = y -> wide: Linear(64) -> narrow: Linear(4)
    output y -> rearrange("b h w c -> b c h w")
}
"""
    assert {size for _, size, _ in links(picture(text)).values()} == {"same"}


def test_an_operand_that_is_given_by_name_is_no_skip() -> None:
    text = """
network N() {
    input x: [B, L, 8]
    input mask: bool[B, L]
    for i in range(2) { x = (x, x, x) -> "a{i}": MultiheadAttention(2, key_padding_mask=mask) }
    output x
}
"""
    assert {way for *_, way in links(picture(text)).values()} == {"plain", "aside"}


def test_a_long_description_ends_with_a_word() -> None:
    text = "## Word{}.\nnetwork N() {{\n    input x: [B, 8]\n    output x -> a: Linear(8)\n}}"
    assert picture(text.format(" and more" * 15)).notes[0] == f"Word{' and more' * 15}."
    note = picture(text.format(" and more" * 30)).notes[0]
    assert note.endswith((" and …", " more …"))
    assert len(note) <= 140


def test_a_layer_that_ends_in_a_permutation_keeps_its_channels_and_stride() -> None:
    chain = "conv: Conv1d(16, 3, stride=2) -> gelu() -> permute((0, 2, 1)) -> norm: LayerNorm()"
    text = f"network N() {{\n    input x: [B, 8, L]\n    output x -> {chain} -> fc: Linear(4)\n}}"
    (box,) = [b for b in picture(text).boxes if b.title.startswith("conv")]
    assert box.lines == ("Conv1d · gelu · permute · LayerNorm, kernel 3, 8 → 16, stride 2",)
