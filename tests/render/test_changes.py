"""What changed between two networks, as a picture."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import netspec
from netspec.analysis.diff import Difference, diff
from netspec.api import Spec
from netspec.check import load
from netspec.cli.main import main
from netspec.files import read_import
from netspec.render import Picture, picture_text
from netspec.render.drawing import picture_of
from netspec.render.formats.theme import THEMES
from netspec.source import Source
from tests.render.networks import COMPARED, EDITS, RESIDUAL, RESNET, UNET
from tests.texts import graph_of

MINUS, TIMES = "\N{MINUS SIGN}", "\N{MULTIPLICATION SIGN}"


def compared(text: str, *edits: tuple[str, str]) -> Difference:
    """The difference that edits of a text make."""
    after = text
    for was, now in edits:
        assert was in after
        after = after.replace(was, now)
    return diff(graph_of(text), graph_of(after))


def drawn(text: str, *edits: tuple[str, str]) -> Picture:
    return picture_of(compared(text, *edits))


def marked(picture: Picture) -> dict[str, tuple[str, tuple[str, ...]]]:
    """The marks of boxes and what is told of each, by their titles."""
    return {b.title: (b.mark, b.changes) for b in picture.boxes if b.mark != "same"}


def links(picture: Picture) -> list[tuple[str, str, str, str]]:
    """The links that are in one of the networks, or carry other shapes."""
    titles = {b.id: b.title for b in picture.boxes}
    return [(titles[k.source], titles[k.target], k.mark, k.label) for k in picture.links if k.mark != "same"]


def test_members_that_are_added_to_a_list_are_one_box() -> None:
    picture = drawn(RESNET, ("5 * Bottleneck3d(256)", "22 * Bottleneck3d(256)"))
    assert marked(picture) == {"+ 6 … 22": ("added", ())}
    (box,) = (b for b in picture.boxes if b.mark == "added")
    # kernels of 3, 9 and 1, from 1024 to 256, 256 and 1024 channels, each with a norm: 17 times
    unit = 3 * 1024 * 256 + 9 * 256 * 256 + 256 * 1024 + 2 * (256 + 256 + 1024)
    assert (box.lines, box.note) == ((f"Bottleneck3d {TIMES}17, 1024",), f"{17 * unit:,} parameters")
    (frame,) = picture.clusters
    assert (frame.title, frame.mark) == ("~ layer3", "changed")
    assert picture.charts == ()


def test_what_is_removed_stands_where_it_was() -> None:
    picture = drawn(RESNET, ("-> maxpool: MaxPool3d((1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))\n", "\n"),
                    ("layer1: 3 *", "layer1: 2 *"))  # fmt: skip
    titles = [b.title for b in picture.boxes]
    assert titles[1:6] == ["conv1", f"{MINUS} maxpool", "0", "1", f"{MINUS} 2"]
    assert all(b.dashed == (b.mark == "removed") for b in picture.boxes)
    assert [k[:3] for k in links(picture)[:3]] == [
        ("conv1", f"{MINUS} maxpool", "removed"), ("conv1", "0", "changed"), (f"{MINUS} maxpool", "0", "removed")
    ]  # fmt: skip


def test_a_change_in_a_block_is_drawn_once_beside_the_network() -> None:
    picture = drawn(RESNET, ("conv2: ConvModule(planes, (1, 3, 3)", "conv2: ConvModule(planes, (3, 3, 3)"))
    titles = [c.title for c in picture.charts]
    assert titles == ["ResNet3d50", "Bottleneck3d: layer1.0, layer1.1, layer1.2 and 13 more"]
    assert picture.charts[1].notes == ("drawn: layer1.0",)
    found = marked(picture)
    assert {t: found[t] for t in found if "layer" in t} == {
        f"~ layer{i}": ("changed", ("changed inside: Bottleneck3d",)) for i in (1, 2, 3, 4)
    }
    assert found["~ conv2"] == ("changed", ("kernel_size (1, 3, 3) → (3, 3, 3)", "padding (0, 1, 1) → (1, 1, 1)"))


def test_one_chart_of_a_block_shows_all_of_its_changes() -> None:
    """`downsample` is in 4 of the 16 blocks, and drawn with what changed in all of them."""
    picture = drawn(RESNET, ("4 * planes, 1, stride", "4 * planes, 3, stride"), ("relu: ReLU(", "relu: SiLU("))
    (_, chart) = picture.charts
    inside = [b for b in picture.boxes if b.id in picture.within(chart)]
    assert [b.title for b in inside if b.mark == "changed"] == ["~ downsample", "~ relu"]


def test_values_at_all_places_stand_in_the_box() -> None:
    picture = drawn(RESNET, ("conv2: ConvModule(planes,", "conv2: ConvModule(planes // 2,"))
    assert marked(picture)["~ conv2"][1] == ("out_channels 64 → 32, 128 → 64, 256 → 128, 512 → 256",)


def test_arguments_of_blocks_are_told_and_not_what_follows() -> None:
    picture = drawn(RESNET, ("Bottleneck3d(512", "Bottleneck3d(256"))
    assert marked(picture) == {"~ layer4": ("changed", (f"~ 0 to 2 (3 {TIMES} Bottleneck3d): planes 512 → 256",))}
    assert [k[2:] for k in links(picture)] == [("changed", "[B, 2048 → 1024, T, ceil(H/32), ceil(W/32)]")]


def test_a_removed_skip_leaves_the_way_as_it_was() -> None:
    picture = drawn(RESIDUAL, ("x = (main + x) -> relu()", "x = main -> relu()"))
    assert marked(picture)[f"{MINUS} add"] == ("removed", ())
    assert {k[2] for k in links(picture)} == {"removed"}


def test_other_wiring_is_drawn_as_links() -> None:
    picture = drawn(RESIDUAL, ("x = (main + x)", "x = (main + main)"))
    found = {mark for *_, mark, _ in links(picture)}
    assert found == {"added", "removed"}
    assert {label[0] for *_, label in links(picture)} == {"+", MINUS}


def test_functions_are_found_again_by_what_stands_around_them() -> None:
    """Their names count: of depth 4 the first of four sums is another one than the first of three of depth 3."""
    picture = drawn(UNET.replace("depth: int = 4", "depth: int = 3"), ("depth: int = 3", "depth: int = 4"))
    assert list(marked(picture)) == ["+ pool4", "+ down4", "+ up4", "+ concat", "+ merge4"]
    assert {mark for *_, mark, _ in links(picture)} == {"added"}


def test_a_pattern_of_what_came_and_what_stayed_is_not_folded() -> None:
    text = "network N() {\n input x: [B, 4, H, W]\n output x -> body: [3 * Conv2d(4, 1)]\n}"
    after = "[Conv2d(4, 1), ReLU(), Conv2d(4, 1), ReLU(), Conv2d(4, 1), ReLU()]"
    picture = drawn(text, ("[3 * Conv2d(4, 1)]", after))
    inside = [b.title for b in picture.boxes if b.cluster is not None]
    assert inside == ["0", "+ 1", "> 2", "+ 3", "> 4", "+ 5"]


def test_many_renamed_steps_are_folded() -> None:
    """50 layers move on by one: in one box, with the parameters of all: kernels of 1 and biases."""
    layers = ", ".join(f"Conv2d({4 + i % 2}, 1)" for i in range(50))
    text = f"network N() {{\n input x: [B, 5, H, W]\n output x -> body: [{layers}]\n}}"
    picture = drawn(text, ("[Conv2d", "[ReLU(), Conv2d"))
    inside = [b for b in picture.boxes if b.mark == "renamed"]
    assert len(inside) == 1
    assert (inside[0].title, inside[0].changes) == ("> 1 … 50", ("was 0 … 49",))
    assert inside[0].note == f"{25 * (4 * 5 + 4 + 5 * 4 + 5):,} parameters"


def test_a_renamed_step_says_what_it_was() -> None:
    picture = drawn(RESNET, ("-> conv1: ConvModule(64", "-> stem: ConvModule(64"), ("layer2: [", "layer2: [ReLU(), "))
    found = marked(picture)
    assert found["> stem"] == ("renamed", ("was conv1",))
    assert (found["+ 0"], found["> 2 … 4"]) == (("added", ()), ("renamed", ("was 1 … 3",)))


def test_a_block_that_only_one_network_has_is_a_chart() -> None:
    picture = drawn(RESIDUAL, ("x -> c: Unit(128, 2)", "x -> c: Other(128)"), ("network Residual", OTHER))
    frame = next(c for c in picture.charts if c.mark == "added")
    assert frame.title == "+ Other: c"
    assert {b.mark for b in picture.boxes if b.id in picture.within(frame)} == {"same"}


OTHER = """block Other(planes: int) {
    input x
    output x -> conv: Conv2d(planes, 5, stride=2, padding=2) -> act: SiLU()
}

