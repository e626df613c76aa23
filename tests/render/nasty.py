"""A picture of texts that mean something to Mermaid, DOT, HTML, XML or YAML.

Its Mermaid chart was drawn by mermaid.js 11.17 and 12.3 in Chromium: every text stood there as it is here, and
no script, link or image. ``python -m tests.render.nasty`` prints it for the next such look, with mermaid_js.mjs.
"""

from __future__ import annotations

from typing import Literal

from netspec.render.formats.mermaid import mermaid
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
_WAYS: tuple[Way, ...] = ("plain", "skip", "projection", "optional")
_FAMILIES = ("conv", "conv", "plain", "operator")


def picture() -> Picture:
    """Every text in every place where a text can stand."""
    numbered = list(enumerate(TEXTS))
    boxes = [
        Box(
            box_id(i),
            t,
            (t, f"line {t}"),
            t,
            _FAMILIES[i % 4],
            _SHAPES[i // 4 % 4],
            i % 5 == 0,
            (t, t),
            f"c{i % 3}" if i % 3 else None,
        )
        for i, t in numbered
    ]
    links = [Link(box_id(i - 1), box_id(i), t, _SIZES[i % 3], _WAYS[i % 4], i % 2 > 0) for i, t in numbered[1:]]
    clusters = Cluster("c1", "".join(TEXTS[:6])), Cluster("c2", "".join(TEXTS[6:12]), optional=True)
    return Picture("".join(TEXTS), tuple(boxes), tuple(links), clusters, TEXTS)


def spec() -> str:
    """A spec with the texts as labels, links, frames and conditions, as far as a spec can hold them."""
    texts = [t for t in TEXTS if t.isprintable()]
    quoted = [_quoted(t) for t in texts]
    kinds = '"up"', '"skip"'
    steps = "\n".join(
        f"        -> c{i}: Conv2d(4, 1) @label({q}) @link({q}, {kinds[i % 2]}) @optional({quoted[i // 2]})"
        for i, q in enumerate(quoted)
    )
    rest = "\n".join(f"        -> d{i}: ReLU() if x.rank == 4 and {q} != {q}" for i, q in enumerate(quoted))
    return f"""
block Labelled(text: str = {quoted[0]}) @label({quoted[1]}) {{
    input x
    output x
{steps}
}}
block Conditions(text: int = 3) {{
    input x
    output x
{rest}
        -> e: ReLU() if text > 3
}}
network Nasty() {{
    input x: [B, 4, H, W]
    output x -> a: Labelled() -> b: Conditions() -> z: Labelled(text={quoted[-1]}) @label({quoted[2]})
}}
"""


def _quoted(text: str) -> str:
    """A text as a string of a spec."""
    for sign, escape in (("\\", "\\\\"), ('"', '\\"'), ("{", "{{"), ("}", "}}")):
        text = text.replace(sign, escape)
    return f'"{text}"'


if __name__ == "__main__":
    print(mermaid(picture()), end="")
