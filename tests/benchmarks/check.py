"""How long a check takes: ``python tests/benchmarks/check.py`` prints three ratios and their bars.

A deep network against a shallow one, many repetitions against few (warm, a fresh text each time), and the whole
``netspec check`` process against ``import torch``.
"""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from netspec.check import check
from netspec.files import FileSource, read_import
from netspec.source import Source
from tests.benchmarks.ratios import interleaved

ROOT = Path(__file__).resolve().parents[2]
RESNET = ROOT / "specs" / "pyskl" / "resnet3d.netspec"
REPETITIONS = """netspec 1
block Block(n: int) {
    input x
    main = x -> conv1: Conv2d(n, 3, padding=1) -> bn: BatchNorm2d() -> relu: ReLU() -> conv2: Conv2d(n, 3, padding=1)
    output (x + main) -> act: ReLU()
}
network Net() { input x: [B, 64, H, W]; output x -> body: COUNT * Block(64) }
"""
_fresh = itertools.count()


def deep(depth: int) -> Callable[[], object]:
    """A check of the ResNet of a depth."""
    text = RESNET.read_text(encoding="utf-8")

    def action() -> None:
        source = FileSource(str(RESNET), f"{text}\n# {next(_fresh)}\n", RESNET.parent)
        graph, diagnostics = check(source, read_import, "ResNet3d", {"depth": depth})
        assert graph is not None, diagnostics

    return action


def repeated(count: int) -> Callable[[], object]:
    """A check of so many blocks in a row."""
    text = REPETITIONS.replace("COUNT", str(count))

    def action() -> None:
        graph, diagnostics = check(Source("net.netspec", f"{text}# {next(_fresh)}\n"), read_import)
        assert graph is not None, diagnostics

    return action


def process(*args: str) -> Callable[[], object]:
    """A whole Python process."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # installed packages have their bytecode

    def action() -> None:
        subprocess.run([sys.executable, *args], env=environment, check=True, capture_output=True)

    return action


def report(name: str, first: Callable[[], object], second: Callable[[], object], rounds: int, bar: float) -> None:
    for action in (first, second):
        action()
    a, b, ratio = interleaved(first, second, rounds)
    print(f"{name}: {1000 * a:.1f} ms / {1000 * b:.1f} ms = {ratio:.3f} (at most {bar})")


if __name__ == "__main__":
    report("ResNet3d-152 / ResNet3d-50", deep(152), deep(50), 31, 1.3)
    report("10000 * Block / 10 * Block", repeated(10_000), repeated(10), 51, 2.0)
    check = process("-m", "netspec", "check", str(RESNET))
    report("netspec check / import torch", check, process("-c", "import torch"), 15, 0.30)
