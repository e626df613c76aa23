"""Conditions on sizes, and the sizes that an input contract admits."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from netspec.dims.atoms import Floor, Symbol
from netspec.dims.evaluation import evaluate
from netspec.dims.form import Dim, Size

Relation = Literal["==", "!=", "<", "<=", ">", ">="]
COMPARE: Final = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """``left relation right``.

    >>> from netspec.dims import symbol
    >>> print(Condition(symbol("H") % 2, "==", 0))
    H % 2 == 0
    """

    left: Size
    relation: Relation
    right: Size

    def __str__(self) -> str:
        either = alternatives(self)
        if either:
            return " or ".join(f"{name} >= {least}" for name, least in either.items())
        return f"{self.left} {self.relation} {self.right}"

    def holds(self, sizes: Mapping[str, int]) -> bool:
        """Whether it holds for these sizes."""
        return bool(COMPARE[self.relation](evaluate(self.left, sizes), evaluate(self.right, sizes)))


def alternatives(condition: Condition) -> dict[str, int]:
    """``{"H": 17, "W": 9}`` of ``floor(H/17) + floor(W/9) >= 1``: least sizes of which one is enough; else nothing."""
    gap, found = condition.left, dict[str, int]()
    if not isinstance(gap, Dim) or (condition.relation, condition.right, gap.constant) != (">=", 1, 0):
        return {}
    for monomial, coefficient in gap.terms:
        atom = monomial[0]
        if coefficient != 1 or len(monomial) != 1 or not isinstance(atom, Floor) or not _is_symbol(atom.numerator):
            return {}
        found[str(atom.numerator)] = atom.divisor
    return found


def _is_symbol(size: Dim) -> bool:
    ((monomial, coefficient), *others) = size.terms
    alone = size.constant == 0 and coefficient == 1 and len(monomial) == 1 and not others
    return alone and isinstance(monomial[0], Symbol)


@dataclass(frozen=True, slots=True)
class Domain:
    """The sizes for which all conditions hold; every open size is at least 1 besides."""

    conditions: tuple[Condition, ...] = ()


EVERYWHERE: Final = Domain()
