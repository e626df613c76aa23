"""The static summary of ResNet3d-152 at (1, 3, 8, 224, 224) against a module summary run through torch.

Both print the same table, the style torchsummary; that is checked. The whole way is from the spec's text, or the
hand-written class, to the table; torch puts a hook on every module and runs one forward pass, on the CPU (netspec
should be at least 50 times faster) or on the meta device (at least 5 times). The table alone leaves out what comes
before: parsing and elaboration, or the construction of the module. Seconds are medians, of wall time.

    python -m tests.benchmarks.summary [rounds]
"""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import torch
from torch import nn

from netspec.analysis import summarise
from netspec.check import load
from netspec.elaborate import elaborate
from netspec.files import FileSource, read_import
from netspec.graph import Graph
from tests.analysis.hooked import hooked_table
from tests.benchmarks.handwritten import ResNet3d
from tests.benchmarks.ratios import interleaved

SPEC = Path(__file__).resolve().parents[2] / "specs" / "pyskl" / "resnet3d.netspec"
TEXT = SPEC.read_text(encoding="utf-8")
SHAPE = (1, 3, 8, 224, 224)
_fresh = itertools.count()


def graph() -> Graph:
    """The graph from a text that was never seen before."""
    source = FileSource(str(SPEC), f"{TEXT}\n# {next(_fresh)}\n", SPEC.parent)
    program, diagnostics = load(source, read_import)
    assert program is not None, diagnostics
    found, diagnostics = elaborate(program, "ResNet3d", {"depth": 152})
    assert found is not None, diagnostics
    return found


def static(known: Graph) -> str:
    return summarise(known, {"clip": SHAPE}).table("torchsummary")


def constructed(device: str) -> nn.Module:
    with torch.device(device):
        return ResNet3d((3, 8, 36, 3)).eval()


def hooked(model: nn.Module, device: str) -> str:
    return hooked_table(model, torch.zeros(SHAPE, device=device))


def compare(device: str, rounds: int, bar: int) -> None:
    """The whole way, and the table alone."""
    known, model = graph(), constructed(device)
    whole = (lambda: hooked(constructed(device), device), lambda: static(graph()))
    alone = (lambda: hooked(model, device), lambda: static(known))
    for name, (theirs, ours) in {"the whole way": whole, "the table alone": alone}.items():
        assert theirs() == ours(), "the tables differ"
        a, b, ratio = interleaved(theirs, ours, rounds)
        print(f"{device}, {name}: torch {1e3 * a:.1f} ms, netspec {1e3 * b:.1f} ms, {ratio:.1f} times (at least {bar})")


def main(rounds: int = 15) -> None:
    compare("meta", rounds, 5)
    compare("cpu", max(3, rounds // 5), 50)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
