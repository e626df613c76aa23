"""Conditions that any one of several open sizes meets by being large enough: ``H >= 17 or W >= 17``.

They are kept as ``floor(H/17) + floor(W/17) >= 1``, one comparison of sizes like all others.
"""

from __future__ import annotations

from collections.abc import Iterable

from netspec.dims.algebra import symbol
from netspec.dims.decide import decide
from netspec.dims.domain import Condition, alternatives
from netspec.dims.form import Size
from netspec.dims.quotient import floor_div


def any_at_least(sizes: Iterable[Size], least: int) -> Condition | None:
    """That one of several sizes is at least so large; None where that is not a least value of one open size each.

    >>> H, W = symbol("H"), symbol("W")
    >>> print(any_at_least([(H + 15) // 16, W - 2], 2))
    H >= 17 or W >= 4
    """
    found: dict[str, int] = {}
    for size in sizes:
        verdict = decide(Condition(size, ">=", least))
        if verdict.truth == "always":
            return Condition(1, ">=", 1)
        if verdict.truth != "never" and len(verdict.minimum) != 1:
            return None
        for name, number in verdict.minimum.items():
            found[name] = min(number, found.get(name, number))
    total: Size = 0
    for name, number in found.items():
        total = total + floor_div(symbol(name), number)
    return Condition(total, ">=", 1)


def implies(one: Condition, other: Condition) -> bool:
    """Whether a condition of this kind says as much as another: ``H >= 17 or W >= 17`` implies ``H >= 9 or W >= 9``."""
    asked, met = alternatives(one), alternatives(other)
    return bool(asked) and all(met.get(name, number + 1) <= number for name, number in asked.items())
