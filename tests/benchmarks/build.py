"""Building ResNet3d-50 against calling a hand-written constructor.

On the CPU the ratio should be at most 1.15: once with the spec elaborated anew each time, which is the whole work, and
once as programs meet it that build the same spec again, whose graph is there. A first build on the meta device, netspec
and torch imported, should take at most 100 ms more than the constructor.

    python -m tests.benchmarks.build [rounds]
"""

from __future__ import annotations

import subprocess
import sys
from statistics import median

import torch

import netspec
from tests.benchmarks.handwritten import ResNet3d50
from tests.benchmarks.ratios import interleaved

FIRST = """
from time import perf_counter
import torch, netspec
from torch import nn
from tests.benchmarks.handwritten import ResNet3d50
with torch.device("meta"):
    nn.Sequential(nn.Conv3d(3, 3, 3), nn.BatchNorm3d(3), nn.ReLU(), nn.MaxPool3d(2))     # warms torch alone
    start = perf_counter(); ResNet3d50(); middle = perf_counter()
    netspec.build("specs/resnet3d50.netspec"); end = perf_counter()
print(1e3 * (end - middle), 1e3 * (middle - start))
"""


def main(rounds: int = 20) -> None:
    torch.set_num_threads(1)
    path = "specs/resnet3d50.netspec"
    cases = {
        "elaborated anew": lambda: netspec.build(netspec.load(path).elaborate()),
        "the same spec again": lambda: netspec.build(path),
    }
    for name, build in cases.items():
        build()
        ours, theirs, ratio = interleaved(build, ResNet3d50, rounds)
        print(f"build on the CPU, {name}: {1e3 * ours:.0f} ms, hand-written {1e3 * theirs:.0f} ms, ratio {ratio:.3f}")
    found = [first_on_meta() for _ in range(max(3, rounds // 4))]
    built, written = median(b for b, _ in found), median(w for _, w in found)
    print(f"first build on meta: {built:.1f} ms, hand-written {written:.1f} ms, difference {built - written:.1f} ms")


def first_on_meta() -> tuple[float, float]:
    """Milliseconds of a first build and of the constructor, in a fresh process."""
    out = subprocess.run([sys.executable, "-c", FIRST], check=True, capture_output=True, text=True).stdout
    built, written = map(float, out.split())
    return built, written


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
