"""What lints say of the uses of a line: a block stands in many places, with other arguments and sizes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from netspec.diagnostics import Diagnostic
from netspec.source import Source, Span


class Uses:
    """Counts for each lint the uses of each place, and of these the ones that it objects to.

    Places in other files than the spec's own are left out: what is wrong with those, a check of them tells.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._all: Counter[tuple[str, Span]] = Counter()
        self._objected: Counter[tuple[str, Span]] = Counter()
        self._first: dict[tuple[str, Span], Diagnostic] = {}

    def own(self, span: Span) -> bool:
        """Whether a place is in the spec's own file."""
        return span.source is self.source

    def add(self, code: str, span: Span, objection: Diagnostic | None) -> None:
        """One use of a place, and what the lint of this code has to object."""
        self._all[code, span] += 1
        if objection is not None:
            self._objected[code, span] += 1
            self._first.setdefault((code, span), objection)

    def warnings(self) -> Iterator[Diagnostic]:
        """The objections that hold for every use of their place."""
        return (d for place, d in self._first.items() if self._objected[place] == self._all[place])
