"""Decisions about products of sizes, on the grid of their periods, derived by hand."""

from __future__ import annotations

import random

import pytest

from netspec.dims import Condition, Domain, Size, ceil_div, decide, evaluate, minimum, symbol
from netspec.dims.claims import Claim
from netspec.dims.domain import Relation
from netspec.dims.grids import CELLS_LIMIT, grid, residue_claims
from tests.dims.expressions import Comparison, Expression, Operand

B, H, W = symbol("B"), symbol("H"), symbol("W")
Row = tuple[Size, Relation, Size]

# Every row: a condition, the verdict's truth, and its text.
CASES: list[tuple[Row, str, str]] = [
    # tokens: patches of 16 counted along the axes, and the same by floors of floors
    ((H // 16 * (W // 16), "==", (H // 4 // 4) * (W // 2 // 8)), "always", "True"),
    ((256 * ceil_div(H, 16) * ceil_div(W, 16), "==", H * W), "sometimes", "H % 16 == 0 and W % 16 == 0"),
    # with H = r + 2t the gap is r//2*W + ... : 0 where r = 2, positive where r = 1
    ((H * W, "==", 2 * (H // 2) * W), "sometimes", "H % 2 == 0"),
    ((W * (H // 2) + W * ceil_div(H, 2), "==", H * W), "always", "True"),
    ((4 * (H // 2) * (W // 2), "<=", H * W), "always", "True"),
    ((4 * (H // 2) * (W // 2), "==", H * W + 1), "never", "False"),
    # floor(H*W/2) - H*floor(W/2): with W even 0; with W odd floor(H/2), at H = 1 as well 0
    ((H * W // 2, "==", H * (W // 2)), "sometimes", "floor(H*W/2) == H*floor(W/2)"),
    # a product of three
    ((8 * (B // 2) * (H // 2) * (W // 2), "==", B * H * W), "sometimes", "B % 2 == 0 and H % 2 == 0 and W % 2 == 0"),
    # residues 2, 3, 0 of 4 follow each other: H*W = (H - [H % 4 == 1])*W
    (((H - (H + 2) // 4 + (H + 3) // 4) * W, "==", H * W), "sometimes", "H % 4 != 1"),
    # a minimum with one least side in each cell
    ((minimum(H * W, H * W + H), "==", H * W), "always", "True"),
]


@pytest.mark.parametrize(("row", "truth", "text"), CASES, ids=[str(Condition(*row)) for row, _, _ in CASES])
def test_products(row: Row, truth: str, text: str) -> None:
    found = decide(Condition(*row))
    assert (found.truth, found.holds) == (truth, text)
    if truth == "sometimes":
        assert found.counterexample is not None
        assert not Condition(*row).holds(found.counterexample)


def test_what_holds_of_more_tokens_holds_of_fewer() -> None:
    fine, coarse = (H // 2) * (W // 2), (H // 4) * (W // 4)
    assert decide(Condition(fine, ">=", 2), Domain((Condition(coarse, ">=", 2),))).truth == "always"
    assert decide(Condition(coarse, ">=", 2), Domain((Condition(fine, ">=", 2),))).truth != "always"


def test_cells_and_their_limit() -> None:
    found = grid(Claim(H * W - 2 * (H // 2) * W, "=="))
    assert found is not None
    assert (found.names, found.lengths, found.cells) == (("H", "W"), (2, 1), {(1, 1): False, (2, 1): True})
    assert [str(claim.gap) for claim in residue_claims(found)] == ["-(H % 2)"]
    assert grid(Claim(H // 200 * (W // 300) - 1, ">=")) is None
    assert CELLS_LIMIT < 200 * 300


def drawn(rng: random.Random, leaves: int) -> Operand:
    if leaves == 1:
        return rng.choice("HW")
    inner = drawn(rng, leaves - 1)
    op, other = rng.choice((("//", rng.choice((2, 3, 4))), ("ceil", rng.choice((2, 3))), ("+", rng.randint(-3, 3)),
                            ("*", drawn(rng, leaves // 2)), ("*", rng.randint(2, 3))))  # fmt: skip
    return Expression(op, (inner, other))


def test_drawn_products_against_all_small_sizes() -> None:
    rng = random.Random(5)
    points = [{"H": h, "W": w} for h in range(1, 26) for w in range(1, 26)]
    decided = 0
    for _ in range(300):
        left = drawn(rng, rng.randint(2, 5))
        right = rng.choice((drawn(rng, rng.randint(2, 5)), Expression("+", (left, rng.randint(-1, 1)))))
        comparison = Comparison(left, rng.choice(("==", ">=", "<", "!=")), right)
        condition = comparison.condition()
        found = grid(Claim(condition.left - condition.right, "=="))
        for residues, state in found.cells.items() if found else ():
            inside = [p for p in points if all((p[n] - r) % length == 0 for n, r, length in
                                               zip(found.names, residues, found.lengths, strict=True))]  # fmt: skip
            zero = {evaluate(condition.left - condition.right, p) == 0 for p in inside}
            assert state is None or zero <= {state}
        verdict = decide(condition)
        truths = {comparison.value(p) for p in points}
        assert verdict.truth != "always" or truths == {True}
        assert verdict.truth != "never" or truths == {False}
        decided += verdict.truth != "unknown"
    assert decided > 270
