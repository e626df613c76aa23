"""No text makes netspec fail or hang: mutations of right specs give a graph or diagnostics, and soon."""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from netspec.check import check_all, errors
from netspec.diagnostics import CODES, Diagnostic
from netspec.elaborate import program
from netspec.files import FileSource, read_import
from netspec.syntax import ast
from netspec.syntax.read import read

ROOT = Path(__file__).parents[2]
#: Seconds that the mutations of one file take; more with NETSPEC_FUZZ=60.
SECONDS = float(os.environ.get("NETSPEC_FUZZ", "1.5"))
SEED = int(os.environ.get("NETSPEC_SEED", "1"))
SPECS = sorted((ROOT / "specs").rglob("*.netspec"))
FEATURES = """netspec 1
use "std/conv" { ConvModule as Unit }
const norms = {"batch": BatchNorm, "inst": InstanceNorm(affine=True), "null": None}
fn outer(kernel, more = 2) = [k + more if k > 1 else 1 for k in kernel]
## A block with everything.
block Rich(planes: int, kernel: int[axes] = 3, act: block? = ReLU(inplace=True), mode: "a" | "b" = "a",
           **options) as "Rich{planes}" {
    const expansion = 2
    input x: [B, C, *L[2]] where B >= 1
    input c: [*]
    order body, *, "l*"
    param scale: [C, 1, 1] = normal(std=0.02)
    buffer index: int[2, 2] = [[0, 1], [i for i in range(2)]]
    module head: MaxPool(1)
    let (a, b) = (1, (2, 3))
    y = (x * scale) -> body: [
        Unit(planes, kernel, act=act), 2 * Unit(planes, 1), last: PReLU() if mode == "a" else ReLU(),
    ] @label("x{planes}")
    for i, n in enumerate(b) {
        s[i] = y -> "l.{i}": Conv(n * planes, 1, **options) @hide
        y = y -> flat: Identity() if i == 9
    }
    if len(s) > 1 and y.shape == x.shape { y = y + x } elif y.rank == 4 { y = y -> head }
    else { y = concat(y, x, align="center") }
    assert a == 1, "a is {a}"
    init Conv { weight = kaiming_normal(mode="fan_out"), bias = 0 }
    freeze "body.0" if mode == "b"
    output y[:, :, 1:, ...], s[0]
}
network Net(n: int = 8, norm: "batch" | "inst" | "null" = "inst") {
    input image: [B, 4, H, W] where H % 2 == 0, W >= 4
    input mask: bool[B, H]
    z = image -> stage stem: 3 * Unit(4, 1, norm=norms[norm])
    *f = (z, z) -> rich: Rich(n, outer((1, 3)), mode="b")
    output "a" = f[0] -> norm: norms[norm]()
    output "b" = crop(f[1], like=z) -> flatten()
}
network Small = Net(n=4)
example Net(norm="batch")
"""
WORDS = re.compile(r'\w+|"[^"\n]*"|[^\w\s]|\s+')
EXTRA = [
    "0",
    "1",
    "-1",
    "2",
    "3.5",
    "10**18",
    "True",
    "None",
    '"a"',
    '"{x}"',
    "x",
    "y",
    "main",
    "B",
    "H",
    "W",
    "[]",
    "()",
    "{}",
    "[x]",
    "(x,)",
    "x.shape",
    "x.channels",
    "ReLU",
    "Conv2d",
    "Conv2d(3,1)",
    "ReLU()",
    "n",
    "*",
    "**",
    "+",
    "-",
    "/",
    "//",
    "%",
    "==",
    "!=",
    "<",
    "in",
    "not",
    "and",
    "or",
    "if",
    "else",
    "for",
    "->",
    ":",
    ",",
    "=",
    ".",
    "...",
    ":",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ";",
    "self:",
    "head",
    "->",
    "head",
    "2*ReLU()",
    "range(3)",
    "range(10**6)",
    "len(x)",
    "concat(x,x)",
    "flatten()",
    "x[0]",
    "x[:,None]",
    "*x",
    "**x",
    '"*"',
    "order",
    "freeze",
    "let",
    "input",
    "output",
    "param",
    "buffer",
    "module",
    "where",
    "1e308",
    "9**99",
]


