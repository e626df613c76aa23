"""Reading what torch.save wrote: with ``weights_only``, so that no code in a file runs."""

from __future__ import annotations

import pickle
import re
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.plan import Tensor
from netspec.pytorch.weights.state import Checkpoint
from netspec.pytorch.weights.text import key_text

#: Entries under which training scripts keep the state dict.
WRAPPERS = ("state_dict", "model_state_dict", "model")

#: A place in torch's own source that its messages begin with.
_PLACE = re.compile(r"^\[enforce[^\]]*\] \. ")
_GLOBAL = re.compile(r"(?:GLOBAL|class|function) ([\w.]+)")


def open_pickled(file: Path, *, mapped: bool) -> Checkpoint:
    """The state dict of a ``.pth``; ``mapped`` into memory where it is in torch's present format.

    Raises `WeightsError` for a file with code, one that is damaged, and one without a state dict.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what is refused below
            data = torch.load(file, map_location="cpu", weights_only=True, mmap=mapped)
    except OSError:
        raise
    except Exception as error:  # whatever a damaged file makes the reader do
        raise WeightsError(_reason(file, error)) from None
    return checkpoint_of(data, str(file))


def checkpoint_of(data: object, name: str) -> Checkpoint:
    """A state dict in memory, or what wraps one. Raises `WeightsError`."""
    state, notes = _unwrapped(data, name)
    tensors = {key: _described(key, value, name) for key, value in state.items()}
    return Checkpoint(name, tensors, state.__getitem__, notes=notes)


def _reason(file: Path, error: Exception) -> str:
    text = str(error)
    if "TorchScript" in text or "torch.jit.load" in text:
        return f"{file} is a TorchScript archive, which holds code: save `model.state_dict()` instead"
    if isinstance(error, pickle.UnpicklingError) and (found := _GLOBAL.search(text)):
        return (
            f"{file} names {found[1]}, which is no tensor: opening it could run code. "
            f"Save `model.state_dict()` instead; or, if you trust it, pass the state dict that "
            f"`torch.load({str(file)!r}, weights_only=False)` gives"
        )
    first = _PLACE.sub("", text).strip().partition("\n")[0].partition(". ")[0] or type(error).__name__
    return f"{file} is cut short, damaged or no PyTorch file: {first[:200]}"


def _unwrapped(data: object, name: str) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """The state dict in what a file holds, and what is told of it."""
    notes: list[str] = []
    while isinstance(data, Mapping) and not all(isinstance(v, torch.Tensor) for v in data.values()):
        found = [key for key in WRAPPERS if isinstance(data.get(key), Mapping)]
        if len(found) > 1:
            raise WeightsError(f"{name} has several state dicts: {_listed(found)}; pass the one that you mean")
        if not found:
            raise WeightsError(_no_state_dict(data, name))
        others = [key for key in data if key != found[0]]
        notes.append(f"taken from `{found[0]}`" + (f", without {_listed(others)}" if others else ""))
        data = data[found[0]]
    if not isinstance(data, Mapping):
        raise WeightsError(f"{name} holds no state dict, but a {type(data).__name__}")
    return data, tuple(notes)


def _no_state_dict(data: Mapping[Any, Any], name: str) -> str:
    """What stands where tensors should."""
    key, value = next((k, v) for k, v in data.items() if not isinstance(v, torch.Tensor))
    inner = [k for k, v in data.items() if isinstance(v, Mapping)]
    which = f"{'one of ' if len(inner) > 1 else ''}{_listed(inner)}"
    help_ = f"; if {which} is the state dict, pass it instead of the path" if inner else ""
    return f"{name} is no state dict: `{key_text(str(key))}` is of type {type(value).__name__}, no tensor{help_}"


def _listed(keys: list[Any]) -> str:
    shown = ", ".join(f"`{key_text(str(k))}`" for k in keys[:6])
    return f"{shown} and {len(keys) - 6} more" if len(keys) > 6 else shown


def _described(key: object, value: torch.Tensor, name: str) -> Tensor:
    """A tensor without its values. Raises `WeightsError` for one that cannot be copied into a layer."""
    if not isinstance(key, str):
        raise WeightsError(f"{name} is no state dict: a key is of type {type(key).__name__}, no text")
    if value.layout is not torch.strided or value.is_quantized:
        raise WeightsError(f"{name}: `{key_text(key)}` is sparse or quantized, not a plain tensor")
    if value.is_meta:
        raise WeightsError(f"{name}: `{key_text(key)}` is on the meta device and has no values")
    return Tensor(key, tuple(value.shape), str(value.dtype).removeprefix("torch."))
