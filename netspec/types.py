"""The types of tensors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netspec.dims import Size

DType = Literal["float", "int", "bool"]


@dataclass(frozen=True, slots=True)
class TensorType:
    """A dtype kind and one exact size per axis: ``TensorType("float", (B, 3, T, H, W))``."""

    dtype: DType
    dims: tuple[Size, ...]

    @property
    def rank(self) -> int:
        return len(self.dims)

    @property
    def channels(self) -> Size:
        """The size of axis 1."""
        return self.dims[1]

    @property
    def spatial(self) -> tuple[Size, ...]:
        """The sizes after batch and channels."""
        return self.dims[2:]

    def __str__(self) -> str:
        prefix = "" if self.dtype == "float" else self.dtype
        return f"{prefix}[{', '.join(map(str, self.dims))}]"
