"""Memory, huge numbers, and what happens at the limits and one past them: never a wrong claim, never a long wait."""

from __future__ import annotations

import gc
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import netspec.dims
from netspec.dims import Condition, Domain, Size, SizeTooLarge, decide, evaluate, maximum, minimum, symbol
from netspec.dims.algebra import MEMORY, TERMS_LIMIT
from netspec.dims.atoms import Group
from netspec.dims.claims import Claim
from netspec.dims.nodes import BITS_LIMIT, DEPTH_LIMIT, PARTS_LIMIT, live
from netspec.dims.periods import DEGREE_LIMIT, PERIOD_LIMIT, period
from netspec.dims.tables import EVALUATIONS_LIMIT, common_period, tabulate

H, W = symbol("H"), symbol("W")
HUGE = 2**63 - 1
#: Seconds that one decision may take on a slow machine.
PATIENCE = 60.0


def test_memory_does_not_grow() -> None:
    def work(start: int) -> None:
        for n in range(start, start + 20_000):
            (symbol(f"x{n}") * n + 1) // 7

    work(0)
    gc.collect()
    first = live()
    work(100_000)
    gc.collect()
    # what the bounded caches of add, multiply, floor remember, and no more
    assert live() <= first + 100
    assert first < 16 * MEMORY


