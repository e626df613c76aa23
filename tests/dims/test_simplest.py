"""Sizes as a contract lets them be written."""

from __future__ import annotations

import itertools

import pytest

from netspec.dims import Condition, Domain, Size, ceil_div, evaluate, symbol
from netspec.dims.simplest import simplest

H, W = symbol("H"), symbol("W")
EVEN = Condition(H % 16, "==", 0)
LEAST = Condition(H, ">=", 40)
ODD = Condition(H % 4, "==", 1)
SAME = Condition(H, "==", W)


@pytest.mark.parametrize(
    ("size", "conditions", "text"),
    [
        (16 * (H // 16), [EVEN], "H"),
        (16 * (H // 16) + 3, [EVEN, LEAST], "H + 3"),
        (2 * (H // 16), [EVEN], "floor(H/8)"),  # H = 16 k: 2 k
        (2 * ceil_div(H, 2), [EVEN, Condition(W % 2, "==", 0)], "H"),
        (4 * (H // 4), [ODD], "H - 1"),
        (2 * (H // 2), [], "2*floor(H/2)"),
        (2 * (H // 2), [LEAST], "2*floor(H/2)"),
        (2 * (W // 2), [EVEN], "2*floor(W/2)"),
        (ceil_div(H, 16), [EVEN], "ceil(H/16)"),  # floor(H/16) is not shorter
        ((H // 16) * (W // 16), [EVEN], "floor(H/16)*floor(W/16)"),
        (H + W, [SAME], "2*H"),
        (H // 2 + W // 2, [SAME], "floor(H/2) + floor(W/2)"),  # no sum of symbols
        (7, [EVEN], "7"),
    ],
)
def test_the_shortest_text_means_the_same(size: Size, conditions: list[Condition], text: str) -> None:
    found = simplest(size, Domain(tuple(conditions)))
    assert str(found) == text
    for h, w in itertools.product(range(1, 70), repeat=2):
        sizes = {"H": h, "W": w}
        if all(c.holds(sizes) for c in conditions):
            assert evaluate(found, sizes) == evaluate(size, sizes)


def test_a_contract_that_admits_nothing_says_nothing() -> None:
    assert str(simplest(2 * (H // 2), Domain((Condition(H % 2, "==", 0), Condition(H % 2, "==", 1))))) == "2*floor(H/2)"
