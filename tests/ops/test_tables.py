"""The rows of `tables`."""

from __future__ import annotations

import ast
import re

import pytest

from netspec.dims import Condition, Size, decide, symbol
from netspec.ops.base import Inferred, Refused
from netspec.ops.binding import bind, infer
from netspec.ops.registry import find
from netspec.types import TensorType
from tests.ops import tables_moving
from tests.ops.tables import REFUSALS, ROWS

ALL_ROWS = (*ROWS, *tables_moving.ROWS)
ALL_REFUSALS = (*REFUSALS, *tables_moving.REFUSALS)


def tensor(text: str) -> TensorType:
    """``int[B, 3]``."""
    dtype, dims = re.fullmatch(r"(\w*)\[(.*)\]", text).groups()  # type: ignore[union-attr]
    sizes: list[Size] = [int(d) if d.isdigit() else symbol(d) for d in dims.split(", ") if d]
    return TensorType(dtype or "float", tuple(sizes))  # type: ignore[arg-type]


def apply(source: str, inputs: str) -> Inferred:
    """The op of a call as Python and netspec both write it, on inputs. Raises `Refused`."""
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Name)
    name = find(call.func.id)
    assert name is not None
    args = [ast.literal_eval(a) for a in call.args]
    op = bind(name, args, {str(k.arg): ast.literal_eval(k.value) for k in call.keywords})
    return infer(name, op, [tensor(t) for t in re.findall(r"\w*\[.*?\]", inputs)])


@pytest.mark.parametrize(("source", "inputs", "output"), ALL_ROWS, ids=[r[0] for r in ALL_ROWS])
def test_shape(source: str, inputs: str, output: str) -> None:
    inferred = apply(source, inputs)
    (out,) = inferred.outputs
    assert str(out) == output
    for need in inferred.needs:
        truth = decide(Condition(need.left, need.relation, need.right)).truth
        assert truth != "never"
        assert need.relation == ">=" or truth == "always"


@pytest.mark.parametrize(("source", "inputs", "message"), ALL_REFUSALS, ids=[f"{r[0]} {r[1]}" for r in ALL_REFUSALS])
def test_refusal(source: str, inputs: str, message: str) -> None:
    assert refusal(source, inputs) == message


def refusal(source: str, inputs: str) -> str | None:
    """The first refusal, or need that does not hold."""
    try:
        needs = apply(source, inputs).needs
    except Refused as refused:
        return refused.message
    ints = (n for n in needs if isinstance(n.left, int) and isinstance(n.right, int))
    return next((n.message for n in ints if not Condition(n.left, n.relation, n.right).holds({})), None)


def test_open_sizes_ask_for_what_must_hold() -> None:
    inferred = apply("Conv2d(8, 3)", "[B, 3, H, W]")
    assert [str(Condition(n.left, n.relation, n.right)) for n in inferred.needs] == ["H >= 3", "W >= 3"]
    (join,) = apply("add()", "[B, 3, H] [B, 3, W]").needs
    assert (str(join.left), join.relation, str(join.right)) == ("H", "==", "W")
    assert join.message == "sizes H and W of axis 2 differ"
