"""Decisions against isl, a solver of Presburger arithmetic: exact for every size, not only for those tried.

A test-only dependency, ``pip install islpy``; without it this module is skipped.
"""

from __future__ import annotations

import random
import re

import pytest

from netspec.dims import Domain, decide
from netspec.dims.tables import FEW
from netspec.dims.together import together
from tests.dims.expressions import RELATIONS, Comparison, Expression, Operand

isl = pytest.importorskip("islpy")

#: How many pairs of each kind are drawn: 5,000 in all.
FREE, UNDER_CONTRACT, OF_TWO, TOGETHER = 2_600, 1_400, 600, 400


def drawn(rng: random.Random, names: str, leaves: int) -> Operand:
    """A size as networks have it: sums, windows, scalings, crops."""
    if leaves <= 1:
        return rng.choice(names)
    inner = drawn(rng, names, leaves - 1)
    kind = rng.random()
    if kind < 0.35:
        return Expression(rng.choice(("//", "ceil")), (inner, rng.choice((2, 2, 2, 3, 4, 5))))
    if kind < 0.55:
        return Expression(rng.choice("+-"), (inner, rng.randint(0, 7)))
    if kind < 0.75:
        return Expression("*", (rng.randint(2, 4), inner))
    if kind < 0.82:
        return Expression("%", (inner, rng.choice((2, 3, 4, 6))))
    other: Operand = drawn(rng, names, leaves - 2) if rng.random() < 0.6 else rng.randint(1, 30)
    return Expression(rng.choice(("min", "max", "+", "-")), (inner, other))


def drawn_comparison(rng: random.Random, names: str = "H") -> Comparison:
    left = drawn(rng, names, rng.randint(1, 5))
    near: Operand = Expression("+", (left, rng.randint(-1, 1)))
    right: Operand = rng.choice((drawn(rng, names, rng.randint(1, 5)), near, rng.randint(0, 40)))
    return Comparison(left, rng.choice(("==", "==", *RELATIONS)), right)


def drawn_contract(rng: random.Random) -> list[Comparison]:
    modulus = rng.choice((2, 3, 4, 8))
    clauses = [
        Comparison(Expression("%", ("H", modulus)), "==", rng.randrange(modulus)),
        Comparison("H", ">=", rng.randint(1, 40)),
        Comparison("H", "<=", rng.randint(20, 200)),
        drawn_comparison(rng),
    ]
    return rng.sample(clauses, rng.randint(1, 2))


def text_of(operand: Operand) -> str:
    """An expression in isl's syntax."""
    if not isinstance(operand, Expression):
        return str(operand)
    a, b = map(text_of, operand.operands)
    match operand.op:
        case "//":
            return f"floor(({a})/{b})"
        case "ceil":
            return f"ceil(({a})/{b})"
        case "%":
            return f"(({a}) mod {b})"
        case "min" | "max":
            return f"{operand.op}({a}, {b})"
    return f"({a} {operand.op} {b})"


def set_of(*conditions: str, names: str = "H") -> isl.Set:
    """The sizes of at least 1 for which conditions hold."""
    positive = [f"{name} >= 1" for name in names]
    found = isl.Set(f"{{ [{', '.join(names)}] : {' and '.join(positive)} }}")
    for condition in conditions:
        found = found.intersect(isl.Set(f"{{ [{', '.join(names)}] : {condition} }}"))
    return found


def comparison_text(comparison: Comparison) -> str:
    relation = {"==": "=", "!=": "!="}.get(comparison.relation, comparison.relation)
    return f"{text_of(comparison.left)} {relation} {text_of(comparison.right)}"


def said(holds: str) -> str:
    """What a verdict says, in isl's syntax."""
    if holds in ("True", "False"):
        return {"True": "0 = 0", "False": "1 = 0"}[holds]
    holds = re.sub(r"(\w+(?: % \d+)?) not in \(([\d, ]+)\)", _listed("!=", "and"), holds)
    holds = re.sub(r"(\w+(?: % \d+)?) in \(([\d, ]+)\)", _listed("=", "or"), holds)
    return holds.replace("==", "=").replace("%", "mod")


