"""The parse table: read from ``table.json``, or built from ``grammar.lark`` where that is out of date.

``python -m netspec.syntax.table`` writes ``table.json``. States are numbered in the order in which a walk from the
start symbols meets them, so that the file is the same byte for byte whatever the hash seed.
"""

from __future__ import annotations

import hashlib
import json
import os
from functools import cache
from typing import Any, NamedTuple

import lark
from lark.grammar import NonTerminal, Rule, Terminal
from lark.parsers.lalr_analysis import IntParseTable, Reduce, Shift

#: Plain paths: importing pathlib would take as long as reading the table.
GRAMMAR = os.path.join(os.path.dirname(__file__), "grammar.lark")
TABLE = os.path.join(os.path.dirname(__file__), "table.json")
STARTS = ("document", "expr", "type")


class Production(Rule):
    """A rule of the grammar that hashes by identity, which makes every reduction cheaper."""

    __slots__ = ("builder", "gaps")
    __hash__ = object.__hash__
    __eq__ = object.__eq__
    __ne__ = object.__ne__

    builder: str  #: name of the builder function; empty where the only child is passed on
    gaps: tuple[int, ...]  #: places of the optional children that are absent


class Table(NamedTuple):
    """A parse table of lark with the productions that it reduces by, and the patterns of the terminals."""

    actions: IntParseTable
    productions: tuple[Production, ...]
    terminals: dict[str, str]


@cache
def load() -> Table:
    """The table of this grammar and this lark."""
    grammar = read(GRAMMAR)
    try:
        data = json.loads(read(TABLE))
    except (OSError, ValueError):
        data = None
    if not isinstance(data, dict) or (data.get("grammar"), data.get("lark")) != (_digest(grammar), lark.__version__):
        data = generate(grammar)
    return _from_json(data)


def read(path: str) -> str:
    """The text of a file, with line ends as Python has them."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def generate(grammar: str) -> dict[str, Any]:
    """Build the table from the grammar, as JSON data."""
    from netspec.syntax.generate import table_data

    return {"grammar": _digest(grammar), "lark": lark.__version__, **table_data(grammar, STARTS)}


def _digest(grammar: str) -> str:
    return hashlib.sha256(grammar.encode()).hexdigest()


def _from_json(data: dict[str, Any]) -> Table:
    productions = tuple(_production(*entry) for entry in data["productions"])
    shifts = [(Shift, number) for number in range(len(data["states"]))]
    reduces = [(Reduce, production) for production in productions]
    states = {
        number: {symbol: shifts[n] if n >= 0 else reduces[~n] for symbol, n in row.items()}
        for number, row in enumerate(data["states"])
    }
    actions = IntParseTable(states, data["start_states"], data["end_states"])  # type: ignore[no-untyped-call]
    return Table(actions, productions, data["terminals"])


def _production(origin: str, size: int, builder: str, gaps: list[int]) -> Production:
    production = Production(NonTerminal(origin), [Terminal("")] * size)
    production.builder = builder
    production.gaps = tuple(gaps)
    return production


def main() -> None:
    """Write ``table.json``."""
    with open(TABLE, "w", encoding="utf-8", newline="\n") as file:
        file.write(to_text(generate(read(GRAMMAR))))


def to_text(data: dict[str, Any]) -> str:
    """The text of ``table.json``: one state, production or terminal on a line, so that diffs are readable."""
    parts = []
    for key, value in data.items():
        dumped = json.dumps(value, separators=(",", ":"))
        if isinstance(value, list):
            dumped = "[\n" + ",\n".join(json.dumps(v, separators=(",", ":")) for v in value) + "\n]"
        parts.append(f"{json.dumps(key)}:{dumped}")
    return "{" + ",\n".join(parts) + "}\n"


if __name__ == "__main__":
    main()
