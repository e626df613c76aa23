"""Ops of the user's own, registered from Python."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest
import torch

import netspec
from netspec.ops import registry
from netspec.ops.base import Inferred, Op, Operand, TorchCall
from netspec.pytorch.build import build_graph
from netspec.pytorch.source import generate
from netspec.types import TensorType
from tests.pytorch import layers
from tests.texts import graph_of

TEXT = """network N() {
    input x: [B, 3, H, W]
    tests = x -> conv: Conv2d(3, 1) -> act: Swish(beta=2.0)
    output shifted(tests, like=x, by=0.5)
}"""


@pytest.fixture(autouse=True)
def _ops() -> Iterator[None]:
    class Swish(Op):
        """``x * sigmoid(beta * x)``."""

        beta: float = 1.0

        def infer(self, *inputs: TensorType) -> Inferred:
            return Inferred((inputs[0],))

        def lower(self, *inputs: TensorType) -> TorchCall:
            return TorchCall("tests.pytorch.layers.Swish", (self.beta,))

    class shifted(Op):  # noqa: N801
        """A function with two tensors."""

        is_module: ClassVar[bool] = False
        arity: ClassVar[int | None] = None
        operands: ClassVar[tuple[str, ...]] = ("like",)
        by: float = 0.0

        def infer(self, *inputs: TensorType) -> Inferred:
            return Inferred((inputs[0],))

        def lower(self, *inputs: TensorType) -> TorchCall:
            return TorchCall("tests.pytorch.layers.shifted", (Operand(0), Operand(1)), {"by": self.by})

    netspec.op(Swish)
    netspec.op(shifted)
    yield
    registry.unregister(Swish)
    registry.unregister(shifted)


def test_their_modules_are_imported() -> None:
    source = generate(graph_of(TEXT))
    assert "import tests.pytorch.layers\n" in source
    assert "self.act = tests.pytorch.layers.Swish(2.0)" in source
    model = build_graph(graph_of(TEXT))
    assert isinstance(model.act, layers.Swish)
    x = torch.randn(2, 3, 4, 4)
    assert torch.equal(model(x), layers.shifted(model.act(model.conv(x)), x, 0.5))


def test_no_variable_hides_their_package() -> None:
    text = TEXT.replace(
        "output shifted(tests", "tests = tests + x\n    y = tests -> c: Conv2d(3, 1)\n    output shifted(y + tests"
    )
    model = build_graph(graph_of(text))
    assert model(torch.randn(2, 3, 4, 4)).shape == (2, 3, 4, 4)