def _listed(relation: str, word: str):  # type: ignore[no-untyped-def]
    def written(match: re.Match[str]) -> str:
        parts = [f"{match[1]} {relation} {number}" for number in re.findall(r"\d+", match[2])]
        return f"({f' {word} '.join(parts)})"

    return written


def points(found: isl.Set, names: str = "H") -> list[int]:
    """The least element, by the order of the names; nothing of an empty set."""
    if found.is_empty():
        return []
    point = found.lexmin().sample_point()
    return [point.get_coordinate_val(isl.dim_type.set, i).to_python() for i in range(len(names))]


def check_one(comparison: Comparison, contract: list[Comparison]) -> bool:
    """Compare a decision with isl; False where nothing was decided."""
    verdict = decide(comparison.condition(), Domain(tuple(c.condition() for c in contract)))
    admitted = set_of(*map(comparison_text, contract))
    holds = admitted.intersect(set_of(comparison_text(comparison)))
    fails = admitted.subtract(holds)
    if verdict.truth == "unknown":
        return False
    truth = "always" if fails.is_empty() else "never" if holds.is_empty() else "sometimes"
    assert verdict.truth == truth, (comparison, contract, verdict)
    assert admitted.intersect(set_of(said(verdict.holds))).is_equal(holds), (comparison, contract, verdict)
    if verdict.counterexample:
        assert [verdict.counterexample["H"]] == points(fails), (comparison, contract, verdict)
    else:  # a condition in which no size is left has a counterexample without sizes
        assert fails.is_empty() or verdict.counterexample == {}, (comparison, contract, verdict)
    if verdict.minimum:
        assert holds.is_equal(admitted.intersect(set_of(f"H >= {verdict.minimum['H']}")))
    if truth == "sometimes" and not contract:
        assert verdict.lasting == (not holds.is_bounded() or holds.count_val().to_python() > FEW), (comparison, verdict)
    return True


def test_decisions_about_one_size() -> None:
    rng = random.Random(1)
    decided = sum(check_one(drawn_comparison(rng), []) for _ in range(FREE))
    assert decided == FREE


def test_decisions_under_a_contract() -> None:
    rng = random.Random(2)
    decided = sum(check_one(drawn_comparison(rng), drawn_contract(rng)) for _ in range(UNDER_CONTRACT))
    assert decided == UNDER_CONTRACT


def test_decisions_about_two_sizes() -> None:
    # not all of them are decided; those that are must be right
    rng = random.Random(3)
    decided = 0
    for _ in range(OF_TWO):
        comparison = drawn_comparison(rng, "HW")
        verdict = decide(comparison.condition())
        admitted = set_of(names="HW")
        holds = set_of(comparison_text(comparison), names="HW")
        fails = admitted.subtract(holds)
        truth = "always" if fails.is_empty() else "never" if holds.is_empty() else "sometimes"
        if verdict.truth != "unknown":
            decided += 1
            assert verdict.truth == truth, (comparison, verdict)
            assert set_of(said(verdict.holds), names="HW").is_equal(holds), (comparison, verdict)
        if verdict.counterexample:
            at = " and ".join(f"{name} = {size}" for name, size in verdict.counterexample.items())
            assert not set_of(at, names="HW").intersect(fails).is_empty(), (comparison, verdict)
    assert decided > 0.97 * OF_TWO


def test_conditions_together() -> None:
    rng = random.Random(4)
    for _ in range(TOGETHER):
        comparisons = [drawn_comparison(rng) for _ in range(rng.randint(2, 4))]
        holds = set_of(*map(comparison_text, comparisons))
        shares = together([c.condition() for c in comparisons])
        assert set_of(*(said(share.verdict.holds) for share in shares)).is_equal(holds), (comparisons, shares)
        if [share.names for share in shares] == [("H",)]:
            assert [shares[0].verdict.counterexample] == [{"H": n} for n in points(set_of().subtract(holds))]
