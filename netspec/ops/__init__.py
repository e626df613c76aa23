"""Ops: one class each. For an op of your own derive from `Op` and register it with ``netspec.op``.

The names are imported when they are first used: pydantic takes time to import, and most commands need few ops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netspec.ops.base import Inferred, ModuleCall, Need, Op, Operand, Refused, TorchCall, Weight
    from netspec.types import TensorType

__all__ = ["Inferred", "ModuleCall", "Need", "Op", "Operand", "Refused", "TensorType", "TorchCall", "Weight"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from netspec import types
    from netspec.ops import base

    return getattr(types if name == "TensorType" else base, name)