def mutations(text: str, seed: int) -> Iterator[str]:
    """The text with a few words dropped, doubled, swapped or replaced."""
    draw = random.Random(seed)
    words = WORDS.findall(text)
    solid = [i for i, w in enumerate(words) if not w.isspace()]
    while True:
        changed = list(words)
        for _ in range(draw.choice((1, 1, 1, 2, 3, 6))):
            i, j = draw.choice(solid), draw.choice(solid)
            kind = draw.randrange(5)
            if kind == 0:
                changed[i] = ""
            elif kind == 1:
                changed[i] = changed[i] + " " + changed[j]
            elif kind == 2:
                changed[i], changed[j] = changed[j], changed[i]
            elif kind == 3:
                changed[i] = words[j]
            else:
                changed[i] = draw.choice(EXTRA)
        yield "".join(changed)


def check_text(text: str) -> tuple[Diagnostic, ...]:
    """Check a text; its diagnostics, which must print and point into their texts."""
    graphs, diagnostics = check_all(FileSource("spec.netspec", text, ROOT / "specs"), read_import)
    for diagnostic in diagnostics:
        assert len(str(diagnostic)) < 20_000
        span = diagnostic.primary.span
        assert 0 <= span.start <= span.end <= len(span.source.text)
    assert graphs or diagnostics or "network" not in text
    return diagnostics


TEXTS = {path.name: path.read_text(encoding="utf-8") for path in SPECS} | {"features": FEATURES}


def test_the_text_of_features_is_right() -> None:
    assert not errors(check_text(FEATURES)), "\n\n".join(map(str, check_text(FEATURES)))


@pytest.mark.parametrize("name", TEXTS)
def test_mutated_texts(name: str) -> None:
    end = time.perf_counter() + SECONDS
    for text in mutations(TEXTS[name], SEED):
        start = time.process_time()
        try:
            check_text(text)
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} for\n{text}") from error
        assert time.process_time() - start < 5, text
        if time.perf_counter() > end:
            break


# --------------------------------------------------------------------------------------------------- trees


#: Where only a string may stand.
TEXTS_ONLY = {
    ("Selector", "text"),
    ("Label", "value"),
    ("Output", "label"),
    ("Assert", "message"),
    ("Block", "class_name"),
    ("Variant", "class_name"),
}


def expressions(node: Any) -> Iterator[tuple[Any, str, int | None, Any]]:
    """Every expression in a tree with where it hangs: its parent, the field, and its place in a tuple."""
    for field in getattr(type(node), "__dataclass_fields__", ()):
        value = getattr(node, field)
        for place, child in enumerate(value) if isinstance(value, tuple) else [(None, value)]:
            if isinstance(child, ast.Node):
                if isinstance(child, ast.Expr) and (type(node).__name__, field) not in TEXTS_ONLY:
                    yield node, field, place, child
                yield from expressions(child)


def mutated(document: ast.Document, draw: random.Random) -> str:
    """Put an expression of a tree in the place of another one; what was done."""
    found = [e for d in document.declarations for e in expressions(d)]
    done = []
    for _ in range(draw.choice((1, 1, 2, 3))):
        parent, field, place, old = draw.choice(found)
        new = draw.choice(found)[3]
        if contains(new, parent):
            continue
        if place is None:
            setattr(parent, field, new)
        else:
            value = getattr(parent, field)
            setattr(parent, field, (*value[:place], new, *value[place + 1 :]))
        done.append(f"{old.span.text[:60]!r} at {old.span.place} became {new.span.text[:60]!r}")
    return "\n".join(done)


def contains(node: ast.Node, other: ast.Node) -> bool:
    """Whether a tree holds a node: it would then hold itself."""
    return node is other or any(e[0] is other or e[3] is other for e in expressions(node))


@pytest.mark.parametrize("name", TEXTS)
def test_mutated_trees(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(SEED)
    end = time.perf_counter() + SECONDS
    while time.perf_counter() < end:
        source = FileSource("spec.netspec", TEXTS[name], ROOT / "specs")
        document, _ = read(source)
        assert document is not None
        what = mutated(document, draw)
        trees = {"spec.netspec": document}
        monkeypatch.setattr(program, "read_source", lambda s, t=trees: (t[s.name], ()) if s.name in t else read(s))
        start = time.process_time()
        try:
            found = check_all(source, read_import)[1]  # places are of no use: expressions stand elsewhere now
        except Exception as error:
            raise AssertionError(f"{type(error).__name__} where\n{what}") from error
        assert time.process_time() - start < 5, what
        assert all(d.code in CODES for d in found)
