"""Twice our multiply-adds are torch's flops."""

from __future__ import annotations

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from netspec.ops.registry import is_function
from netspec.types import TensorType
from tests.ops.execute import build
from tests.ops.generator import NAMES
from tests.ops.oracle import netspec_says, tensors
from tests.ops.test_lowering import accepted


@pytest.mark.parametrize("name", [n for n in NAMES if not is_function(n)])
def test_twice_the_multiply_adds_are_the_flops(name: str) -> None:
    for case, op, inputs in accepted(name, 40):
        if len(case.shapes[0]) < 2:
            continue  # of a vector torch counts nothing: the product is no matrix product
        output = netspec_says(case)
        assert isinstance(output, TensorType)
        net = build(op.lower(*inputs)).eval()
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            net(*tensors(case, "cpu"))
        assert 2 * op.multiply_adds(tuple(inputs), (output,)) == counter.get_total_flops(), case
