"""Measuring two things against each other on a machine that does other work too."""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter


def interleaved(first: Callable[[], object], second: Callable[[], object], rounds: int) -> tuple[float, float, float]:
    """Seconds of each (medians) and the ratio first / second: the median over rounds in which both ran back to back.

    The order within a round alternates, so that neither always finds the warmer cache.
    """
    times: list[tuple[float, float]] = []
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            if number % 2:
                b, a = seconds(second), seconds(first)
            else:
                a, b = seconds(first), seconds(second)
            times.append((a, b))
    finally:
        gc.enable()
    return median(a for a, _ in times), median(b for _, b in times), median(a / b for a, b in times)


def seconds(action: Callable[[], object]) -> float:
    start = perf_counter()
    action()
    return perf_counter() - start
