"""What the helps of joins write, and where they write nothing.

The mistakes themselves, with the shapes after the help, stand in tests/diagnostics/mistakes.
"""

from __future__ import annotations

from netspec.check import check_all
from netspec.diagnostics import Diagnostic, applied
from netspec.files import read_import
from netspec.source import Source


def mistake_of(body: str, blocks: str = "") -> tuple[Source, Diagnostic]:
    """The one mistake of a network with an input ``x: [B, 16, H, W]``."""
    lines = "\n    ".join(body.split("\n"))
    source = Source(
        "net.netspec", f"netspec 1\n{blocks}\nnetwork Net() {{\n    input x: [B, 16, H, W]\n    {lines}\n}}\n"
    )
    (found,) = [d for d in check_all(source, read_import)[1] if d.severity == "error"]
    return source, found


def fixed(body: str, blocks: str = "") -> str:
    """A text with the help of its mistake applied, which has no mistake then."""
    source, found = mistake_of(body, blocks)
    assert found.edits
    text = applied(source, found.edits)
    assert not [d for d in check_all(Source("net.netspec", text), read_import)[1] if d.severity == "error"], text
    return text


def test_two_changes_that_fit_are_no_help() -> None:
    """Which of two equal convolutions has the wrong width, nobody knows."""
    _, found = mistake_of("a = x -> a: Conv2d(8, 3)\nb = x -> b: Conv2d(4, 3)\noutput a + b")
    assert not found.edits
    assert found.help == "a sum needs equally many channels; `concat(a, b)` puts them one after the other"


def test_what_is_forgotten_goes_before_what_is_written() -> None:
    """Both strides could be others: that of the projection is not written."""
    text = fixed("a = x -> a: Conv2d(8, 3, stride=2, padding=1)\nb = x -> b: Conv2d(8, 1)\noutput a + b")
    assert "b: Conv2d(8, 1, stride=2)" in text


def test_a_number_does_not_take_the_place_of_an_expression() -> None:
    blocks = "block Unit(pad: int = 0) {\n    input x\n    y = x -> c: Conv2d(16, 3, padding=pad)\n    output x + y\n}"
    _, found = mistake_of("output x -> unit: Unit()", blocks)
    assert found.help == "with `padding=1` in `c` the shapes are equal"
    assert not found.edits


def test_a_projection_is_written_before_its_statement_in_a_loop() -> None:
    body = (
        'for i in range(2) {\n    y = x -> "c{i}": Conv2d(32, 3, padding=1)\n'
        "    x = x + y\n}\noutput x"
    )  # fmt: skip
    assert "skip = x -> downsample: Conv2d(32, 1) if x.shape != y.shape\n        x = skip + y\n" in fixed(body)


def test_a_projection_stands_on_the_line_of_its_statement() -> None:
    text = fixed("y = x -> c: Conv2d(32, 3, padding=1); output x + y")
    assert "; skip = x -> downsample: Conv2d(32, 1) if x.shape != y.shape; output skip + y" in text


def test_a_projection_is_the_block_that_the_branch_is_made_of() -> None:
    use = 'use "std/conv" { ConvModule }'
    text = fixed("y = x -> c: ConvModule(32, 3, stride=2)\noutput x + y", use)
    assert "downsample: ConvModule(32, 1, stride=2, act=None)" in text


def test_a_label_that_is_taken_is_not_given_again() -> None:
    _, found = mistake_of("y = x -> downsample: Conv2d(32, 3, padding=1)\noutput x + y")
    assert found.help.startswith("project the skip")
    assert not found.edits


def test_every_convolution_is_padded_where_one_is_not_enough() -> None:
    text = fixed("y = x -> a: Conv2d(8, 3) -> b: Conv2d(16, (3, 5), bias=False)\noutput x + y")
    assert "a: Conv2d(8, 3, padding=1) -> b: Conv2d(16, (3, 5), bias=False, padding=(1, 2))" in text


def test_steps_are_not_put_into_a_list() -> None:
    _, found = mistake_of("output x -> body: [ReLU(), Linear(4)]")
    assert "flatten()" in found.help
    assert not found.edits
