"""Sizes as Python code: what Python computes is what the size is."""

from __future__ import annotations

import pytest

from netspec.dims import Size, evaluate, maximum, minimum, symbol
from netspec.dims.code import size_text

A, B = symbol("A"), symbol("B")


@pytest.mark.parametrize("size", [
    2 - B // 2, -3 * (B // 2) + A, A - (B + 1) // 3, (A // 2) * (B // 3) + 1, 5 - (A // 2) * (B // 3), 7 - B % 3,
    9 - (A + B) // 4 - B // 3, -(B % 3) + A, minimum(A, B // 2) - maximum(A // 3, B), 4 - (A + 1) * (B + 2),
    (2 * A + 1) // 3 - 2 * (B // 5),
])  # fmt: skip
def test_code_computes_the_size(size: Size) -> None:
    text, _ = size_text(size, {"A": "a", "B": "b"})
    for a in range(1, 12):
        for b in range(1, 12):
            assert eval(text, {"a": a, "b": b}) == evaluate(size, {"A": a, "B": b}), text
