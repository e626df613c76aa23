"""Changes that put a spec right, as edits of its text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from netspec.diagnostics import Edit, inserted, removed
from netspec.elaborate.blocks.draft import Registered
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Part, Tensor
from netspec.graph import OpCall
from netspec.ops.contract import Change
from netspec.source import Span


def edits_of(change: Change | None, part: Part, step: Span, producer: Span | None = None) -> tuple[Edit, ...]:
    """What writes a change; ``step`` is where the step begins, its label included, ``producer`` where the step that
    makes its input does. None where that is not known.
    """
    if change is None:
        return ()
    if change.argument:
        others = edits_of(change.also, part, step, producer)
        return (*argument_edits(part, change.argument, change.value), *others)
    if change.before:
        place = producer if change.ahead else step
        return _before(change.before, place) if place else ()
    if not part.span.text.startswith(part.name):
        return ()
    if change.call:
        return (Edit(part.span, change.call),)
    return (Edit(Span(part.span.source, part.span.start, part.span.start + len(part.name)), change.name),)


def step_edits(change: Change | None, part: Part, inputs: Sequence[Tensor], frame: Frame,
               registered: Registered | None) -> tuple[Edit, ...]:  # fmt: skip
    """What writes a change of a step, or of the chain before it."""
    step = registered.span if registered else part.span
    maker = frame.draft.steps[inputs[0].ref.node] if frame.draft and inputs else None
    alone = maker and maker.inputs and isinstance(maker.body, OpCall)  # of a list or block it is a step inside
    producer = (maker.module.span if maker.module else maker.span) if maker and alone else None
    return edits_of(change, part, step, producer)


def argument_edits(part: Part, name: str, value: str | None) -> tuple[Edit, ...]:
    """Give an argument of a call another value, as a spec writes it; None takes it out.

    A number does not take the place of an expression: that may have other values elsewhere.
    """
    place = dict(part.spans).get(name)
    if place is None:
        return () if value is None else _added(part.span, f"{name}={value}")
    if value is None:
        return (removed(place),)
    written, equals, _ = place.text.partition("=")
    keyword = f"{name}=" if equals and written.strip() == name else ""
    if has_names(place.text.removeprefix(keyword)) and not has_names(value):
        return ()
    return (Edit(place, keyword + value),)


def has_names(text: str) -> bool:
    """Whether a value is written with names: ``2 * planes``, not ``(1, 2)`` or ``"same"``."""
    return re.search(r"[A-Za-z_]", re.sub(r'"[^"]*"|\b(True|False|None)\b|\de-?\d', "", text)) is not None


def _added(call: Span, argument: str) -> tuple[Edit, ...]:
    """One more argument of a call."""
    text = call.text
    if not text.endswith(")"):
        return ()
    inside = text[:-1].rstrip()
    joint = "" if inside.endswith(("(", ",")) else ", "
    return (inserted(Span(call.source, call.end - 1, call.end), joint + argument),)


_label = re.compile(r"""(\w+|"[^"\n]*"|'[^'\n]*')\s*:\s*$""").search


def before_step(steps: str, value: Span) -> tuple[Edit, ...]:
    """Steps put before one, by the place of its value after its label."""
    label = _label(value.source.text, max(0, value.start - 100), value.start)
    return _before(steps, Span(value.source, label.start(), value.end) if label else value)


def _before(steps: str, step: Span) -> tuple[Edit, ...]:
    """Steps put before one in a chain; a list of steps has none before its first."""
    above = step.source.text[: step.start].rstrip()
    if above.endswith("stage"):
        above = above.removesuffix("stage").rstrip()
        step = Span(step.source, len(above) + 1, step.end)
    return (inserted(step, f"{steps} -> "),) if above.endswith("->") else ()
