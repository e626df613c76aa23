"""Decisions about several sizes, derived by hand."""

from __future__ import annotations

import pytest

from netspec.dims import Condition, Domain, Size, ceil_div, decide, minimum, opaque, symbol
from netspec.dims.domain import Relation

H, W, D = symbol("H"), symbol("W"), symbol("D")
Row = tuple[Size, Relation, Size]

# Every row: a condition, the contract, the verdict's truth, text, counterexample.
CASES: list[tuple[Row, list[Row], str, str, dict[str, int] | None]] = [
    ((H, "==", W), [], "sometimes", "H == W", {"H": 1, "W": 2}),
    ((H, "==", W), [(W, "==", H)], "always", "True", None),
    ((H // 2, "==", W // 2), [(H, "==", W)], "always", "True", None),
    # W is H: its condition is one on H
    ((W % 2, "==", 0), [(H, "==", W)], "sometimes", "W % 2 == 0", {"W": 1}),
    ((W % 2, "==", 0), [(W, "==", 2 * H)], "always", "True", None),
    ((W, ">=", 4), [(W, "==", 2 * H)], "sometimes", "W >= 4", {"W": 2}),
    # W = H - 3 needs H >= 4
    ((H, ">=", 4), [(W, "==", H - 3)], "always", "True", None),
    ((D, ">=", 3), [(D, "==", H + W), (H, ">=", 2)], "always", "True", None),
    # a factor that is at least 1 leaves: H = 2*floor(H/2)
    ((H * W, "==", 2 * (H // 2) * W), [], "sometimes", "H % 2 == 0", {"H": 1, "W": 1}),
    # one that may be 0 keeps what always holds
    ((H // 2 * (W // 2 + ceil_div(W, 2)), "==", H // 2 * W), [], "always", "True", None),
    ((4 * (H // 2) * (W // 2), "==", H * W), [(H % 2, "==", 0), (W % 2, "==", 0)], "always", "True", None),
    ((16 * (H // 4) * (W // 4), "==", H * W), [(H % 32, "==", 0), (W % 32, "==", 0)], "always", "True", None),
    # the left side is even, the right one odd
    ((2 * H, "==", 2 * W + 1), [], "never", "False", {"H": 1, "W": 1}),
    ((2 * H, "==", 3 * W), [], "sometimes", "2*H == 3*W", {"H": 1, "W": 1}),
    # two remainders, both 0 or both greatest
    ((H % 2 + W % 2, "==", 0), [], "sometimes", "H % 2 == 0 and W % 2 == 0", {"H": 1, "W": 1}),
    ((H % 2 + W % 3, "==", 3), [], "sometimes", "H % 2 == 1 and W % 3 == 2", {"H": 1, "W": 1}),
    ((H % 2 + W % 3, "<=", 3), [], "always", "True", None),
    ((H % 2 + W % 3, "==", 4), [], "never", "False", {"H": 1, "W": 1}),
    ((H % 4 + 4 * (W % 2), "==", 1), [(H % 2, "==", 0)], "never", "False", {"H": 2, "W": 1}),
    # a product of sizes is at least 1 where each is
    ((H // 32 * (W // 16), ">=", 1), [], "sometimes", "H >= 32 and W >= 16", {"H": 1, "W": 1}),
    ((minimum(H - 5, W - 7), ">=", 1), [], "sometimes", "H >= 6 and W >= 8", {"H": 1, "W": 1}),
    # one period of H + W decides: floor(n/2) + ceil(n/2) = n
    (((H + W) // 2 + ceil_div(H + W, 2), "==", H + W), [], "always", "True", None),
    ((2 * ((H + W) // 2), "<=", H + W), [], "always", "True", None),
    ((2 * ((H + W) // 2), "==", H + W + 1), [], "never", "False", {"H": 1, "W": 1}),
    ((H + W, ">=", 2), [], "always", "True", None),
    ((H + W, ">=", 3), [], "sometimes", "H + W >= 3", {"H": 1, "W": 1}),
    ((H * W, ">=", 4), [(H, ">=", 2), (W, ">=", 2)], "always", "True", None),
    ((H * W, ">=", 2), [(H * W, ">=", 3)], "always", "True", None),
    # an order between symbols
    ((H, ">=", W), [(H, ">=", W)], "always", "True", None),
    ((H, ">=", W), [(H, ">=", 2 * W), (H % 4, "==", 0), (W % 4, "==", 0)], "always", "True", None),
    ((H + 1, "==", W), [(H, ">=", W)], "never", "False", {"H": 1, "W": 1}),
    # a counterexample, but nothing shows whether it can hold: H^2 = 2 W^2 has no solution, which is not proven
    ((H * H, "==", 2 * W * W), [], "unknown", "H*H == 2*W*W", {"H": 1, "W": 1}),
]


@pytest.mark.parametrize(("row", "contract", "truth", "text", "counterexample"), CASES)
def test_several(row: Row, contract: list[Row], truth: str, text: str, counterexample: dict[str, int] | None) -> None:
    found = decide(Condition(*row), Domain(tuple(Condition(*c) for c in contract)))
    assert (found.truth, found.holds, found.counterexample) == (truth, text, counterexample)


def test_minimums_of_several_symbols() -> None:
    assert decide(Condition(H // 32 * (W // 16), ">=", 1)).minimum == {"H": 32, "W": 16}


def test_an_undecidable_contract_is_not_ignored() -> None:
    # nothing is known of where scaled(H) == W admits sizes, so only a sample can show what fails
    scaled = opaque("scaled", lambda n: n + n % 3, H)
    domain = Domain((Condition(scaled + 0 * W, "==", W), Condition(H, "<=", 4)))
    found = decide(Condition(W, ">=", H), domain)
    assert found.truth == "unknown"
    assert found.counterexample is None
    found = decide(Condition(W, "==", H), domain)  # H = 3 stays, H = 1 becomes 2
    assert (found.truth, found.counterexample) == ("sometimes", {"H": 1, "W": 2})
