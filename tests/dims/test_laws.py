"""Laws that hold for every expression, against plain arithmetic."""

from __future__ import annotations

import copy
import math
import pickle
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from netspec.dims import Dim, Domain, decide, evaluate, substitute
from netspec.dims.bounds import bounds
from netspec.dims.columns import column
from netspec.dims.curves import curve, value_at
from netspec.dims.periods import period
from tests.dims.expressions import Comparison, Operand, comparisons, contracts, operands, size_of, value_of

LAW = settings(deadline=None, database=None)
SIZES = range(1, 401)
MANY = range(1, 2001)
PYTHON = {"floor": math.floor, "ceil": math.ceil, "min": min, "max": max}


def written(text: str, sizes: dict[str, int]) -> int | bool:
    """A text of netspec's, read as Python with exact division."""
    result: int | bool = eval(text, {**PYTHON, **{name: Fraction(n) for name, n in sizes.items()}})
    return result


@settings(LAW)
@given(operands("H", products=True))
def test_the_canonical_form_has_the_values_of_the_expression(operand: Operand) -> None:
    size = size_of(operand)
    assert all(evaluate(size, {"H": n}) == value_of(operand, {"H": n}) for n in SIZES)


@settings(LAW)
@given(operands("H", "W", products=True))
def test_the_canonical_form_of_two_symbols_has_the_values_of_the_expression(operand: Operand) -> None:
    size = size_of(operand)
    points = [{"H": h, "W": w} for h in range(1, 20) for w in range(1, 20)]
    assert all(evaluate(size, p) == value_of(operand, p) for p in points)


@settings(LAW)
@given(operands("H", "W", products=True))
def test_the_text_says_what_the_size_is(operand: Operand) -> None:
    text = str(size_of(operand))
    points = [{"H": h, "W": w} for h in (1, 2, 3, 7, 12) for w in (1, 4, 5, 10)]
    assert all(written(text, p) == value_of(operand, p) for p in points), text


@settings(LAW)
@given(operands("H", "W", products=True), operands("H", "W", leaves=3))
def test_substitution_is_evaluation_of_what_is_put_in(operand: Operand, inner: Operand) -> None:
    size = substitute(size_of(operand), {"H": size_of(inner)})
    points = [{"H": h, "W": w} for h in (1, 2, 5, 9) for w in (1, 3, 8)]
    for point in (p for p in points if value_of(inner, p) >= 1):  # what stands for a symbol is at least 1
        assert evaluate(size, point) == value_of(operand, {**point, "H": value_of(inner, point)})


@settings(LAW)
@given(operands("H", "W", products=True))
def test_equal_forms_are_one_object_through_pickle_and_copy(operand: Operand) -> None:
    size = size_of(operand)
    assert size_of(operand) is size or isinstance(size, int)
    for again in (pickle.loads(pickle.dumps(size)), copy.copy(size), copy.deepcopy(size)):
        assert again is size or isinstance(size, int)


@settings(LAW)
@given(operands("H", "W", products=True), st.integers(1, 5))
def test_bounds_bound(operand: Operand, least: int) -> None:
    low, high = bounds(size_of(operand), {"H": least})
    for point in ({"H": h, "W": w} for h in range(least, least + 20) for w in range(1, 20)):
        value = value_of(operand, point)
        assert low is None or low <= value
        assert high is None or value <= high


