"""Which tensor of a checkpoint goes where in a model, before anything is read or written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from netspec.pytorch.weights.advice import advice
from netspec.pytorch.weights.origin import differences
from netspec.pytorch.weights.plan import WRITTEN, Entry, Plan, Tensor
from netspec.pytorch.weights.renaming import Rename, Renamed, renamed
from netspec.pytorch.weights.state import Checkpoint, ModelState, Slot

#: A counter that checkpoints of PyTorch before 0.4.1 have not, and what stands beside it.
COUNTER, BESIDE = "num_batches_tracked", "running_mean"
#: Numbers of one kind convert into each other.
_KINDS = {"bfloat": "float", "uint": "int"}


def make_plan(model: ModelState, checkpoint: Checkpoint, rename: Rename = None, inflate: str | None = "2d") -> Plan:
    """The plan for a checkpoint and a model.

    ``inflate="2d"`` takes a weight ``(O, I, kh, kw)`` for a convolution whose own is ``(O, I, kt, kh, kw)``: repeated
    along time and divided by ``kt`` (Carreira and Zisserman, arXiv 1705.07750). Raises `WeightsError` where a renaming
    makes one key of two, ValueError for arguments that are not known.
    """
    if inflate not in (None, "2d"):
        raise ValueError(f'inflate is None or "2d", not {inflate!r}')
    names = renamed(checkpoint.tensors, rename)
    by_name = {name: checkpoint.tensors[key] for key, name in names.names.items() if name is not None}
    entries = (*_of_model(model, by_name, inflate), *_of_checkpoint(model, checkpoint, names))
    plan = Plan(
        model.name,
        checkpoint.name,
        entries,
        (*checkpoint.notes, *_notes(names)),
        tuple(differences(model.origin, checkpoint.origin)),
    )
    return plan if plan.complete else replace(plan, advice=tuple(advice(plan, model, names, rename)))


def _of_model(model: ModelState, by_name: Mapping[str, Tensor], inflate: str | None) -> Iterator[Entry]:
    """What each of the model's tensors gets."""
    matched = {
        slot.tensor.key: _matched(slot, by_name[slot.tensor.key], inflate)
        for slot in model.slots
        if slot.tensor.key in by_name
    }
    written = {key for key, entry in matched.items() if entry.fate in WRITTEN}
    for slot in model.slots:
        yield matched.get(slot.tensor.key) or _unmatched(slot, written)


def _matched(slot: Slot, source: Tensor, inflate: str | None) -> Entry:
    """A tensor of the model with the one of its name."""
    target = slot.tensor
    if _kind(target.dtype) != _kind(source.dtype):
        return Entry("skipped", target, source, f"{source.dtype} does not go into {target.dtype}")
    if target.shape == source.shape:
        return Entry("loads", target, source)
    if inflate and slot.inflates(source):
        return Entry("inflated", target, source)
    return Entry("skipped", target, source, "the shapes differ")


def _unmatched(slot: Slot, written: set[str]) -> Entry:
    """A tensor of the model that the checkpoint has not."""
    head, _, last = slot.tensor.key.rpartition(".")
    tied = next((key for key in slot.tied if key in written), None)
    if tied:
        return Entry("tied", slot.tensor, None, f"shares its memory with {tied}")
    if last == COUNTER and (f"{head}.{BESIDE}" if head else BESIDE) in written:
        return Entry("kept", slot.tensor, None, "checkpoints of PyTorch before 0.4.1 have none")
    return Entry("missing", slot.tensor)


def _kind(dtype: str) -> str:
    """``float`` of ``bfloat16``: what converts into each other."""
    letters = re.match("[a-z]*", dtype)
    name = letters[0] if letters else dtype
    return _KINDS.get(name, name)


def _of_checkpoint(model: ModelState, checkpoint: Checkpoint, names: Renamed) -> Iterator[Entry]:
    """What the model does not take."""
    wanted = {slot.tensor.key for slot in model.slots}
    for key, name in names.names.items():
        if name is None:
            yield Entry("left out", None, checkpoint.tensors[key], "by the renaming")
        elif name not in wanted:
            yield Entry("unused", None, checkpoint.tensors[key], "" if name == key else f"renamed to {name}")


def _notes(names: Renamed) -> Iterator[str]:
    if names.titles:
        yield f"keys renamed by {', then '.join(names.titles)}"
    for rule in names.idle:
        yield f"the rename rule {rule!r} fits no key"
