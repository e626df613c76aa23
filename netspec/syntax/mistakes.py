"""Syntax errors in words: what was expected, and what was found."""

from __future__ import annotations

from netspec.diagnostics.help import Help
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.source import Span
from netspec.syntax.failure import Failure
from netspec.syntax.slips import SLIPS
from netspec.syntax.tokens import Token
from netspec.syntax.words import LEADING

#: What each terminal is called, in the order in which alternatives are told.
_SIGNS = {
    "COMMA": "`,`", "RPAR": "`)`", "RSQB": "`]`", "DICT_CLOSE": "`}`", "EQUAL": "`=`", "COLON": "`:`", "IN": "`in`",
    "ELSE": "`else`", "LBRACE": "`{`", "DICT_OPEN": "`{`", "RBRACE": "`}`", "LPAR": "`(`", "LSQB": "`[`",
    "ARROW": "`->`", "NEWLINE": "the end of the line", "INT": "a number", "STRING": "a string",
}  # fmt: skip
_SHOWN = 3


def explain(failure: Failure) -> Diagnostic:
    """The diagnostic of a syntax error: the first slip that fits, or what was expected."""
    for slip in SLIPS:
        diagnostic = slip(failure)
        if diagnostic is not None:
            return diagnostic
    wanted = expected(failure)
    message = f"expected {wanted}{_position(failure)}, found {found(failure.token)}"
    related = _opened(failure)
    return failure.say(message, f"expected {wanted}", _advice(failure), related=related)


def without_followers(refusals: list[Diagnostic], failure: Failure) -> list[Diagnostic]:
    """What the builder refused, but for what it refused in the broken statement: that may only follow from it."""
    start, end = failure.leader.start, failure.token.end
    return [r for r in refusals if not start <= r.primary.span.start <= end]


def found(token: Token) -> str:
    """How a token is called in a message."""
    if token.type == "NEWLINE":
        return "`;`" if token.text else "the end of the line"
    if token.type == "$END" and not token.text:
        return "the end of the text"
    text = token.text if len(token.text) <= 40 else token.text[:39] + "…"
    return f"`{text}`"


def expected(failure: Failure) -> str:
    """``a step``, ``a value``, or ``one, two or three``."""
    accepted = failure.expected
    if failure.start == failure.index and not failure.fragment:
        return "a statement" if failure.block else "a declaration"
    if {"NAME", "INT", "LSQB"} <= accepted:
        return _value(failure)
    if "EQUAL" in accepted and failure.leader.type in ("NAME", "LET") and failure.opener is None:
        return "`=`"
    if "PLUS" in accepted:
        accepted -= {"IN"} if failure.opener and failure.opener.type == "DICT_OPEN" else {"IN", "COLON", "ARROW"}
    words = [_name(failure)] if "NAME" in accepted else []
    if "NAME" in accepted and "STRING" in accepted:
        words = [_path(failure)]
        accepted -= {"STRING", "STAR"}
    if failure.opener is None and "NEWLINE" in accepted and failure.start < failure.index:
        accepted &= {"EQUAL", "COLON", "NEWLINE", "LBRACE"}
    elif failure.opener is not None:
        accepted -= {"LPAR", "LSQB", "NEWLINE"}
    if failure.before().type == "NAME" and accepted & {"EQUAL", "COLON", "COMMA", "LBRACE"}:
        accepted -= {"LPAR", "LSQB"} if "LPAR" in accepted and "EQUAL" not in accepted else set()
    words += [word for terminal, word in _SIGNS.items() if terminal in accepted]
    return join(words[:_SHOWN]) or "the end of the line"


def join(words: list[str]) -> str:
    """``a``, ``a or b``, ``a, b or c``."""
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _value(failure: Failure) -> str:
    previous = failure.before().type
    if previous == "ARROW":
        return "a step"
    if previous in ("IF", "ELIF", "AND", "OR", "NOT", "WHERE", "ASSERT"):
        return "a condition"
    if previous == "COLON" and failure.opener is None:
        return "an op or a block"
    return "a value"


def _name(failure: Failure) -> str:
    leader, place = failure.leader.type, failure.index - failure.start
    if leader == "BLOCK" and place > 1 and failure.before().type in ("COLON", "VBAR"):
        return "a type"
    if leader == "BLOCK" and place > 1:
        return "a parameter"
    return "a name"


def _path(failure: Failure) -> str:
    kinds = {
        "POLICY": "an op, a block or a quoted path", "ORDER": "a label", "MODULE": "a label", "STAGE": "a label",
        "BLOCK": "a type",
    }  # fmt: skip
    if failure.before().type == "STAGE":
        return "a label"
    return kinds.get(failure.leader.type, "a name")


def _position(failure: Failure) -> str:
    previous = failure.before()
    if failure.start == failure.index or previous.type == "NOTHING":
        return ""
    return f" after {found(previous)}"


def _opened(failure: Failure) -> tuple[Label, ...]:
    """The bracket that is open, where its closing one was possible."""
    opener = failure.opener
    if opener is None or not failure.expected & {"RPAR", "RSQB", "DICT_CLOSE"}:
        return ()
    return (Label(failure.span(opener), f"this `{opener.text}` is still open"),)


def _advice(failure: Failure) -> str:
    previous, token = failure.before(), failure.token
    if token.type in ("NEWLINE", "$END") and not token.text:
        if previous.type == "ARROW":
            return Help("put the `->` at the start of the next line", *_arrows_down(failure))
        if {"NAME", "INT", "LSQB"} <= failure.expected and previous.type != "EQUAL":
            return "put the expression in parentheses if it goes on"
    if failure.opener is not None and "COMMA" in failure.expected and token.type in _OPERANDS:
        return Help(f"put a `,` between {found(previous)} and {found(token)}", failure.after_token(",", previous))
    if token.type == "EQUAL" and failure.opener is not None and failure.opener.type == "DICT_OPEN":
        return Help("write `:`", failure.instead(":"))
    starts = token.text in LEADING or token.type in ("IF", "FOR") or failure.after.type == "EQUAL"
    if failure.start < failure.index and "NEWLINE" in failure.expected and starts:
        return "put statements on lines of their own, or a `;` between them"
    return ""


def _arrows_down(failure: Failure) -> list[Edit]:
    """Arrows at the ends of lines, each put at the start of the next one."""
    edits: list[Edit] = []
    tokens, at = failure.tokens, failure.index
    while tokens[at - 1].type == "ARROW" and tokens[at].type == "NEWLINE" and tokens[at + 1].type != "$END":
        before = Span(failure.source, tokens[at - 2].end, tokens[at - 1].end)
        edits += [Edit(before, ""), failure.before_token("-> ", tokens[at + 1])]
        at += 1
        while tokens[at].type not in ("NEWLINE", "RBRACE", "LBRACE", "$END"):
            at += 1
    return edits


_OPERANDS = frozenset({"NAME", "INT", "FLOAT", "STRING", "TRUE", "FALSE", "NONE", "LPAR", "LSQB", "DICT_OPEN"})
