"""Random expressions of sizes, built with `netspec.dims` and, as an independent oracle, computed with plain ints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from netspec.dims import (
    Condition,
    Size,
    ceil_div,
    floor_div,
    maximum,
    minimum,
    mod,
    symbol,
)
from netspec.dims.domain import Relation

RELATIONS: tuple[Relation, ...] = ("==", "!=", "<", "<=", ">", ">=")
_NUMBERS: dict[str, Callable[..., int]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "ceil": lambda a, b: -(-a // b),
    "min": min,
    "max": max,
}
_SIZES: dict[str, Callable[..., Size]] = {
    **_NUMBERS,
    "//": floor_div,
    "%": mod,
    "ceil": ceil_div,
    "min": minimum,
    "max": maximum,
}


@dataclass(frozen=True)
class Expression:
    """An operation and its operands; a name or a number is an operand too."""

    op: str
    operands: tuple[Any, ...]

    def size(self) -> Size:
        return _SIZES[self.op](*map(size_of, self.operands))

    def value(self, sizes: Mapping[str, int]) -> int:
        return _NUMBERS[self.op](*(value_of(o, sizes) for o in self.operands))


Operand = Expression | str | int


def size_of(operand: Operand) -> Size:
    if isinstance(operand, Expression):
        return operand.size()
    return symbol(operand) if isinstance(operand, str) else operand


def value_of(operand: Operand, sizes: Mapping[str, int]) -> int:
    if isinstance(operand, Expression):
        return operand.value(sizes)
    return sizes[operand] if isinstance(operand, str) else operand


def operands(*names: str, products: bool = False, leaves: int = 7) -> st.SearchStrategy[Operand]:
    """Expressions of these symbols."""
    numbers = st.integers(-20, 20)
    divisors = st.sampled_from((1, 2, 3, 4, 5, 6, 8, -1, -2, -3))

    def extended(inner: st.SearchStrategy[Operand]) -> st.SearchStrategy[Operand]:
        pairs = [
            st.tuples(st.sampled_from(("+", "-")), st.tuples(inner, inner | numbers)),
            st.tuples(st.sampled_from(("//", "ceil", "//", "ceil", "%")), st.tuples(inner, divisors)),
            st.tuples(st.just("*"), st.tuples(st.integers(-6, 6), inner)),
            st.tuples(st.sampled_from(("min", "max")), st.tuples(inner, inner | numbers)),
        ]
        if products:
            pairs.append(st.tuples(st.just("*"), st.tuples(inner, inner)))
        return st.one_of(pairs).map(lambda pair: Expression(*pair))

    return st.recursive(st.sampled_from(names), extended, max_leaves=leaves)


@dataclass(frozen=True)
class Comparison:
    """A condition with its oracle."""

    left: Operand
    relation: Relation
    right: Operand

    def condition(self) -> Condition:
        return Condition(size_of(self.left), self.relation, size_of(self.right))

    def value(self, sizes: Mapping[str, int]) -> bool:
        left, right = value_of(self.left, sizes), value_of(self.right, sizes)
        return {
            "==": left == right,
            "!=": left != right,
            "<": left < right,
            "<=": left <= right,
            ">": left > right,
            ">=": left >= right,
        }[self.relation]


def comparisons(*names: str, products: bool = False, leaves: int = 7) -> st.SearchStrategy[Comparison]:
    """Comparisons of expressions, often of two that are nearly equal."""
    sides = operands(*names, products=products, leaves=leaves)
    near = sides.flatmap(lambda o: st.tuples(st.just(o), st.integers(-2, 2).map(lambda n: Expression("+", (o, n)))))
    pairs = st.tuples(sides, sides | st.integers(-5, 60)) | near
    return st.builds(lambda pair, relation: Comparison(pair[0], relation, pair[1]), pairs, st.sampled_from(RELATIONS))


def contracts(name: str) -> st.SearchStrategy[list[Comparison]]:
    """What a ``where`` may ask of one size."""
    remainder = st.builds(
        lambda m, r: Comparison(Expression("%", (name, m)), "==", r % m),
        st.sampled_from((2, 3, 4, 6, 8, 16)),
        st.integers(0, 15),
    )
    excluded = st.builds(
        lambda m, r: Comparison(Expression("%", (name, m)), "!=", r % m),
        st.sampled_from((2, 3, 4, 5)),
        st.integers(0, 4),
    )
    bound = st.builds(
        lambda relation, n: Comparison(name, relation, n), st.sampled_from((">=", "<=", "!=", ">")), st.integers(1, 300)
    )
    return st.lists(remainder | excluded | bound | comparisons(name, leaves=4), max_size=3)
