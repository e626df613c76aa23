"""Decisions about one size, derived by hand."""

from __future__ import annotations

import pytest

from netspec.dims import Condition, Domain, Size, ceil_div, decide, maximum, minimum, opaque, symbol
from netspec.dims.domain import Relation
from netspec.dims.nearest import progression

H = symbol("H")


def conv(size: Size, kernel: int, stride: int = 1, padding: int = 0) -> Size:
    return (size + 2 * padding - kernel) // stride + 1


def unet(depth: int, padding: int) -> list[tuple[Size, Size]]:
    """For each skip of a U-Net of two 3x3 convolutions per level: its size, and that of the upsampled."""
    skips: list[Size] = []
    size: Size = H
    for _ in range(depth):
        size = conv(conv(size, 3, padding=padding), 3, padding=padding)
        skips.append(size)
        size = size // 2
    joins = []
    for skip in reversed(skips):
        size = 2 * conv(conv(size, 3, padding=padding), 3, padding=padding)
        joins.append((skip, size))
        size = skip
    return joins


def holds(left: Size, relation: Relation, right: Size, *contract: Condition) -> str:
    return decide(Condition(left, relation, right), Domain(contract)).holds


def test_padded_unet_needs_a_power_of_two() -> None:
    # The join above the bottom has floor(H/8) beside 2*floor(H/16): equal where floor(H/8) is even, which is where
    # H % 16 < 8. Each join alone asks for that much; all four together for H % 16 == 0.
    deepest, *_, highest = unet(4, padding=1)
    found = decide(Condition(deepest[0], "==", deepest[1]))
    assert found.truth == "sometimes"
    assert found.holds == "H % 16 < 8"
    assert found.counterexample == {"H": 8}
    assert holds(highest[0], "==", highest[1]) == "H % 2 == 0"
    size: Size = H
    for _ in range(4):
        size = size // 2
    for _ in range(4):
        size = size * 2
    found = decide(Condition(H, "==", size))
    assert (found.truth, found.holds, found.counterexample) == ("sometimes", "H % 16 == 0", {"H": 1})


def test_hourglass_by_two_three_two() -> None:
    # 2*3*2*floor(floor(floor(H/2)/3)/2) = 12*floor(H/12)
    down = H // 2 // 3 // 2
    assert holds(down * 2 * 3 * 2, "==", H) == "H % 12 == 0"


