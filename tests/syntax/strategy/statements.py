"""Statements and their bodies."""

from __future__ import annotations

from typing import Any

from tests.syntax import nodes as n
from tests.syntax.strategy.expressions import Expressions
from tests.syntax.strategy.words import COUNTS, DOC_LINES


class Statements(Expressions):
    def body(self) -> tuple[Any, ...]:
        return self.several(self.statement, 0, 4)

    def statement(self) -> Any:
        self.left -= 1
        makers = (
            self._input, self._output, self._let, self.const, self._assert, self._bind, self._bind, self._policy,
            self._module, self._raw_tensor, self._order, self._output, self._for, self._if,
        )  # fmt: skip
        return makers[(self.draw(COUNTS) * 10 + self.draw(COUNTS)) * len(makers) // 100]()

    def doc(self) -> str:
        """The text of a ``##`` comment: not empty lines alone, which would be none."""
        if not self.chance(3):
            return ""
        first = self.draw(DOC_LINES) or "Doc."
        return "\n".join([first, *(self.draw(DOC_LINES) for _ in range(self.draw(COUNTS) // 4))])

    def _input(self) -> Any:
        name = self.name()
        family = self.chance(1)
        dims = None if family or self.chance(3) else self.several(self._dim, 1, 4)
        dtype = self.name() if (family or dims) and self.chance(3) else None
        where = self.several(self.expression, 1, 2) if self.chance(2) else ()
        return n.Input(name, dtype, dims, family, where, self.annotations(2), self.doc())

    def _dim(self) -> Any:
        return self.star() if self.chance(2) else self.expression()

    def _output(self) -> Any:
        if self.chance(3):
            return n.Output(self.text(), (self.expression(),))
        return n.Output(None, self.several(self.expression, 1, 3))

    def _let(self) -> Any:
        return n.Let(self.target(), self.expression())

    def const(self) -> Any:
        return n.Const(self.name(), self.expression(), self.doc())

    def _assert(self) -> Any:
        return n.Assert(self.expression(), self.maybe(self.text))

    def _bind(self) -> Any:
        return n.Bind(self.several(self._place_of), self.expression())

    def _place_of(self) -> Any:
        if self.chance(2):
            return n.BindTarget(self.name(), star=True)
        return n.BindTarget(self.name(), self.maybe(self.expression, 3))

    def _for(self) -> Any:
        return n.For(self.targets(), self.expression(), self.body(), self.annotations(3))

    def _if(self) -> Any:
        branches = [(self.expression(), self.body()) for _ in range(self.count(1, 3))]
        if self.chance(4):
            branches.append((None, self.body()))
        return n.If(tuple(branches))

    def _selector(self, star: bool = False) -> Any:
        if self.chance(4):
            return n.Selector(self.text(), True)
        return n.Selector(n.Constant("*" if star and self.chance(3) else self.name()), False)

    def _policy(self) -> Any:
        kind = self.pick(("init", "init", "freeze", "freeze_weights", "freeze_stats", "checkpoint"))
        names = self.names() if kind == "init" and self.chance(8) else ()
        settings = tuple(n.Keyword(name, self.expression()) for name in names)
        return n.Policy(kind, self._selector(), settings, self.maybe(self.expression, 4))

    def _module(self) -> Any:
        return n.Module(self._label(), self.expression(), self.annotations(3))

    def _raw_tensor(self) -> Any:
        dtype = self.name() if self.chance(3) else None
        return n.RawTensor(self.pick(("param", "buffer")), self.name(), dtype, self.several(self._dim, 1, 3),
                           self.maybe(self.expression))  # fmt: skip

    def _order(self) -> Any:
        return n.Order(self.several(lambda: self._selector(star=True)))
