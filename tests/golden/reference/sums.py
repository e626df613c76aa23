"""Addition as the originals do it: torch's, which broadcasts, but not in silence."""

from __future__ import annotations

import warnings

from torch import Tensor


class Broadcast(UserWarning):
    """Two tensors of different shapes were added."""


def add(a: Tensor, b: Tensor) -> Tensor:
    """``a + b``; warns where the shapes differ and torch broadcasts all the same."""
    if a.shape != b.shape:
        total = a + b
        warnings.warn(f"{tuple(a.shape)} + {tuple(b.shape)}", Broadcast, stacklevel=2)
        return total
    return a + b
