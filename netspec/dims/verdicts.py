"""What is found about a condition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Truth = Literal["always", "never", "sometimes", "unknown"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `decide` finds.

    ``truth``: over all admitted sizes the condition holds always, never, or sometimes; "unknown" claims nothing.
    ``holds``: a Python condition that, for admitted sizes, is true exactly where the condition holds: ``"True"``,
    ``"H % 12 == 0"``, ``"H >= 33"``; the condition itself where no short one is known.
    ``counterexample``: the least admitted sizes where it fails (by their sum, where there are several), if known.
    ``minimum``: ``{"H": 33}`` where it holds exactly for the admitted sizes from one size on.
    ``lasting``: False where it holds for a few values of an open size only (``H == 1``).
    ``effort``: about how many parts of sizes were looked at, the same for the same condition.
    """

    truth: Truth
    holds: str
    counterexample: dict[str, int] | None = None
    minimum: dict[str, int] = field(default_factory=dict)
    lasting: bool = field(default=True, repr=False)
    effort: int = field(default=1, repr=False, compare=False)
