"""Using a module again: which one a step names, and that it would have the same weights."""

from __future__ import annotations

import re
from typing import Any

from netspec.diagnostics import Edit, Help, Label, did_you_mean, mistake
from netspec.elaborate.blocks.draft import Draft, Registered
from netspec.elaborate.session import Frame
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import Part
from netspec.graph import Module
from netspec.graph.walk import state_of
from netspec.ops.contract import Weight
from netspec.source import Span
from netspec.syntax import ast
from netspec.types import TensorType

Use = tuple[Any, tuple[TensorType, ...]]
"""What a use of a module made of it, and for which inputs."""


def named_again(step: ast.Step, draft: Draft, frame: Frame) -> Registered | None:
    """The module that an unlabelled step names: ``-> head``, ``-> head()``, ``-> "head.cls"``."""
    expr: Any = step.value
    if isinstance(expr, ast.Call) and not expr.args and not expr.keywords:
        expr = expr.function
    if isinstance(expr, ast.Name):
        return draft.labels.get(expr.id)
    if not isinstance(expr, (ast.Constant, ast.Interpolation)):
        return None
    label = evaluate(expr, frame)
    if not isinstance(label, str):
        return None
    if label not in draft.labels:
        mistake("NS200", f"no module here has the label `{label}`", expr.span, help=did_you_mean(label, draft.labels))
    return draft.labels[label]


def check_same_weights(registered: Registered, first: Use, again: Use, span: Span) -> None:
    """Raise `Mistake` where a further use would need other weights than the first."""
    if first == again or first[0] is again[0]:
        return
    states = [_state(registered, use, span) for use in (first, again)]
    if states[0] == states[1]:
        return
    key = next(k for k in {**states[0], **states[1]} if states[0].get(k) != states[1].get(k))
    shapes = [str(list(s[key].shape)) if key in s else "absent" for s in states]
    mistake("NS404", f"`{registered.label}` would need different weights here", span, f"{key} is {shapes[1]}",
            related=[Label(registered.span, f"{key} is {shapes[0]}")],
            help=_another(registered, span))  # fmt: skip


def _another(registered: Registered, span: Span) -> str:
    """A module of its own for a further use."""
    help_ = "a module has the same weights wherever it is used: give this step a label of its own"
    value, label = registered.value, f"{registered.label}_2"
    free = re.search(rf"\b{re.escape(label)}\b", span.source.text) is None and span.text == registered.label
    if not isinstance(value, Part) or not free or value.span.source is not span.source:
        return help_
    return Help(f"{help_}, `-> {label}: {value.span.text}`", Edit(span, f"{label}: {value.span.text}"))


def _state(registered: Registered, use: Use, span: Span) -> dict[str, Weight]:
    return dict(state_of(Module(registered.label or "", use[0], use[1], span)))
