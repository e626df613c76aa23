"""What goes wrong with weight files."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netspec.pytorch.weights.plan import Plan


class WeightsError(RuntimeError):
    """A weight file that cannot be loaded or written, told in full; nothing was changed.

    ``plan`` is what would have been done, where the file could be read.
    """

    def __init__(self, message: str, plan: Plan | None = None) -> None:
        super().__init__(message)
        self.plan = plan


class WeightsWarning(UserWarning):
    """A checkpoint was loaded in part, or into another architecture than it was saved from."""