network Residual"""


def test_inputs_and_outputs_are_marked() -> None:
    picture = drawn(RESIDUAL, ("input image", "input picture"), ("image ->", "picture ->"))
    assert {t: m for t, (m, _) in marked(picture).items() if "image" in t or "picture" in t} == {
        "+ picture": "added", f"{MINUS} image": "removed"
    }  # fmt: skip


def test_no_difference_is_said() -> None:
    picture = drawn(RESNET)
    assert picture.title == "ResNet3d50: no difference"
    assert {b.mark for b in picture.boxes} == {k.mark for k in picture.links} == {"same"}
    assert picture.marks == ()


def test_the_title_says_what_was_given_and_the_notes_what_follows() -> None:
    program, _ = load(Source("net.netspec", f"netspec 1\n{UNET}"), read_import)
    assert program is not None
    spec = Spec(program)
    picture = picture_of(diff(spec.elaborate(), spec.elaborate(base=32, classes=3)))
    assert picture.title == "UNet: base 64 → 32, classes 2 → 3"
    assert picture.notes[0] == "net.netspec"
    assert picture.notes[1].startswith("parameters ")
    assert picture.notes[2].startswith("checkpoints do not load: ")


def test_networks_with_nothing_in_common_are_drawn() -> None:
    picture = picture_of(diff(graph_of(RESNET), graph_of(UNET)))
    assert set(picture.marks) == {"added", "removed"}
    assert {c.mark for c in picture.charts} == {"", "added", "removed"}


def test_the_legend_names_the_marks_that_occur() -> None:
    found = compared(COMPARED, *EDITS)
    assert picture_of(found).marks == ("added", "removed", "changed", "renamed")
    few = compared(RESNET, ("relu: ReLU(", "relu: SiLU("))
    for format, all_of_them in (("dot", "■"), ("mmd", "■")):
        assert picture_text(found, format).count(all_of_them) == 4
        assert picture_text(few, format).count(all_of_them) == 1


@pytest.mark.parametrize("theme", THEMES)
def test_marks_are_told_without_colours(theme: str) -> None:
    """Each box with a mark has its sign, what is removed is dashed, and other borders are thick."""
    found = compared(COMPARED, *EDITS)
    signs = {"added": "+", "removed": MINUS, "changed": "~", "renamed": ">", "same": ""}
    assert all(b.title.startswith(signs[b.mark]) for b in picture_of(found).boxes)
    lines = picture_text(found, "dot", theme=theme).splitlines()
    for line in (text for text in lines if re.match(r"\t+n\d+ \[", text)):
        assert ("penwidth=2" in line) == any(f"<B>{sign} " in line for sign in ("+", MINUS, "~", "&gt;"))
        assert ("dashed" in line) == (f"<B>{MINUS} " in line)


@pytest.mark.parametrize("format", ["dot", "mmd", "svg"])
def test_the_same_difference_gives_the_same_text(format: str) -> None:
    assert picture_text(compared(COMPARED, *EDITS), format) == picture_text(compared(COMPARED, *EDITS), format)


def test_a_difference_has_no_levels() -> None:
    with pytest.raises(ValueError, match="a difference has no levels"):
        picture_text(compared(RESNET), "mmd", "blocks")


def test_a_plus_is_no_list_for_mermaid() -> None:
    text = picture_text(compared(RESNET, ("5 * Bottleneck3d(256)", "6 * Bottleneck3d(256)")), "mmd")
    assert '"<b>#43; 6</b>' in text
    assert '"+ ' not in text


# ----------------------------------------------------------------------------------------------------- the command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.netspec").write_text(f"netspec 1\n{UNET}", encoding="utf-8")


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["diff", "net.netspec", *args], prog_name="netspec")


@pytest.mark.usefixtures("folder")
def test_the_command_writes_a_picture_beside_its_text() -> None:
    plain = run("--after", "depth=3")
    for ending in ("mmd", "dot", "svg", "png"):
        done = run("--after", "depth=3", "-o", f"changes.{ending}", "--theme", "dark")
        assert (done.exit_code, done.output) == (0, f"{plain.output}\nwrote changes.{ending}\n")
        assert Path(f"changes.{ending}").stat().st_size > 500
    assert '"wrote": [\n    "x.mmd"\n  ]' in run("--after", "depth=3", "-o", "x.mmd", "--format", "json").output
    spec = netspec.load("net.netspec")
    netspec.render(netspec.diff(spec, spec.elaborate(depth=3)), "same.mmd", theme="dark")
    assert Path("same.mmd").read_bytes() == Path("changes.mmd").read_bytes()


@pytest.mark.usefixtures("folder")
def test_the_command_refuses_an_ending_that_no_format_has() -> None:
    done = run("--after", "depth=3", "-o", "changes.mdm")
    assert done.exit_code == 2
    assert "there is no format `mdm`: did you mean `mmd`?" in done.output
