"""The operands of a join as its text names them."""

from __future__ import annotations

import re
from collections.abc import Callable

from netspec.diagnostics import Edit
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Tensor
from netspec.graph import Ref
from netspec.source import Span


def names_at(ref: Ref, frame: Frame) -> list[str]:
    """The names that the output of a node has, the first one given first."""
    return [n for n, v in frame.names.items() if isinstance(v, Tensor) and v.ref == ref]


def names_of(tensor: Tensor, frame: Frame) -> list[str]:
    """The names that a tensor has."""
    return names_at(tensor.ref, frame)


def name_of(tensor: Tensor, frame: Frame) -> str | None:
    """The name that a tensor has last got."""
    names = names_of(tensor, frame)
    return names[-1] if names else None


def place_of(name: str, span: Span) -> Span | None:
    """Where a join names an operand, if it does so once: not as the source of a chain, sliced, or asked for a fact."""
    found = list(re.finditer(rf"(?<![\w.]){re.escape(name)}\b(?!\s*(?:->|[\[(.]))", span.text))
    if len(found) != 1:
        return None
    return Span(span.source, span.start + found[0].start(), span.start + found[0].end())


def rewritten(tensor: Tensor, text: Callable[[str], str], span: Span, frame: Frame) -> tuple[str, tuple[Edit, ...]]:
    """An operand written in another way, as text and as an edit where it is named once."""
    names = names_of(tensor, frame)
    for name in reversed(names):
        place = place_of(name, span)
        if place is not None:
            return text(name), (Edit(place, text(name)),)
    return text(names[-1] if names else "y"), ()
