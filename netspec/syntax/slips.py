"""Syntax errors that have a better explanation than what was expected: habits from Python, and common slips."""

from __future__ import annotations

from collections.abc import Callable

from netspec.diagnostics.model import Diagnostic, Label
from netspec.syntax import slips_chains, slips_declarations, slips_python
from netspec.syntax.brackets import CLOSERS, PAIRS
from netspec.syntax.failure import Failure

Slip = Callable[[Failure], Diagnostic | None]
_BODY = frozenset({"INPUT", "OUTPUT", "LET", "ASSERT", "MODULE", "ORDER", "POLICY", "RAW", "FOR", "IF"})
_BLOCKS = frozenset({"BLOCK", "IF", "ELIF", "ELSE", "FOR"})


def wrong_closer(f: Failure) -> Diagnostic | None:
    if f.opener is None or f.token.text not in PAIRS or f.token.type == "$END":
        return None
    closer = CLOSERS[f.opener.text]
    if f.token.text == closer:
        return None
    related = (Label(f.span(f.opener), f"this `{f.opener.text}`"),)
    message = f"`{f.token.text}` does not close `{f.opener.text}`"
    return f.say(message, f"expected `{closer}`", related=related, code="NS104")


def closes_nothing(f: Failure) -> Diagnostic | None:
    text = f.token.text
    if text not in PAIRS or f.opener is not None or f.token.type == "$END":
        return None
    if text == "}" and f.block is not None:
        return None
    return f.say(f"`{text}` closes nothing", f"there is no open `{PAIRS[text]}`", "delete it", code="NS104")


def outside_block(f: Failure) -> Diagnostic | None:
    if f.block is not None or f.index != f.start or f.fragment:
        return None
    if f.token.type not in _BODY and not (f.token.type == "NAME" and f.after.type in ("EQUAL", "COMMA", "LSQB")):
        return None
    before = f.before(2) if f.before().type == "NEWLINE" else f.before()
    related = (Label(f.span(before), "the block before ends here"),) if before.type == "RBRACE" else ()
    return f.say(f"`{f.token.text}` stands outside any block", "not inside `{ }`",
                 "statements stand in the braces of a `block` or `network`", related=related)  # fmt: skip


def body_without_brace(f: Failure) -> Diagnostic | None:
    if f.leader.type not in _BLOCKS or f.token.type not in ("COLON", "NEWLINE") or "LBRACE" not in f.expected:
        return None
    parts = range(f.index - 1, f.start, -1)
    later = (f.tokens[n] for n in parts if f.tokens[n].type in _BLOCKS and f.tokens[n - 1].type == "RBRACE")
    word = next(later, f.leader).text
    return f.say(f"the body of `{word}` stands in braces", "expected `{`", f"write `{word} … {{` and, at its end, `}}`")


def no_if(f: Failure) -> Diagnostic | None:
    if f.token.type not in ("ELSE", "ELIF") or f.index != f.start:
        return None
    return f.say(f"`{f.token.text}` without an `if`", "no `if … { … }` stands before it")


SLIPS: tuple[Slip, ...] = (
    wrong_closer, closes_nothing, slips_python.word, slips_python.self_name, outside_block, slips_python.else_if, no_if,
    body_without_brace, *slips_python.OPERATORS, *slips_chains.SLIPS, *slips_declarations.SLIPS,
    slips_python.hard_word,
)  # fmt: skip
