"""The recorded cases: all of them where the full collection stands beside the project, else the few kept here."""

from __future__ import annotations

import json
import re
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


#: Settings that were not recorded, by class.
UNRECORDED = {
    "Dropout": {"p"},
    "Flatten": {"start_dim", "end_dim"},
    "GELU": {"approximate"},
    "LayerNorm": {"normalized_shape", "elementwise_affine", "bias"},
    "LayerNorm2d": {"normalized_shape", "elementwise_affine", "bias"},
    "Permute": {"dims"},
    "StochasticDepth": {"p", "mode"},
}

#: Layers that were not seen to be called: torchvision's swin passes the weights of its two linear layers to a function,
#: and a module that holds another (the out_proj of a MultiheadAttention) has no row.
UNSEEN = {"torchvision.swin_t": r".*\.attn\.(qkv|proj)", "torchvision.vit_b_16": r".*\.self_attention"}


def attributes(rows: list[list[Any]], case: Case) -> list[list[Any]]:
    """Rows ``[path, class, settings]`` without what was not recorded of their classes."""
    recorded = {cls: set(settings) for _, cls, settings in case["attributes"]}
    left_out = {cls: names for cls, names in UNRECORDED.items() if not names & recorded.get(cls, names)}
    return [[path, cls, {k: v for k, v in settings.items() if k not in left_out.get(cls, ())}]
            for path, cls, settings in rows]  # fmt: skip


def layers(rows: list[list[Any]], case: Case) -> list[list[Any]]:
    """Rows ``[path, class, …]`` of calls without those that were not seen."""
    unseen = UNSEEN.get(case["system"])
    return [row for row in rows if unseen is None or not re.fullmatch(unseen, row[0])]
