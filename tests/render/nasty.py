"""A picture of texts that mean something to Mermaid, DOT, HTML, XML or YAML.

Its Mermaid chart was drawn by mermaid.js 11.17 and 12.3 in Chromium: every text stood there as it is here, and
no script, link or image. ``python -m tests.render.nasty`` prints it for the next such look.
"""

from __future__ import annotations

from typing import Literal

from netspec.render.mermaid import mermaid
from netspec.render.picture import Box, Cluster, Link, Picture, SizeChange, Way, box_id

TEXTS = (
    "\"quoted\" 'single'", "<script>alert(1)</script>", "`back` ```tick```", "a]b) c} |d| [[",
    "# ;#35; #quot; &amp; &#60;",
    "semi;colon; style x:#1; classDef y:#2;", "new\nline\r\ttab", "ünï↯ 漢字 مرحبا 🦊",
    "---", "a:b:c --> d", "<b>bold</b><br>",
    '\\N \\G \\" \\l \\', "end", 'click n1 "javascript:alert(1)"', '%%{init: {"securityLevel":"loose"}}%%',
    "graph TD; subgraph", "<img src=x onerror=alert(1)>", "\N{RIGHT-TO-LEFT OVERRIDE}evil\N{ZERO WIDTH SPACE}\0\a\x1b",
    " ", "$$x^2$$", "**md** _it_ `x`", "{{mustache}} ${js}", "http://evil.example/x", "<![CDATA[x]]> <?pi?> <!-- c -->",
    "o x constructor __proto__", "fa:fa-car", "@{shape: circle}", "style n1 fill:#f00;", "&", "\\",
)  # fmt: skip

_SHAPES: tuple[Literal["box", "round", "double", "circle"], ...] = ("box", "round", "double", "circle")
_SIZES: tuple[SizeChange, ...] = ("same", "down", "up")
_WAYS: tuple[Way, ...] = ("plain", "skip", "projection")


def picture() -> Picture:
    """Every text in every place where a text can stand."""
    numbered = list(enumerate(TEXTS))
    boxes = [
        Box(box_id(i), t, (t, f"line {t}"), t, "conv", _SHAPES[i % 4], i % 5 == 0, (t, t), "c0" if i % 2 else None)
        for i, t in numbered
    ]
    links = [Link(box_id(i - 1), box_id(i), t, _SIZES[i % 3], _WAYS[i % 3]) for i, t in numbered[1:]]
    cluster = Cluster("c0", "".join(TEXTS[:6]))
    return Picture("".join(TEXTS), tuple(boxes), tuple(links), (cluster,), TEXTS)


if __name__ == "__main__":
    print(mermaid(picture()), end="")
