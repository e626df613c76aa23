# ruff: noqa: RUF001 - characters that look like others
"""Each limit: at it a spec is read, one past it it is refused, and never with a crash."""

from __future__ import annotations

import time

import pytest

from netspec.limits import MAX_DIGITS, MAX_NESTING, MAX_SOURCE_BYTES, MAX_SYNTAX_ERRORS
from netspec.source import Source
from netspec.syntax.ast import Document
from netspec.syntax.parse import parse


def result_of(text: str) -> tuple[Document | None, list[str]]:
    document, mistakes = parse(Source("spec.netspec", text))
    assert (document is None) == bool(mistakes)
    return document, [m.code for m in mistakes]


def deep(pattern: str, depth: int) -> str:
    """The pattern nested so often at its ``_``, around ``1``."""
    before, after = pattern.split("_")
    return f"netspec 1\nconst k = {before * depth}1{after * depth}\n"


NESTED = [
    "(_)", "[_]", "{1: _}", "f(_)", "x[_]", "(1, _)", "[_, 2]", "-_", "not _", "2 ** _", "2 * (_)", "[x for x in _]",
    "f(a=_)",
]  # fmt: skip


@pytest.mark.parametrize("pattern", NESTED)
def test_nesting(pattern: str) -> None:
    most = next(n for n in range(1, MAX_NESTING + 2) if result_of(deep(pattern, n + 1))[1])
    assert MAX_NESTING // 2 <= most <= MAX_NESTING
    assert result_of(deep(pattern, most))[1] == []
    assert result_of(deep(pattern, most + 1))[1] == ["NS105"]


@pytest.mark.parametrize("pattern", ["(_)", "[_]", "f(_)", "x[_]", "-_", "not _"])
def test_nesting_counts_as_written(pattern: str) -> None:
    assert result_of(deep(pattern, MAX_NESTING))[1] == []
    assert result_of(deep(pattern, MAX_NESTING + 1))[1] == ["NS105"]


@pytest.mark.parametrize("pattern", ["f(x -> a: _)", "[a: _]", "f(a=_)", "{1: [_]}", "not -f(_)[0]"])
def test_the_deepest_trees_can_be_compared_and_shown(pattern: str) -> None:
    text = next(t for n in range(MAX_NESTING, 0, -1) if not result_of(t := deep(pattern, n))[1])
    assert result_of(text)[0] == result_of(text)[0]
    assert len(repr(result_of(text)[0])) > 1000


def test_blocks_nest_too() -> None:
    def text(depth: int) -> str:
        return "netspec 1\nblock A() {\n" + "if a {\n" * (depth - 1) + "}\n" * depth

    assert result_of(text(MAX_NESTING))[1] == []
    assert result_of(text(MAX_NESTING + 1))[1] == ["NS105"]


@pytest.mark.parametrize("part", [".a", "()", "[0]", " * 2", " ** 2", " if a else b"])
def test_chains_of_operators_make_deep_trees(part: str) -> None:
    assert result_of(f"netspec 1\nconst k = a{part * MAX_NESTING}\n")[1] == []
    assert result_of(f"netspec 1\nconst k = a{part * (MAX_NESTING + 2)}\n")[1] == ["NS105"]


@pytest.mark.parametrize("part", [" + 2 * a", " - a", " and a", " or not a", ", a.b[0](1)", " == a"])
def test_flat_things_may_be_long(part: str) -> None:
    assert result_of(f"netspec 1\nconst k = (a{part * 2000})\n")[1] == []


def test_chains_may_be_long() -> None:
    steps = "\n    -> a: f(x.y, -1)[0] if not b else c" * 1000
    assert result_of(f"netspec 1\nblock A() {{\n    y = x{steps}\n}}\n")[1] == []


def test_nesting_in_strings_counts_with_what_is_around_them() -> None:
    def text(around: int, inside: int) -> str:
        string = '"{' + "(" * inside + "1" + ")" * inside + '}"'
        return f"netspec 1\nconst k = {'(' * around}{string}{')' * around}\n"

    assert result_of(text(50, 49))[1] == []
    assert result_of(text(50, 50))[1] == ["NS105"]


