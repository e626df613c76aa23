"""What torch really holds while a module runs: live memories by weak references, and what autograd saves."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


@dataclass
class Holding:
    """The bytes of memories that are alive, and the most that there were; those of ``left_out`` do not count."""

    left_out: set[int]
    alive: dict[int, int] = field(default_factory=dict)
    most: int = 0

    def add(self, tensors: Iterable[Any]) -> None:
        for tensor in tensors:
            if isinstance(tensor, torch.Tensor):
                self._add(tensor.untyped_storage())
        self.most = max(self.most, sum(self.alive.values()))

    def _add(self, storage: torch.UntypedStorage) -> None:
        key = storage._cdata
        if key not in self.left_out and key not in self.alive:
            self.alive[key] = storage.nbytes()
            weakref.finalize(storage, self.alive.pop, key)


class Watching(TorchDispatchMode):
    """Counts the memories of all tensors that ops give, after each op."""

    def __init__(self, holding: Holding) -> None:
        super().__init__()
        self.holding = holding

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        self.holding.add(tree_leaves(result))
        return result


def storages(model: torch.nn.Module) -> set[int]:
    """The memories of a model's weights."""
    return {t.untyped_storage()._cdata for t in (*model.parameters(), *model.buffers())}


def peak(model: torch.nn.Module, inputs: list[torch.Tensor], training: bool) -> int:
    """The most bytes of activations held in a forward pass, inputs included."""
    holding = Holding(storages(model))
    holding.add(inputs)
    with torch.set_grad_enabled(training), Watching(holding):
        result = model.train(training)(*inputs)
    del result
    return holding.most


def saved(model: torch.nn.Module, inputs: list[torch.Tensor]) -> int:
    """The bytes of the memories that autograd saves in a forward pass; weights do not count."""
    weights, found = storages(model), {}

    def pack(tensor: torch.Tensor) -> torch.Tensor:
        storage = tensor.untyped_storage()
        if storage._cdata not in weights:
            found[storage._cdata] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        result = model.train()(*inputs)
    del result
    return sum(found.values())
