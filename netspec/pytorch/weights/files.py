"""Weight files: of which kind one is, by its first bytes, and how it is opened."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.state import Checkpoint

Kind = Literal["safetensors", "zip", "pickle", "unknown"]
Framework = Literal["pt", "np"]

ZIP = b"PK\x03\x04"
#: The first byte of a pickle of protocol 2 and later, which torch writes.
PICKLE = b"\x80"
#: Longest header of a safetensors file, as the format has it.
_LONGEST_HEADER = 100_000_000


@contextmanager
def opened(path: str | os.PathLike[str], *, framework: Framework = "pt") -> Iterator[Checkpoint]:
    """Open a weight file. With ``framework="np"`` safetensors need no torch, and their values cannot be read.

    Raises `WeightsError` for a file that is refused, OSError for one that cannot be read.
    """
    file = Path(path)
    kind = kind_of(file)
    _refuse(file, kind)
    if kind == "safetensors":
        from netspec.pytorch.weights.tensors import open_safetensors

        with open_safetensors(file, framework) as checkpoint:
            yield checkpoint
    else:
        from netspec.pytorch.weights.pickled import open_pickled

        yield open_pickled(file, mapped=kind == "zip")


def kind_of(file: Path) -> Kind:
    """What a file is by its content; its name is not asked. Raises OSError where it cannot be read."""
    handle = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{file} is not a regular file")
        first = os.read(handle, 9)
    finally:
        os.close(handle)
    if first.startswith(ZIP):
        return "zip"
    if len(first) == 9 and first[8:] == b"{" and int.from_bytes(first[:8], "little") <= _LONGEST_HEADER:
        return "safetensors"
    return "pickle" if first.startswith(PICKLE) else "unknown"


def _refuse(file: Path, kind: Kind) -> None:
    """A file of another kind, or of another than its name says: who wants safetensors wants no pickle."""
    if file.suffix == ".safetensors" and kind != "safetensors":
        what = "empty" if file.stat().st_size == 0 else "not safetensors"
        other = ": its content is that of a PyTorch file, `.pth`" if kind in ("zip", "pickle") else ""
        raise WeightsError(f"{file} is {what}{other}")
    if kind == "unknown":
        what = "empty" if file.stat().st_size == 0 else "no weight file"
        raise WeightsError(f"{file} is {what}: safetensors or a state dict saved by torch.save is needed")
