"""No result depends on a cell that `Op.reads` leaves out: gradients of drawn calls, in evaluation mode."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from netspec.ops.reads import Cells, Reads
from tests.ops.case import Case
from tests.ops.generator import NAMES, cases
from tests.ops.oracle import DTYPES, Refusal, make, netspec_says, results, run, types

CALLS = 25
CELLS = 6

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True)
def exact() -> Iterator[None]:
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", [name for name in NAMES if name != "shift_mask"])  # which reads no values
def test_a_result_depends_on_no_other_cells(name: str) -> None:
    rng = random.Random(f"reads/{name}")
    for case in cases(name, CALLS):
        outputs = netspec_says(case)
        if isinstance(outputs, Refusal) or "float" not in case.dtypes:
            continue
        torch.manual_seed(0)
        tensors = [_drawn(shape, dtype) for shape, dtype in zip(case.shapes, case.dtypes, strict=True)]
        for result, output in zip(results(run(case, [t.clone() for t in tensors])), outputs, strict=False):
            reads = make(case).reads(tuple(types(case)), output)
            if result.requires_grad:
                for _ in range(CELLS):
                    _check(case, tensors, result, tuple(rng.randrange(size) for size in result.shape), reads)


def _drawn(shape: tuple[int, ...], dtype: str) -> Tensor:
    if dtype == "float":
        return torch.rand(shape).requires_grad_()
    return torch.ones(shape, dtype=DTYPES[dtype])


def _check(case: Case, tensors: list[Tensor], result: Tensor, cell: tuple[int, ...],
           reads: tuple[tuple[Reads, ...] | None, ...]) -> None:  # fmt: skip
    floats = [number for number, tensor in enumerate(tensors) if tensor.requires_grad]
    inputs = [tensors[number] for number in floats]
    gradients = torch.autograd.grad(result[cell], inputs, retain_graph=True, allow_unused=True)
    for number, gradient in zip(floats, gradients, strict=True):
        if gradient is None:
            continue
        taken = reads[number]
        touched = gradient.nonzero()
        if taken is None:
            assert not len(touched), (case, cell, number)
            continue
        runs = [_run(cells, cell, size) for cells, size in zip(taken, gradient.shape, strict=True)]
        if any(outside for *_, outside in runs):
            continue  # at the border
        for axis, (first, last, _) in enumerate(runs):
            assert all(first <= place <= last for place in touched[:, axis].tolist()), (case, cell, number, axis, taken)


def _run(cells: Reads, cell: tuple[int, ...], size: int) -> tuple[int, int, bool]:
    """The first and last cell, and whether one of them lies in padding."""
    if not isinstance(cells, Cells):
        return 0, size - 1, False
    turns, phase = divmod(0 if cells.axis is None else cell[cells.axis], len(cells.first))
    first, last = cells.first[phase] + turns * cells.step, cells.last[phase] + turns * cells.step
    return first, last, first <= last and (first < 0 or last >= size)
