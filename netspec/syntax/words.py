"""Which words are keywords, and where."""

from __future__ import annotations

import re

#: Words that are never names, as in Python.
HARD = {
    "if": "IF", "elif": "ELIF", "else": "ELSE", "for": "FOR", "in": "IN", "and": "AND", "or": "OR", "not": "NOT",
    "None": "NONE", "True": "TRUE", "False": "FALSE",
}  # fmt: skip

#: Words that begin a declaration, at the start of a statement only.
DECLARATIONS = {
    "netspec": "NETSPEC", "use": "USE", "const": "CONST", "fn": "FN", "block": "BLOCK", "network": "BLOCK",
    "example": "EXAMPLE",
}  # fmt: skip

#: Words that begin a statement of a body, at its start only.
STATEMENTS = {
    "input": "INPUT", "output": "OUTPUT", "let": "LET", "assert": "ASSERT", "module": "MODULE", "order": "ORDER",
    "init": "POLICY", "freeze": "POLICY", "freeze_weights": "POLICY", "freeze_stats": "POLICY",
    "checkpoint": "POLICY", "param": "RAW", "buffer": "RAW",
}  # fmt: skip

LEADING = DECLARATIONS | STATEMENTS
#: Every word that is a keyword somewhere.
WORDS = HARD | LEADING | {"stage": "STAGE", "as": "AS", "where": "WHERE"}

_HARD = "|".join(HARD)
#: After a leading word that is a name: `input = x`, `order, y = …`, `init[0] = …`.
_names_a_tensor = re.compile(r"\[|[ \t]*(?:=(?!=)|,)").match
_before_a_label = re.compile(rf"[ \t]+(?:[\"']|(?!(?:{_HARD})\b|(?:as|where)\b(?!(?:\s|#[^\n]*\n)*:))[A-Za-z_])").match
#: What no expression has: a leading word and, on the same line, another word.
_leads_a_statement = re.compile(rf"[ \t]+(?:[\"']|(?!(?:{_HARD}|as|where)\b)[A-Za-z_])").match
_declares = re.compile(r"[ \t]+(?:[\"']|[A-Za-z_]\w*[ \t]*(?:[({]|=(?!=)|as\b))").match
_may_open_bracket = re.compile(r"[ \t]+\(").match


def terminal(word: str, text: str, end: int, previous: str | None, leading: bool) -> str:
    """The terminal of a word of `WORDS` that ends at ``end`` and follows a token of type ``previous``."""
    if word in HARD:
        return HARD[word]
    if leading:
        return "NAME" if _names_a_tensor(text, end) else LEADING.get(word, "NAME")
    if word == "stage":
        return "STAGE" if _before_a_label(text, end) else "NAME"
    if word == "as":
        return "AS" if previous in ("NAME", "RPAR") else "NAME"
    if word == "where":
        return "WHERE" if previous in ("NAME", "RSQB") else "NAME"
    return "NAME"


def leads_statement(word: str, text: str, end: int) -> bool:
    """Whether the first word of a line must begin a statement, even if a bracket above is still open."""
    if word not in LEADING:
        return False
    if _leads_a_statement(text, end):
        return True
    return word in ("output", "let") and _may_open_bracket(text, end) is not None


def leads_declaration(word: str, text: str, end: int) -> bool:
    """Whether the first word of a statement must begin a declaration, even if a block above is still open."""
    quoted = text[end : end + 2].strip(" \t")[:1] in ("'", '"')
    if word not in DECLARATIONS or word == "const" or quoted != (word == "use"):
        return False
    return _declares(text, end) is not None