def test_floor_against_ceil() -> None:
    # floor(H/2) = ceil(H/2) where H is even; H = 1 has 0 and 1
    found = decide(Condition(H // 2, "==", ceil_div(H, 2)))
    assert (found.truth, found.holds, found.counterexample) == ("sometimes", "H % 2 == 0", {"H": 1})


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_valid_unet_never_fits(depth: int) -> None:
    # depth 1: skip H - 4; up 2*(floor((H - 4)/2) - 4) <= H - 4 - 8: smaller for every H
    for skip, up in unet(depth, padding=0):
        found = decide(Condition(skip, "==", up))
        assert (found.truth, found.holds, found.counterexample) == ("never", "False", {"H": 1})
        assert decide(Condition(skip, ">", up)).truth == "always"


def test_equal_for_all_sizes_though_not_of_one_form() -> None:
    for left, right in (
        (H // 2 + ceil_div(H, 2), H),
        (H - H // 2, ceil_div(H, 2)),
        (H // 3 + (H + 1) // 3 + (H + 2) // 3, H),  # Hermite: floor(nx) = sum of floor(x + k/n)
        (minimum(H, 7) + maximum(H, 7), H + 7),
        ((H * H + H) // 2 * 2, H * H + H),  # H*(H + 1) is even
    ):
        assert left is not right
        assert decide(Condition(left, "==", right)).truth == "always"
        assert decide(Condition(left, "!=", right)).truth == "never"


# Every row: a condition, the text where it holds, its least counterexample, its minimum.
CASES = [
    # a conv 33 without padding: H - 32 >= 1
    (conv(H, 33), ">=", 1, "H >= 33", 1, 33),
    # pool 2 five times: floor(H/32) >= 1
    (H // 2 // 2 // 2 // 2 // 2, ">=", 1, "H >= 32", 1, 32),
    # floor((H + 2 - 3)/2) + 1 >= 4: H - 1 >= 6
    (conv(H, 3, 2, 1), ">=", 4, "H >= 7", 1, 7),
    (H, "<", 5, "H <= 4", 5, None),
    (H, "==", 7, "H == 7", 1, None),
    (H, "!=", 7, "H != 7", 7, None),
    (H, ">", 2**62, f"H >= {2**62 + 1}", 1, 2**62 + 1),
    # 2*floor(H/4) = floor(H/2) where floor(H/2) is even: H % 4 is 0 or 1
    (2 * (H // 4), "==", H // 2, "H % 4 < 2", 2, None),
    (4 * ceil_div(H, 4) - H, "in (0, 1)", 0, "H % 4 in (0, 3)", 1, None),
    (H % 6, "!=", 4, "H % 6 != 4", 4, None),
    (H % 12, "<", 9, "H % 12 < 9", 9, None),
    # min(H, 32) = H up to 32
    (minimum(H, 32), "==", H, "H <= 32", 33, None),
    # |H - 10| >= 3
    (maximum(H, 10) - minimum(H, 10), ">=", 3, "H not in (8, 9, 10, 11, 12)", 8, None),
    # (H - 3)(H - 7) = 0
    (H * H - 10 * H + 21, "==", 0, "H in (3, 7)", 1, None),
    (H * H, ">=", 10**12, "H >= 1000000", 1, 10**6),
    # floor(H/5) = 2: 10 .. 14
    (H // 5, "==", 2, "10 <= H <= 14", 1, None),
    (H // 2**40, "==", 1, f"{2**40} <= H <= {2**41 - 1}", 1, None),
    # odd and above 4: floor(H/2) + 1 = ceil(H/2) + (1 if even), against min(H, 4)
    (H % 2 + minimum(H, 4), "==", 5, "H % 2 == 1 and H >= 5", 1, None),
    (H % 2 + minimum(H, 4), "<=", 4, "H % 2 == 0 or H <= 3", 5, None),
    # 3*floor(H/2) - H >= 6: with H = 2k it is k >= 6, with H = 2k + 1 it is k >= 7: all from 14 on, and 12
    (3 * (H // 2) - H, ">=", 6, "H >= 14 or H == 12", 1, None),
    (H, ">=", 6 * ceil_div(H, 2) - 60, "H <= 30 and H != 29", 29, None),
]


@pytest.mark.parametrize(("left", "relation", "right", "text", "least", "minimum_"), CASES, ids=[c[3] for c in CASES])
def test_where_a_condition_holds(
    left: Size, relation: str, right: Size, text: str, least: int, minimum_: int | None
) -> None:
    if relation == "in (0, 1)":  # 0 <= left <= 1, as left*(1 - left) >= 0
        left, relation = left * (1 - left), ">="
    found = decide(Condition(left, relation, right))  # type: ignore[arg-type]
    assert found.truth == "sometimes"
    assert (found.holds, found.counterexample) == (text, {"H": least})
    assert found.minimum == ({} if minimum_ is None else {"H": minimum_})


CONTRACTS = [
    # the U-Net of depth 4 under its contract
    (16 * (H // 16), "==", H, [(H % 16, "==", 0)], "always", "True", None, {}),
    # half of it: 8k = 16*floor(k/2) where k is even
    (16 * (H // 16), "==", H, [(H % 8, "==", 0)], "sometimes", "H % 16 == 0", 8, {}),
    # H = 8k + 4 is no multiple of 16
    (16 * (H // 16), "==", H, [(H % 8, "==", 4)], "never", "False", 4, {}),
    # the least admitted size is what the user needs to know
    (H, ">=", 40, [(H % 32, "==", 0)], "sometimes", "H >= 64", 32, {"H": 64}),
    (H, ">=", 40, [(H, ">=", 100)], "always", "True", None, {}),
    (H, "==", 40, [(H % 32, "==", 0)], "never", "False", 32, {}),
    (H % 3, "==", 0, [(H % 32, "==", 0)], "sometimes", "H % 3 == 0", 32, {}),
    (H % 2, "==", 1, [(H, ">=", 5), (H, "<=", 9)], "sometimes", "H % 2 == 1", 6, {}),
    # H % 4 is 0 or 3: the smaller modulus tells them apart
    (H % 4, "==", 0, [(H % 4, "!=", 1), (H % 4, "!=", 2)], "sometimes", "H % 2 == 0", 3, {}),
    (H // 2, "==", 16, [(H, "==", 32)], "always", "True", None, {}),
    (H // 2, "==", 15, [(H, "==", 32)], "never", "False", 32, {}),
    # no size is both: everything holds of none
    (H, "==", 7, [(H % 2, "==", 0), (H % 4, "==", 1)], "always", "True", None, {}),
    (H, ">=", 2, [(H, "<", 1)], "always", "True", None, {}),
    (H, ">=", 2**62, [(H, ">=", 2**63)], "always", "True", None, {}),
]


@pytest.mark.parametrize(("left", "relation", "right", "contract", "truth", "text", "least", "minimum_"), CONTRACTS)
def test_contracts(
    left: Size,
    relation: Relation,
    right: Size,
    contract: list[tuple[Size, Relation, Size]],
    truth: str,
    text: str,
    least: int | None,
    minimum_: dict[str, int],
) -> None:
    found = decide(Condition(left, relation, right), Domain(tuple(Condition(*c) for c in contract)))
    assert (found.truth, found.holds) == (truth, text)
    assert found.counterexample == (None if least is None else {"H": least})
    assert found.minimum == minimum_


def test_constants_are_decided() -> None:
    assert decide(Condition(3, "<", 4)).truth == "always"
    found = decide(Condition(64, "==", 256))
    assert (found.truth, found.counterexample) == ("never", {})
    assert decide(Condition(H + 1, ">", H)).truth == "always"


def test_the_least_size_of_a_contract() -> None:
    contract = Domain((Condition(H % 6, "==", 5), Condition(H, ">", 20)))
    assert decide(Condition(H, "<", 1), contract).counterexample == {"H": 23}


def test_opaque_sizes() -> None:
    def up(n: int) -> int:
        return int(n * 1.7)

    scaled = opaque("up", up, H)
    assert decide(Condition(scaled, "==", opaque("up", up, H))).truth == "always"
    assert decide(Condition(scaled + 1, ">", scaled)).truth == "always"
    # 1.7 -> 1, 3.4 -> 3, 5.1 -> 5: it is H at H = 1, not at 2
    found = decide(Condition(scaled, "==", H))
    assert (found.truth, found.counterexample) == ("sometimes", {"H": 2})
    # no counterexample is found, and none is claimed
    found = decide(Condition(scaled, ">=", H))
    assert (found.truth, found.counterexample) == ("unknown", None)
    assert decide(Condition(scaled, "==", 0)).truth == "unknown"


def test_a_verdict_is_the_callers_own() -> None:
    condition = Condition(H, ">=", 3)
    decide(condition).minimum["H"] = 99
    assert decide(condition).minimum == {"H": 3}


def test_conditions_print_as_written() -> None:
    assert str(Condition(H % 16, "==", 0)) == "H % 16 == 0"
    assert Condition(H % 16, "==", 0).holds({"H": 32})


def test_the_sizes_nearest_to_one_that_does_not_fit() -> None:
    found = progression(Condition(16 * (H // 16), "==", H))
    assert found == ("H", 16, 16)
    assert found is not None
    assert [found.around(n) for n in (1, 16, 250, 256)] == [(None, 16), (16, 16), (240, 256), (256, 256)]
    odd = progression(Condition(H % 2, "==", 1))
    assert odd is not None
    assert (odd.around(1), odd.around(6)) == ((1, 1), (5, 7))
    # not one progression, or one with an end, or of several sizes
    for condition in (
        Condition(H % 4, "<", 2),
        Condition(H, ">=", 4),
        Condition(H, "==", 4),
        Condition(H, "==", symbol("W")),
    ):
        assert progression(condition) is None
