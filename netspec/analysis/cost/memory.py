"""The memory of activations over the steps of a network, in evaluation and in training.

The model: a tensor takes its elements times the bytes of its dtype, from the step that makes it to the last step that
holds it; views and what works in place take none. The inputs of the network are held to the end. Training keeps
besides what autograd saves. Weights and their gradients, what a kernel needs while it runs, and the rounding of
allocators are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from math import prod

from netspec.analysis.cost.steps import Schedule, Step
from netspec.graph import OpCall, RawTensor
from netspec.graph.decisions import beginnings
from netspec.graph.walk import join
from netspec.ops.contract import Made, Saved
from netspec.types import DType, TensorType

#: The bytes of a float, by the name of its dtype.
FLOATS = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2}


@dataclass(frozen=True, slots=True)
class Peak:
    """The most bytes at one time, and the number of the step during which it is."""

    bytes: int
    step: int


@dataclass(frozen=True, slots=True)
class Memory:
    """What `memory_of` finds.

    ``made`` and ``saved`` are bytes by step: those of its outputs, and of what autograd keeps because of it and of no
    step before. ``inference`` and ``training`` are the peaks of a forward pass.
    """

    made: tuple[int, ...]
    saved: tuple[int, ...]
    inference: Peak
    training: Peak


def memory_of(schedule: Schedule, frozen: Set[str], dtype: str) -> Memory:
    """The memory of a schedule whose sizes are known; ``frozen`` are the paths of what takes no gradient."""
    return _Account(schedule, {"float": FLOATS[dtype], "int": 8, "bool": 1}, frozen).memory()


@dataclass
class _Kept:
    """Memories that are kept, each with the first step that needs it; and what steps make beside their outputs, in
    bytes: what is kept, and what is gone after the step."""

    roots: dict[int, int] = field(default_factory=dict)
    beside: dict[int, int] = field(default_factory=dict)
    passing: dict[int, int] = field(default_factory=dict)


@dataclass
class _Account:
    """``roots`` is for each tensor the one whose memory it has, ``graded`` are those that take part in gradients."""

    schedule: Schedule
    sizes: Mapping[DType, int]
    frozen: Set[str]
    roots: dict[int, int] = field(default_factory=dict)
    graded: set[int] = field(default_factory=set)

    @cached_property
    def raw(self) -> set[int]:
        return {t for step in self.schedule.steps if isinstance(step.body, RawTensor) for t in step.outputs}

    def memory(self) -> Memory:
        self._follow(False)
        made = tuple(sum(self._bytes(t) for t in s.outputs if self.roots[t] == t) for s in self.schedule.steps)
        inference = self._peak(_Kept(passing=self._passing()))
        self._follow(True)
        kept = self._kept()
        return Memory(made, tuple(self._added(kept)), inference, self._peak(kept))

    def _types(self, tensors: tuple[int, ...]) -> tuple[TensorType, ...]:
        return tuple(self.schedule.types[t] for t in tensors)

    def _bytes(self, tensor: int) -> int:
        type_ = self.schedule.types[tensor]
        return prod(d for d in type_.dims if isinstance(d, int)) * self.sizes[type_.dtype]

    def _follow(self, training: bool) -> None:
        """Find out which tensors share memory, and which take part in gradients."""
        self.roots = {t: t for t in self.schedule.inputs}
        for step in self.schedule.steps:
            shares = isinstance(step.body, OpCall) and step.body.op.shares(self._types(step.inputs), training)
            for tensor in step.outputs:
                self.roots[tensor] = self.roots[step.inputs[0]] if shares else tensor
            if self._learns(step) or not self.graded.isdisjoint(step.inputs):
                self.graded |= {t for t in step.outputs if self.schedule.types[t].dtype == "float"}

    def _learns(self, step: Step) -> bool:
        """Whether it has parameters that take gradients."""
        if isinstance(step.body, OpCall):
            names = [w.name for w in step.body.op.weights(*self._types(step.inputs)) if w.kind == "param"]
        else:
            names = [""] if step.body.kind == "param" else []
        return any(self.frozen.isdisjoint(beginnings(join(step.path, name))) for name in names)

    def _passing(self) -> dict[int, int]:
        """What steps make beside their outputs in evaluation."""
        saved = enumerate(map(self._saved, self.schedule.steps))
        return {number: sum(self._made(m) for m in s.made if not m.training) for number, s in saved}

    # ------------------------------------------------------------------------------------------------- what is kept

    def _kept(self) -> _Kept:
        """What is kept for the gradients; of what is checkpointed only what goes in."""
        kept = _Kept()
        inside = {t: s.checkpoint for s in self.schedule.steps if s.checkpoint is not None for t in s.outputs}
        for number, step in enumerate(self.schedule.steps):
            saved = self._saved(step)
            graded = not self.graded.isdisjoint(step.outputs)
            if step.checkpoint is not None:
                tensors = [t for t in step.inputs if inside.get(t) != step.checkpoint]
            elif graded:
                tensors = self._tensors(step, saved)
            else:
                tensors = []
            beside = kept.beside if graded and step.checkpoint is None else kept.passing
            beside[number] = sum(map(self._made, saved.made))
            for tensor in tensors:
                kept.roots.setdefault(self.roots[tensor], number)
        return kept

    def _saved(self, step: Step) -> Saved:
        if not isinstance(step.body, OpCall):
            return Saved()
        return step.body.op.saved(self._types(step.inputs), self._types(step.outputs))

    def _tensors(self, step: Step, saved: Saved) -> list[int]:
        """The tensors that autograd saves of a step."""
        inputs = [] if saved.for_weights and not self._learns(step) else [step.inputs[i] for i in saved.inputs]
        return [*inputs, *(step.outputs[i] for i in saved.outputs)]

    def _made(self, made: Made) -> int:
        return made.elements * self.sizes[made.dtype] if isinstance(made.elements, int) else 0

    def _added(self, kept: _Kept) -> Iterator[int]:
        """The bytes that are kept because of each step, and of none before it."""
        of_step: dict[int, int] = dict(kept.beside)
        for root, number in kept.roots.items():
            of_step[number] = of_step.get(number, 0) + self._held_bytes(root)
        return (of_step.get(number, 0) for number in range(len(self.schedule.steps)))

    # ------------------------------------------------------------------------------------------------- the schedule

    def _held_bytes(self, root: int) -> int:
        """The bytes of a memory; those of weights are counted with the weights."""
        return 0 if root in self.raw else self._bytes(root)

    def _peak(self, kept: _Kept) -> Peak:
        """The step during which most is held."""
        count = len(self.schedule.steps)
        change = [0] * (count + 1)
        for root, (first, last) in self._lives().items():
            size = self._held_bytes(root)
            change[first] += size
            change[count if root in kept.roots else last + 1] -= size
        for number, size in kept.beside.items():
            change[number] += size
        held = [size + kept.passing.get(number, 0) for number, size in enumerate(accumulate(change[:count]))]
        most = max(held, default=0)
        return Peak(most, held.index(most) if held else 0)

    def _lives(self) -> dict[int, tuple[int, int]]:
        """For each memory the first and the last step during which it is held."""
        lives = {root: (0, len(self.schedule.steps) - 1) for root in self.schedule.inputs}
        for number, step in enumerate(self.schedule.steps):
            for tensor in step.outputs:
                lives.setdefault(self.roots[tensor], (number, number))
        for tensor, root in self.roots.items():
            first, last = lives[root]
            lives[root] = first, max(last, self.schedule.last[tensor])
        return lives
