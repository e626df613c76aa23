"""What torch says to a tuple: shapes from the meta device, refusals from the CPU.

The meta device alone accepts some more: output_padding, empty upsampling.
"""

from __future__ import annotations

import argparse
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul, sub, truediv
from typing import Any

import torch
from torch import Tensor, nn

from netspec.dims import Condition
from netspec.ops.base import Op, Refused
from netspec.ops.binding import bind, infer
from netspec.ops.registry import find
from netspec.types import TensorType
from tests.ops import sequences, torch_calls
from tests.ops.case import Case
from tests.ops.generator import NAMES, cases
from tests.ops.rearranging import rearrange

DTYPES = {"float": torch.float32, "int": torch.int64, "bool": torch.bool}
KINDS = {v: k for k, v in DTYPES.items()}
OPERATORS = {"add": add, "sub": sub, "mul": mul, "div": truediv}
LINEAR = {3: "linear", 4: "bilinear", 5: "trilinear"}
FUNCTIONS: dict[str, Callable[..., Tensor]] = {
    **torch_calls.FUNCTIONS,
    "matmul": torch.matmul,
    "expand": lambda x, size: x.expand(size),
    "rearrange": rearrange,
}


# ------------------------------------------------------------------------------------------------ torch


def module(case: Case) -> nn.Module:
    """The torch module that a user would write by hand for a tuple."""
    shape = case.shapes[0]
    kwargs = dict(case.kwargs)
    if case.name in sequences.MODULES:
        return sequences.MODULES[case.name](case.shapes, **kwargs)
    if case.name in torch_calls.MODULES:
        return torch_calls.MODULES[case.name](shape, **kwargs)
    name = case.name.removesuffix("1d").removesuffix("2d").removesuffix("3d")
    cls: type[nn.Module] = (
        getattr(nn, case.name) if hasattr(nn, case.name) else getattr(nn, f"{name}{max(len(shape) - 2, 1)}d")
    )
    if name in ("Conv", "ConvTranspose"):
        return cls(channels(shape, case.name), **kwargs)
    if name in ("BatchNorm", "InstanceNorm"):
        return cls(channels(shape, case.name), **kwargs)
    if name == "Linear":
        return cls(shape[-1], **kwargs)
    if name == "PReLU":
        return cls(shape[1] if kwargs.pop("per_channel", False) else 1, **kwargs)
    if name == "Upsample" and kwargs.get("mode") == "linear":
        kwargs["mode"] = LINEAR[len(shape)]
    return cls(**kwargs)


def channels(shape: tuple[int, ...], name: str) -> int:
    """As torch would be told: of an input without a batch, axis 0."""
    unbatched = name[-2:] in ("1d", "2d", "3d") and len(shape) == int(name[-2]) + 1 and name != "BatchNorm1d"
    return shape[0] if unbatched else shape[1]


def run(case: Case, tensors: list[Tensor]) -> Any:
    """What a tuple gives in torch: a tensor, or several."""
    if case.name in OPERATORS:
        operands: list[Any] = list(tensors)
        for place, number in case.numbers:
            operands.insert(place, number)
        joined: Tensor = reduce(OPERATORS[case.name], operands)
        return joined
    if case.name == "flatten":
        return torch.flatten(tensors[0], **{"start_dim": 1, **case.kwargs})
    if case.name == "concat":
        return concat(tensors, **case.kwargs)
    if case.name == "crop":
        size = case.kwargs.get("size") or tuple(tensors[1].shape[2:])
        return center(tensors[0], (size,) * (tensors[0].dim() - 2) if isinstance(size, int) else size)
    if case.name == "index":
        entries = [slice(*e) if isinstance(e, tuple) else ... if e == "..." else e for e in case.kwargs["indices"]]
        return tensors[0][tuple(entries)]
    if case.name == "scaled_dot_product_attention":
        return sequences.product_attention(case, tensors)
    if case.name in FUNCTIONS:
        return FUNCTIONS[case.name](*tensors, **case.kwargs)
    net = module(case).to(tensors[0].device).eval()
    return called(case, net, tensors)


def called(case: Case, net: nn.Module, tensors: list[Tensor]) -> Any:
    """What a module gives, called as a user would."""
    if case.name in sequences.MODULES:
        return sequences.call(case, net, tensors)
    result: Tensor | tuple[Tensor, ...] = net(*tensors)
    return result[0] if isinstance(result, tuple) else result


