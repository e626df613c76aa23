"""Modules that cannot be written in place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import nn

import netspec


def _meta() -> nn.Module:
    with torch.device("meta"):
        return nn.Linear(2, 3)


def _inference() -> nn.Module:
    with torch.inference_mode():
        return nn.Linear(2, 3)


def _expanded() -> nn.Module:
    model = nn.Module()
    model.register_buffer("x", torch.zeros(1).expand(3))
    return model


def _copying() -> nn.Module:
    model = nn.Linear(2, 3)
    model.register_state_dict_post_hook(lambda module, state, prefix, meta: state.update(bias=state["bias"].clone()))
    return model


class _Extra(nn.Linear):
    def get_extra_state(self) -> dict[str, int]:
        return {"a": 1}


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (_meta, "Linear: `weight` is on the meta device: give it memory first"),
        (_inference, "Linear: `weight` was made in inference mode"),
        (_expanded, "Module: `x` is expanded"),
        (_copying, "Linear: `bias` is a copy that a hook"),
        (lambda: nn.LazyLinear(3), "LazyLinear: `weight` has no shape yet"),
        (lambda: _Extra(2, 3), "_Extra: `_extra_state` is extra state"),
    ],
)
def test_modules_that_cannot_be_written(made: Callable[[], nn.Module], problem: str) -> None:
    with pytest.raises(netspec.WeightsError) as error:
        netspec.load_weights(made(), {"weight": torch.zeros(3, 2), "bias": torch.zeros(3)}, strict=False)
    assert str(error.value).startswith(problem)
