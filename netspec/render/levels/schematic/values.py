"""What names stand for in a schematic: values as far as they are known, tensors as the steps that they come from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from netspec.elaborate import Shown
from netspec.render.levels.schematic.forms import LEFT_OUT, TEXT_LENGTH, Form, Number, may_be
from netspec.render.words import shortened
from netspec.syntax import ast

Value = Any
"""None, bool, number, string, tuple, dict; `Form`, `Listed`, `Block`; `Tensor`, `Family`."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of which only its making is known: ``range(n)``, ``enumerate(layers)``; ``falls`` where it counts down."""

    length: Number
    item: Callable[[Number], Value]
    text: str
    falls: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A block with the arguments bound so far, and the names of its file."""

    block: ast.Block
    declared: Mapping[str, Any]
    given: Mapping[str, Value]
    text: str


class Source(NamedTuple):
    """An output of a step that was drawn."""

    step: int
    port: int = 0


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor: several sources where it is not known which (of a branch and of what was before it)."""

    sources: tuple[Source, ...]

    def output(self, port: int) -> Tensor:
        """Another output of the same step."""
        return Tensor(tuple(Source(s.step, port) for s in self.sources))


@dataclass(frozen=True, slots=True)
class Family:
    """``skip[i] = …``: members by index, in the order in which they came; ``skip[...]`` stands for those left out."""

    members: tuple[tuple[Number, Tensor], ...]

    def member(self, index: Number) -> Tensor:
        """The member at an index, or one that stands for it."""
        for key, tensor in self.members:
            if key == index:
                return tensor
        if index == -1:
            return self.members[-1][1]
        inner = [t for key, t in self.members if isinstance(key, Form) and key.turn]
        if inner and is_turn(index):
            inner += [t for key, t in self.members if may_be(index, key)]
        return joined(inner) if inner else joined(t for _, t in self.members)


def joined(tensors: Any) -> Tensor:
    """One tensor that comes from one of several."""
    return Tensor(tuple(dict.fromkeys(s for t in tensors for s in t.sources)))


def text(value: Value) -> str:
    """A value as labels show it."""
    if isinstance(value, (Shown, Listed, Block)):
        return value.text
    if isinstance(value, tuple):
        shown = ", ".join(map(text, value[:9])) + (", …" if len(value) > 9 else "")
        return LEFT_OUT if LEFT_OUT in map(text, value[:9]) else shortened(f"({shown})", TEXT_LENGTH)
    return shortened(str(value), TEXT_LENGTH)


def is_turn(value: Value) -> bool:
    """Does a value depend on a turn that stands for others?"""
    if isinstance(value, tuple):
        return any(map(is_turn, value[:20]))
    return isinstance(value, Form) and value.turn


def is_number(value: Value) -> bool:
    """An int or a form of such; a bool is none."""
    return isinstance(value, (int, Form)) and not isinstance(value, bool)
