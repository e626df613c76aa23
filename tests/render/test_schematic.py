"""The level schematic: specs before their arguments are known."""

from __future__ import annotations

from typing import Any

import pytest

from netspec.api import Spec
from netspec.check import load
from netspec.diagnostics import SpecError
from netspec.files import read_import
from netspec.render.drawing import picture_of
from netspec.render.picture import Picture, RenderError
from netspec.render.words import TIMES
from netspec.source import Source


def spec_of(text: str) -> Spec:
    program, diagnostics = load(Source("spec.netspec", f"netspec 1\n{text}"), read_import)
    assert program is not None, "\n".join(map(str, diagnostics))
    assert not diagnostics, "\n".join(map(str, diagnostics))
    return Spec(program)


def schematic(text: str, name: str | None = None, **arguments: Any) -> Picture:
    return picture_of(spec_of(text).outline(name, **arguments))


def network(body: str, params: str = "layers: int[] = (1, 2), width: int = 8, head: int? = 2") -> str:
    return f"network N({params}) {{\n    input x: [B, 8, H, W]\n    {body}\n}}"


def labels(body: str, params: str = "layers: int[] = (1, 2), width: int = 8", **arguments: Any) -> list[str]:
    return [b.title for b in schematic(network(body, params), **arguments).boxes]


def links(picture: Picture) -> list[tuple[str, str, str]]:
    names = {b.id: b.title or b.id for b in picture.boxes}
    return [(names[k.source], names[k.target], k.way) for k in picture.links]


def step(label: str) -> str:
    return f'x = x -> "c{{i}}": Conv2d(8, 1) @label("{label}")'


def each(loop: str, label: str) -> str:
    return f"for {loop} {{ {step(label)} }}\n    output x"


# --------------------------------------------------------------------------------------------------- loops


@pytest.mark.parametrize(
    ("loop", "label", "drawn"),
    [
        ("i, n in enumerate(layers)", "{i + 1}: {n}", ["1: layers[0]", "2: layers[1]", "...: ...", "n: layers[n-1]"]),
        ("i in range(len(layers))", "{2 * i - 1}", ["-1", "1", "...", "2n-3"]),
        ("i in range(len(layers) - 1, -1, -1)", "{i}", ["n-1", "...", "1", "0"]),
        ("i in range(2 * len(layers))", "{i}", ["0", "1", "...", "2n-1"]),
        ("i in range(width)", "{i + 1}", ["1", "2", "...", "width"]),
        ("i in range(3)", "{i}", ["0", "1", "2"]),
        ("i in range(4)", "{i}", ["0", "1", "2", "3"]),
        ("i in range(100)", "{i}", ["0", "1", "...", "99"]),
        ("i in range(0, 100, 7)", "{i}", ["0", "7", "...", "98"]),
        ("i in layers", "{i}", ["layers[0]", "layers[1]", "...", "layers[n-1]"]),
        ("i in reversed(layers)", "{i}", ["layers[n-1]", "...", "layers[1]", "layers[0]"]),
        ("i in layers[1:]", "{i}", ["layers[1]", "layers[2]", "...", "layers[n-1]"]),
        ("i in layers[:-1]", "{i}", ["layers[0]", "layers[1]", "...", "layers[n-2]"]),
        ("i, k in zip(layers, (5, 6, 7, 8, 9))", "{k}", ["5", "6", "...", "..."]),
        ("i in (3, 5)", "{i}", ["3", "5"]),
        ("i in ()", "{i}", []),
        ("i in range(len(layers)) @draw(first=1)", "{i}", ["0", "..."]),
        ("i in range(len(layers)) @draw(last=2)", "{i}", ["...", "n-2", "n-1"]),
        ("i in range(len(layers)) @draw(first=3, last=1)", "{i}", ["0", "1", "2", "...", "n-1"]),
    ],
)
def test_a_loop_is_drawn_as_first_second_and_last(loop: str, label: str, drawn: list[str]) -> None:
    assert labels(each(loop, label)) == (drawn or ["x", "output"])


@pytest.mark.parametrize(
    ("expression", "last"),
    [
        ("width * 2 ** i", "width*2**(n-1)"), ("width * (i + 1)", "width*n"), ("max(i - 1, 0)", "n-2"),
        ("min(i, 3)", "3"), ("'first' if i == 0 else 'later'", "later"), ("'a' if i + 1 < len(layers) else 'z'", "z"),
        ("layers[-1]", "layers[n-1]"), ("[k + 1 for k in (1, 2)]", "(2, 3)"),
        ("i // 2", "(n-1)//2"), ("3 * i - width", "3n-width-3"), ("not i", "not i"), ("depths[width]", "depths[width]"),
    ],
)  # fmt: skip
def test_labels_keep_what_is_not_known(expression: str, last: str) -> None:
    text = "const depths = {18: 2}\n" + network(each("i in range(len(layers))", f"{{{expression}}}"))
    assert schematic(text).boxes[-1].title == last


