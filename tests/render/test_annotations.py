"""The drawing annotations: what they make of a picture, and what is said of wrong ones."""

from __future__ import annotations

import pytest

from netspec.api import load
from netspec.render.drawing import picture_of
from netspec.render.picture import Picture
from tests.texts import graph_of, mistakes_of


def network(body: str, before: str = "") -> str:
    return f"{before}\nnetwork N(deep: bool = True) {{\n    input x: [B, 8, H, W]\n    {body}\n}}"


def overview(body: str, before: str = "") -> Picture:
    return picture_of(graph_of(network(body, before)))


def titles(picture: Picture) -> list[str]:
    return ["\n".join((b.title, *b.lines)) for b in picture.boxes]


def links(picture: Picture) -> list[tuple[str, str, str, str, str]]:
    """Source, target, label, size and way of each link."""
    names = {b.id: b.title or b.id for b in picture.boxes}
    return [(names[k.source], names[k.target], k.label, k.size, k.way) for k in picture.links]


# --------------------------------------------------------------------------------------------------- labels


def test_a_chart_with_labels_shows_labels_alone() -> None:
    body = 'output x -> a: Conv2d(8, 3, stride=2) @label("First<br>half") -> b: Conv2d(8, 3) @label("Second")'
    drawn = overview(body)
    assert titles(drawn) == ["First\nhalf", "Second"]
    assert links(drawn) == [("First", "Second", "", "same", "plain")]
    assert {b.family for b in drawn.boxes} == {"plain"}
    assert drawn.families == drawn.size_changes == drawn.ways == ()


def test_ends_are_circles_where_arrows_part_or_meet() -> None:
    drawn = overview('y = x -> a: Conv2d(8, 1) @label("A")\n    output x + y')
    assert [(b.title, b.family, b.shape) for b in drawn.boxes] == [
        ("", "plain", "circle"), ("A", "plain", "box"), ("+", "operator", "circle"), ("", "plain", "circle")
    ]  # fmt: skip


def test_an_input_with_a_label_is_drawn() -> None:
    drawn = overview('output x @label("image") -> a: Conv2d(8, 1) @label("A")')
    assert [(b.title, b.shape) for b in drawn.boxes] == [("image", "round"), ("A", "box")]


def test_functions_are_drawn_as_links_in_a_chart_with_labels() -> None:
    drawn = overview('y = x -> a: Conv2d(8, 1) @label("A")\n    output concat(y, x) -> b: Conv2d(8, 1) @label("B")')
    assert titles(drawn) == ["", "A", "B"]
    assert [(s, t) for s, t, *_ in links(drawn)] == [("n0", "A"), ("n0", "B"), ("A", "B")]


def test_a_tensor_that_lends_its_size_is_no_link_in_a_chart_with_labels() -> None:
    body = """y = x -> a: Conv2d(8, 3) @label("A")
    output crop(x, like=y) -> b: Conv2d(8, 1) @label("B")"""
    assert [(s, t) for s, t, *_ in links(overview(body))] == [("n0", "A"), ("n0", "B")]


def test_a_layer_without_a_label_keeps_its_name_among_labels() -> None:
    assert titles(overview('output x -> a: Conv2d(8, 1) @label("A") -> b: Conv2d(8, 1)')) == ["A", "b"]


def test_the_label_of_a_declaration_holds_for_its_instances() -> None:
    block = 'block Unit(n: int) @label("Unit of {n}") {\n    input x\n    output x -> c: Conv2d(8, n)\n}'
    drawn = overview('output x -> a: Unit(1) -> b: Unit(3) -> c: Unit(5) @label("Another")', block)
    assert titles(drawn) == ["Unit of 1", "Unit of 3", "Another"]


def test_labels_in_a_list_open_it() -> None:
    layers = '*[Conv2d(8, 1) @label("Layer {i}") for i in range(3)]'
    drawn = overview(f"output x -> a: [Conv2d(8, 1) @hide, {layers}, ReLU()]")
    assert titles(drawn) == ["Layer 0", "Layer 1", "Layer 2", "4"]
    assert drawn.clusters == ()


def test_many_labelled_steps_are_folded_too() -> None:
    drawn = overview('for i in range(99) { x = x -> "c{i}": Conv2d(8 + i, 1) @label("Layer {i}") }\n    output x')
    assert len(drawn.boxes) <= 40
    assert "folded" in drawn.notes[-1]


# --------------------------------------------------------------------------------------------------- links, frames


def test_a_link_has_the_text_and_kind_that_are_said() -> None:
    body = 'output x -> a: Conv2d(8, 1) @label("A") @link("half<br>the size", "down") -> b: Conv2d(8, 1) @label("B")'
    assert links(overview(body)) == [("A", "B", "half\nthe size", "down", "plain")]


def test_every_output_has_a_link_of_its_own() -> None:
    two = "block Two() {\n    input x\n    output x -> c: Conv2d(8, 1)\n    output x\n}"
    body = """y, z = x -> a: Two() @label("A") @link("one") @link("two", "skip")
    output concat(y, z) -> b: Conv2d(8, 1) @label("B")"""
    assert sorted(links(overview(body, two))) == [("A", "B", "one", "same", "plain"), ("A", "B", "two", "same", "skip")]


def test_a_function_with_a_link_is_that_link() -> None:
    drawn = overview('output flatten(x) @link("flatten") -> p: ReLU()')
    assert links(drawn)[0] == ("x", "p", "flatten", "same", "plain")


