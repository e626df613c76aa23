"""``python -m tests.drawn --count 2000 --seed 1``: compare drawn networks with torch, and say what was found."""

from __future__ import annotations

import argparse
import time
import traceback
import warnings
from collections import Counter

import torch

from tests.drawn.compare import Verdict, compare
from tests.drawn.generator import draw


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare drawn networks with torch.")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="the number of the first network is 100,000 times this")
    parser.add_argument("--only", type=int, help="show this network and what is said of it")
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    if args.only is not None:
        show(args.only)
        return
    start = time.perf_counter()
    verdicts = []
    for number in range(args.seed * 100_000, args.seed * 100_000 + args.count):
        try:
            verdicts.append(compare(draw(number)))
        except Exception:
            print(f"--only {number}\n{traceback.format_exc()}", flush=True)
            verdicts.append(Verdict("", disagreements=["an exception"]))
            continue
        for text in verdicts[-1].disagreements[:1]:
            print(f"--only {number}\n{verdicts[-1].text}{text}\n", flush=True)
    print(summary(verdicts), f"{time.perf_counter() - start:.1f} s")
    raise SystemExit(any(v.disagreements for v in verdicts))


def summary(verdicts: list[Verdict]) -> str:
    """Counts of all that was found."""
    reasons = sum((v.reasons for v in verdicts), Counter[str]())
    accepted = sum(v.accepted for v in verdicts)
    lines = [
        f"{len(verdicts)} networks: {accepted} accepted, {len(verdicts) - accepted} refused, "
        f"{sum(bool(v.disagreements) for v in verdicts)} with disagreements",
        f"{sum(v.compared for v in verdicts)} forward passes compared, "
        f"{sum(v.closed for v in verdicts)} refused at the door",
        *(f"{count:6} {reason}" for reason, count in reasons.most_common()),
        f"{len(set().union(*(v.ops for v in verdicts)))} ops in accepted networks",
    ]
    return "\n".join(lines)


def show(number: int) -> None:
    drawn = draw(number)
    verdict = compare(drawn)
    print(verdict.text, *drawn.sizes, verdict.reasons, *verdict.disagreements, sep="\n")


if __name__ == "__main__":
    main()
