"""The grammar is LALR(1) without conflicts, and its table is up to date, the same everywhere, and plain data."""

from __future__ import annotations

import json
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import lark
import pytest
from lark.parsers.lalr_analysis import LALR_Analyzer

from netspec.source import Source
from netspec.syntax import generate, table, words
from netspec.syntax.build import Builder
from netspec.syntax.lexer import Lexer
from netspec.syntax.parse import parse
from netspec.syntax.tokens import Docs

GRAMMAR = table.read(table.GRAMMAR)
SPEC = 'netspec 1\nnetwork N(n: int = 3) {\n    input x\n    output x -> "conv.{n}": Conv2d(2 * n, 3) if n > 2\n}\n'


def test_lark_reports_no_conflict(caplog: pytest.LogCaptureFixture) -> None:
    """lark resolves shift/reduce silently; in debug mode it says so."""
    lark.logger.setLevel(logging.DEBUG)
    lark.logger.propagate = True
    try:
        with caplog.at_level(logging.DEBUG, logger="lark"):
            generate.build(GRAMMAR, table.STARTS, debug=True)
    finally:
        lark.logger.setLevel(logging.CRITICAL)
    assert not [r for r in caplog.records if "conflict" in r.getMessage().lower()]


def test_strict_analysis_passes() -> None:
    """In strict mode lark raises at the first conflict."""
    parser = generate.build(GRAMMAR, table.STARTS)
    LALR_Analyzer(parser.parser.parser.parser_conf, strict=True).compute_lalr()


def test_a_conflict_would_be_found() -> None:
    ambiguous = 'start: expr\nexpr: expr "+" expr -> sum\n    | "1" -> one\n'
    parser = generate.build(ambiguous, ("start",))
    with pytest.raises(lark.GrammarError):
        LALR_Analyzer(parser.parser.parser.parser_conf, strict=True).compute_lalr()


def test_table_is_up_to_date() -> None:
    """`python -m netspec.syntax.table` writes it."""
    assert table.read(table.TABLE) == table.to_text(table.generate(GRAMMAR))


@pytest.mark.parametrize("seed", ["0", "1", "12345"])
def test_table_does_not_depend_on_the_hash_seed(seed: str) -> None:
    code = "from netspec.syntax import table; print(table.to_text(table.generate(table.read(table.GRAMMAR))), end='')"
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=environment,
                         cwd=Path(__file__).parents[2])  # fmt: skip
    assert run.stdout.decode() == table.read(table.TABLE)


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"grammar": "0", "lark": "0"}', None])
def test_table_is_rebuilt_where_it_is_out_of_date(
    broken: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "table.json"
    if broken is not None:
        other.write_text(broken)
    monkeypatch.setattr(table, "TABLE", str(other))
    rebuilt = table.load.__wrapped__()
    assert len(rebuilt.actions.states) == len(table.load().actions.states)
    assert [p.builder for p in rebuilt.productions] == [p.builder for p in table.load().productions]


def test_table_of_another_lark_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.loads(table.read(table.TABLE))
    (tmp_path / "table.json").write_text(json.dumps({**data, "lark": "1.0", "states": []}))
    monkeypatch.setattr(table, "TABLE", str(tmp_path / "table.json"))
    assert len(table.load.__wrapped__().actions.states) == len(table.load().actions.states)


def test_every_production_has_its_builder_function() -> None:
    builder = Builder(Source("s", ""), Docs(), {}, lambda start, end, depth: None)
    assert len(builder.callbacks(table.load())) == len(table.load().productions)
    functions = {name.removeprefix("on_") for name in dir(builder) if name.startswith("on_")}
    assert functions == {p.builder for p in table.load().productions if p.builder}


def test_words_are_those_of_the_grammar() -> None:
    terminals = table.load().terminals
    for word, terminal in words.WORDS.items():
        assert re.fullmatch(terminals[terminal], word), word
    of_grammar = {w for p in terminals.values() if re.fullmatch(r"[\w|(?:)]+", p) for w in re.findall(r"\w+", p)}
    assert set(words.WORDS) == of_grammar


def test_tokens_are_those_of_the_grammar() -> None:
    """What the lexer hands over are terminals that lark knows."""
    known = {symbol for row in table.load().actions.states.values() for symbol in row}
    tokens = Lexer(Source("s", SPEC), table.load(), 0, len(SPEC)).run().tokens
    assert {t.type for t in tokens} <= known
    assert parse(Source("s", SPEC))[1] == ()
