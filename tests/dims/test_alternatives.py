"""Conditions of which one of several sizes is enough: what they say, when they hold, and which follow from others."""

from __future__ import annotations

from itertools import product as points

import pytest

from netspec.dims import Condition, Domain, Size, ceil_div, decide, floor_div, product, symbol
from netspec.dims.alternatives import any_at_least, implies

H, W = symbol("H"), symbol("W")


def either(*sizes: Size, least: int = 2) -> Condition:
    found = any_at_least(sizes, least)
    assert found is not None
    return found


def test_the_text_names_the_least_size_of_each() -> None:
    assert str(either(H, W)) == "H >= 2 or W >= 2"
    assert str(either(ceil_div(H, 16), W - 2)) == "H >= 17 or W >= 4"
    assert str(either(ceil_div(H, 4), ceil_div(H, 8), W)) == "H >= 5 or W >= 2"
    assert str(either(1, ceil_div(W, 2))) == "W >= 3"


def test_a_size_that_is_enough_settles_it() -> None:
    assert decide(either(H, 2)).truth == "always"
    assert decide(either(1, 1)).truth == "never"


def test_what_is_no_least_size_of_one_open_size_has_no_such_form() -> None:
    assert any_at_least([H * W, H], 2) is None
    assert any_at_least([H % 2 + 1, W], 2) is None


@pytest.mark.parametrize("sizes", [(H, W), (ceil_div(H, 4), ceil_div(W, 3)), (floor_div(H + 5, 3), 2 * W - 1)])
def test_one_of_several_is_two_exactly_where_their_product_is(sizes: tuple[Size, ...]) -> None:
    whole = Condition(product(sizes), ">=", 2)
    for h, w in points(range(1, 14), repeat=2):
        assert either(*sizes).holds({"H": h, "W": w}) == whole.holds({"H": h, "W": w})


def test_larger_sizes_imply_smaller_ones() -> None:
    assert implies(either(ceil_div(H, 8), ceil_div(W, 8)), either(H, W))
    assert implies(either(H, 1), either(H, W))
    assert not implies(either(H, W), either(H, 1))
    assert not implies(either(ceil_div(H, 8), W), either(ceil_div(H, 4), ceil_div(W, 4)))
    assert not implies(Condition(H, ">=", 9), either(H, W))


def test_a_contract_settles_them() -> None:
    assert decide(either(ceil_div(H, 16), ceil_div(W, 16)), Domain((Condition(W, ">=", 17),))).truth == "always"