def test_forms_made_by_several_threads_are_one() -> None:
    made: list[list[Size]] = []
    barrier = threading.Barrier(4)

    def work() -> None:
        barrier.wait()
        made.append([(symbol(f"thread{n}") + n) // 3 * n for n in range(300)])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(a is b for other in made[1:] for a, b in zip(made[0], other, strict=True) if not isinstance(a, int))


def test_sizes_with_too_many_parts() -> None:
    size: Size = 0
    for n in range(PARTS_LIMIT // 2):  # a term and its symbol count 2
        size = size + symbol(f"x{n}")
    assert not isinstance(size, int)
    assert size.weight == PARTS_LIMIT
    with pytest.raises(SizeTooLarge, match=f"more than {PARTS_LIMIT} parts"):
        size + H


def test_sizes_nested_too_deep() -> None:
    size: Size = H
    for _ in range(DEPTH_LIMIT - 1):
        size = (2 * size + 1) // 5
    assert not isinstance(size, int)
    assert size.depth == DEPTH_LIMIT
    with pytest.raises(SizeTooLarge, match=f"nested deeper than {DEPTH_LIMIT}"):
        (2 * size + 1) // 5
    # within the limit everything that recurses does its work
    text = str(size)
    assert text.count("floor") + text.count("ceil") == DEPTH_LIMIT - 1
    assert evaluate(size, {"H": 1}) == 0
    assert pickle.loads(pickle.dumps(size)) is size
    least = decide(Condition(size, ">=", 1)).minimum["H"]
    assert [evaluate(size, {"H": n}) for n in (least - 1, least)] == [0, 1]
    assert decide(Condition(size * 5, "==", H)).truth == "unknown"


def test_numbers_too_large() -> None:
    assert str(H * 2 ** (BITS_LIMIT - 1)) == f"{2 ** (BITS_LIMIT - 1)}*H"
    for make in (lambda: H * 2**BITS_LIMIT, lambda: H + 2**BITS_LIMIT, lambda: H // (2**BITS_LIMIT + 1)):
        with pytest.raises(SizeTooLarge, match=f"more than {BITS_LIMIT} bits"):
            make()


def test_long_products_keep_their_factors() -> None:
    a = sum((symbol(f"a{n}") for n in range(20)), start=1)
    assert TERMS_LIMIT < (20 + 1) ** 2
    square = a * a
    assert not isinstance(square, int)
    ((monomial, coefficient),) = square.terms
    assert coefficient == 1
    assert all(isinstance(factor, Group) for factor in monomial)
    assert evaluate(square, {f"a{n}": n for n in range(20)}) == 191**2
    assert decide(Condition(square, ">=", 1)).truth == "always"


@pytest.mark.parametrize(
    ("left", "right", "text"),
    [
        (HUGE * H, HUGE, "True"),
        (H, HUGE, f"H >= {HUGE}"),
        (H // HUGE, 1, f"H >= {HUGE}"),
        ((H - HUGE) // 2 + 1, 1, f"H >= {HUGE}"),
        (minimum(H, HUGE), HUGE - 1, f"H >= {HUGE - 1}"),
        (H * H * H - HUGE, 0, "H >= 2097152"),  # 2**21 cubed is 2**63
        (maximum(H - HUGE, 3), 4, f"H >= {HUGE + 4}"),
    ],
)
def test_huge_numbers_are_decided(left: Size, right: Size, text: str) -> None:
    start = time.perf_counter()
    assert decide(Condition(left, ">=", right)).holds == text
    assert time.perf_counter() - start < PATIENCE


def test_a_period_at_the_limit_and_past_it() -> None:
    assert period(H // PERIOD_LIMIT, "H") is not None
    assert period(H // (PERIOD_LIMIT + 1), "H") is None
    power: Size = 1
    for _ in range(DEGREE_LIMIT):
        power = power * H
    assert period(power, "H") is not None
    assert period(power * H, "H") is None


def test_a_decision_at_the_limit_and_past_it() -> None:
    parts = (H % 2).weight  # type: ignore[union-attr]
    most = EVALUATIONS_LIMIT // parts
    assert common_period([H % most], "H") == most
    assert common_period([H % (most + 1)], "H") is None
    assert tabulate(Claim(H % (most + 1), "=="), [], "H") is None
    start = time.perf_counter()
    found = decide(Condition(H % most, "==", 0))
    assert (found.truth, found.holds, found.counterexample) == ("sometimes", f"H % {most} == 0", {"H": 1})
    found = decide(Condition(H % (10 * most), "==", 0))
    assert (found.truth, found.counterexample) == ("unknown", {"H": 1})
    assert time.perf_counter() - start < 2 * PATIENCE


def test_a_contract_past_the_limit_is_unknown_not_ignored() -> None:
    contract = Domain((Condition(H % 10**9, "==", 0),))
    assert decide(Condition(H % 2, "==", 0), contract).truth == "unknown"
    # what holds for all sizes holds for those of the contract
    assert decide(Condition(H, ">=", 1), contract).truth == "always"
    assert decide(Condition(H // 2 + (H + 1) // 2, "==", H), contract).truth == "always"
    assert decide(Condition(H // 2 + (H + 1) // 2, "==", H + 1), contract).truth == "never"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Condition(H // 9973 + H // 9967, "==", H // 4999),
        lambda: Condition(minimum(*(n * H // 97 + 97 - n for n in range(1, 40))), ">=", W),
        lambda: Condition(sum((H // n for n in range(2, 60)), start=H), "==", W * W),
        lambda: Condition((H * W // 7) * (H // 11 + W // 13) // 5, "==", 3 * H),
        lambda: Condition(minimum(*(H * H - n * H + n * n * n for n in range(12))), ">=", 5),
        lambda: Condition(sum((symbol(f"s{n}") for n in range(60)), start=0), ">=", 100),
        lambda: Condition(
            minimum(*(3 * (symbol(f"s{n}") // 1999) + symbol(f"s{n}") % 1997 for n in range(30))), ">=", 9
        ),
        lambda: Condition(sum((symbol(f"s{n}") % (n + 2000) for n in range(40)), start=0), "==", 7),
        lambda: Condition(sum((symbol(f"s{n}") // 2 for n in range(30)), start=0), "==", 7),
    ],
)
def test_no_decision_takes_long(make: object) -> None:
    start = time.perf_counter()
    decide(make())  # type: ignore[operator]
    assert time.perf_counter() - start < PATIENCE


def test_the_import_is_light() -> None:
    folder = str(Path(netspec.dims.__file__).parents[1])
    code = f"""
import sys, types
sys.modules["netspec"] = types.ModuleType("netspec")  # the package itself may import what it likes
sys.modules["netspec"].__path__ = [{folder!r}]
import netspec.dims
print(*sorted(set(m.split('.')[0] for m in sys.modules)))"""
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = {"numpy", "sympy", "networkx", "pydantic", "torch", "fractions", "decimal", "lark"}
    assert heavy.isdisjoint(loaded)
