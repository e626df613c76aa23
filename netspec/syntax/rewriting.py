"""Edits that write Python's way of saying something in netspec's."""

from __future__ import annotations

import re

from netspec.diagnostics.help import removed
from netspec.diagnostics.model import Edit
from netspec.source import Span

_binds = re.compile(r"(?:(?<![=!<>])=|\boutput)[ \t]*\Z")
_ends = re.compile(r"[ \t]*(?:#|;|\}|->|\r?\n|\Z)").match
_opened = re.compile(r"[ \t]*([(\[])").match


def as_chain(span: Span, chain: str) -> Edit:
    """A chain in place of an expression, in parentheses unless it stands alone."""
    text = span.source.text
    alone = _binds.search(text[max(0, span.start - 200) : span.start]) and _ends(text, span.end)
    return Edit(span, chain if alone else f"({chain})")


def as_product(place: Span, end: int) -> tuple[Edit, ...]:
    """``matmul(x, y)`` for ``x @ y``: the place of ``@ y`` with its call, where what stands before is one operand."""
    text = place.source.text
    left = _left_operand(text[max(0, place.start - 200) : place.start])
    if left is None or text[end : end + 1] in ("[", ".", "("):
        return ()
    start = place.start - len(left[0])
    right = text[place.start + 1 : end].strip()
    return (Edit(Span(place.source, start, end), f"matmul({left[1]}, {right})"),)


_left_operand = re.compile(r"(?<![\w.@*/%)\]])([A-Za-z_][\w.]*(?:\[[^\[\]]*\])?)[ \t]*\Z").search


def arguments_after(span: Span) -> Span | None:
    """What stands in the parentheses right after a place, where they are closed on the line and hold no string."""
    text = span.source.text
    opened = _opened(text, span.end)
    if opened is None:
        return None
    depth = 0
    for at in range(opened.start(1), min(len(text), opened.start(1) + 2000)):
        if text[at] in "\"'\n#":
            return None
        depth += (text[at] in "([{") - (text[at] in ")]}")
        if depth == 0:
            return Span(span.source, opened.end(), at)
    return None


def without_word(span: Span) -> Edit:
    """Take out the word that a place begins with, and the blanks after it: ``y = …`` for ``let y = …``."""
    word = _word(span.source.text, span.start)
    return Edit(Span(span.source, span.start, word.end() if word else span.end), "")


_word = re.compile(r"\w+\s*").match


def without_inplace(place: Span) -> tuple[Edit, ...]:
    """A step without ``inplace=True``, by a place in the step or before its call."""
    found = _inplace(place.source.text, place.start)
    between = place.source.text[place.start : found.start()] if found else "->"
    return (removed(Span(place.source, *found.span())),) if found and "->" not in between else ()


_inplace = re.compile(r"\binplace\s*=\s*True\b").search