def concat(tensors: list[Tensor], axis: int = 1, align: str | None = None) -> Tensor:
    if align not in (None, "center"):
        raise ValueError("align")
    if align:
        rank = tensors[0].dim()
        if any(t.dim() != rank for t in tensors):
            raise ValueError("ranks differ")
        least = [min(t.shape[i] for t in tensors) for i in range(2, rank)]
        tensors = [center(t, [t.shape[i] if i == axis % rank else n for i, n in enumerate(least, 2)]) for t in tensors]
    return torch.cat(tensors, axis)


def center(x: Tensor, sizes: Any) -> Tensor:
    """Crop by slices; an independent way to write it."""
    index = [slice(None), slice(None)]
    for whole, size in zip(x.shape[2:], sizes, strict=True):
        offset = max(whole - size, 0) // 2
        index.append(slice(offset, offset + min(whole, size)))
    return x[tuple(index)]


def tensors(case: Case, device: str) -> list[Tensor]:
    return [torch.ones(s, dtype=DTYPES[d], device=device) for s, d in zip(case.shapes, case.dtypes, strict=True)]


def results(value: Any) -> list[Tensor]:
    """The tensors of one result or several."""
    return [value] if isinstance(value, Tensor) else list(value)


def torch_says(case: Case) -> tuple[TensorType, ...] | str:
    """The types of the results, or why torch refuses."""
    try:
        with torch.no_grad():
            real = results(run(case, tensors(case, "cpu")))
            meta = results(run(case, tensors(case, "meta")))
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    assert [r.shape for r in real] == [m.shape for m in meta], (case, real, meta)
    return tuple(TensorType(KINDS[m.dtype], tuple(m.shape)) for m in meta)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------ netspec


@dataclass
class Refusal:
    message: str
    listed: str | None


def types(case: Case) -> list[TensorType]:
    return [TensorType(d, s) for d, s in zip(case.dtypes, case.shapes, strict=True)]  # type: ignore[arg-type]


def make(case: Case) -> Op:
    """The op of a tuple, as elaboration makes it. Raises `Refused`."""
    name = find(case.name)
    assert name is not None
    op = bind(name, (), case.kwargs)
    if case.named:
        op = op.model_copy(update={"named": case.named})
    if case.numbers or case.raw:
        op = type(op).model_validate({"numbers": case.numbers, "raw": case.raw})
    return op


def netspec_says(case: Case) -> tuple[TensorType, ...] | Refusal:
    """The types of the results, or why netspec refuses."""
    name = find(case.name)
    assert name is not None
    try:
        inferred = infer(name, make(case), types(case))
    except Refused as refused:
        return Refusal(refused.message, refused.listed)
    for need in inferred.needs:
        if not Condition(need.left, need.relation, need.right).holds({}):
            return Refusal(need.message, need.listed)
    return inferred.outputs


# ------------------------------------------------------------------------------------------------ comparison


@dataclass
class Report:
    """What a comparison found."""

    tuples: int = 0
    refused: int = 0
    listed: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)


def compare(name: str, count: int, seed: int = 0) -> Report:
    """Compare that many tuples of an op with torch."""
    report = Report()
    for case in cases(name, count, seed):
        ours, theirs = netspec_says(case), torch_says(case)
        report.tuples += 1
        report.refused += isinstance(theirs, str)
        if isinstance(ours, Refusal) and not isinstance(theirs, str) and ours.listed:
            report.listed[ours.listed] += 1
        elif isinstance(ours, Refusal) != isinstance(theirs, str) or (isinstance(ours, tuple) and ours != theirs):
            report.disagreements.append(f"{case}\n    netspec: {ours}\n    torch:   {theirs}")
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare op rules with torch.")
    parser.add_argument("--tuples", type=int, default=20_000, help="per op name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="*", help=f"of {' '.join(NAMES)}")
    args = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    found = 0
    for name in args.names or NAMES:
        start = time.perf_counter()
        report = compare(name, args.tuples, args.seed)
        found += len(report.disagreements)
        refused = f"{report.refused / report.tuples:.0%}"
        print(f"{name:18} {report.tuples} tuples, {refused} refused by torch,",
              f"{len(report.disagreements)} disagreements, stricter: {dict(report.listed)},",
              f"{time.perf_counter() - start:.1f} s", flush=True)  # fmt: skip
        for text in report.disagreements[:5]:
            print("   ", text)
    raise SystemExit(found > 0)
