"""What changed between two architectures: blocks, shapes, cost, and whether checkpoints still load."""

from netspec.analysis.diff.difference import diff
from netspec.analysis.diff.model import Change, Difference, Fact, Keys

__all__ = ["Change", "Difference", "Fact", "Keys", "diff"]
