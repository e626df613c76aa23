"""Whatever is done to a spec: no exception, no hang, and each diagnostic is one that can be shown."""

from __future__ import annotations

import random
import time
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.diagnostics import CODES
from netspec.diagnostics.text import render
from netspec.limits import MAX_SYNTAX_ERRORS
from netspec.source import Source
from netspec.syntax.lexer import Lexer
from netspec.syntax.parse import parse
from netspec.syntax.table import load
from tests.syntax.test_examples import SPECS

SIGNS = [
    "(", ")", "[", "]", "{", "}", ",", ":", "=", "->", "@", "|", "?", "+", "-", "*", "**", "/", ".", "...", ";", "\n",
    '"', "'", "#", "##", "if", "else", "elif", "for", "in", "not", "and", "block", "network", "input", "output", "let",
    "init", "stage", "as", "where", "order", "use", "fn", "example", "0", "1e5", "99999999999999999999", "name",
    '"{a}"', '"{"', "“", "é", "\\", "$", "\t", "\r\n",
]  # fmt: skip


def check(text: str) -> None:
    """Parse, and hold the parser to what it promises."""
    document, mistakes = parse(Source("spec.netspec", text))
    assert (document is None) == bool(mistakes)
    assert len(mistakes) <= MAX_SYNTAX_ERRORS
    for mistake in mistakes:
        assert mistake.code in CODES
        for label in (mistake.primary, *mistake.related):
            assert 0 <= label.span.start <= label.span.end <= len(text)
        shown = render(mistake)
        assert len(shown) < 5000
        assert max(map(len, shown.split("\n"))) < 1200


@cache
def pieces(number: int) -> list[str]:
    """The tokens of a spec, each with the blanks before it."""
    text = SPECS[number].read_text(encoding="utf-8")[:3000]
    starts = [t.start for t in Lexer(Source("s", text), load(), 0, len(text)).run().tokens if t.text]
    return [text[a:b] for a, b in zip([0, *starts], [*starts, len(text)], strict=True)]


def mutate(tokens: list[str], random: random.Random) -> str:
    """Delete, insert, duplicate, swap or replace a few tokens."""
    tokens = list(tokens)
    for _ in range(random.choice((1, 1, 1, 2, 5))):
        at = random.randrange(len(tokens))
        match random.randrange(5):
            case 0:
                del tokens[at : at + random.choice((1, 1, 3))]
            case 1:
                tokens.insert(at, f" {random.choice(SIGNS)} ")
            case 2:
                tokens.insert(at, tokens[at])
            case 3:
                tokens[at] = f" {random.choice(SIGNS)} "
            case 4:
                other = random.randrange(len(tokens))
                tokens[at], tokens[other] = tokens[other], tokens[at]
        tokens = tokens or [""]
    return "".join(tokens)


@pytest.mark.parametrize("seed", range(100))
def test_mutated_specs(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        check(mutate(pieces(chance.randrange(len(SPECS))), chance))


@pytest.mark.parametrize("seed", range(20))
def test_cut_specs(seed: int) -> None:
    """A text as it is while someone writes it."""
    chance = random.Random(seed)
    text = SPECS[chance.randrange(len(SPECS))].read_text(encoding="utf-8")
    for _ in range(5):
        check(text[: chance.randrange(len(text))])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=40), st.sampled_from(["", " "]))
def test_any_tokens(tokens: list[str], blank: str) -> None:
    check("netspec 1\n" + blank.join(tokens))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SIGNS), max_size=40))
def test_any_tokens_in_a_body(tokens: list[str]) -> None:
    check("netspec 1\nblock A() {\n" + " ".join(tokens) + "\n}\n")


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    check(text)
    check(f'netspec 1\nconst k = "{text}"\n')


@pytest.mark.parametrize(
    "line", ["x = (\n", "x = foo(1, [\n", "'", "}\n", "if x {\n", "“", "a -> ", '"{a', "block A() {\n", "const = \n"]
)
def test_bad_lines_by_the_thousand(line: str) -> None:
    """No text of a legal size takes long, however wrong it is."""
    begin = time.perf_counter()
    check("netspec 1\nblock A() {\n" + line * (200_000 // len(line)))
    assert time.perf_counter() - begin < 60  # it ends: how fast is for the benchmarks
