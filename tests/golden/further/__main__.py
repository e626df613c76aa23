"""Many combinations, and where they disagree: ``python -m tests.golden.further --count 500 --seed 1 --system mdnc``."""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator

import torch

from tests.golden.further.compare import Result, compare
from tests.golden.further.draws import draw
from tests.golden.systems import SYSTEMS


def results(systems: str, first: int, count: int) -> Iterator[Result]:
    """The comparisons of ``count`` seeds for each system whose name contains ``systems``."""
    for system in SYSTEMS:
        if systems in system and not system.startswith("torchvision."):
            yield from (compare(draw(system, seed)) for seed in range(first, first + count))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.golden.further", description=__doc__)
    parser.add_argument("--count", type=int, default=100, help="combinations of each system")
    parser.add_argument("--seed", type=int, default=1, help="the first one's seed; the next have the next")
    parser.add_argument("--system", default="", help="only systems whose name contains this")
    given = parser.parse_args()
    torch.set_num_threads(1)
    kinds: Counter[str] = Counter()
    alike: Counter[str] = Counter()
    wrong = 0
    for result in results(given.system, given.seed, given.count):
        kinds[result.kind] += 1
        wrong += bool(result.findings)
        alike.update(_likeness(f) for f in result.findings)
        if any(alike[_likeness(f)] == 1 for f in result.findings):
            print(result, flush=True)
    print("", *(f"{count:6} {kind}" for kind, count in kinds.most_common()), sep="\n")
    print("", *(f"{count:6} x {finding}" for finding, count in alike.most_common()), sep="\n")
    print(f"{wrong} of {kinds.total()} combinations disagree")
    return int(wrong > 0)


def _likeness(finding: str) -> str:
    """A finding without its numbers: only the first of those that are alike is printed."""
    return re.sub(r"[\d.]+|\(\S*\)|\[[^]]*\]", "*", finding)[:90]


if __name__ == "__main__":
    sys.exit(main())
