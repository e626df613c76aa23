"""What a comparison of two networks finds, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from netspec.dims import Size
from netspec.graph import Graph

Kind = Literal["added", "removed", "replaced", "changed", "renamed"]


@dataclass(frozen=True, slots=True)
class Fact:
    """An attribute that differs, with the values before and after: several where places differ in their values."""

    name: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a block or network, at all places where it is found.

    ``block`` is the block that it is written in, ``labels`` are those of the step in it, ``what`` is the op or block
    there (before, where it is removed). ``paths`` are the places in the network after, in the one before where removed;
    ``before`` are the paths before, where they are others. ``parameters`` is the difference of all places together.
    """

    kind: Kind
    block: str
    labels: tuple[str, ...]
    what: str
    paths: tuple[str, ...]
    facts: tuple[Fact, ...] = ()
    before: tuple[str, ...] = ()
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class Keys:
    """What differs in the state dicts: keys with shapes, of ``retyped`` ones with dtypes.

    ``reordered``: the keys of both stand in another order, on which the states of optimisers depend. ``renames`` are
    prefixes of paths, before and after, with which a checkpoint of the network before has the keys of the one after;
    empty where they do not do it.
    """

    kept: int
    added: tuple[tuple[str, tuple[int, ...]], ...]
    removed: tuple[tuple[str, tuple[int, ...]], ...]
    reshaped: tuple[tuple[str, tuple[int, ...], tuple[int, ...]], ...]
    retyped: tuple[tuple[str, str, str], ...] = ()
    reordered: bool = False
    renames: tuple[tuple[str, str], ...] = ()

    @property
    def load(self) -> bool:
        """Whether a checkpoint of the network before loads into the one after, strictly and without renaming."""
        return not (self.added or self.removed or self.reshaped or self.retyped)


@dataclass(frozen=True, slots=True)
class Totals:
    """Of one network: parameters with their bytes and how many are trained; multiply-adds, open where no sizes were
    given."""

    parameters: int
    trainable: int
    bytes: int
    multiply_adds: Size


@dataclass(frozen=True)
class Difference:
    """What differs between two networks; ``print`` it.

    ``arguments`` are the network's own that differ, and its contract under ``where``; ``shapes`` are the inputs, stages
    and outputs with other types: name, before and after, empty where there is none. ``other_shapes`` counts the
    further layers that take or give other shapes.
    """

    before: Graph
    after: Graph
    changes: tuple[Change, ...]
    arguments: tuple[tuple[str, str, str], ...]
    shapes: tuple[tuple[str, str, str], ...]
    other_shapes: int
    totals: tuple[Totals, Totals]
    keys: Keys

    @property
    def same(self) -> bool:
        """Whether both are the same network, as far as the graphs tell; names of open sizes may differ."""
        told = self.changes or self.arguments or self.shapes or self.other_shapes or self.keys.reordered
        return not told and self.keys.load and self.before.name == self.after.name

    def __str__(self) -> str:
        from netspec.analysis.diff.text import text

        return text(self)