@pytest.mark.parametrize("opener", ["(", "[", "{", "f(", "-", "not ", "{1:", "if a {", "(\n", '"{'])
def test_many_openers_are_refused_quickly(opener: str) -> None:
    begin = time.perf_counter()
    assert result_of("netspec 1\nconst k = " + opener * 100_000)[1]
    assert result_of("netspec 1\nblock A() {\n" + opener * 100_000)[1]
    assert time.perf_counter() - begin < 60  # it ends: how fast is for the benchmarks


def test_size() -> None:
    text = "netspec 1\n"
    assert result_of(text + "#" * (MAX_SOURCE_BYTES - len(text)))[1] == []
    assert result_of(text + "#" * (MAX_SOURCE_BYTES - len(text) + 1))[1] == ["NS601"]


def test_size_is_in_bytes() -> None:
    text = "netspec 1\n# "
    assert result_of(text + "é" * ((MAX_SOURCE_BYTES - len(text)) // 2))[1] == []
    assert result_of(text + "é" * ((MAX_SOURCE_BYTES - len(text)) // 2 + 1))[1] == ["NS601"]


def test_digits() -> None:
    assert result_of(f"netspec 1\nconst k = {'9' * MAX_DIGITS}\n")[1] == []
    assert result_of(f"netspec 1\nconst k = {'9' * (MAX_DIGITS + 1)}\n")[1] == ["NS107"]
    assert result_of(f"netspec 1\nconst k = 0.{'9' * (MAX_DIGITS - 1)}\n")[1] == []
    assert result_of(f"netspec 1\nconst k = 0.{'9' * MAX_DIGITS}\n")[1] == ["NS107"]


def test_floats_are_finite() -> None:
    assert result_of("netspec 1\nconst k = 1e308\n")[1] == []
    assert result_of("netspec 1\nconst k = 1e309\n")[1] == ["NS107"]
    assert result_of("netspec 1\nconst k = 1e-999\n")[1] == []


def test_number_of_errors() -> None:
    text = "netspec 1\n" + "const k\n" * 1000
    assert len(result_of(text)[1]) == MAX_SYNTAX_ERRORS
    assert len(result_of("netspec 1\n" + "const k = $\n" * 1000)[1]) == MAX_SYNTAX_ERRORS
    assert len(result_of("netspec 1\n" + "# \u202e\n" * 1000)[1]) == MAX_SYNTAX_ERRORS


FORBIDDEN = [
    0x00, 0x07, 0x0B, 0x0C, 0x1B, 0x7F, 0x85, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E,
    0x2060, 0x2066, 0x2069, 0xFEFF, 0xD800, 0xE0041,
]  # fmt: skip


@pytest.mark.parametrize("code", FORBIDDEN, ids=lambda code: f"U+{code:04X}")
@pytest.mark.parametrize("text", ["# {}", '"{}"', "{}", "x{}y"])
def test_characters_that_may_stand_nowhere(code: int, text: str) -> None:
    assert result_of("netspec 1\nconst k = 1 + " + text.replace("{}", chr(code)) + "\n")[1] == ["NS101"]


@pytest.mark.parametrize("text", ["# ünï → 層 😀", '"ünï → 層 😀"', "\t3\t", "## 👩\u200d🔬"])
def test_characters_that_may_stand_in_strings_and_comments(text: str) -> None:
    assert result_of(f"netspec 1\nconst k = (1, {text}\n)\n")[1] == []


@pytest.mark.parametrize("name", ["ﬁlter", "größe", "аlpha", "x²", "層"])
def test_names_are_ascii(name: str) -> None:
    """Python folds ``ﬁ`` to ``fi``, and the second ``а`` is Cyrillic."""
    assert result_of(f"netspec 1\nconst {name} = 1\n")[1] == ["NS101"]


def test_a_carriage_return_ends_no_line() -> None:
    assert result_of("netspec 1\rconst k = 1\n")[1] == ["NS101"]