def test_lengths_have_short_names_that_no_parameter_has() -> None:
    body = each("i in range(len(layers))", "{i} of {n}")
    drawn = schematic(network(body, "layers: int[] = (1, 2), n: int = 3"))
    assert drawn.boxes[-1].title == "m-1 of n"
    assert drawn.notes == ("m = len(layers)",)


def test_a_length_that_is_called_like_something_else_of_the_spec_says_so_or_has_another_name() -> None:
    labelled = schematic(network(each("i, n in enumerate(layers)", "{i}: {n}")))
    assert labelled.boxes[-1].title == "n-1: layers[n-1]"
    assert labelled.notes == ("n = len(layers), not the n of the spec",)
    plain = schematic(network('for i, n in enumerate(layers) { x = x -> "c{i}": Conv2d(n - 1, 1) }\n    output x'))
    assert [(b.title, *b.lines) for b in plain.boxes[1:-1]] == [
        ("c0", "Conv2d(layers[0]-1, 1)"), ("c1", "Conv2d(layers[1]-1, 1)"), ("c...", "Conv2d(..., 1)"),
        ("cm-1", "Conv2d(layers[m-1]-1, 1)"),
    ]  # fmt: skip
    assert plain.notes == ("m = len(layers)",)


def test_boxes_show_what_a_loop_puts_into_a_call() -> None:
    body = """for i in range(len(layers)) {
        let planes = width + i
        x = x -> "a{i}": Conv2d(width * 2 ** (i + 1), 3) -> "b{i}": Conv2d(planes, width) if i < width
    }
    output x -> c: [Conv2d(k, width) for k in (1, 2)]"""
    drawn = schematic(network(body))
    lines = [b.lines[0] for b in drawn.boxes if b.lines and b.family == "conv"]
    assert lines[:3] == ["Conv2d(2*width, 3)", "Conv2d(width, width)", "Conv2d(4*width, 3)"]
    assert lines[-2:] == ["Conv2d(width*2**n, 3)", "Conv2d(width+n-1, width)"]
    assert [b.note for b in drawn.boxes if b.title.startswith("b")] == [
        "if 0 < width", "if 1 < width", "if ... < width", "if n-1 < width"
    ]  # fmt: skip
    assert [b.title for b in drawn.boxes[-3:-1]] == ["Conv2d(1, width)", "Conv2d(2, width)"]


def test_a_list_whose_type_tells_its_length_is_drawn_whole() -> None:
    each_size = each("i, k in enumerate(sizes)", "{i}: {k}")
    assert labels(each_size, "sizes: int[3] = (1, 2, 3)") == ["0: sizes[0]", "1: sizes[1]", "2: sizes[2]"]
    assert labels(each_size, "axes: 2 | 3 = 2, sizes: int[axes] = 1") == ["0: sizes[0]", "1: sizes[1]"]


def test_an_inner_loop_of_a_turn_that_stands_for_others_is_one_box() -> None:
    loops = 'for i, n in enumerate(layers) { for j in range(n) { x = x -> "c{i}.{j}": Conv2d(8, 1) } }'
    titles = [b.title for b in schematic(network(f"{loops}\n    output x")).boxes]
    assert titles[:8] == ["x", "c0.0", "c0.1", "c0....", "c0.layers[0]-1", "c1.0", "c1.1", "c1...."]
    assert titles[9:] == ["c.......", "cm-1.0", "cm-1.1", "cm-1....", "cm-1.layers[m-1]-1", "output"]


def test_families_lead_from_turn_to_turn() -> None:
    body = """for i in range(len(layers)) @draw(first=2) { x = x -> "d{i}": Conv2d(8, 1) @label("d{i}"); skip[i] = x }
    for i in range(len(layers) - 1, -1, -1) @draw(last=2) {
        x = concat(x, skip[i]) -> "u{i}": Conv2d(8, 1) @label("u{i}") @link("up", "up")
    }
    output x"""
    found = links(schematic(network(body)))
    assert ("d0", "u0", "plain") in found
    assert ("d1", "u1", "plain") in found
    assert ("d...", "u...", "plain") in found
    assert len(found) == 2 + 3 + 2  # down, across, up; the last `d...` leads to `u...` once


