"""A block while it is drawn. Every statement is tried with torch first, at sizes that are comfortable, and dropped
where torch refuses it; now and then such a statement is kept as the author's mistake."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import prod
from random import Random
from typing import Any

import torch

from tests.drawn.description import Name, Py, Statement
from tests.drawn.scopes import Batch, Part, Scope
from tests.drawn.torch_calls import Over, Run

#: the assignments with these numbers are large enough for most networks
COMFORTABLE = (0, 1)
#: a tensor may have so many elements
LARGEST = 20_000


@dataclass
class Draft:
    """What is drawn of a block so far; ``depth`` is 0 for the network."""

    rng: Random
    run: Run
    scope: Scope
    depth: int = 0
    body: list[Statement] = field(default_factory=list)
    parameters: list[tuple[str, str, Any]] = field(default_factory=list)
    arguments: dict[str, Any] = field(default_factory=dict)
    count: int = 0
    #: torch has refused everything: nothing can follow
    over: bool = False
    #: the chance that a statement which torch refuses is kept
    mistakes: float = 0.0
    #: an op whose turn it is: it is drawn more often here
    favourite: str = ""

    def fresh(self, stem: str) -> str:
        self.count += 1
        return f"{stem}{self.count}"

    def chance(self, p: float) -> bool:
        return self.rng.random() < p

    # ------------------------------------------------------------------------------------------------ statements

    def try_all(self, statements: Sequence[Statement]) -> bool:
        """Add statements that belong together, or none of them."""
        saved = _saved(self)
        with suppress(Over):
            self.run.statements(statements, self.scope)
        keeps = all(k not in self.run.failures for k in COMFORTABLE)
        if (keeps and self._small()) or (not keeps and self.chance(self.mistakes)):
            self.body += statements
            self.over = not self.run.alive or not keeps
            return keeps
        _restore(self, saved)
        return False

    def add(self, *statements: Statement) -> bool:
        return self.try_all(statements)

    def _small(self) -> bool:
        new = [b for v in self.scope.tensors.values() for b in (v.values() if isinstance(v, dict) else [v])]
        return all(t is None or t.numel() <= LARGEST for batch in new for t in batch)

    # ------------------------------------------------------------------------------------------------ tensors

    def tensors(self) -> dict[str, Batch]:
        """The single tensors by name, without raw ones."""
        return {n: v for n, v in self.scope.tensors.items() if isinstance(v, list) and n not in self.scope.raw}

    def families(self) -> list[str]:
        return [n for n, v in self.scope.tensors.items() if isinstance(v, dict)]

    def shapes(self, name: str) -> list[tuple[int, ...]]:
        """The shapes of a tensor for the comfortable assignments."""
        batch = self.tensors()[name]
        return [tuple(t.shape) for k in COMFORTABLE if (t := batch[k]) is not None]

    def shape(self, name: str) -> tuple[int, ...]:
        return self.shapes(name)[0]

    def rank(self, name: str) -> int:
        return len(self.shape(name))

    def settled(self, name: str, axis: int) -> bool:
        """Whether the size of an axis seems to be a number."""
        return len({s[axis] for s in self.shapes(name)}) == 1

    def is_float(self, name: str) -> bool:
        tensor = self.tensors()[name][0]
        return tensor is not None and tensor.is_floating_point()

    def is_int(self, name: str) -> bool:
        tensor = self.tensors()[name][0]
        return tensor is not None and tensor.dtype == torch.int64

    def is_bool(self, name: str) -> bool:
        tensor = self.tensors()[name][0]
        return tensor is not None and tensor.dtype == torch.bool

    def pick(self, test: Callable[[str], bool] = lambda name: True, floats: bool = True) -> str | None:
        """A tensor, rather a late one."""
        names = [n for n in self.tensors() if (not floats or self.is_float(n)) and test(n)]
        if not names:
            return None
        return names[-1] if self.chance(0.4) else self.rng.choice(names)

    def same_shape(self, name: str) -> list[str]:
        """The other tensors that have its shape."""
        return [n for n in self.tensors() if n != name and self.shapes(n) == self.shapes(name) and self.is_float(n)]

    # ------------------------------------------------------------------------------------------------ values

    def parameter(self, value: Any, type_: str) -> Py:
        """A parameter that has this value here: a new one, or one that there is."""
        for name, known, _ in self.parameters:
            if known == type_ and self.scope.values[name] == value and self.chance(0.6):
                return Py(name)
        name = self.fresh("p")
        default = value if not self.depth or self.chance(0.4) else None
        self.parameters.append((name, type_, default))
        self.scope.values[name] = value
        if default is None or self.chance(0.3):
            self.arguments[name] = value
        return Py(name)

    def flag(self) -> str:
        """A condition on a parameter, with its value."""
        holds = self.chance(0.6)
        name = self.parameter(holds, "bool").text
        return name if self.chance(0.7) else f"not {name}"

    def vary(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Some values become parameters."""
        return {name: self._varied(name, value) for name, value in kwargs.items()}

    def _varied(self, name: str, value: Any) -> Any:
        if not self.chance(0.3 if self.depth else 0.1) or isinstance(value, (str, Py)) or value is None:
            return value
        if isinstance(value, bool):
            return self.parameter(value, "bool")
        if isinstance(value, float):
            return self.parameter(value, "float")
        if isinstance(value, tuple):
            whole = all(isinstance(v, int) and not isinstance(v, bool) for v in value)
            return self.parameter(value, f"int[{len(value)}]") if whole and value else value
        if value % 2 == 0 and value > 2 and self.chance(0.3):
            return Py(f"2 * {self.parameter(value // 2, 'int').text}")
        return self.parameter(value, "int")

    def open_size(self, name: str, axis: int) -> Py:
        """An expression for the size of an axis: an open name, or a fact of the tensor."""
        wanted = [s[axis] for s in self.shapes(name)]
        known = [n for n in self.scope.sizes[0] if [self.scope.sizes[k].get(n) for k in COMFORTABLE] == wanted]
        if known and self.chance(0.7):
            name = self.rng.choice(known)
            return Py(f"{name[0]}[{int(name[1]) - 1}]" if name[1:] else name)
        if axis >= 2 and self.chance(0.5):
            return Py(f"{name}.spatial[{axis - 2}]")
        return Py(f"{name}.channels" if axis == 1 else f"{name}.shape[{axis}]")


def elements(shape: tuple[int, ...]) -> int:
    return prod(shape)


def name_of(name: str | None) -> Name:
    assert name is not None
    return Name(name)


def _saved(draft: Draft) -> tuple[Any, ...]:
    tensors = {n: dict(v) if isinstance(v, dict) else v for n, v in draft.scope.tensors.items()}
    run, scope = draft.run, draft.scope
    kept = (dict(scope.values), dict(scope.made), set(scope.raw), list(scope.outputs))
    return tensors, kept, _copied(scope.part), dict(run.failures), list(run.events), list(run.stack)


def _restore(draft: Draft, saved: tuple[Any, ...]) -> None:
    scope, run = draft.scope, draft.run
    scope.tensors, kept, part, run.failures, run.events, run.stack = saved
    scope.values, scope.made, scope.raw, scope.outputs = kept
    vars(scope.part).update(vars(part))


def _copied(part: Part) -> Part:
    members = {label: _copied(member) for label, member in part.members.items()}
    return Part(part.module, dict(part.params), dict(part.buffers), members)
