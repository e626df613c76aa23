"""Comments, line ends and blank lines put into a spec wherever they may stand, which changes nothing that it says."""

from __future__ import annotations

from hypothesis import strategies as st

from netspec.source import Source
from netspec.syntax.comments import comments
from netspec.syntax.lexer import Lexer
from netspec.syntax.table import load
from netspec.syntax.tokens import Token
from netspec.syntax.words import leads_statement

_OPENERS = frozenset({"LPAR", "LSQB", "DICT_OPEN"})
_CLOSERS = frozenset({"RPAR", "RSQB", "DICT_CLOSE"})
#: Outside brackets a line may end before these, and after a brace.
_BEGIN_LINES = frozenset({"ARROW", "AT", "LBRACE", "RBRACE"})
_PLACES = st.integers(0, 11)
_MARKS = st.sampled_from(["", "", "", " netspec: allow NS501"])


@st.composite
def with_comments(draw: st.DrawFn, text: str) -> str:
    """A spec that says the same as ``text``, with comments named ``# c1``, ``# c2``, … at places drawn, some of them
    lint comments."""
    source = Source("drawn", text)
    found = Lexer(source, load(), 0, len(text)).run()
    notes = [c.start for c in comments(source)]
    tokens = [token for token in found.tokens if token.type != "NEWLINE"]
    depth, parts, place, count = 0, [], 0, 0
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None:
            depth += (before.type in _OPENERS) - (before.type in _CLOSERS)
        gap = text[place : token.start]
        noted = any(place <= n < token.start for n in notes)
        new, count = _filled(draw, gap, noted, before is None or _may_end(before, token, depth, gap, text), count)
        parts += [new, text[token.start : token.end]]
        place = token.end
    return "".join(parts) + text[place:] + ("\n# last\n" if count % 3 == 1 else "")


def _may_end(before: Token, token: Token, depth: int, gap: str, text: str) -> bool:
    """Whether a line may end between two tokens."""
    if before.type == "STAGE":
        return False
    if before.type == "COMMA" and not leads_statement(token.text, text, token.end):
        return True
    return depth > 0 or "\n" in gap or token.type in _BEGIN_LINES or before.type == "LBRACE" or _goes_on(before, token)


def _goes_on(before: Token, token: Token) -> bool:
    return before.type == "RBRACE" and token.type in ("ELSE", "ELIF")


def _filled(draw: st.DrawFn, gap: str, noted: bool, may_end: bool, count: int) -> tuple[str, int]:
    kind = draw(_PLACES) if may_end else 9
    if kind > 4:
        return gap, count
    if noted:  # what documents something stays where it is
        line = gap.rfind("\n") + 1
        return (f"{gap[:line]}  # c{count}\n{gap[line:]}", count + 1) if line and kind < 2 else (gap, count)
    if kind == 0:
        return f" #{draw(_MARKS)} c{count}\n{gap}", count + 1
    if kind == 1:
        return f"{gap}\n   #{draw(_MARKS)} c{count}\n", count + 1
    if kind == 2:
        return f"#c{count}\n\n\n  ## \n# c{count + 1}\n{gap}".replace("  ## \n", ""), count + 2
    return (f"{gap}\n", count) if kind == 3 else (f"\n\n{gap}", count)
