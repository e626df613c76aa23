"""Twice our multiply-adds are torch's flops."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from netspec.ops.registry import is_function
from netspec.types import TensorType
from tests.ops.execute import apply, build
from tests.ops.generator import NAMES
from tests.ops.oracle import netspec_says, tensors
from tests.ops.test_lowering import accepted


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_multiply_adds_are_the_flops(name: str) -> None:
    for case, op, inputs in accepted(name, 40):
        if len(case.shapes[0]) < 2 and not is_function(name):
            continue  # of a vector torch counts nothing: the product is no matrix product
        output = netspec_says(case)
        assert isinstance(output, TensorType)
        call = op.lower(*inputs)
        net = partial(apply, call) if is_function(name) else build(call).eval()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            x = tensors(case, "cpu")
            net(x) if is_function(name) else net(*x)
        assert 2 * op.multiply_adds(tuple(inputs), (output,)) == counter.get_total_flops(), case
