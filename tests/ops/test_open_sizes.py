"""Rules on open sizes say the same as on ints, for every size put in."""

from __future__ import annotations

import pytest

from netspec.dims import Condition, Size, evaluate, symbol
from netspec.ops.base import Inferred, Op, Refused
from netspec.ops.binding import infer
from netspec.ops.registry import find
from netspec.types import TensorType
from tests.ops.case import Case
from tests.ops.generator import NAMES, cases
from tests.ops.oracle import make, types

#: axes whose size decides about weights
KNOWN = {"Linear": {-1}, "ReLU": set(), "LeakyReLU": set(), "Identity": set(), "Upsample": set(), "Flatten": set()}
GATED = ("add", "sub", "mul", "div", "matmul", "expand")


def opened(case: Case) -> tuple[list[TensorType], dict[str, int]]:
    """The inputs with a symbol in place of every size that may be open."""
    known = set() if find(case.name).op.is_module is False else KNOWN.get(case.name, {1})  # type: ignore[union-attr]
    sizes: dict[str, int] = {}
    inputs = []
    for number, x in enumerate(types(case)):
        dims: list[Size] = []
        for axis, size in enumerate(x.dims):
            assert isinstance(size, int)
            if axis in known or axis - x.rank in known or (size == 1 and case.name in GATED):
                dims.append(size)
                continue
            name = f"S{number}_{axis}"
            sizes[name] = size
            dims.append(symbol(name))
        inputs.append(TensorType(x.dtype, tuple(dims)))
    return inputs, sizes


def outcome(case: Case, op: Op, inputs: list[TensorType], sizes: dict[str, int]) -> TensorType | None:
    """The type with sizes put in, or None where it is refused."""
    name = find(case.name)
    assert name is not None
    try:
        inferred: Inferred = infer(name, op, inputs)
    except Refused:
        return None
    if not all(Condition(n.left, n.relation, n.right).holds(sizes) for n in inferred.needs):
        return None
    (out,) = inferred.outputs
    return TensorType(out.dtype, tuple(evaluate(d, sizes) for d in out.dims))


@pytest.mark.parametrize("name", NAMES)
def test_open_sizes_agree_with_ints(name: str) -> None:
    compared = 0
    for case in cases(name, 150, seed=7):
        try:
            op = make(case)
        except Refused:
            continue
        inputs, sizes = opened(case)
        assert outcome(case, op, inputs, sizes) == outcome(case, op, types(case), {}), case
        compared += bool(sizes)
    assert compared > 50
