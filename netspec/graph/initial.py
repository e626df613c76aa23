"""The functions of torch.nn.init, without torch: name (less the underscore) and parameters with defaults.

``...`` marks a parameter without one. A test compares the table with torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

FUNCTIONS: Mapping[str, Mapping[str, Any]] = {
    "uniform": {"a": 0.0, "b": 1.0},
    "normal": {"mean": 0.0, "std": 1.0},
    "trunc_normal": {"mean": 0.0, "std": 1.0, "a": -2.0, "b": 2.0},
    "constant": {"val": ...},
    "ones": {},
    "zeros": {},
    "eye": {},
    "dirac": {"groups": 1},
    "xavier_uniform": {"gain": 1.0},
    "xavier_normal": {"gain": 1.0},
    "kaiming_uniform": {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"},
    "kaiming_normal": {"a": 0, "mode": "fan_in", "nonlinearity": "leaky_relu"},
    "orthogonal": {"gain": 1},
    "sparse": {"sparsity": ..., "std": 0.01},
}
