"""Reading safetensors. Needs torch only where values are read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from netspec.pytorch.names import plain
from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.plan import Tensor
from netspec.pytorch.weights.state import Checkpoint

#: Where a header keeps texts.
METADATA = "__metadata__"
#: The format's names of dtypes as torch's.
DTYPES = {
    "F64": "float64", "F32": "float32", "F16": "float16", "BF16": "bfloat16", "C64": "complex64", "BOOL": "bool",
    "F8_E4M3": "float8_e4m3fn", "F8_E4M3FNUZ": "float8_e4m3fnuz", "F8_E5M2": "float8_e5m2",
    "F8_E5M2FNUZ": "float8_e5m2fnuz", "F8_E8M0": "float8_e8m0fnu", "I64": "int64", "I32": "int32", "I16": "int16",
    "I8": "int8", "U64": "uint64", "U32": "uint32", "U16": "uint16", "U8": "uint8",
}  # fmt: skip


@contextmanager
def open_safetensors(file: Path, framework: str) -> Iterator[Checkpoint]:
    """The tensors of a file, mapped into memory and read one by one. Raises `WeightsError`, OSError."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(str(file), framework=framework) as stream:
            tensors = {key: _described(key, stream.get_slice(key)) for key in _keys(file)}
            metadata = stream.metadata() or {}
            origin = {k: v for k, v in metadata.items() if k.startswith("netspec.")}
            yield Checkpoint(str(file), tensors, stream.get_tensor, origin)
    except SafetensorError as error:
        raise WeightsError(f"{file} is cut short or damaged: {str(error)[:200]}") from None


def _described(key: str, tensor: Any) -> Tensor:
    dtype = tensor.get_dtype()
    return Tensor(key, tuple(tensor.get_shape()), DTYPES.get(dtype, dtype.lower()))


def _keys(file: Path) -> Iterator[str]:
    """The keys of a file in its order. The format allows each of them once; its reader takes the last in silence."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise WeightsError(f"{file} holds `{plain(twice)}` twice")
        return found

    with file.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length), object_pairs_hook=unique)
    return (key for key in header if key != METADATA)