def test_what_is_hidden_is_not_drawn() -> None:
    drawn = overview("output x -> a: Conv2d(8, 1) @hide -> b: Conv2d(4, 3) -> p: MaxPool2d(2)")
    assert [b.title for b in drawn.boxes] == ["x", "b", "p", "output"]
    assert links(drawn)[0] == ("x", "b", "[B, 8, H, W]", "same", "plain")


def test_a_loop_hides_its_steps() -> None:
    drawn = overview('for i in range(3) @hide { x = x -> "c{i}": Conv2d(8, 1) }\n    output x -> b: Conv2d(4, 3)')
    assert [b.title for b in drawn.boxes] == ["x", "b", "output"]


def test_optional_steps_stand_in_a_dashed_frame() -> None:
    body = 'output x -> a: Conv2d(8, 1) -> b: Conv2d(8, 3) @optional("Maybe") -> p: MaxPool2d(2) @optional("Maybe")'
    drawn = overview(body)
    assert [(c.title, c.optional) for c in drawn.clusters] == [("Maybe", True)]
    assert [b.title for b in drawn.inside("c0")] == ["b", "p"]
    assert [way for *_, way in links(drawn)] == ["plain", "optional", "plain", "optional"]


def test_a_frame_is_called_optional_where_nothing_else_is_said() -> None:
    drawn = overview("output x -> a: Conv2d(8, 1) -> b: Conv2d(8, 3) @optional if deep")
    assert [c.title for c in drawn.clusters] == ["Optional"]


def test_the_label_of_a_network_is_the_title_of_its_picture() -> None:
    text = 'network N() @label("The<br>network") {\n    input x: [B, 8, H, W]\n    output x -> c: Conv2d(8, 1)\n}'
    assert picture_of(graph_of(text)).title == "The network"


def test_annotations_compute_nothing() -> None:
    plain = graph_of(network("output x -> a: Conv2d(8, 3) -> b: ReLU()"))
    drawn = graph_of(network('output x @hide -> a: Conv2d(8, 3) @label("A") @link("x", "up") -> b: ReLU() @optional'))
    assert [str(o.type) for o in plain.definition.outputs] == [str(o.type) for o in drawn.definition.outputs]
    assert plain.definition.parameter_count == drawn.definition.parameter_count


# --------------------------------------------------------------------------------------------------- mistakes


def conv(annotation: str) -> str:
    return network(f"output x -> a: Conv2d(8, 1) {annotation}")


def loop(annotation: str) -> str:
    return network(f'for i in range(2) {annotation} {{ x = x -> "c{{i}}": Conv2d(8, 1) }}\n    output x')


@pytest.mark.parametrize(
    ("text", "code", "message", "place", "help"),
    [
        (conv('@lable("A")'), "NS200", "there is no annotation `@lable`", "@lable", "did you mean `@label`?"),
        (conv("@label"), "NS202", "`@label` needs `text`", "@label", '`@label("…")`'),
        (conv('@label("A", "B")'), "NS204", "`@label` takes 1 argument", '"B"', "it takes `text`"),
        (conv('@label(txt="A")'), "NS201", "`@label` has no `txt`", "txt", "did you mean `text`?"),
        (conv("@label(3)"), "NS203", "`text` of `@label` is a string, not an int", "3", 'write `"{3}"`'),
        (conv("@hide(True)"), "NS204", "`@hide` takes no arguments", "True", "write `@hide` alone"),
        (conv('@link("a", "dwn")'), "NS203", '`kind` of `@link` cannot be "dwn"', '"dwn"', 'did you mean `"down"`?'),
        (conv('@link("a", kindd="up")'), "NS201", "`@link` has no `kindd`", "kindd", "did you mean `kind`?"),
        (conv('@label("A") @label("B")'), "NS205", "two `@label` at one place", '@label("B")', ""),
        (conv("@draw(first=2)"), "NS405", "`@draw` stands at a `for`, not at a step", "@draw(first=2)", ""),
        (loop("@draw(frist=2)"), "NS201", "`@draw` has no `frist`", "frist", "did you mean `first`?"),
        (loop("@draw(first=-1)"), "NS203", "`first` of `@draw` is an int of at least 0, not -1", "-1", ""),
        (loop("@link('A')"), "NS405", "`@link` stands at a step or a declaration, not at a `for`", "@link('A')", ""),
        (conv('@label("{nn}")'), "NS200", "unknown name `nn`", "nn", None),
    ],
)
def test_wrong_annotations_are_told_where_they_stand(
    text: str, code: str, message: str, place: str, help: str | None
) -> None:
    (found,) = mistakes_of(text)
    assert (found.code, found.message, found.primary.span.text) == (code, message, place)
    assert help is None or found.help == help


def test_wrong_annotations_of_a_block_that_nothing_uses_are_told() -> None:
    unused = 'block Unused() {\n    input x\n    output x -> a: ReLU() @link(tex="a")\n}'
    found = mistakes_of(network("output x", unused))
    assert [d.code for d in found] == ["NS201"]


def test_an_annotation_of_a_file_that_is_loaded(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "n.netspec"
    path.write_text("netspec 1\n" + conv('@label("A")'), encoding="utf-8")
    assert titles(picture_of(load(path).elaborate())) == ["A"]
