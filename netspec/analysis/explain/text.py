"""Explanations as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import prod
from typing import Any

from netspec.analysis.calls import Shape
from netspec.analysis.explain.model import Child, Explanation, Setting, Use
from netspec.analysis.explain.reasons import Text
from netspec.elaborate.values.words import bounded, show

#: The longest quotes of a spec's lines and of what is written for a value.
_LINE, _WRITTEN, _VALUE = 76, 48, 40
#: How far down the names in what is written are followed, and how many weights of a block are listed.
_DEPTH, _WEIGHTS = 8, 8

Row = tuple[str, ...]


def text(explanation: Explanation, given: str = "given: ") -> str:
    """The whole explanation; ``given`` stands before an argument that came from outside."""
    e = explanation
    parts = [_head(e), _table("comes from", _trail(e)), _table("shapes", _shapes(e))]
    named = "arguments" if e.what in ("layer", "function", "weight") else "parameters"
    parts.append(_table(named, _settings(e.settings, e.name, given)))
    parts.append(_table("weights", _weights(e)))
    parts.append(_table("policies", _policies(e)))
    parts.append(_table("holds", map(_child, e.children)))
    return "\n\n".join(part for part in parts if part)


def _head(e: Explanation) -> str:
    if e.what == "network":
        return f"{e.title}, a network" + (f"\n{e.doc}" if e.doc else "")
    what = _NOUNS[e.what].format(e.name)
    return f"{e.path}: {what} of {e.title}" + (f"\n{e.doc}" if e.doc else "")


_NOUNS = {
    "block": "{}, a block", "layer": "{}, a layer", "function": "{}, a function", "weight": "a weight of a {}",
    "list": "a list of steps", "tensor": "a {}", "container": "a container of modules", "input": "an input",
    "output": "an output",
}  # fmt: skip


def _table(title: str, rows: Iterable[Row]) -> str:
    """Rows below a title, columns aligned; what stands last in a row is as wide as it is."""
    listed = [row for row in rows if any(row)]
    if not listed:
        return ""
    widths = [max((len(r[i]) for r in listed if len(r) > i + 1), default=0) for i in range(max(map(len, listed)))]
    lines = ("  ".join(f"{cell:{w}}" for cell, w in zip(row, widths, strict=False)).rstrip() for row in listed)
    return "\n".join([title, *(f"  {line}" for line in lines)])


# --------------------------------------------------------------------------------------------------- sections


def _trail(e: Explanation) -> Iterator[Row]:
    for i, step in enumerate(e.trail):
        label = step.label or step.name
        name = f"{label} ({step.name})" if step.label and step.name and step.name != step.label else label
        yield ("> " * bool(i) + name, str(step.place), bounded(step.place.text, _LINE))


def _shapes(e: Explanation) -> Iterator[Row]:
    for number, use in enumerate(e.uses):
        if len(e.uses) > 1:
            yield (f"call {number + 1}", f"{use.place}  {bounded(use.place.text, _LINE)}")
        yield from _of_call(e, use)


def _of_call(e: Explanation, use: Use) -> Iterator[Row]:
    for name, shapes, numbers in (("in", use.inputs, use.input_sizes), ("out", use.outputs, use.output_sizes)):
        if name == "in" and e.what in ("input", "tensor"):
            continue
        for i, shape in enumerate(shapes):
            known = [_shape(numbers[i])] if numbers and numbers[i] != shape else []
            yield (name if e.what not in ("input", "output", "tensor") else "is", _shape(shape), *known)


def _shape(shape: Shape) -> str:
    return f"[{', '.join(map(str, shape))}]"


def _child(child: Child) -> Row:
    """``0 to 2  Unit  [B, 16, H, W]``."""
    label = child.label
    if child.count > 1:
        label += f" to {int(label.rpartition('.')[2]) + child.count - 1}"
    return label, child.name, ", ".join(map(_shape, child.outputs))


def _weights(e: Explanation) -> Iterator[Row]:
    if len(e.weights) > _WEIGHTS:
        parameters = sum(prod(t.shape) for t in e.weights if t.kind == "param")
        yield (f"{len(e.weights)} tensors, {e.weights[0].key} to {e.weights[-1].key}: {parameters:,} parameters",)
        return
    for tensor in e.weights:
        yield (tensor.key, _shape(tensor.shape), tensor.kind if tensor.kind == "buffer" else "")


def _policies(e: Explanation) -> Iterator[Row]:
    for effect in e.policies:
        outcome = "" if effect.won else "overruled"
        yield (effect.on or effect.kind, bounded(effect.text, _LINE), f"{effect.place}  {outcome}".rstrip())


# --------------------------------------------------------------------------------------------------- who set it


def _settings(settings: Iterable[Setting], op: str, given: str) -> list[Row]:
    rows: list[Row] = []
    seen: set[int] = set()
    for setting in settings:
        _add(setting, 0, rows, seen, op, given)
    return rows


def _add(setting: Setting, depth: int, rows: list[Row], seen: set[int], op: str, given: str) -> None:
    """A setting, and below it the names that it was written with; what stands above already is not told again."""
    source = _passed_on(setting)
    followed = source.because if source.kind not in ("for", "const") and depth < _DEPTH else ()
    again = ("as above",) if depth and followed and id(source.because) in seen else ()
    name = "  " * depth + f"{setting.name} = {_value(setting.value)}"
    rows.append((name, *_reason(source, setting.name, op, given), *again))
    seen.add(id(source.because))
    for use in () if again else followed:
        _add(use, depth + 1, rows, seen, op, given)


def _passed_on(setting: Setting) -> Setting:
    """Where a value was set that was only handed on by its name: ``stride=stride``, ``planes``."""
    while len(setting.because) == 1 and setting.written == setting.because[0].name:
        setting = setting.because[0]
    return setting


def _value(value: Any) -> str:
    return bounded(str(value) if isinstance(value, Text) else show(value, _VALUE), _VALUE)


def _reason(setting: Setting, name: str, op: str, given: str) -> Row:
    """How the value called ``name`` was set, and where."""
    written = bounded(setting.written, _WRITTEN)
    if setting.kind == "inferred":
        return ("from the input",)
    if setting.kind == "op":
        return (f"default of {op}",)
    if setting.kind == "given":
        return (f"{given}{setting.name}={written}",)
    of = f" of {setting.name}" if setting.name != name else ""
    default = f"default{of}" + (f": {written}" if setting.because else "")
    words = {"default": default, "tensor": f"the tensor {written}", "size": "an open size"}.get(setting.kind, written)
    return words, str(setting.place)
