"""The settings of the recorded networks' layers come out of our ops as they are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from netspec.ops.binding import bind
from netspec.ops.registry import find
from netspec.types import TensorType

CASES = Path(__file__).parents[3] / "shared" / "golden" / "cases"
OTHERS = {"Conv3DSimple", "Conv3DNoTemporal", "NonDynamicallyQuantizableLinear", "ModuleList", "LayerNorm2d", "Permute",
          "LayerNorm", "GELU", "StochasticDepth", "ReLU6", "Dropout", "Sequential"}  # fmt: skip


def rows() -> set[tuple[str, str]]:
    """All (class, settings) of the golden cases."""
    found = set()
    for path in sorted(CASES.glob("*.json")):
        for _, cls, settings in json.loads(path.read_text())["attributes"]:
            found.add((cls, json.dumps(settings)))
    return found


@pytest.mark.skipif(not CASES.is_dir(), reason="the golden cases lie beside the repository")
def test_settings_of_golden_cases() -> None:
    known = [(cls, json.loads(settings)) for cls, settings in sorted(rows()) if cls not in OTHERS]
    assert {cls for cls, _ in known} >= {"Conv3d", "BatchNorm3d", "InstanceNorm3d", "MaxPool3d", "AvgPool3d", "ReLU",
                                        "AdaptiveAvgPool3d", "PReLU", "Linear", "Flatten", "Upsample"}  # fmt: skip
    for cls, settings in known:
        name = find(cls)
        assert name is not None, cls
        channels, arguments = as_arguments(cls, settings)
        axes = name.axes or (len(settings["size"] or settings["scale_factor"]) if cls == "Upsample" else 2)
        x = TensorType("float", (2, channels, *([40] * axes)) if cls != "Linear" else (2, channels))
        op = bind(name, (), arguments)
        op.infer(x)
        shown = op.settings(x)
        assert json.dumps(shown) == json.dumps(settings), cls


def as_arguments(cls: str, settings: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The channels of the input, and the attributes that a spec would give."""
    given = dict(settings)
    inferred = [given.pop(n) for n in ("in_channels", "num_features", "in_features", "num_parameters") if n in given]
    if cls == "PReLU":
        given["per_channel"] = True
    return (inferred or [4])[0], given
