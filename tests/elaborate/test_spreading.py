"""Joins in which torch would spread an axis in silence: what helps, applied, gives the network that was meant."""

from __future__ import annotations

import pytest

from netspec.check import check_all
from netspec.diagnostics import Diagnostic, applied
from netspec.files import read_import
from netspec.source import Source
from tests.elaborate.reading import graph_of, mistakes_of, outputs


def spec(body: str, shape: str) -> str:
    return f"netspec 1\nnetwork Net() {{\n    input x: {shape}\n    {body}\n}}\n"


def errors(source: Source) -> list[Diagnostic]:
    return [d for d in check_all(source, read_import)[1] if d.severity == "error"]


def fixed(text: str) -> str:
    source = Source("spec.netspec", text)
    for _ in range(4):
        found = errors(source)
        if not found:
            break
        source = Source("spec.netspec", applied(source, [edit for d in found for edit in d.edits]))
    return source.text


# Every row: what is written, the input's shape, a part of the help, what stands there after it, the output's shape.
CASES = [
    # squeeze and excitation, flattened for a Linear
    ("g = x -> p: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(4)\n    output x * g", "[B, 4, H, W]",
     "`g[:, :, None, None]` gives it the axes that it is spread over", "x * g[:, :, None, None]", "[B, 4, H, W]"),
    # one weight per sample
    ("w = x[:, 0, 0]\n    output w * x", "[B, L, 8]", "`w[:, None, None]`", "w[:, None, None] * x", "[B, L, 8]"),
    # the last axes are the same: the batch is missing
    ("a = x[0]\n    output a + x", "[B, L, 8]", "`a[None]` adds the axes before", "a[None] + x", "[B, L, 8]"),
    # layer scale of an image
    ("param gamma: [4] = 1\n    output x * gamma", "[B, 4, H, W]", "declare `gamma: [4, 1, 1]` for one per channel",
     "param gamma: [4, 1, 1] = 1", "[B, 4, H, W]"),
    ("param gamma: [4] = 1\n    output x * gamma", "[B, 4, 7]", "declare `gamma: [4, 1]`", "gamma: [4, 1] = 1",
     "[B, 4, 7]"),
    # positions for more tokens than there are: at most 196, which the contract must say
    ("param position: [1, 196, 8] = 0\n    output x + position", "[B, L, 8]",
     "`position[:, :x.shape[1]]` takes as many as there are", "input x: [B, L, 8] where L <= 196", "[B, L, 8]"),
]  # fmt: skip


@pytest.mark.parametrize(("body", "shape", "help_", "after", "output"), CASES)
def test_the_help_applied_is_what_was_meant(body: str, shape: str, help_: str, after: str, output: str) -> None:
    text = spec(body, shape)
    (found,) = errors(Source("spec.netspec", text))
    assert found.code == "NS301"
    assert help_ in found.help
    assert after in fixed(text)
    assert outputs(graph_of(fixed(text))) == [output]


def test_a_gate_that_is_not_pooled_to_one() -> None:
    for body in ("AvgPool2d(7)", "AdaptiveAvgPool2d((1, 2))"):
        (found,) = mistakes_of(spec(f"y = x -> p: {body}\n    output x * y", "[B, 4, H, W]"))
        assert found.help == "a gate is spread over axes that are literally 1: `AdaptiveAvgPool(1)` gives it such"


def test_positions_of_another_number() -> None:
    text = spec("param position: [1, 197, 8] = 0\n    output x + position", "[B, 196, 8]")
    (found,) = mistakes_of(text)
    assert found.help == "declare it with the sizes of the other: `[1, 196, 8]`"


def test_positions_of_an_image_need_a_contract() -> None:
    body = "y = x -> p: Conv2d(8, 16, stride=16) -> flatten(2)\n    param position: [1, 8, 196] = 0\n"
    (found,) = mistakes_of(spec(f"{body}    output y + position", "[B, 3, H, W]"))
    assert found.help.startswith("`position[:, :, :y.shape[2]]` takes as many as there are") or "196" in found.help


def test_what_is_right_stays_right() -> None:
    for body, shape in (
        ("param gamma: [8] = 1\n    output x * gamma", "[B, L, 8]"),
        ("param gamma: [4, 1, 1] = 1\n    output x * gamma", "[B, 4, H, 8]"),
        ("y = x -> p: AdaptiveAvgPool2d(1)\n    output x * y", "[B, 4, H, W]"),
    ):
        graph_of(spec(body, shape))
