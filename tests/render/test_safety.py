"""Words of a spec stay words, in every format."""

from __future__ import annotations

import re
import shutil
from xml.etree import ElementTree

import pytest

from netspec.api import Spec
from netspec.elaborate import load_program
from netspec.files import read_import
from netspec.render.drawing import picture_of
from netspec.render.formats.dot import dot
from netspec.render.formats.layout import programs
from netspec.render.formats.mermaid import escaped, mermaid
from netspec.render.formats.svg import svg
from netspec.render.picture import Picture
from netspec.render.words import one_line, shortened
from netspec.source import Source
from tests.render import nasty

SVG = "{http://www.w3.org/2000/svg}"
PROGRAMS = [p.path for p in programs()]
LINE = re.compile(
    r"    +(n\d+[\[(]+\"[^\"]*\"[\])]+(:::\w+)?"
    r"|n\d+ -\.?->(\|\"[^\"]*\"\|)? n\d+|n\d+ ~~~ legend"
    r"|subgraph c\d+\[\"[^\"]*\"\]|direction TB|end|class c[c\d,]* blockoptional"
    r"|legend\[\"[^\"]*\"\]:::legend"
    r"|classDef \w+ [\w:#, -]+|style [cn]\d+ [\w:#, -]+|linkStyle (default|[\d,]+) [\w:#, -]+)"
)
DOT_LINE = re.compile(
    r"\t*((n\d+|above)( -> n\d+)?( \[|$)|subgraph (cluster_\w+ )?\{|digraph netspec \{|\}|\w+=|(node|edge) \[)"
)


@pytest.mark.parametrize("program", PROGRAMS)
def test_svg_holds_text_and_shapes_only(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETSPEC_DOT", program)
    root = ElementTree.fromstring(svg(nasty.picture()))
    assert {e.tag.removeprefix(SVG) for e in root.iter()} <= {
        "svg",
        "g",
        "title",
        "text",
        "path",
        "polygon",
        "polyline",
        "ellipse",
    }
    attributes = {name for e in root.iter() for name in e.attrib}
    assert not {name for name in attributes if name.startswith("on") or "href" in name or name == "style"}


@pytest.mark.parametrize("program", PROGRAMS)
def test_svg_shows_every_text_as_it_is(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETSPEC_DOT", program)
    root = ElementTree.fromstring(svg(nasty.picture()))
    texts = {"".join(e.itertext()).replace("\N{NO-BREAK SPACE}", " ").strip() for e in root.iter(f"{SVG}text")}
    titles = {line for e in root.iter(f"{SVG}title") for line in (e.text or "").splitlines()}
    for text in filter(None, map(one_line, nasty.TEXTS)):
        assert f"line {text}" in texts
        assert text in titles


def test_both_renderers_are_tried() -> None:
    if not shutil.which("dot"):
        pytest.skip("no Graphviz on PATH")
    assert len(PROGRAMS) == 2


def drawings() -> dict[str, Picture]:
    """The picture of nasty texts, and those of a spec with such at every level."""
    spec = Spec(load_program(Source("spec.netspec", f"netspec 1\n{nasty.spec()}"), read_import)[0])  # type: ignore[arg-type]
    graph = spec.elaborate()
    return {
        "picture": nasty.picture(), "overview": picture_of(graph), "blocks": picture_of(graph, "blocks"),
        "block": picture_of(graph, "blocks", block="Labelled"), "schematic": picture_of(spec.outline("Labelled")),
        "conditions": picture_of(spec.outline("Conditions")), "network": picture_of(spec.outline()),
    }  # fmt: skip


DRAWINGS = drawings()
each_drawing = pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)


@each_drawing
def test_mermaid_lines_are_of_a_few_kinds(drawing: Picture) -> None:
    text = mermaid(drawing)
    _, front, body = text.split("---\n", 2)
    assert body.startswith("flowchart TB\n")
    for line in body.splitlines()[1:]:
        assert LINE.fullmatch(line), line
    title, *rest = front.splitlines()
    assert re.fullmatch(r'title: "[^"]*"', title)
    assert rest[0] == "config:"


@each_drawing
def test_mermaid_labels_hold_no_markup_but_ours(drawing: Picture) -> None:
    for label in re.findall(r'"([^"]*)"', mermaid(drawing).split("flowchart TB\n")[1].split("    legend")[0]):
        assert set(re.findall(r"<[^>]*>", label)) <= {"<b>", "</b>", "<br>", "<small>", "</small>"}
        assert not set("`\\%;{}") & set(re.sub(r"#\d+;", "", label))


@pytest.mark.parametrize("word", ["click", "%%", "init:", "javascript:", "$$", "fa:fa", "```"])
@each_drawing
def test_mermaid_commands_do_not_survive(drawing: Picture, word: str) -> None:
    text = mermaid(drawing)
    assert not [line for line in text.splitlines() if line.strip().startswith(word)]
    assert word == "click" or word not in text


@each_drawing
def test_dot_ids_are_generated(drawing: Picture) -> None:
    for line in dot(drawing).splitlines():
        assert DOT_LINE.match(line), line


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_colours_have_six_digits(theme: str) -> None:
    text = dot(nasty.picture(), theme)
    assert re.findall(r'(?i)(?:color)="?(#[0-9a-f]*)', text)
    assert all(len(c) == 7 for c in re.findall(r'(?i)color="?(#[0-9a-f]*)', text))
    assert set(re.findall(r"fontname=(\w+)", text)) == {"Helvetica"}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a#b", "a#35;b"),
        ('"', "#34;"),
        ("<b>", "#60;b#62;"),
        ("a:b;", "a#58;b#59;"),
        ("é 漢 x_1", "é 漢 x_1"),
        ("a\nb", "a b"),
    ],
)
def test_mermaid_escapes(text: str, wanted: str) -> None:
    assert escaped(text) == wanted


def test_long_texts_lose_their_middle() -> None:
    assert shortened("a" * 30 + "b" * 30, 21) == "a" * 10 + "…" + "b" * 10
    assert len(mermaid(nasty.picture())) < 30_000
