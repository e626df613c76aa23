"""PNG: whole files of the size that was asked for, or refused."""

from __future__ import annotations

import os
import shutil
import stat
import struct
import sysconfig
import zlib
from pathlib import Path

import pytest

from netspec.render import Box, Picture, RenderError, picture_file, picture_text
from netspec.render.formats.dot import dot
from netspec.render.formats.png import MOST_ON_A_SIDE, pixels, png
from netspec.render.formats.running import Failed
from netspec.render.picture import box_id
from netspec.render.words import DIVIDED, MINUS, TIMES
from tests.render import networks
from tests.texts import graph_of

PURE = shutil.which("graphviz-pure", path=sysconfig.get_path("scripts")) or "graphviz-pure"
SYSTEM = shutil.which("dot")
RENDERERS = [PURE, *([SYSTEM] if SYSTEM else [])]


def wide(boxes: int) -> Picture:
    """Boxes side by side: about 360 points each."""
    return Picture("Wide", tuple(Box(box_id(i), "x" * 40) for i in range(boxes)), ())


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def blank(width: int, height: int) -> bytes:
    """A PNG file without pixels: its header and its end."""
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


@pytest.fixture(params=RENDERERS, ids=os.path.basename)
def renderer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("NETSPEC_DOT", request.param)
    return str(request.param)


def test_a_png_has_two_pixels_for_a_point(renderer: str) -> None:
    graph = graph_of(networks.BACKBONE)
    content = picture_file(graph, "png")
    svg = picture_text(graph, "svg")
    points = [float(svg.split(f'{side}="')[1].split("pt")[0]) for side in ("width", "height")]
    assert pixels(content) == pytest.approx([2 * p for p in points], abs=3)
    assert content == picture_file(graph, "png")


def test_a_picture_that_gets_too_large_has_one_pixel_for_a_point(renderer: str) -> None:
    width, height = pixels(png(wide(80)))
    assert MOST_ON_A_SIDE / 2 < width < MOST_ON_A_SIDE
    assert height < 200


def test_what_is_too_large_then_is_refused_with_its_size(renderer: str) -> None:
    with pytest.raises(RenderError, match=rf"^too large for PNG: 1\d\d,\d{{3}} {TIMES} 1\d\d pixels, and at most "):
        png(wide(400))


def test_a_png_is_no_text() -> None:
    with pytest.raises(ValueError, match="a PNG is no text"):
        picture_text(graph_of(networks.BACKBONE), "png")


@pytest.mark.parametrize("content", [b"", b"GIF89a", blank(3, 4)[:-1], blank(3, 4) + b"x", blank(3, 4)[4:]])
def test_what_is_no_whole_png_is_told(content: bytes) -> None:
    with pytest.raises(Failed, match=r"^wrote no PNG$"):
        pixels(content)


def test_the_size_of_a_png_is_read_from_its_header() -> None:
    assert pixels(blank(640, 480)) == (640, 480)


def fake(folder: Path, png_file: bytes, plain: str = "graph 1 2.6 1.6") -> str:
    """A Graphviz that lays out to 3 by 2 inches, and draws this."""
    (folder / "drawn").write_bytes(png_file)
    text = f'#!/bin/sh\ncase "$1" in -Tplain) echo "{plain}";; *) /bin/cat {folder / "drawn"};; esac\n'
    (folder / "fake").write_text(text)
    (folder / "fake").chmod(stat.S_IRWXU)
    return str(folder / "fake")


def test_a_renderer_that_shrinks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = wide(1)
    monkeypatch.setenv("NETSPEC_DOT", fake(tmp_path, blank(432, 288)))
    assert png(picture) == blank(432, 288)
    monkeypatch.setenv("NETSPEC_DOT", fake(tmp_path, blank(216, 144)))
    with pytest.raises(RenderError, match=f"drew 216 {TIMES} 144 pixels where 432 {TIMES} 288 were asked for"):
        png(picture)
    monkeypatch.setenv("NETSPEC_DOT", fake(tmp_path, blank(432, 288), plain="hello"))
    with pytest.raises(RenderError, match="wrote no layout: "):
        png(picture)


def test_the_legend_needs_no_sign_that_the_font_of_graphviz_pure_lacks() -> None:
    """Its font has what Windows Glyph List 4 has: of arrows and lines these."""
    signs = {c for c in dot(Picture("N", wide(1).boxes, ())) if not c.isascii()}
    for name in networks.ALL:
        graph = graph_of(networks.ALL[name])
        signs |= {c for c in picture_text(graph, "dot", "ops") + picture_text(graph, "dot") if not c.isascii()}
    assert signs <= {*"→↓↑·…─═▬►■", TIMES, MINUS, DIVIDED, "\N{EN DASH}"}
