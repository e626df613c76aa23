"""The two sides of a plan: what a model takes, what a checkpoint has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netspec.graph import Graph, OpCall, state
from netspec.graph.walk import join, modules
from netspec.pytorch.weights.origin import Origin, origin_of
from netspec.pytorch.weights.plan import Tensor

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Slot:
    """One entry of a model's state dict. ``convolves``: it is the weight of a convolution over three axes; ``tied`` are
    the other keys that share its memory.
    """

    tensor: Tensor
    convolves: bool = False
    tied: tuple[str, ...] = ()

    def inflates(self, source: Tensor) -> bool:
        """Whether the source is the weight of a convolution over two axes that is alike but for time."""
        shape = self.tensor.shape
        return self.convolves and len(shape) == 5 and source.shape == shape[:2] + shape[3:]


@dataclass(frozen=True, slots=True)
class ModelState:
    """What is known of a model without its values; ``origin`` is empty where it was not built from a spec."""

    name: str
    slots: tuple[Slot, ...]
    origin: Origin = field(default_factory=dict)


@dataclass(frozen=True)
class Checkpoint:
    """A weight file, or a state dict in memory: its tensors in order, and how the values of one are read.

    ``origin`` is what `netspec.save_weights` wrote of the model, ``notes`` are facts about the reading.
    """

    name: str
    tensors: Mapping[str, Tensor]
    read: Callable[[str], torch.Tensor]
    origin: Origin = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def state_of_graph(graph: Graph) -> ModelState:
    """The state dict that a network's module would have, without building it."""
    volumes = {
        join(path, "weight")
        for path, _, body in modules(graph.definition)
        if isinstance(body, OpCall) and body.name == "Conv3d"
    }
    slots = (Slot(Tensor(k, w.shape, w.dtype), k in volumes) for k, w in state(graph.definition))
    return ModelState(graph.name, tuple(slots), origin_of(graph))