def test_a_turn_that_stands_for_others_takes_every_skip_that_is_theirs() -> None:
    body = """for i in range(width) { x = x -> "e{i}": Conv2d(8, 1); skip[i] = x }
    for i in range(width - 2, -1, -1) { x = concat(skip[i], x) -> "d{i}": Conv2d(8, 1) }
    output x"""
    drawn = schematic(network(body))
    after = {k.source: k.target for k in drawn.links}
    title = {b.id: b.title for b in drawn.boxes}
    joins = {b.id for b in drawn.boxes if b.title == "concat"}
    skips = [(title[k.source], title[after[k.target]]) for k in drawn.links if k.target in joins]
    assert [(e, d) for e, d in skips if e[0] == "e" and e != "ewidth-1"] == [
        ("e...", "dwidth-2"), ("e...", "d..."), ("e1", "d1"), ("e0", "d0")
    ]  # fmt: skip
    every = body.replace("range(width - 2, -1, -1)", "range(width - 2, -1, -1) @draw(first=1, last=1)")
    drawn = schematic(network(every))
    standing = next(k.source for k in drawn.links if title_of(drawn, k.target) == "d...")
    assert {title_of(drawn, k.source) for k in drawn.links if k.target == standing} == {"e1", "e...", "dwidth-2"}


def title_of(picture: Picture, id: str) -> str:
    return next(b.title for b in picture.boxes if b.id == id)


# --------------------------------------------------------------------------------------------------- what is open


def test_sizes_are_open_and_choices_are_as_their_defaults_say() -> None:
    body = """output x -> a: Conv2d(width, 1) -> b: ReLU() if deep -> c: ReLU() if kind == "max" -> d: ReLU() if head"""
    params = 'width: int = 8, deep: bool = False, kind: "max" | "avg" = "max", head: int? = 2'
    drawn = schematic(network(body, params))
    assert [b.title for b in drawn.boxes] == ["x", "a", "c", "d", "output"]
    assert [(b.title, b.note) for b in drawn.boxes if b.dashed] == [("d", "if head")]
    assert links(drawn)[2:] == [("c", "d", "optional"), ("c", "output", "plain"), ("d", "output", "optional")]


def test_arguments_that_are_given_are_known() -> None:
    body = "output x -> a: Conv2d(8, 1) -> d: ReLU() if head"
    assert labels(body, "head: int? = 2", head=None) == ["x", "a", "output"]
    assert labels(body, "head: int? = 2", head=3) == ["x", "a", "d", "output"]
    assert labels(each("i in range(len(layers))", "{layers[i]}"), layers=[4, 5]) == ["4", "5"]


def test_the_arguments_of_a_variant_are_known() -> None:
    text = network('output x -> a: ReLU() @label("{width}")') + "\nnetwork Wide = N(width=64)"
    assert [b.title for b in schematic(text, "Wide").boxes] == ["64"]
    assert schematic(text, "Wide").title == "Wide"


def test_both_branches_of_an_open_condition_are_drawn() -> None:
    body = "if head { y = x -> a: ReLU() } else { y = x -> b: ReLU() }\n    output y -> c: ReLU()"
    found = links(schematic(network(body)))
    assert found == [
        ("x", "a", "optional"), ("x", "b", "optional"), ("a", "c", "optional"), ("b", "c", "optional"),
        ("c", "output", "plain"),
    ]  # fmt: skip


def test_an_optional_step_of_a_block_is_dashed_beside_the_identity() -> None:
    text = """
block Unit(planes: int) {
    input x
    main = x -> a: Conv(planes, 3) -> b: Conv(planes, 3)
    skip = x -> project: Conv(planes, 1) if x.shape != main.shape
    output main + skip
}
"""
    unit = schematic(text, "Unit")
    assert [b.title for b in unit.boxes] == ["x", "a", "b", "project", "+", "output"]
    assert {(s, t): way for s, t, way in links(unit) if t == "+"} == {
        ("x", "+"): "skip", ("b", "+"): "plain", ("project", "+"): "optional"
    }  # fmt: skip
    assert [b.lines for b in unit.boxes if b.title == "a"] == [("Conv(planes, 3)",)]


def test_what_repeats_and_what_is_a_list() -> None:
    body = "output x -> a: width * Conv2d(8, 1) -> b: [Conv2d(8, 1), first: ReLU(), *[ReLU() for i in layers]]"
    drawn = schematic(network(body))
    assert [(b.title, *b.lines) for b in drawn.boxes] == [
        ("x", "input"), ("a", f"Conv2d(8, 1) {TIMES}width"), ("Conv2d(8, 1)",), ("first", "ReLU()"), ("ReLU",),
        ("ReLU",), ("...",), ("ReLU",), ("output",),
    ]  # fmt: skip
    assert [c.title for c in drawn.clusters] == ["b"]


