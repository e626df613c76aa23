"""Rules on open sizes say the same as on ints, for every size put in."""

from __future__ import annotations

import pytest

from netspec.dims import Condition, Size, evaluate, symbol
from netspec.ops.base import Inferred, Op, Refused
from netspec.ops.binding import infer
from netspec.ops.registry import find
from netspec.types import TensorType
from tests.ops import draw_moving as moving
from tests.ops import draw_padding as padding
from tests.ops.case import Case
from tests.ops.draw_elementwise import ACTIVATIONS, ALONG
from tests.ops.draw_norm import DROPOUTS
from tests.ops.draw_sequence import DRAWS as SEQUENCES
from tests.ops.generator import NAMES, cases
from tests.ops.oracle import make, types

#: axes whose size decides about weights
KNOWN: dict[str, set[int]] = {
    **{n: set() for n in moving.DRAWS},
    **{f"{n}{rank}": set() for n in padding.MODULES for rank in ("1d", "2d", "3d", "")},
    **{n: set() for n in (*ACTIVATIONS, *ALONG, *DROPOUTS, "ReLU", "LocalResponseNorm")},
    **{n: set() for n in ("Identity", "Upsample", "Flatten")},
    **{n: {-1} for n in (*SEQUENCES, "Linear", "LayerNorm", "RMSNorm")},
}
GATED = (
    "add", "sub", "mul", "div", "matmul", "expand", "maximum", "minimum", "masked_fill", "scaled_dot_product_attention",
)  # fmt: skip


def counted(case: Case) -> set[int]:
    """The axis of a function whose size decides about how many tensors come out."""
    if case.name == "unbind" or (case.name == "split" and isinstance(case.kwargs.get("split_size"), int)):
        return {case.kwargs.get("axis", 0 if case.name == "unbind" else 1)}
    return set()


def opened(case: Case) -> tuple[list[TensorType], dict[str, int]]:
    """The inputs with a symbol in place of every size that may be open."""
    known = counted(case) if find(case.name).op.is_module is False else KNOWN.get(case.name, {1})  # type: ignore[union-attr]
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


def outcome(case: Case, op: Op, inputs: list[TensorType], sizes: dict[str, int]) -> tuple[TensorType, ...] | None:
    """The types with sizes put in, or None where it is refused."""
    name = find(case.name)
    assert name is not None
    try:
        inferred: Inferred = infer(name, op, inputs)
    except Refused:
        return None
    if not all(Condition(n.left, n.relation, n.right).holds(sizes) for n in inferred.needs):
        return None
    return tuple(TensorType(out.dtype, tuple(evaluate(d, sizes) for d in out.dims)) for out in inferred.outputs)


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
