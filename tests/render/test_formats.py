"""What Mermaid, DOT and SVG make of a picture."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from netspec.render.drawing import picture_of
from netspec.render.formats.dot import dot
from netspec.render.formats.mermaid import mermaid
from netspec.render.formats.rows import WIDEST, chart_height, chart_width, rows
from netspec.render.formats.svg import svg
from netspec.render.formats.ushape import u_shape
from netspec.render.levels.overview import overview
from netspec.render.picture import Box, Link, Picture, RenderError, box_id
from tests.render import networks
from tests.texts import graph_of

SVG = "{http://www.w3.org/2000/svg}"


def picture(name: str) -> Picture:
    return overview(graph_of(networks.ALL[name]))


@pytest.mark.parametrize("name", networks.ALL)
def test_the_same_graph_gives_the_same_bytes(name: str) -> None:
    for write in (mermaid, dot, svg):
        assert write(picture(name)) == write(picture(name))


def test_thick_red_links_where_the_size_falls() -> None:
    assert "linkStyle 1,2,4,5,6 stroke-width:4px, stroke:#800" in mermaid(picture("resnet3d50"))
    assert dot(picture("resnet3d50")).count('color="#880000" labeltooltip') == 5


def test_projections_are_dashed() -> None:
    text = mermaid(picture("residual"))
    assert text.count("-.->") == 2
    assert re.search(r"style n\d+ stroke-dasharray:5 5", text)
    assert dot(picture("residual")).count("style=dashed") == 2


def test_the_legend_tells_what_occurs_and_no_more() -> None:
    assert "skip" not in mermaid(picture("resnet3d50"))
    text = mermaid(picture("residual"))
    assert "skip, as it is" in text
    assert "skip, projected" in text
    assert "upsampling" not in text


def test_print_needs_no_colours() -> None:
    colours = set(re.findall(r"#[0-9A-Fa-f]{6}", dot(picture("unet"), "print")))
    assert colours <= {"#FFFFFF", "#000000", "#404040", "#808080"}


def test_larger_charts_than_mermaid_takes_are_refused_with_their_counts() -> None:
    boxes = tuple(Box(box_id(i), f"b{i}") for i in range(502))
    links = tuple(Link(a.id, b.id) for a, b in pairwise(boxes))
    assert len(links) == 501
    with pytest.raises(RenderError, match=r"too large for mermaid\.js: 501 links of at most 500"):
        mermaid(Picture("N", boxes, links))
    mermaid(Picture("N", boxes[:-1], links[:-1]))
    wide = tuple(Box(box_id(i), "x" * 90, ("y" * 90,) * 5) for i in range(100))
    with pytest.raises(RenderError, match="characters of at most 50,000"):
        mermaid(Picture("N", wide, ()))


def test_a_unet_is_drawn_as_a_u() -> None:
    unet = picture("unet")
    shape = u_shape(unet)
    titles = {b.id: b.title for b in unet.boxes}
    assert sorted((titles[a], titles[b]) for a, b in shape.level) == [
        ("down1", "concat"), ("down2", "concat"), ("down3", "concat"), ("inc", "concat")
    ]  # fmt: skip
    assert titles[unet.links[min(shape.rising)].source] == "down4"
    assert dot(unet).count("dir=back") == len(shape.rising)


@pytest.mark.parametrize("name", ["resnet3d50", "residual", "two_stream", "backbone"])
def test_other_networks_are_no_u(name: str) -> None:
    assert not u_shape(picture(name)).rising


def test_svg_centres_text_and_shows_tooltips() -> None:
    root = ElementTree.fromstring(svg(picture("resnet3d50")))
    nodes = [g for g in root.iter(f"{SVG}g") if g.get("class") == "node"]
    assert len(nodes) == 8
    for node in nodes:
        assert len({t.get("x") for t in node.iter(f"{SVG}text")}) == 1
        assert {t.get("font-family", "").split(",")[0] for t in node.iter(f"{SVG}text")} == {"Helvetica"}
        assert {t.get("text-anchor") for t in node.iter(f"{SVG}text")} == {"middle"}
    titles = [node.findtext(f"{SVG}title", "") for node in nodes]
    assert "conv1: ConvModule" in titles[1].splitlines()
    assert not re.search(r"\bn\d+\b", "\n".join(titles))
    assert "<!--" not in svg(picture("backbone"))


def test_drawing_imports_neither_torch_nor_networkx() -> None:
    code = (
        "import sys\nfrom tests.texts import graph_of\nfrom tests.render.networks import RESNET\n"
        "from netspec.render import picture_text\npicture_text(graph_of(RESNET), 'mmd')\n"
        "print(sorted({'torch', 'networkx', 'graphviz', 'rich', 'sympy', 'xml.etree.ElementTree'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_many_charts_stand_in_rows() -> None:
    chart = "block B{0}() {{\n    input x\n    output x -> c: Conv2d(8, {0}, padding={0} // 2) -> r: ReLU()\n}}\n"
    sizes = range(1, 24, 2)
    text = "".join(chart.format(i) for i in sizes)
    steps = " -> ".join(f"b{i}: B{i}()" for i in sizes)
    text += f"network N() {{\n    input x: [B, 8, H, W]\n    output x -> {steps}\n}}"
    sheet = picture_of(graph_of(text), "blocks")
    found = rows(sheet)
    assert [c for row in found for c in row] == list(sheet.charts)
    assert len(found) > 1
    assert all(sum(chart_width(sheet, c) for c in row) <= WIDEST for row in found)
    assert [chart_height(sheet, c) for c in sheet.charts] == [3] * 12
    assert float(re.findall(r'<svg[^>]* width="([\d.]+)pt"', svg(sheet))[0]) <= 1.1 * WIDEST
    first, second = found[0], found[1]
    assert f"    {first[0].id} ~~~ {second[0].id}\n" in mermaid(sheet)
