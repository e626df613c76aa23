"""Expressions, steps and chains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from netspec.syntax import ast
from netspec.syntax.annotations import ANNOTATIONS
from tests.syntax import nodes as n
from tests.syntax.strategy.words import CHANCES, COUNTS, FLOATS, INTEGERS, NAMES, TEXTS

T = TypeVar("T")
_COMPARATORS = ("==", "!=", "<=", ">=", "<", ">", "in", "not in")


class Expressions:
    """One drawing: ``left`` counts the nodes that it may still have, ``quotes`` the strings around."""

    def __init__(self, draw: st.DrawFn, left: int) -> None:
        self.draw = draw
        self.left = left
        self.depth = 0
        self.quotes = 0

    # ------------------------------------------------------------------------------------------------- choices

    def chance(self, of_ten: int) -> bool:
        return self.draw(CHANCES) < of_ten

    def one(self, *makers: Callable[[], T]) -> T:
        return makers[self.draw(COUNTS) * len(makers) // 10]()

    def pick(self, choices: tuple[T, ...]) -> T:
        return choices[self.draw(COUNTS) * len(choices) // 10]

    def count(self, least: int = 1, most: int = 3) -> int:
        return min(most, max(least, self.draw(COUNTS) // 2)) if self.left > 0 else least

    def several(self, make: Callable[[], T], least: int = 1, most: int = 3) -> tuple[T, ...]:
        return tuple(make() for _ in range(self.count(least, most)))

    def maybe(self, make: Callable[[], T], of_ten: int = 5) -> T | None:
        return make() if self.left > 0 and self.chance(of_ten) else None

    def name(self) -> str:
        return self.draw(NAMES)

    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.several(self.name)))

    # ------------------------------------------------------------------------------------------------- expressions

    def expression(self) -> ast.Expr:
        self.left -= 1
        if self.left <= 0 or self.depth > 9:
            return self._leaf()
        self.depth += 1
        node: ast.Expr = self._node()
        self.depth -= 1
        return node

    def _node(self) -> Any:
        kind = self.draw(st.integers(0, 19))
        makers = (
            self._leaf, self._leaf, self.call, self.call, self._list, self._list, self._sum, self._binary,
            self._compare, self._bool_op, self._unary, self._conditional, self._index, self._attribute,
            self._list_comp, self._dict, self._dict_comp, self.chain, self.chain, self._text,
        )  # fmt: skip
        return makers[kind]()

    def _leaf(self) -> Any:
        kind = self.draw(COUNTS)
        if kind < 4:
            return n.Name(self.name())
        if kind < 6:
            return n.Constant(self.draw(INTEGERS))
        if kind == 6:
            return n.Constant(self.draw(FLOATS))
        if kind == 7 and self.quotes < 2:
            return n.Constant(self.draw(TEXTS))
        return n.Constant(self.pick((True, False, None)))

    def text(self) -> Any:
        """A string, interpolating or not."""
        return self._text() if self.left > 0 else n.Constant(self.draw(TEXTS))

    def _text(self) -> Any:
        if self.quotes > 1:
            return n.Name(self.name())
        parts: list[Any] = []
        self.quotes += 1
        for _ in range(self.count(1, 4)):
            literal = self.draw(TEXTS) if self.chance(5) else ""
            parts += [literal] if literal and not (parts and isinstance(parts[-1], str)) else [self.expression()]
        self.quotes -= 1
        if len(parts) == 1 and isinstance(parts[0], str):
            return n.Constant(parts[0])
        return n.Interpolation(tuple(parts))

    def _sum(self) -> Any:
        terms = self.several(self.expression, 2, 4)
        return n.Sum(terms, ("+", *(self.pick(("+", "-")) for _ in terms[1:])))

    def _binary(self) -> Any:
        return n.Binary(self.pick(("*", "/", "//", "%", "**")), self.expression(), self.expression())

    def _compare(self) -> Any:
        operands = self.several(self.expression, 2, 3)
        return n.Compare(operands, tuple(self.pick(_COMPARATORS) for _ in operands[1:]))

    def _bool_op(self) -> Any:
        return n.BoolOp(self.pick(("and", "or")), self.several(self.expression, 2, 3))

    def _unary(self) -> Any:
        return n.Unary(self.pick(("-", "not")), self.expression())

    def _conditional(self) -> Any:
        return n.Conditional(self.expression(), self.expression(), self.expression())

    def _attribute(self) -> Any:
        return n.Attribute(self.expression(), self.name())

    def star(self) -> Any:
        return n.Star(self.expression())

    def _index(self) -> Any:
        return n.Index(self.expression(), self.several(self._place))

    def _place(self) -> Any:
        return self.one(self.expression, self.expression, self._slice, lambda: n.Dots(), self.star)

    def _slice(self) -> Any:
        return n.Slice(self.maybe(self.expression), self.maybe(self.expression), self.maybe(self.expression, 2))

    # ------------------------------------------------------------------------------------------------- brackets

    def call(self) -> Any:
        return n.Call(self.expression(), *self.arguments())

    def arguments(self) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        args = self.several(lambda: self.star() if self.chance(1) else self.expression(), 0, 4)
        names: tuple[str | None, ...] = self.names() if self.left > 0 and self.chance(4) else ()
        if self.left > 0 and self.chance(1):
            names = (*names, None)
        return args, tuple(n.Keyword(name, self.expression()) for name in names)

    def _element(self) -> Any:
        kind = self.draw(COUNTS)
        if kind == 0:
            return self.star()
        return self.step(in_list=True) if kind < 4 and self.left > 0 else self.expression()

    def _list(self) -> Any:
        return n.List(self.several(self._element, 0, 5), self.pick(("[]", "()")))

    def _list_comp(self) -> Any:
        return n.ListComp(self._element(), self._clauses())

    def _dict(self) -> Any:
        return n.Dict(self.several(lambda: (self.expression(), self.expression()), 0, 3))

    def _dict_comp(self) -> Any:
        return n.DictComp(self.expression(), self.expression(), self._clauses())

    def _clauses(self) -> tuple[Any, ...]:
        return self.several(self._clause, 1, 2)

    def _clause(self) -> Any:
        return n.Clause(self.targets(), self.expression(), self.maybe(self.expression, 3))

    def targets(self) -> tuple[Any, ...]:
        return self.several(self.target, 1, 2)

    def target(self, depth: int = 0) -> Any:
        if depth < 2 and self.chance(2):
            return n.Target(None, self.several(lambda: self.target(depth + 1)))
        return n.Target(self.name())

    # ------------------------------------------------------------------------------------------------- chains

    def chain(self) -> Any:
        return n.Chain(self.expression(), self.annotations(1), self.several(self.step, 1, 5))

    def step(self, in_list: bool = False) -> Any:
        """A step; in a list one that has something which expressions do not have."""
        label = self._label() if self.chance(6) else None
        annotations = self.annotations(2)
        condition = self.maybe(self.expression, 3)
        otherwise = self.step() if condition is not None and self.chance(3) else None
        plain = label is None and not annotations
        if in_list and plain and (condition is None or otherwise is not None):
            label = self._label()
        return n.Step(self.expression(), label, label is not None and self.chance(2), annotations, condition, otherwise)

    def _label(self) -> Any:
        if self.quotes < 2 and self.chance(3):
            return n.Label(self.text())
        return n.Label(n.Name("self" if self.chance(1) else self.name()))

    def annotations(self, of_ten: int) -> tuple[Any, ...]:
        return self.several(self._annotation, 1, 2) if self.left > 0 and self.chance(of_ten) else ()

    def _annotation(self) -> Any:
        args, keywords = self.arguments() if self.chance(7) else ((), ())
        return n.Annotation(self.pick(tuple(ANNOTATIONS)), args, keywords)
