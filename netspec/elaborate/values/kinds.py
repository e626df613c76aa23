"""The values of the language while a spec is elaborated.

Numbers, strings, bools and None are Python's; a list or tuple of the language is a tuple, a dict a `Table`, an open
size a `Dim`. Tensors are not values: they can be bound, joined and passed through steps, nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from netspec.graph import Drawing, Ref
from netspec.source import Span
from netspec.types import TensorType

if TYPE_CHECKING:
    from netspec.elaborate.program import BlockRef, File
    from netspec.ops.registry import OpName
    from netspec.syntax import ast

Value = Any
"""Number, string, bool, None, tuple, `Table`, `Dim`, `Part`, `Repetition`, `Labelled`, `Tensor`, `Family`, UNKNOWN."""


class Unknown:
    """What a failed statement leaves behind; silences everything that depends on it."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()


class Extent(NamedTuple):
    """How large a value is: the parts that it has when it is written out, and how deep they nest."""

    size: int
    depth: int


#: The extent of what has no parts.
ONE: Final = Extent(1, 1)


class Key:
    """A hashable identity of a part; its hash is computed once, however often the part is looked up."""

    __slots__ = ("hash", "items")

    def __init__(self, items: tuple[Any, ...]) -> None:
        self.items = items
        self.hash = hash(items)

    def __hash__(self) -> int:
        return self.hash

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Key) and self.hash == other.hash and self.items == other.items)


@dataclass(frozen=True, eq=False)
class Table:
    """A dict of the language; keys are the same by `identity`. ``spans`` tells where ``**options`` were written."""

    pairs: tuple[tuple[Value, Value], ...]
    spans: tuple[tuple[str, Span], ...] = ()

    @cached_property
    def index(self) -> dict[Any, Value]:
        return {identity(k): v for k, v in self.pairs}

    def get(self, key: Value) -> tuple[bool, Value]:
        """Whether the key is there, and its value."""
        wanted = identity(key)
        return (True, self.index[wanted]) if wanted in self.index else (False, None)


class Shown(NamedTuple):
    """The class name of a variant as written, if any, with its file; and its description."""

    class_name: ast.Constant | ast.Interpolation | None
    file: File
    doc: str


@dataclass(frozen=True, eq=False)
class Part:
    """A block or op with the arguments bound so far, by name: ``ConvModule(norm=InstanceNorm)``.

    ``spans`` tells where each argument was written, ``span`` where the part was named last. ``variant`` is the name
    that ``network SlowOnly = ResNet3d(…)`` gives, ``shown`` what it says of its class.
    """

    target: BlockRef | OpName
    span: Span
    bound: tuple[tuple[str, Value], ...] = ()
    spans: tuple[tuple[str, Span], ...] = ()
    extent: Extent = ONE
    variant: str | None = None
    shown: Shown | None = None

    @property
    def name(self) -> str:
        return self.variant or self.target.name

    @property
    def is_function(self) -> bool:
        """An op that is a function of tensors (``concat``), not a module."""
        return not getattr(getattr(self.target, "op", None), "is_module", True)

    @cached_property
    def arguments(self) -> dict[str, Value]:
        return dict(self.bound)

    @cached_property
    def key(self) -> Key:
        """By which parts are the same: the target and the arguments, wherever they were written."""
        bound = tuple((k, identity(v)) for k, v in sorted(self.bound, key=lambda pair: pair[0]))
        return Key((self.target, self.variant, self.shown and id(self.shown), bound))

    def place(self, argument: str | None) -> Span:
        """Where an argument was written; the whole part where it was not."""
        return next((span for name, span in self.spans if name == argument), self.span)


@dataclass(frozen=True, eq=False)
class Repetition:
    """``n * step``."""

    count: int
    step: Value
    extent: Extent


@dataclass(frozen=True, eq=False)
class Labelled:
    """A list's element with a label, a ``stage`` or drawings."""

    value: Value
    label: str | None
    stage: bool
    drawings: tuple[Drawing, ...]
    span: Span
    extent: Extent


@dataclass(frozen=True, slots=True, eq=False)
class Tensor:
    """An output of a node of the definition being built."""

    ref: Ref
    type: TensorType
    span: Span


Member = Tensor | Unknown


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """Several tensors under one name, by index; ``labels`` where a block's outputs are named."""

    members: dict[int, Member]
    span: Span
    labels: tuple[str | None, ...] = ()

    def __iter__(self) -> Iterator[Member]:
        return (self.members[i] for i in sorted(self.members))

    def __len__(self) -> int:
        return len(self.members)


def members(value: Tensor | Family | Unknown) -> tuple[Member, ...]:
    """The tensors of one output or input: itself, or a family's members in order."""
    return tuple(value) if isinstance(value, Family) else (value,)


#: The kinds of values that hold no others; most values are of these, so they are asked for first.
PLAIN = frozenset({int, bool, str, type(None)})


def identity(value: Value) -> Any:
    """A hashable key by which values are the same, kind included; ``1`` and ``1.0`` are one key, ``True`` another."""
    if type(value) in PLAIN:
        return (type(value), value)
    if isinstance(value, tuple):
        return ("list", *map(identity, value))
    if isinstance(value, Part):
        return value.key
    if isinstance(value, Table):
        return ("dict", *((identity(k), identity(v)) for k, v in value.pairs))
    if isinstance(value, Repetition):
        return ("repeat", value.count, identity(value.step))
    if isinstance(value, Labelled):
        return ("label", identity(value.value), value.label, value.stage, identity_of_drawings(value.drawings))
    if isinstance(value, float) and value.is_integer():
        return (int, int(value))
    return (type(value), value)


def identity_of_drawings(drawings: tuple[Drawing, ...]) -> tuple[Any, ...]:
    """By which annotations are the same."""
    return tuple((d.name, identity(d.args)) for d in drawings)
