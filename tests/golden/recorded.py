"""The recorded cases: all of them where the full collection stands beside the project, else the few kept here."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHARED = HERE.parents[2] / "shared" / "golden" / "cases"
CASES = SHARED if SHARED.is_dir() else HERE / "cases"

Case = dict[str, Any]


@cache
def names(prefix: str) -> tuple[str, ...]:
    """The names of the cases that start with a prefix."""
    return tuple(sorted(p.stem for p in CASES.glob(f"{prefix}*.json")))


def load(name: str) -> Case:
    case: Case = json.loads((CASES / f"{name}.json").read_text())
    return case
