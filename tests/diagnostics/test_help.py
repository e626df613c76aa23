"""Helps with edits: what they change, and that what they name is there."""

from __future__ import annotations

import re

import pytest
import torch

from netspec.diagnostics import Diagnostic, Edit, Help, Label, applied, closest, did_you_mean, removed
from netspec.elaborate.advice.habits import NOT_YET, STANDARD
from netspec.files import read_import
from netspec.ops import registry
from netspec.source import Source, Span
from netspec.syntax.rewriting import arguments_after, as_chain


def at(source: Source, text: str) -> Span:
    start = source.text.index(text)
    return Span(source, start, start + len(text))


def test_a_diagnostic_takes_the_edits_of_its_help() -> None:
    source = Source("a", "x => y")
    place = at(source, "=>")
    diagnostic = Diagnostic("NS100", "no", Label(place), help=Help("write `->`", Edit(place, "->")))
    assert applied(source, diagnostic.edits) == "x -> y"
    assert diagnostic.help == "write `->`"


@pytest.mark.parametrize(
    ("text", "argument", "left"),
    [
        ("f(a, b, c)", "a", "f(b, c)"),
        ("f(a, b, c)", "b", "f(a, c)"),
        ("f(a, b, c)", "c", "f(a, b)"),
        ("f(a)", "a", "f()"),
        ("f(\n    a,\n    b\n)", "b", "f(\n    a\n)"),
        ("f(\n    a,\n    b,\n)", "b", "f(\n    a,\n    \n)"),
    ],
)
def test_an_argument_leaves_with_its_comma(text: str, argument: str, left: str) -> None:
    source = Source("a", text)
    assert applied(source, [removed(at(source, argument))]) == left


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("y = f(x)\n", "y = x -> f\n"),
        ("output f(x) -> relu()", "output x -> f -> relu()"),
        ("y = f(x) + x", "y = (x -> f) + x"),
        ("if f(x) == f", "if (x -> f) == f"),
    ],
)
def test_a_chain_stands_in_parentheses_beside_others(text: str, fixed: str) -> None:
    source = Source("a", text)
    assert applied(source, [as_chain(at(source, "f(x)"), "x -> f")]) == fixed


def test_arguments_are_found_where_they_are_closed() -> None:
    source = Source("a", "f(a, (b, c)) g( h('x')")
    inside = arguments_after(at(source, "f"))
    assert inside is not None
    assert inside.text == "a, (b, c)"
    assert arguments_after(at(source, "g")) is None
    assert arguments_after(at(source, "h")) is None


def test_did_you_mean_corrects_the_name() -> None:
    source = Source("a", "Conv2d(64, 3, strid=2)")
    help = did_you_mean("strid", ["stride", "padding"], at(source, "strid"))
    assert help == "did you mean `stride`?"
    assert isinstance(help, Help)
    assert applied(source, help.edits) == "Conv2d(64, 3, stride=2)"
    assert did_you_mean("xyz", ["stride", "padding"], at(source, "64")) == ""


def test_names_of_other_libraries_are_known_only_where_they_fit() -> None:
    assert closest("filters", ["out_channels", "bias"]) == "out_channels"
    assert closest("filters", ["planes"]) is None


def test_what_netspec_does_not_have_is_in_torch() -> None:
    assert NOT_YET.isdisjoint(registry.names())
    places = (torch.nn, torch, torch.nn.functional)
    assert [name for name in NOT_YET if not any(hasattr(place, name) for place in places)] == []


@pytest.mark.parametrize(("name", "known", "slip"), [
    ("conv2D", "Conv2d", True), ("Conv2dd", "Conv2d", True), ("strdie", "stride", True),
    ("group_nrom", "GroupNorm", False), ("kernel", "kernel_size", True), ("pixel_shuffle", "PixelShuffle", True),
    ("swish", "SiLU", True), ("MaxUnpool2d", "MaxPool2d", False), ("cumsum", "sum", False), ("Conv4d", "Conv3d", False),
    ("H2", "H", False),
])  # fmt: skip
def test_only_slips_of_typing_are_corrected(name: str, known: str, slip: bool) -> None:
    source = Source("a", name)
    help = did_you_mean(name, [known, "padding"], Span(source, 0, len(name)))
    assert bool(getattr(help, "edits", ())) == slip


def test_a_name_that_may_be_two_is_not_corrected() -> None:
    span = Span(Source("a", "skip"), 0, 4)
    assert not getattr(did_you_mean("skipp", ["skips", "skip1", "skipq"], span), "edits", ())


def test_blocks_of_the_standard_library_are_in_it() -> None:
    for path, names in STANDARD.items():
        source = read_import(path, Source("a", ""))
        assert isinstance(source, Source)
        assert set(names) <= set(re.findall(r"^block (\w+)", source.text, re.MULTILINE))
