"""The state dict of a module: described, checked for writing, and written in place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.origin import ORIGIN
from netspec.pytorch.weights.plan import Plan, Tensor
from netspec.pytorch.weights.state import Checkpoint, ModelState, Slot

State = Mapping[str, torch.Tensor]


def bare(model: nn.Module) -> nn.Module:
    """The module that torch.compile wrapped; any other as it is."""
    inner: nn.Module = getattr(model, "_orig_mod", model)
    return inner


def name_of(model: nn.Module) -> str:
    """The name of the class, as ``repr`` shows it."""
    return str(model._get_name())  # type: ignore[no-untyped-call]


def state_of_module(model: nn.Module) -> tuple[ModelState, State]:
    """A module's state dict without and with its values, which are those of the module itself.

    Raises `WeightsError` where one of them cannot be written in place.
    """
    state = model.state_dict(keep_vars=True)
    tensors = [*model.parameters(), *model.buffers()]
    own = set(map(id, tensors))
    for key, value in state.items():
        if problem := _unwritable(value, id(value) in own):
            raise WeightsError(f"{name_of(model)}: `{key}` {problem}")
    tied = _tied(state)
    volumes = {f"{p}.weight" if p else "weight" for p, m in model.named_modules() if isinstance(m, nn.Conv3d)}
    slots = (
        Slot(Tensor(k, tuple(v.shape), str(v.dtype).removeprefix("torch.")), k in volumes, tied.get(k, ()))
        for k, v in state.items()
    )
    return ModelState(name_of(model), tuple(slots), getattr(model, ORIGIN, {})), state


def _unwritable(value: Any, own: bool) -> str:
    """Why a value of a state dict cannot be written in place; empty where it can."""
    if not isinstance(value, torch.Tensor):
        return "is extra state, no tensor: use `load_state_dict`"
    if nn.parameter.is_lazy(value):
        return "has no shape yet: run the module once first"
    if value.is_meta:
        return 'is on the meta device: give it memory first, with `model.to_empty(device="cpu")`'
    if not own:
        return "is a copy that a hook of the module makes, which cannot be written: use `load_state_dict`"
    if value.is_inference():
        return "was made in inference mode, and cannot be written"
    if any(stride == 0 and size > 1 for stride, size in zip(value.stride(), value.shape, strict=True)):
        return "is expanded, so that several of its numbers are one: use `clone()` on it first"
    return ""


def _tied(state: State) -> dict[str, tuple[str, ...]]:
    """For each key the others of the same memory."""
    places: dict[object, list[str]] = {}
    for key, value in state.items():
        places.setdefault(_place(value), []).append(key)
    return {key: tuple(k for k in keys if k != key) for keys in places.values() for key in keys if len(keys) > 1}


def _place(value: torch.Tensor) -> object:
    """Equal for tensors of the same memory."""
    if type(value) not in (torch.Tensor, nn.Parameter) or not value.numel():
        return id(value)
    return value.device, value.data_ptr(), value.dtype, value.shape, value.stride()


def write(plan: Plan, state: State, checkpoint: Checkpoint) -> None:
    """Carry a plan out: one tensor after the other, in place; device and ``requires_grad`` stay."""
    with torch.no_grad():
        for into, given, inflates in plan.copies():
            target, source = state[into.key], checkpoint.read(given.key)
            target.copy_(inflated(source, target) if inflates else source)


def inflated(weight: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """A 2-D weight ``(O, I, kh, kw)`` as ``(O, I, 1, kh, kw)``, divided by the target's length in time, over which
    copying spreads it. Short floats are divided as float32.
    """
    wide = weight if weight.dtype.itemsize > 4 else weight.float()
    return (wide / target.shape[2]).unsqueeze(2)
