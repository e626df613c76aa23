"""Declarations, parameters and their types, and documents."""

from __future__ import annotations

from typing import Any

from netspec.source import Source
from netspec.syntax import ast
from tests.syntax import nodes as n
from tests.syntax.strategy.statements import Statements
from tests.syntax.strategy.words import COUNTS, TEXTS


class Drawing(Statements):
    def document(self) -> ast.Document:
        declarations = []
        while self.left > 0:
            declarations.append(self._declaration())
        return ast.Document(Source("drawn", ""), 1, tuple(declarations), self.doc() if declarations else "")

    def _declaration(self) -> Any:
        self.left -= 1
        makers = (
            self._block, self._block, self._block, self._use, self.const, self._function, self._variant, self._example,
        )  # fmt: skip
        return makers[self.draw(COUNTS) * len(makers) // 10]()

    def _use(self) -> Any:
        return n.Use(self.draw(TEXTS), self.several(lambda: n.Import(self.name(), self.name()), 1, 5))

    def _function(self) -> Any:
        return n.Function(self.name(), self._params(), self.expression(), self.doc())

    def _block(self) -> Any:
        name = self.name()
        class_name = self.text() if self.chance(3) else None
        return n.Block(self.pick(("block", "network")), name, self._params(), class_name, self.annotations(3),
                       self.body(), self.doc())  # fmt: skip

    def _variant(self) -> Any:
        name = self.name()
        class_name = self.text() if self.chance(3) else None
        return n.Variant(self.pick(("block", "network")), name, class_name, self.expression(), self.doc())

    def _example(self) -> Any:
        return n.Example(self.call())

    # ------------------------------------------------------------------------------------------------- parameters

    def _params(self) -> tuple[Any, ...]:
        return self.several(self._param, 0, 5)

    def _param(self) -> Any:
        self.left -= 1
        if self.chance(1):
            return n.Parameter(self.name(), None, None, True, self.doc())
        return n.Parameter(self.name(), self.maybe(self._type, 8), self.maybe(self.expression), False, self.doc())

    def _type(self, depth: int = 0) -> Any:
        if depth > 3:
            return n.NamedType("int")
        makers = (
            lambda: n.NamedType(self.name()),
            lambda: n.NamedType("None"),
            lambda: n.LiteralType(self.draw(TEXTS)),
            lambda: n.LiteralType(self.pick((0, 1, -1, 18))),
            lambda: n.ListType(self._type(depth + 1), self.pick((None, 3, "n", "axes"))),
            lambda: n.OptionalType(self._type(depth + 1)),
            lambda: n.UnionType(self.several(lambda: self._type(depth + 1), 2, 3)),
        )
        return makers[self.draw(COUNTS) * len(makers) // 10]()
