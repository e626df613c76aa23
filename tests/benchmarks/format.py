"""How fast specs are formatted: ``python -m tests.benchmarks.format [KB]`` prints the seconds, both parses included."""

from __future__ import annotations

import sys
import time

from netspec.source import Source
from netspec.syntax.format import format_source
from tests.benchmarks.parse import text_of


def seconds(text: str, runs: int = 5) -> float:
    """The best of a few runs."""
    best = float("inf")
    for _ in range(runs):
        begin = time.perf_counter()
        format_source(Source("benchmark.netspec", text))
        best = min(best, time.perf_counter() - begin)
    return best


def main() -> None:
    size = 1000 * int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    text = text_of(size)
    formatted = format_source(Source("benchmark.netspec", text))
    for name, each in (("as written", text), ("formatted", formatted)):
        print(f"{len(each.encode()) / 1000:.0f} KB {name}: {seconds(each):.2f} s")


if __name__ == "__main__":
    main()
