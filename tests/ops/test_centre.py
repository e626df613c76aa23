"""The helpers that crop in the middle: eager, scripted, compiled, and exported with open sizes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from netspec.dims import symbol
from netspec.ops.base import Operand, TorchCall
from netspec.ops.binding import bind
from netspec.ops.registry import find
from netspec.types import TensorType
from tests.ops.execute import function

pytestmark = pytest.mark.filterwarnings("ignore")

B, H, W = symbol("B"), symbol("H"), symbol("W")
SKIP = TensorType("float", (B, 3, H, W))
UP = TensorType("float", (B, 3, 2 * ((H + 1) // 2), 2 * ((W + 1) // 2)))
OTHER = TensorType("float", (B, 3, symbol("S"), symbol("T")))
SIZES = [(13, 16), (14, 14), (15, 21), (16, 16), (17, 9)]


def lowered(name: str, *inputs: TensorType, **kwargs: object) -> TorchCall:
    op_name = find(name)
    assert op_name is not None
    op = bind(op_name, (), kwargs)
    op.infer(*inputs)
    return op.lower(*inputs)


CALLS = {
    "_concat_center": lowered("concat", UP, OTHER, align="center"),
    "_concat_like": lowered("concat", UP, SKIP, align="center"),
    "_crop_like": lowered("crop", UP, SKIP),
    "_crop_to_smaller_like": lowered("crop", UP, OTHER),
    "_center_crop": lowered("crop", UP, size=(H, W)),
    "_crop_to_smaller": lowered("crop", UP, size=(symbol("S"), symbol("T"))),
}


class Net(nn.Module):
    """Down, up, join with the input: sizes 2*ceil(H/2) and H meet."""

    def __init__(self, target: str) -> None:
        super().__init__()
        self.function: Callable[..., Tensor] = function(CALLS[target])
        self.down = nn.Conv2d(3, 3, 3, 2, 1)
        self.up = nn.Upsample(scale_factor=2.0)
        self.target = target

    def forward(self, x: Tensor) -> Tensor:
        y = self.up(self.down(x))
        if self.target == "_concat_center":
            return self.function([y, x], 1)
        if self.target == "_concat_like":
            return self.function([y, x], 1, 1)
        if self.target in ("_center_crop", "_crop_to_smaller"):
            return self.function(y, [x.shape[2], x.shape[3]])
        return self.function(y, x)


def test_what_is_proven_decides_the_call() -> None:
    assert all(call.target == name for name, call in CALLS.items())
    assert CALLS["_concat_like"].args == (Operand(-1), 1, 1)


@pytest.mark.parametrize("target", CALLS)
def test_scripted(target: str) -> None:
    scripted = torch.jit.script(function(CALLS[target]))
    net = Net(target)
    eager = net.function
    for height, width in SIZES:
        x = torch.randn(2, 3, height, width)
        expected = net(x)
        net.function = scripted
        assert torch.equal(net(x), expected)
        net.function = eager


@pytest.mark.parametrize("target", CALLS)
def test_compiled_as_one_graph(target: str) -> None:
    torch._dynamo.reset()
    net = Net(target)
    compiled = torch.compile(net, fullgraph=True, backend="eager")
    for height, width in SIZES:
        x = torch.randn(2, 3, height, width)
        assert torch.allclose(compiled(x), net(x), atol=1e-6)


@pytest.mark.parametrize("target", CALLS)
def test_exported_with_open_sizes(target: str) -> None:
    net = Net(target).eval()
    sizes = {"x": {2: torch.export.Dim("h", min=4, max=4096), 3: torch.export.Dim("w", min=4, max=4096)}}
    exported = torch.export.export(net, (torch.randn(2, 3, 13, 16),), dynamic_shapes=sizes).module()
    for height, width in SIZES:
        x = torch.randn(2, 3, height, width)
        assert torch.allclose(exported(x), net(x), atol=1e-6)
