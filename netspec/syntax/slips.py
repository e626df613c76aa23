"""Syntax errors that have a better explanation than what was expected: habits from Python, and common slips."""

from __future__ import annotations

from collections.abc import Callable

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Label
from netspec.diagnostics.suggest import closest, is_slip
from netspec.syntax import slips_chains, slips_declarations, slips_python
from netspec.syntax.bodies import in_braces
from netspec.syntax.brackets import CLOSERS, PAIRS
from netspec.syntax.failure import Failure
from netspec.syntax.words import STATEMENTS

Slip = Callable[[Failure], Diagnostic | None]
_BODY = frozenset({"INPUT", "OUTPUT", "LET", "ASSERT", "MODULE", "ORDER", "POLICY", "RAW", "FOR", "IF"})
_AFTER_WORD = frozenset({"NAME", "STRING", "INT", "FLOAT", "TRUE", "FALSE", "NONE", "NOT"})
_BLOCKS = frozenset({"BLOCK", "IF", "ELIF", "ELSE", "FOR"})


def wrong_closer(f: Failure) -> Diagnostic | None:
    if f.opener is None or f.token.text not in PAIRS or f.token.type == "$END":
        return None
    closer = CLOSERS[f.opener.text]
    if f.token.text == closer:
        return None
    related = (Label(f.span(f.opener), f"this `{f.opener.text}`"),)
    message = f"`{f.token.text}` does not close `{f.opener.text}`"
    help = Help(f"write `{closer}`", f.put(closer))
    return f.say(message, f"expected `{closer}`", help, related=related, code="NS104")


def closes_nothing(f: Failure) -> Diagnostic | None:
    text = f.token.text
    if text not in PAIRS or f.opener is not None or f.token.type == "$END":
        return None
    if text == "}" and f.block is not None:
        return None
    help = Help("delete it", f.put(""))
    return f.say(f"`{text}` closes nothing", f"there is no open `{PAIRS[text]}`", help, code="NS104")


def outside_block(f: Failure) -> Diagnostic | None:
    if f.block is not None or f.index != f.start or f.fragment:
        return None
    if f.token.type not in _BODY and not (f.token.type == "NAME" and f.after.type in ("EQUAL", "COMMA", "LSQB")):
        return None
    before = f.before(2) if f.before().type == "NEWLINE" else f.before()
    related = (Label(f.span(before), "the block before ends here"),) if before.type == "RBRACE" else ()
    return f.say(f"`{f.token.text}` stands outside any block", "not inside `{ }`", _outside(f), related=related)


def _outside(f: Failure) -> str:
    """A value of the file is a `const`."""
    arrow = any(t.type == "ARROW" for t in f.statement_tokens)
    if f.token.type == "LET" and f.after.type == "NAME":
        return Help(f"write `const {f.after.text} = …` for a value of the file", f.put("const"))
    if f.token.type == "NAME" and f.after.type == "EQUAL" and not arrow:
        help = f"write `const {f.token.text} = …` for a value of the file"
        return Help(help, f.before_token("const ", f.token))
    return "statements stand in the braces of a `block` or `network`"


def other_comment(f: Failure) -> Diagnostic | None:
    """``// a comment`` on a line of its own."""
    line = f.source.text.rfind("\n", 0, f.token.start) + 1
    if f.token.text != "//" or f.source.text[line : f.token.start].strip():
        return None
    return f.say("a comment begins with `#`", help=Help("write `#`", f.put("#")))


def body_without_brace(f: Failure) -> Diagnostic | None:
    if f.leader.type not in _BLOCKS or f.token.type not in ("COLON", "NEWLINE") or "LBRACE" not in f.expected:
        return None
    parts = range(f.index - 1, f.start, -1)
    later = (f.tokens[n] for n in parts if f.tokens[n].type in _BLOCKS and f.tokens[n - 1].type == "RBRACE")
    word = next(later, f.leader).text
    help = Help(f"write `{word} … {{` and, at its end, `}}`", *in_braces(f))
    return f.say(f"the body of `{word}` stands in braces", "expected `{`", help)


def misspelt(f: Failure) -> Diagnostic | None:
    """``ouput x``, ``inpt x: [B, 3]``, ``fro i in xs { … }``."""
    if f.block is None or f.leader.type != "NAME" or f.index != f.start + 1 or f.token.type not in _AFTER_WORD:
        return None
    words = (*STATEMENTS, "if", "for", "const")
    meant = closest(f.leader.text, words)
    if meant is None:
        return None
    edits = [f.put(meant, f.leader)] if is_slip(f.leader.text, meant, words) else []
    help = Help(f"did you mean `{meant}`?", *edits)
    return f.say(f"`{f.leader.text}` begins no statement", help=help, at=f.leader)


def no_if(f: Failure) -> Diagnostic | None:
    if f.token.type not in ("ELSE", "ELIF") or f.index != f.start:
        return None
    return f.say(f"`{f.token.text}` without an `if`", "no `if … { … }` stands before it")


SLIPS: tuple[Slip, ...] = (
    other_comment, wrong_closer, closes_nothing, slips_python.word, slips_python.self_name, outside_block,
    slips_python.else_if, no_if, misspelt, body_without_brace, *slips_python.OPERATORS, *slips_chains.SLIPS,
    *slips_declarations.SLIPS, slips_python.hard_word,
)  # fmt: skip
