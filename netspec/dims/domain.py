"""Conditions on sizes, and the sizes that an input contract admits."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from netspec.dims.evaluation import evaluate
from netspec.dims.form import Size

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
        return f"{self.left} {self.relation} {self.right}"

    def holds(self, sizes: Mapping[str, int]) -> bool:
        """Whether it holds for these sizes."""
        return bool(COMPARE[self.relation](evaluate(self.left, sizes), evaluate(self.right, sizes)))


@dataclass(frozen=True, slots=True)
class Domain:
    """The sizes for which all conditions hold; every open size is at least 1 besides."""

    conditions: tuple[Condition, ...] = ()


EVERYWHERE: Final = Domain()
