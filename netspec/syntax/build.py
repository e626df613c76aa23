"""Builder functions: what each production of grammar.lark becomes.

A builder function gets the children of its production as a list, tokens included, None for what is absent, and
returns a node. What the grammar accepts and the language does not, it refuses: it notes a diagnostic and returns
something harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from netspec.syntax.build_declarations import Declarations
from netspec.syntax.table import Production, Table

Build = Callable[[list[Any]], Any]
_pass_on = itemgetter(0)


class Builder(Declarations):
    """Builds the AST of one source: expressions, chains, statements, declarations, each in a file of its own."""

    def callbacks(self, table: Table) -> dict[Production, Build]:
        """The function that lark calls for each production."""
        return {p: self._callback(p) for p in table.productions}

    def _callback(self, production: Production) -> Build:
        if not production.builder:
            return _pass_on
        function: Build = getattr(self, "on_" + production.builder)
        return _with_gaps(function, production.gaps) if production.gaps else function


def _with_gaps(function: Build, gaps: tuple[int, ...]) -> Build:
    def fill(children: list[Any]) -> Any:
        for gap in gaps:
            children.insert(gap, None)
        return function(children)

    return fill
