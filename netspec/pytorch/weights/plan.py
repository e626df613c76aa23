"""What becomes of each tensor when a checkpoint is loaded, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

#: ``loads`` as it is or converted to the model's dtype; ``inflated`` over time; ``tied`` by another key of the same
#: memory; ``kept`` is a counter that old checkpoints have not; ``left out`` by the renaming, on purpose.
Fate = Literal["loads", "inflated", "tied", "kept", "skipped", "missing", "unused", "left out"]

WRITTEN: tuple[Fate, ...] = ("loads", "inflated")
PROBLEMS: tuple[Fate, ...] = ("missing", "skipped", "unused")


@dataclass(frozen=True, slots=True)
class Tensor:
    """What is known of a tensor without its values: ``Tensor("conv1.weight", (64, 3, 7, 7), "float32")``."""

    key: str
    shape: tuple[int, ...]
    dtype: str

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        total = 1
        for size in self.shape:
            total *= size
        return total


@dataclass(frozen=True, slots=True)
class Entry:
    """One tensor of the model (``target``), of the checkpoint (``source``), or both; ``why`` says what is wrong."""

    fate: Fate
    target: Tensor | None = None
    source: Tensor | None = None
    why: str = ""

    @property
    def key(self) -> str:
        """The model's key; that of the checkpoint where the model has none."""
        tensor = self.target or self.source
        return tensor.key if tensor else ""

    @property
    def converted(self) -> bool:
        """Whether the numbers change their dtype."""
        if self.fate not in WRITTEN or self.target is None or self.source is None:
            return False
        return self.target.dtype != self.source.dtype


@dataclass(frozen=True, slots=True)
class Advice:
    """What to try and what it does: an argument of `netspec.load_weights`, and the option of ``netspec weights plan``
    that stands for it, empty where there is none.
    """

    argument: str
    option: str
    does: str


@dataclass(frozen=True, repr=False)
class Plan:
    """How a checkpoint goes into a model, key by key: the model's in its order, then what is not used.

    ``notes`` are facts about the reading, ``differences`` say how the architecture differs from the one that the
    checkpoint was saved from, ``advice`` is what would make more of it fit. ``print`` it for the table.
    """

    model: str
    checkpoint: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()

    def having(self, *fates: Fate) -> tuple[Entry, ...]:
        """The entries with one of these fates."""
        return tuple(e for e in self.entries if e.fate in fates)

    def copies(self) -> Iterator[tuple[Tensor, Tensor, bool]]:
        """What is written: the model's tensor, the checkpoint's, and whether it is inflated."""
        for entry in self.having(*WRITTEN):
            if entry.target is not None and entry.source is not None:
                yield entry.target, entry.source, entry.fate == "inflated"

    @property
    def loaded(self) -> tuple[str, ...]:
        """The model's keys that get values from the checkpoint, inflated ones included."""
        return self._keys(*WRITTEN)

    @property
    def inflated(self) -> tuple[str, ...]:
        """The model's keys whose weights are repeated over time and divided by its length."""
        return self._keys("inflated")

    @property
    def converted(self) -> tuple[str, ...]:
        """The model's keys whose numbers change their dtype."""
        return tuple(e.key for e in self.entries if e.converted)

    @property
    def skipped(self) -> tuple[str, ...]:
        """The model's keys for which the checkpoint has a tensor that does not fit."""
        return self._keys("skipped")

    @property
    def missing(self) -> tuple[str, ...]:
        """The model's keys that the checkpoint does not have."""
        return self._keys("missing")

    @property
    def unused(self) -> tuple[str, ...]:
        """The checkpoint's keys that the model does not have, as the checkpoint spells them."""
        return self._keys("unused")

    @property
    def help(self) -> tuple[str, ...]:
        """What would make more of the checkpoint fit, in the words of `netspec.load_weights`."""
        return tuple(f"`{a.argument}` {a.does}" for a in self.advice)

    @property
    def complete(self) -> bool:
        """Whether nothing is missing, skipped or unused: what ``strict=True`` demands."""
        return not self.having(*PROBLEMS)

    def _keys(self, *fates: Fate) -> tuple[str, ...]:
        return tuple(e.key for e in self.having(*fates))

    def __str__(self) -> str:
        from netspec.pytorch.weights.text import table

        return table(self)

    def __repr__(self) -> str:
        from netspec.pytorch.weights.text import counts

        return f"Plan({counts(self)})"
