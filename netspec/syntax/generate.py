"""Builds the parse table with lark; imported only when ``table.json`` is out of date or to be written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lark import Lark
from lark.common import LexerConf
from lark.grammar import Rule
from lark.lexer import Lexer, LexerState, Token
from lark.parsers.lalr_analysis import IntParseTable, Shift


class NoLexer(Lexer):
    """Stands in lark's place for a lexer, since netspec's own one feeds the parser."""

    def __init__(self, conf: LexerConf) -> None:
        pass

    def lex(self, lexer_state: LexerState, parser_state: Any) -> Iterator[Token]:
        return iter(())


def build(grammar: str, starts: tuple[str, ...], *, debug: bool = False) -> Lark:
    """lark's parser for the grammar. Every token stays a child; absent optional children are None."""
    return Lark(grammar, parser="lalr", lexer=NoLexer, start=list(starts), keep_all_tokens=True,
                maybe_placeholders=True, debug=debug)  # fmt: skip


def table_data(grammar: str, starts: tuple[str, ...]) -> dict[str, Any]:
    """The parse table as JSON data: in a state's row ``n >= 0`` shifts to a state, ``~n`` reduces a production."""
    parser = build(grammar, starts)
    table: IntParseTable = parser.parser.parser._parse_table
    order = _walk(table, starts)
    productions: dict[Rule, int] = {}

    def number(action: Any, argument: Any) -> int:
        return order[argument] if action is Shift else ~productions.setdefault(argument, len(productions))

    rows = [{symbol: number(*table.states[state][symbol]) for symbol in sorted(table.states[state])} for state in order]
    return {
        "start_states": {start: order[table.start_states[start]] for start in starts},
        "end_states": {start: order[table.end_states[start]] for start in starts},
        "terminals": {t.name: t.pattern.to_regexp() for t in sorted(parser.terminals, key=lambda t: t.name)},
        "productions": [_describe(rule) for rule in productions],
        "states": rows,
    }


def _walk(table: IntParseTable, starts: tuple[str, ...]) -> dict[int, int]:
    """New numbers of the states, in the order in which a walk over sorted symbols meets them."""
    order: dict[int, int] = {}
    waiting = [table.start_states[start] for start in reversed(starts)]
    while waiting:
        state = waiting.pop()
        if state in order:
            continue
        order[state] = len(order)
        row = table.states[state]
        waiting += [row[symbol][1] for symbol in sorted(row, reverse=True) if row[symbol][0] is Shift]
    return order


def _describe(rule: Rule) -> tuple[str, int, str, list[int]]:
    gaps = [place for place, empty in enumerate(rule.options.empty_indices) if empty]
    if rule.alias is None and (gaps or len(rule.expansion) != 1):
        raise ValueError(f"a production without a builder function: {rule}")
    return str(rule.origin.name), len(rule.expansion), str(rule.alias or ""), gaps
