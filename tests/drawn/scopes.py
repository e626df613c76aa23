"""What a drawn network's names stand for while torch runs it: values, sizes, tensors, modules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from tests.drawn.description import Expr, Function, Input, Name, Py, Step

#: one tensor per assignment of sizes; None where torch has refused it before
Batch = list[Tensor | None]
Family = dict[int, Batch]
DTYPES = {"float": torch.float64, "int": torch.int64, "bool": torch.bool}


@dataclass
class Part:
    """A module as torch has it: a layer, or members by label; tensors of its own come first."""

    module: nn.Module | None = None
    params: dict[str, Tensor] = field(default_factory=dict)
    buffers: dict[str, Tensor] = field(default_factory=dict)
    members: dict[str, Part] = field(default_factory=dict)

    def member(self, label: str) -> Part:
        part = self
        for name in label.split("."):
            part = part if name == "self" else part.members.setdefault(name, Part())
        return part

    def state(self, prefix: str = "") -> Iterator[tuple[str, Tensor]]:
        """The state dict in order."""
        yield from ((prefix + name, t) for own in (self.params, self.buffers) for name, t in own.items())
        if self.module is not None:
            yield from ((prefix + name, t) for name, t in self.module.state_dict().items())
        for label, part in self.members.items():
            yield from part.state(f"{prefix}{label}.")


@dataclass
class Scope:
    """The names of one block: values, the sizes that each assignment has, tensors, and modules by label."""

    part: Part
    values: dict[str, Any]
    sizes: list[dict[str, int]]
    tensors: dict[str, Batch | Family] = field(default_factory=dict)
    raw: set[str] = field(default_factory=set)
    made: dict[str, Step] = field(default_factory=dict)
    outputs: list[tuple[str | None, Batch]] = field(default_factory=list)


@dataclass(frozen=True)
class Facts:
    """What an expression may ask of a tensor."""

    shape: tuple[int, ...]

    @property
    def channels(self) -> int:
        return self.shape[1]

    @property
    def spatial(self) -> tuple[int, ...]:
        return self.shape[2:]

    @property
    def rank(self) -> int:
        return len(self.shape)


class Names(dict[str, Any]):
    """What the names of an expression stand for, for one assignment."""

    def __init__(self, scope: Scope, k: int) -> None:
        super().__init__({"len": len, "min": min, "max": max})
        self.scope, self.k = scope, k

    def __missing__(self, name: str) -> Any:
        if name in self.scope.values:
            return self.scope.values[name]
        if name in self.scope.sizes[self.k]:
            return self.scope.sizes[self.k][name]
        if f"{name}1" in self.scope.sizes[self.k]:
            return [size for n, size in self.scope.sizes[self.k].items() if n[:-1] == name]
        found = self.scope.tensors[name]
        return [self._facts(found[i]) for i in sorted(found)] if isinstance(found, dict) else self._facts(found)

    def _facts(self, batch: Batch) -> Facts:
        tensor = batch[self.k]
        assert tensor is not None
        return Facts(tuple(tensor.shape))


def read(text: str, scope: Scope, k: int) -> Any:
    """An expression's value for one assignment."""
    return eval(text, {"__builtins__": {}}, Names(scope, k))


def value(given: Any, scope: Scope, k: int) -> Any:
    if isinstance(given, Py):
        return read(given.text, scope, k)
    if isinstance(given, tuple):
        return tuple(value(v, scope, k) for v in given)
    return {n: value(v, scope, k) for n, v in given.items()} if isinstance(given, Mapping) else given


def is_raw(expr: Expr, scope: Scope) -> bool:
    """A raw tensor, or a function of one."""
    if isinstance(expr, Function) and len(expr.operands) == 1:
        return is_raw(expr.operands[0], scope)
    return isinstance(expr, Name) and expr.name in scope.raw


def matched(port: Input, x: Tensor | None, scope: Scope, k: int) -> Tensor:
    """Bind the names of a block's input to the caller's sizes. Raises ValueError where the caller gives others."""
    if x is None or port.dims is None:
        raise ValueError(f"{port.name} is not given")
    if len(port.dims) != x.dim() or x.dtype != DTYPES[port.dtype]:
        raise ValueError(f"{port.name} does not take {x.shape}")
    for dim, size in zip(port.dims, x.shape, strict=True):
        fixed = isinstance(dim, int) or not dim.isupper()
        wanted = read(str(dim), scope, k) if fixed else scope.sizes[k].setdefault(str(dim), size)
        if wanted != size:
            raise ValueError(f"{port.name} does not take {x.shape}")
    return x


def declared_shape(port: Input, scope: Scope, k: int) -> tuple[int, ...]:
    """The shape of a network's input for one assignment."""
    sizes: list[int] = []
    for dim in port.dims or ():
        spread = re.fullmatch(r"\*(\w+)\[(\d+)\]", str(dim))
        names = [f"{spread[1]}{i + 1}" for i in range(int(spread[2]))] if spread else [str(dim)]
        sizes += [read(name, scope, k) for name in names]
    return tuple(sizes)


def drawn_tensor(shape: tuple[int, ...], dtype: str) -> Tensor:
    if dtype == "float":
        return torch.randn(shape, dtype=torch.float64)
    return torch.randint(0, 2 if dtype == "bool" else 9, shape).to(DTYPES[dtype])