def test_functions_of_the_file_and_constants_are_read() -> None:
    text = 'const names = ("a", "b")\nfn named(i) = "{names[i]}!"\n'
    text += network('output x -> a: ReLU() @label("{named(1)}")')
    assert [b.title for b in schematic(text).boxes] == ["b!"]


def test_the_label_of_a_declaration_reads_the_arguments_of_the_call() -> None:
    text = 'block Unit(n: int, k: int = 3) @label("Unit of {n}, {k}") {\n    input x\n    output x\n}\n'
    body = "let unit = Unit(k=5)\n    output x -> a: Unit(width) -> b: unit(2)"
    assert [b.title for b in schematic(text + network(body)).boxes] == ["Unit of width, k", "Unit of 2, 5"]


def test_several_inputs_outputs_and_raw_weights() -> None:
    text = """
block Two() {
    input a, b
    param scale: [8] = 1
    c, d = (a, b) -> pair: Pair()
    output c * scale
    output "named" = d
}
block Pair() {
    input a, b
    output a
    output b
}
"""
    two = schematic(text, "Two")
    assert [(b.title, b.shape) for b in two.boxes] == [
        ("a", "round"), ("b", "round"), ("scale", "box"), ("pair", "box"), (TIMES, "circle"), ("output", "round"),
        ("named", "round"),
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------------- limits, mistakes


def test_what_would_be_too_large_is_refused() -> None:
    loops = "".join(f"for i{k} in range(len(layers)) {{ " for k in range(8))
    with pytest.raises(RenderError, match="the schematic of N has more than 400 boxes"):
        schematic(network(f"{loops}x = x -> ReLU(){' }' * 8}\n    output x"))


@pytest.mark.parametrize(
    "expression",
    ["2 ** 2 ** 2 ** 2 ** 2 ** 2", "f(10)", "[i for i in range(10 ** 9)]", "'{{' + 1", "1 // 0", "(1, 2)[7]"],
)
def test_expressions_that_have_no_value_stand_as_they_are(expression: str) -> None:
    text = f"fn f(n) = f(n) + f(n)\n{network(f'let v = {expression}{chr(10)}    output x -> a: ReLU()')}"
    assert [b.title for b in schematic(text).boxes] == ["x", "a", "output"]


def test_what_would_take_too_long_is_refused() -> None:
    functions = "\n".join(f"fn f{i + 1}(n) = f{i}(n) + f{i}(n)" for i in range(30))
    with pytest.raises(RenderError, match="the schematic of N takes more than 100,000 steps"):
        schematic(f"fn f0(n) = n\n{functions}\n" + network("let v = f30(width)\n    output x"))
    with pytest.raises(RenderError, match="the schematic of N takes more than 100,000 steps"):
        schematic(network("for i in range(10 ** 12) @draw(first=10 ** 12) { }\n    output x"))


def test_texts_that_grow_are_cut() -> None:
    lets = "\n    ".join(f'let t{i + 1} = "{{t{i}}}{{t{i}}}"' for i in range(60))
    drawn = schematic(network(f'let t0 = "ab"\n    {lets}\n    output x -> a: ReLU() @label("{{t60}}")'))
    assert len(drawn.boxes[0].title) <= 200


@pytest.mark.parametrize(
    ("name", "arguments", "message", "help"),
    [
        ("M", {}, "spec.netspec has no network or block `M`", "it has `N`"),
        ("N", {"widht": 3}, "`N` has no argument `widht`", "did you mean `width`?"),
        ("N", {"width": "a"}, "`width` of `N` must be an int", ""),
    ],
)
def test_wrong_names_and_arguments_are_told(name: str, arguments: dict[str, Any], message: str, help: str) -> None:
    with pytest.raises(SpecError) as error:
        spec_of(network("output x")).outline(name, **arguments)
    (found,) = error.value.diagnostics
    assert (found.message, found.help) == (message, help)


def test_a_schematic_is_no_level_of_a_graph() -> None:
    with pytest.raises(ValueError, match=r"the level `schematic` is drawn of `spec\.outline\(…\)`"):
        picture_of(spec_of(network("output x -> ReLU()")).elaborate(), "schematic")
    with pytest.raises(ValueError, match=r"the others of `spec\.elaborate\(…\)`"):
        picture_of(spec_of(network("output x")).outline(), "blocks")
