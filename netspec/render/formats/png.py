"""A picture as PNG, laid out and drawn by Graphviz."""

from __future__ import annotations

import re
import struct

from netspec.render.formats.dot import PAD, dot
from netspec.render.formats.layout import laid_out, output
from netspec.render.formats.programs import Program
from netspec.render.formats.running import Failed
from netspec.render.picture import Picture, RenderError
from netspec.render.words import TIMES

#: Pixels per inch: of the layout's 72 points two pixels each, of what gets too large one.
RESOLUTIONS = (144, 72)
#: What renderers and viewers take: beyond it Graphviz shrinks pictures until they cannot be read.
MOST_ON_A_SIDE = 32_767
#: What image libraries open without a warning about decompression bombs: a quarter of a GiB in three bytes each.
MOST_PIXELS = 2**30 // 4 // 3

_SIGNATURE, _END = b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82"
_Pixels = tuple[int, int]


def png(picture: Picture, theme: str = "light") -> bytes:
    """The content of a PNG file, two pixels for a point, or one where that would be too large.

    Raises `RenderError` where one is too large as well, or no Graphviz can draw it (see `.layout`).
    """
    source = dot(picture, theme)
    return laid_out("png", lambda program: _drawn(program, source))


def _drawn(program: Program, source: str) -> bytes:
    """Laid out once to see how large it gets, then drawn."""
    resolution, size = _resolution(_inches(output(program, source, "-Tplain")))
    content = output(program, source, "-Tpng", f"-Gdpi={resolution}")
    drawn = pixels(content)
    if any(abs(is_ - wanted) > 2 for is_, wanted in zip(drawn, size, strict=True)):
        raise Failed(f"drew {_text(drawn)} pixels where {_text(size)} were asked for")
    return content


def _inches(plain: bytes) -> tuple[float, float]:
    """Width and height of a layout, which stand in its first line: ``graph 1 4.5 12.9``."""
    found = re.match(rb"graph [\d.e+]+ ([\d.e+]+) ([\d.e+]+)\s", plain)
    if found is None:
        raise Failed("wrote no layout")
    return float(found[1]) + 2 * PAD, float(found[2]) + 2 * PAD


def _resolution(inches: tuple[float, float]) -> tuple[int, _Pixels]:
    """The first resolution at which a picture is not too large, and its size then."""
    width, height = inches
    for resolution in RESOLUTIONS:
        size = round(width * resolution), round(height * resolution)
        if max(size) <= MOST_ON_A_SIDE and size[0] * size[1] <= MOST_PIXELS:
            return resolution, size
    raise RenderError(
        f"too large for PNG: {_text(size)} pixels, and at most {MOST_ON_A_SIDE:,} on a side and {MOST_PIXELS:,} in all "
        "can be drawn; write .svg, or draw less: the level `overview`, or one block (--block)"
    )


def pixels(content: bytes) -> _Pixels:
    """Width and height of a whole PNG file (PNG specification, 11.2.2). Raises `Failed` for anything else."""
    if not content.startswith(_SIGNATURE) or content[12:16] != b"IHDR" or not content.endswith(_END):
        raise Failed("wrote no PNG")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def _text(size: _Pixels) -> str:
    return f"{size[0]:,} {TIMES} {size[1]:,}"
