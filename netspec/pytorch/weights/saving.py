"""`netspec.save_weights`: safetensors with the text of the spec, written as a whole or not at all.

The file is written here and not by the library: the same weights give the same bytes (its metadata have no order), keys
of one memory stand as themselves, and no second copy of the weights is held.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from itertools import accumulate, pairwise
from pathlib import Path

import torch
from torch import nn

from netspec.files import replacing
from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.module import bare, name_of
from netspec.pytorch.weights.origin import ORIGIN
from netspec.pytorch.weights.tensors import DTYPES, METADATA

_NAMES = {dtype: name for name, dtype in DTYPES.items()}
_ALIGNED = 8


def save(model: nn.Module, path: str | os.PathLike[str]) -> None:
    """What `netspec.save_weights` does."""
    file = Path(path)
    if file.suffix != ".safetensors":
        raise ValueError(f"weights are saved as safetensors: name the file {file.stem}.safetensors, not {file.name}")
    module = bare(model)
    state = module.state_dict()
    for key, value in state.items():
        if problem := _unsavable(value):
            raise WeightsError(f"{name_of(module)}: `{key}` {problem}")
    metadata = {"format": "pt", **getattr(module, ORIGIN, {})}
    with replacing(file) as stream:
        for piece in _pieces(state, metadata):
            stream.write(piece)


def _unsavable(value: object) -> str:
    """Why a value of a state dict cannot stand in a safetensors file; empty where it can."""
    if not isinstance(value, torch.Tensor):
        return "is extra state, no tensor: safetensors holds tensors only"
    if nn.parameter.is_lazy(value):
        return "has no shape yet: run the module once first"
    if value.is_meta:
        return "is on the meta device and has no values"
    if value.layout is not torch.strided or value.is_quantized:
        return "is sparse or quantized: safetensors holds plain tensors only"
    if _dtype(value) not in _NAMES:
        return f"is of dtype {_dtype(value)}, which safetensors does not know"
    return ""


def _pieces(state: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> Iterator[bytes | memoryview]:
    """The file piece by piece: length of the header, header with the keys in their order, the numbers.

    Wider dtypes come first, so that each tensor is aligned to its own width.
    """
    order = sorted(state, key=lambda key: -state[key].element_size())
    sizes = [state[key].numel() * state[key].element_size() for key in order]
    places = dict(zip(order, pairwise(accumulate(sizes, initial=0)), strict=True))
    header: dict[str, object] = {METADATA: metadata}
    for key, value in state.items():
        header[key] = {"dtype": _NAMES[_dtype(value)], "shape": list(value.shape), "data_offsets": places[key]}
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % _ALIGNED)
    yield len(text).to_bytes(8, "little")
    yield text
    yield from (_bytes(state[key]) for key in order)


def _bytes(value: torch.Tensor) -> memoryview:
    """The numbers of a tensor in row-major order, not copied where they stand so on the CPU."""
    plain = value.detach().resolve_conj().resolve_neg().cpu().contiguous()
    return plain.flatten().view(torch.uint8).numpy().data


def _dtype(value: torch.Tensor) -> str:
    return str(value.dtype).removeprefix("torch.")
