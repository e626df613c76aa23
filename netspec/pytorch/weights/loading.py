"""`netspec.load_weights`: a plan, then all of it or nothing."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import nn

from netspec.pytorch.weights.errors import WeightsError, WeightsWarning
from netspec.pytorch.weights.files import opened
from netspec.pytorch.weights.module import bare, state_of_module, write
from netspec.pytorch.weights.pickled import checkpoint_of
from netspec.pytorch.weights.plan import Plan
from netspec.pytorch.weights.planning import make_plan
from netspec.pytorch.weights.renaming import Rename
from netspec.pytorch.weights.state import Checkpoint
from netspec.pytorch.weights.text import refusal, warnings_of

Weights = str | os.PathLike[str] | Mapping[str, torch.Tensor]


def load(model: nn.Module, weights: Weights, rename: Rename, inflate: str | None, strict: bool) -> Plan:
    """What `netspec.load_weights` does; its warnings point to who called that."""
    described, state = state_of_module(bare(model))
    with _checkpoint(weights) as checkpoint:
        plan = make_plan(described, checkpoint, rename, inflate)
        if strict and not plan.complete:
            raise WeightsError(refusal(plan), plan)
        for text in warnings_of(plan, elsewhere=rename is not None or bool(plan.inflated)):
            warnings.warn(text, WeightsWarning, stacklevel=3)
        write(plan, state, checkpoint)
    return plan


@contextmanager
def _checkpoint(weights: Weights) -> Iterator[Checkpoint]:
    if isinstance(weights, Mapping):
        yield checkpoint_of(weights, "the state dict")
    else:
        with opened(weights) as checkpoint:
            yield checkpoint
