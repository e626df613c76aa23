"""Twice our multiply-adds are torch's flops."""

from __future__ import annotations

from functools import partial

import pytest
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from netspec.ops.base import Op
from netspec.ops.registry import is_function
from netspec.types import TensorType
from tests.ops.execute import apply, build, invoke
from tests.ops.generator import NAMES
from tests.ops.oracle import netspec_says, tensors
from tests.ops.test_lowering import accepted

#: what the CPU does by kernels of its own, which torch's counter does not know
FUSED = ("LSTM", "MultiheadAttention", "TransformerEncoderLayer", "TransformerDecoderLayer",
         "scaled_dot_product_attention")  # fmt: skip


def _run(net: nn.Module, op: Op, inputs: list[TensorType], tensors: list[Tensor]) -> None:
    invoke(net, op.invoke(*inputs), tensors)


@pytest.mark.parametrize("name", NAMES)
def test_twice_the_multiply_adds_are_the_flops(name: str) -> None:
    for case, op, inputs in accepted(name, 40):
        if len(case.shapes[0]) < 2 and not is_function(name):
            continue  # of a vector torch counts nothing: the product is no matrix product
        outputs = netspec_says(case)
        assert isinstance(outputs, tuple)
        call = op.lower(*inputs)
        device = "meta" if name in FUSED else "cpu"
        net = partial(apply, call) if is_function(name) else partial(_run, build(call).eval().to(device), op, inputs)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            net(tensors(case, device))
        assert 2 * op.multiply_adds(tuple(inputs), outputs) == counter.get_total_flops(), case
