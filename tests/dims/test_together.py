"""What several conditions say together, derived by hand."""

from __future__ import annotations

import pytest

from netspec.dims import Condition, Domain, Size, ceil_div, symbol
from netspec.dims.domain import Relation
from netspec.dims.together import together

B, H, W = symbol("B"), symbol("H"), symbol("W")
Row = tuple[Size, Relation, Size]


def shares(rows: list[Row], contract: list[Row] | None = None) -> list[tuple[tuple[str, ...], str, int]]:
    """The names, the text and the number of the strongest condition of each share."""
    found = together([Condition(*row) for row in rows], Domain(tuple(Condition(*row) for row in contract or [])))
    return [(share.names, share.verdict.holds, share.strongest) for share in found]


# 2*floor(H/16) = floor(H/8) where H % 16 < 8; 2*floor(H/8) = floor(H/4) where H % 8 < 4; then H % 4 < 2, H % 2 == 0
HALVES: list[Row] = [(2 * (H // (2 * k)), "==", H // k) for k in (8, 4, 2, 1)]


def test_parts_of_a_condition_make_the_whole() -> None:
    assert shares(HALVES) == [(("H",), "H % 16 == 0", 0)]
    assert shares(HALVES[::-1]) == [(("H",), "H % 16 == 0", 3)]
    assert together([Condition(*row) for row in HALVES])[0].members == (0, 1, 2, 3)


def test_the_least_common_multiple() -> None:
    rows: list[Row] = [(4 * (H // 4), "==", H), (6 * (H // 6), "==", H)]
    assert shares(rows) == [(("H",), "H % 12 == 0", 1)]


def test_a_minimum_that_the_multiple_implies_leaves() -> None:
    assert shares([*HALVES, (H, ">=", 16)]) == [(("H",), "H % 16 == 0", 0)]
    # the least multiple of 16 from 33 on is 48
    assert shares([*HALVES, (H, ">=", 33)]) == [(("H",), "H % 16 == 0 and H >= 48", 0)]


def test_of_minimums_the_greatest_one_counts() -> None:
    rows: list[Row] = [(H // 2 - 2, ">=", 1), (H, ">=", 3), (H // 4 - 7, ">=", 2), (H - 4, ">=", 2)]
    # floor(H/4) >= 9
    assert shares(rows) == [(("H",), "H >= 36", 2)]


def test_conditions_that_exclude_each_other() -> None:
    (share,) = together([Condition(H % 2, "==", 0), Condition(H % 4, "==", 1)])
    assert (share.verdict.truth, share.verdict.counterexample) == ("never", {"H": 1})


def test_each_size_has_its_share() -> None:
    assert shares([(H % 2, "==", 0), (W % 3, "==", 0)]) == [(("H",), "H % 2 == 0", 0), (("W",), "W % 3 == 0", 1)]


def test_a_condition_on_two_sizes_falls_apart() -> None:
    # H*W = 4*floor(H/2)*floor(W/2): of the four cells of residues only (even, even) has equal polynomials
    assert shares([(H * W, "==", 4 * (H // 2) * (W // 2))]) == [
        (("H",), "H % 2 == 0", 0),
        (("W",), "W % 2 == 0", 0),
    ]


def test_sizes_that_are_tied_stay_tied() -> None:
    assert shares([(H, "==", W), (H % 2, "==", 0)]) == [(("H",), "H % 2 == 0", 1), (("H", "W"), "H == W", 0)]


def test_what_follows_from_other_conditions_leaves() -> None:
    # (ceil(H/2) - 1)(ceil(W/2) - 1) >= (ceil(H/4) - 1)(ceil(W/4) - 1), and B times that is no less
    fine = (ceil_div(H, 2) - 1) * (ceil_div(W, 2) - 1)
    coarse = (ceil_div(H, 4) - 1) * (ceil_div(W, 4) - 1)
    rows: list[Row] = [(fine, ">=", 2), (coarse, ">=", 2), (B * coarse, ">=", 2)]
    assert [strongest for _, _, strongest in shares(rows)] == [1]


def test_under_a_contract_only_what_is_left() -> None:
    assert shares(HALVES, [(H % 16, "==", 0)]) == []
    # of the multiples of 8 those of 16: 2*floor(H/16) = floor(H/8)
    assert shares(HALVES, [(H % 8, "==", 0)]) == [(("H",), "H % 16 == 0", 0)]
    assert shares([(H % 2, "==", 0)], [(H, "==", 2 * W)]) == []


def test_a_contract_without_sizes_leaves_nothing() -> None:
    assert shares(HALVES, [(H % 2, "==", 0), (H % 2, "==", 1)]) == []


@pytest.mark.parametrize("count", [9, 17, 30])
def test_many_conditions(count: int) -> None:
    assert shares([(H, ">=", n) for n in range(2, count + 2)]) == [(("H",), f"H >= {count + 1}", count - 1)]


def test_conditions_beyond_one_table_are_told_apart() -> None:
    # each of the moduli is within the limit, their product is not
    found = shares([(H % 9973, "==", 0), (H % 9967, "==", 0)])
    assert found == [(("H",), "H % 9973 == 0", 0), (("H",), "H % 9967 == 0", 1)]
