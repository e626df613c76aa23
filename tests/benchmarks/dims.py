"""Microseconds per operation on sizes and per decision: ``python tests/benchmarks/dims.py``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import netspec.dims
from netspec.dims import EVERYWHERE, Condition, Domain, Size, ceil_div, decide, minimum, symbol
from netspec.dims.contracts import contract_of
from netspec.dims.question import Question

H, W = symbol("H"), symbol("W")
EVEN = Domain((Condition(H % 32, "==", 0), Condition(W % 32, "==", 0)))


def conv(size: Size, kernel: int, stride: int, padding: int, dilation: int = 1) -> Size:
    return (size + 2 * padding - dilation * (kernel - 1) - 1) // stride + 1


def measure(name: str, work: Callable[[int], object], times: int) -> None:
    """Print the least of five means."""
    best = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        for n in range(times):
            work(n)
        best = min(best, (time.perf_counter() - start) / times)
    print(f"{name:58} {1e6 * best:9.2f} µs")


def decided_anew(left: Size, right: Size, domain: Domain = EVERYWHERE) -> Callable[[int], object]:
    """A decision that remembers nothing but the contract and single operations."""
    condition = Condition(left, "==", right)
    return lambda n: Question(condition, contract_of(domain)).answer()


def main() -> None:
    names = [symbol(f"x{n}") for n in range(40_000)]
    fresh = iter(names * 5)
    halves = [n // 2 for n in names[:10_000]]
    print("operations")
    measure("conv output, seen before", lambda n: conv(H, 7, 2, 3), 20_000)
    measure("conv output of a new size", lambda n: conv(names[n], 7, 2, 3), 10_000)
    measure("H + 1", lambda n: H + 1, 20_000)
    measure("H // 2", lambda n: H // 2, 20_000)
    measure("x + 1, new", lambda n: next(fresh) + 1, 10_000)
    measure("x * H, new", lambda n: names[n + 10_000] * H, 10_000)
    measure("min(H, 2*ceil(H/2)), seen before", lambda n: minimum(H, 2 * ceil_div(H, 2)), 10_000)
    measure("x // 2 is y // 2", lambda n: halves[n] == halves[0], 10_000)
    print("decisions, nothing remembered")
    size: Size = H
    for _ in range(5):
        size = size // 2
    measure("H == H", decided_anew(H, H), 2_000)
    measure("floor(H/2) == ceil(H/2)", decided_anew(H // 2, ceil_div(H, 2)), 500)
    measure("32*floor(H/32) == H", decided_anew(32 * size, H), 200)
    measure("32*floor(H/32) == H, where H % 32 == 0", decided_anew(32 * size, H, EVEN), 500)
    measure("7*8*floor(H/56) == 8*floor(H/8)", decided_anew(56 * (H // 56), 8 * (H // 8)), 100)
    measure("1000*floor(H/1000) == H", decided_anew(1000 * (H // 1000), H), 5)
    measure("H*W == 4*floor(H/2)*floor(W/2)", decided_anew(H * W, 4 * (H // 2) * (W // 2)), 50)
    measure("H*W == 4*floor(H/2)*floor(W/2), where even", decided_anew(H * W, 4 * (H // 2) * (W // 2), EVEN), 50)
    condition = Condition(32 * size, "==", H)
    measure("32*floor(H/32) == H, asked before", lambda n: decide(condition), 5_000)
    print("import, beside dataclasses and typing")
    code = f"""
import sys, time, types, dataclasses, typing, functools, weakref, threading
sys.modules["netspec"] = types.ModuleType("netspec")
sys.modules["netspec"].__path__ = [{str(Path(netspec.dims.__file__).parents[1])!r}]
start = time.perf_counter()
import netspec.dims
print(time.perf_counter() - start)"""
    with tempfile.TemporaryDirectory() as folder:
        env = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": folder}
        command = [sys.executable, "-c", code]
        runs = [subprocess.run(command, env=env, capture_output=True, text=True, check=True) for _ in range(8)]
    print(f"{'import netspec.dims (with bytecode)':58} {1e3 * min(float(r.stdout) for r in runs):9.2f} ms")


if __name__ == "__main__":
    main()