@settings(LAW)
@given(operands("H", products=True), st.integers(1, 3))
def test_a_size_follows_its_polynomials(operand: Operand, times: int) -> None:
    size = size_of(operand)
    found = period(size, "H")
    if isinstance(size, int) or found is None:
        return
    step = found.length * times
    for first in {1, 2, step // 2 + 1, step}:
        pieces = curve(size, first, step)
        for t in range(12):
            assert value_at(pieces, t) == value_of(operand, {"H": first + step * t})


@settings(LAW)
@given(operands("H"), st.integers(1, 3))
def test_a_column_goes_on_as_it_ends(operand: Operand, times: int) -> None:
    size = size_of(operand)
    found = period(size, "H")
    made = found and column(size, "H", found.length * times)
    if not found or not made:
        return
    length, count = found.length * times, len(made.values)
    assert made.values == [value_of(operand, {"H": n}) for n in range(1, count + 1)]
    for n in (count + 1, count + length // 2 + 1, count + 3 * length):
        last = count - (count - n) % length
        assert value_of(operand, {"H": n}) == made.values[last - 1] + made.rise * ((n - last) // length)


@settings(LAW)
@given(operands("H"))
def test_an_exact_period_has_its_rise(operand: Operand) -> None:
    found = period(size_of(operand), "H")
    if found and found.exact:
        for n in (1, 2, 17, 400):
            assert value_of(operand, {"H": n + found.length}) == value_of(operand, {"H": n}) + found.step


def check_verdict(comparison: Comparison, admitting: list[Comparison], limit_reached_is_fine: bool = False) -> None:
    domain = Domain(tuple(c.condition() for c in admitting))
    verdict = decide(comparison.condition(), domain)
    admitted = [n for n in MANY if all(c.value({"H": n}) for c in admitting)]
    truths = {n: comparison.value({"H": n}) for n in admitted}
    if verdict.truth == "unknown":
        assert limit_reached_is_fine
        return
    for n, truth in truths.items():
        assert bool(written(verdict.holds, {"H": n})) is truth, (n, verdict)
    fails = next((n for n, truth in truths.items() if not truth), None)
    if verdict.truth == "always":
        assert fails is None
        assert verdict.counterexample is None
    else:
        assert verdict.counterexample is not None
        least = verdict.counterexample.get("H", fails or 1)  # a condition without symbols has one without
        assert least == fails or (fails is None and least > MANY[-1]), verdict
        assert not comparison.value({"H": least})
        assert all(c.value({"H": least}) for c in admitting)
    if verdict.truth == "never":
        assert not any(truths.values())
    if verdict.minimum:
        minimum = verdict.minimum["H"]
        assert all(truth == (n >= minimum) for n, truth in truths.items())


@settings(LAW, max_examples=200)
@given(comparisons("H"))
def test_decisions_about_one_symbol(comparison: Comparison) -> None:
    check_verdict(comparison, [])


@settings(LAW, max_examples=200)
@given(comparisons("H"), contracts("H"))
def test_decisions_about_one_symbol_under_a_contract(comparison: Comparison, admitting: list[Comparison]) -> None:
    check_verdict(comparison, admitting)


@settings(LAW)
@given(comparisons("H", products=True), contracts("H"))
def test_decisions_about_products_of_one_symbol(comparison: Comparison, admitting: list[Comparison]) -> None:
    check_verdict(comparison, admitting, limit_reached_is_fine=True)


GRID = [{"H": h, "W": w} for h in range(1, 25) for w in range(1, 25)]


@settings(LAW, max_examples=200)
@given(
    comparisons("H", "W", products=True),
    contracts("H"),
    contracts("W"),
    st.lists(comparisons("H", "W", leaves=3), max_size=1),
)
def test_decisions_about_two_symbols(
    comparison: Comparison, of_h: list[Comparison], of_w: list[Comparison], of_both: list[Comparison]
) -> None:
    admitting = [*of_h, *of_w, *of_both]
    verdict = decide(comparison.condition(), Domain(tuple(c.condition() for c in admitting)))
    points = [p for p in GRID if all(c.value(p) for c in admitting)]
    truths = [comparison.value(p) for p in points]
    assert not (verdict.truth == "always" and not all(truths)), verdict
    assert not (verdict.truth == "never" and any(truths)), verdict
    if verdict.truth == "sometimes":
        assert all(bool(written(verdict.holds, p)) is t for p, t in zip(points, truths, strict=True)), verdict
    if verdict.counterexample:
        point = {"H": 1, "W": 1, **verdict.counterexample}
        assert not comparison.value(point)
        if set(verdict.counterexample) == {"H", "W"}:
            assert all(c.value(point) for c in admitting)


def test_the_laws_reach_symbolic_sizes() -> None:
    assert isinstance(size_of("H"), Dim)
