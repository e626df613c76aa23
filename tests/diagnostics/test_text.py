"""The layout of diagnostics as text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from netspec.diagnostics.model import Diagnostic, Label
from netspec.diagnostics.text import TEXT, WIDTH, render, render_all
from netspec.source import Source, Span

SPEC = "netspec 1\n\n\n\n\n\n\n    main = x -> conv1: ConvModule(planes, (3, 1, 1))\n\n\n    skip = x\n\
    output (main + skip) -> relu: ReLU(inplace=True)\n"


def at(source: Source, text: str, after: int = 0) -> Span:
    start = source.text.index(text, after)
    return Span(source, start, start + len(text))


def one(text: str, place: str, label: str = "here", name: str = "spec.netspec") -> str:
    source = Source(name, text)
    return render(Diagnostic("NS100", "no", Label(at(source, place), label)))


def test_layout_of_the_design() -> None:
    """The example of LANGUAGE.md, line for line."""
    source = Source("specs/resnet3d50.netspec", SPEC)
    diagnostic = Diagnostic(
        "NS301",
        "cannot add tensors of different shapes",
        Label(at(source, "main + skip"), "channels 256 and 64 differ"),
        (
            Label(at(source, "skip"), "[B, 64, T, ceil(H/4), ceil(W/4)]"),
            Label(at(source, "main"), "[B, 256, T, ceil(H/4), ceil(W/4)]"),
        ),
        trail="ResNet3d50() > layer1 > 0 (Bottleneck3d)",
        help="project the skip: `skip = x -> downsample: ConvModule(4 * planes, 1)`",
    )
    assert (
        render(diagnostic)
        == """\
error[NS301]: cannot add tensors of different shapes
  --> specs/resnet3d50.netspec:12:13
   |
 8 |     main = x -> conv1: ConvModule(planes, (3, 1, 1))
   |     ---- [B, 256, T, ceil(H/4), ceil(W/4)]
11 |     skip = x
   |     ---- [B, 64, T, ceil(H/4), ceil(W/4)]
12 |     output (main + skip) -> relu: ReLU(inplace=True)
   |             ^^^^^^^^^^^ channels 256 and 64 differ
   |
   = in: ResNet3d50() > layer1 > 0 (Bottleneck3d)
   = help: project the skip: `skip = x -> downsample: ConvModule(4 * planes, 1)`"""
    )


def test_facts_in_order() -> None:
    source = Source("a", "x")
    diagnostic = Diagnostic(
        "NS500", "m", Label(Span(source, 0, 1)), trail="N() > a", notes=("n", "o"), help="h", more=3
    )
    assert (
        render(diagnostic)
        == """\
warning[NS500]: m
 --> a:1:1
  |
1 | x
  | ^
  |
  = in: N() > a and 3 more
  = note: n
  = note: o
  = help: h"""
    )


def test_another_source() -> None:
    here, there = Source("a.netspec", "use\nof\n"), Source("std/conv", "\n\n\n\n\n\n\n\n\nblock\n")
    diagnostic = Diagnostic("NS200", "m", Label(at(here, "of"), "used"), (Label(at(there, "block"), "declared"),
                                                                         Label(at(here, "use"))))  # fmt: skip
    assert (
        render(diagnostic)
        == """\
error[NS200]: m
  --> a.netspec:2:1
   |
 1 | use
   | ---
 2 | of
   | ^^ used
   |
  ::: std/conv:10:1
   |
10 | block
   | ----- declared"""
    )


def test_labels_on_one_line() -> None:
    source = Source("a", "f(1 2)")
    diagnostic = Diagnostic("NS100", "m", Label(at(source, "2"), "b"), (Label(at(source, "("), "a"),))
    assert render(diagnostic).split("\n")[3:] == ["1 | f(1 2)", "  |  - a", "  |     ^ b"]


def test_columns_are_counted_from_one_in_characters() -> None:
    assert " --> spec.netspec:2:3" in one("a\n\t\tb", "b")


def test_tabs() -> None:
    assert one("\tx\t= y", "y").split("\n")[3:] == ["1 |     x    = y", "  |            ^ here"]


def test_tab_underlined() -> None:
    assert one("a\tb", "\t").split("\n")[4] == "  |  ^^^^ here"


def test_windows_line_ends() -> None:
    assert one("a\r\n  bc\r\nd", "bc").split("\n")[3:] == ["2 |   bc", "  |   ^^ here"]


def test_end_of_a_line_and_of_the_text() -> None:
    source = Source("a", "ab\r\n")
    for place in (2, 3):
        shown = render(Diagnostic("NS100", "m", Label(Span(source, place, place))))
        assert shown.split("\n")[3:] == ["1 | ab", "  |   ^"]
    assert render(Diagnostic("NS100", "m", Label(Span(source, 4, 4)))).split("\n")[3:] == ["2 |", "  | ^"]


def test_a_label_of_several_lines_underlines_the_first() -> None:
    assert one("  a(\n  b)\n", "a(\n  b)").split("\n")[3:] == ["1 |   a(", "  |   ^^ here"]


def test_wide_and_combining_characters() -> None:
    assert one("'層層' x", "x").split("\n")[4] == "  |        ^ here"
    assert one("'e\u0301' x", "x").split("\n")[4] == "  |     ^ here"
    assert one("'層' x", "層").split("\n")[4] == "  |  ^^ here"


def test_invisible_characters_are_shown() -> None:
    assert one("a\u202eb\x1b[31m", "b").split("\n")[3] == "1 | a�b�[31m"


def test_byte_order_mark() -> None:
    shown = one("\ufeffabc", "b").split("\n")
    assert shown[1:] == [" --> spec.netspec:1:2", "  |", "1 | abc", "  |  ^ here"]


@pytest.mark.parametrize("before", [0, 60, 200, 100_000])
def test_long_lines_are_cut_around_the_label(before: int) -> None:
    shown = one("a" * before + "X" + "b" * 100_000, "X").split("\n")
    assert shown[3][shown[4].index("^")] == "X"
    assert max(map(len, shown)) < WIDTH + 20


def test_long_lines_are_shown_once_for_each_label() -> None:
    source = Source("a", "A" + " " * 1000 + "B")
    shown = render(Diagnostic("NS100", "m", Label(at(source, "A")), (Label(at(source, "B")),))).split("\n")
    assert [line for line in shown if line.startswith("1 |")][1].endswith("B")
    assert max(map(len, shown)) < WIDTH + 20


def test_long_underlines_are_cut() -> None:
    assert max(map(len, one("X" * 100_000, "X" * 100_000).split("\n"))) < WIDTH + 20


def test_long_and_broken_messages() -> None:
    source = Source("a\nb", "x")
    diagnostic = Diagnostic("NS100", "m\n\x1b" * 10_000, Label(Span(source, 0, 1), "l\n" * 10_000), help="h\n" * 10_000)
    shown = render(replace(diagnostic, trail="t" * 10_000))
    assert len(shown.split("\n")) == 8
    assert max(map(len, shown.split("\n"))) < TEXT + 40
    assert "\x1b" not in shown


def test_several() -> None:
    diagnostic = Diagnostic("NS100", "m", Label(Span(Source("a", "x"), 0, 1)))
    assert render_all([diagnostic, diagnostic]).split("\n\n") == [render(diagnostic)] * 2
    assert str(diagnostic) == render(diagnostic)
