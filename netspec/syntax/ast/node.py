"""What all nodes have in common."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from netspec.source import Span


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Node:
    """Compares and prints by its fields, spans left out.

    Done here once: what `dataclass` would generate for each node takes longer than parsing a spec.
    """

    span: Span = field(compare=False, repr=False)

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return NotImplemented
        for f in fields(self):  # noqa: SIM110 - a generator would double the stack that a deep tree takes
            if f.compare and getattr(self, f.name) != getattr(other, f.name):
                return False
        return True

    def __repr__(self) -> str:
        shown = []
        for f in fields(self):
            if f.repr:
                shown.append(f"{f.name}={getattr(self, f.name)!r}")
        return f"{type(self).__name__}({', '.join(shown)})"
