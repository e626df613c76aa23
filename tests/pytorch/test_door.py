"""What a module says to inputs that do not fit."""

from __future__ import annotations

import re
import traceback

import pytest
import torch

from netspec.pytorch.build import build_graph
from tests.texts import graph_of

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TWO = "network Net() { input a: [B, 3, H]; input b: int[B, N] where H % 16 == 0; input c: [N, 7]; output a, b, c }"
SMALL = "network Net() { input x: [B, 3, H, W]; output x -> c: Conv2d(4, 3) -> p: MaxPool2d(2) -> d: Conv2d(4, 3) }"


@pytest.mark.parametrize(
    ("text", "shapes", "message"),
    [
        (TWO, [(2, 4, 16), (2, 5), (5, 7)], "a is [2, 4, 16]; Net takes [B, 3, H]: channels must be 3, got 4"),
        (TWO, [(2, 3), (2, 5), (5, 7)], "a is [2, 3]; Net takes [B, 3, H]: it must have 3 axes, got 2"),
        (TWO, [(2, 3, 16), (3, 5), (5, 7)], "b is [3, 5]; Net takes [B, N]: axis 0 must be B = 2, got 3"),
        (TWO, [(2, 3, 16), (2, 5), (6, 7)], "c is [6, 7]; Net takes [N, 7]: axis 0 must be N = 5, got 6"),
        (TWO, [(2, 3, 16), (2, 5), (5, 8)], "c is [5, 8]; Net takes [N, 7]: axis 1 must be 7, got 8"),
        (TWO, [(2, 3, 250), (2, 5), (5, 7)], "H is 250; Net needs H % 16 == 0: pad to 256 or crop to 240"),
        (SMALL, [(1, 3, 7, 9)], "H is 7; Net needs H >= 8"),
        (SMALL, [(1, 3, 8, 1)], "W is 1; Net needs W >= 8"),
    ],
)
def test_messages(text: str, shapes: list[tuple[int, ...]], message: str) -> None:
    model = build_graph(graph_of(text))
    inputs = [torch.zeros(s) for s in shapes]
    exactly = f"^{re.escape(message)}$"
    with pytest.raises(ValueError, match=exactly):
        model(*inputs)
    with pytest.raises(torch.jit.Error, match=re.escape(message)):
        torch.jit.script(model)(*inputs)
    with pytest.raises(ValueError, match=exactly):
        torch.compile(model, backend="aot_eager")(*inputs)


def test_inputs_that_fit_pass() -> None:
    model = build_graph(graph_of(TWO))
    model(torch.zeros(2, 3, 32), torch.zeros(2, 5), torch.zeros(5, 7))
    assert build_graph(graph_of(SMALL))(torch.zeros(1, 3, 8, 8)).shape == (1, 4, 1, 1)


def test_contracts_in_the_users_words() -> None:
    text = """network Net(window: int = 7) {
        input x: [B, 3, H, W] where H % window == 0, W >= 2 * H, H + W <= 100
        output x
    }"""
    model = build_graph(graph_of(text))
    with pytest.raises(ValueError, match=r"^H is 8; Net needs H % 7 == 0: pad to 14 or crop to 7$"):
        model(torch.zeros(1, 3, 8, 20))
    with pytest.raises(ValueError, match=r"^H is 7, W is 9; Net needs W >= 2 \* H$"):
        model(torch.zeros(1, 3, 7, 9))
    with pytest.raises(ValueError, match=r"^H is 35, W is 70; Net needs H \+ W <= 100$"):
        model(torch.zeros(1, 3, 35, 70))
    model(torch.zeros(1, 3, 7, 14))


def test_a_traceback_names_the_line_of_the_spec() -> None:
    model = build_graph(graph_of(SMALL.replace("; output", "\noutput")))
    try:
        model(torch.zeros(1, 2, 9, 9))
    except ValueError:
        assert "raise ValueError(  # spec.netspec:2" in traceback.format_exc()
    try:
        model(torch.zeros(1, 3, 9, 9, dtype=torch.float64))
    except RuntimeError:
        text = traceback.format_exc()
        assert "x = self.c(x)  # spec.netspec:3" in text
        assert "<netspec Net " in text
