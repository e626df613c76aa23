"""Statements: one function per kind. A statement that fails is reported and elaboration goes on."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import Help, Label, inserted, mistake
from netspec.elaborate.advice.unpacking import all_names, taken_apart
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.blocks.drawings import drawings
from netspec.elaborate.blocks.initial import initial
from netspec.elaborate.blocks.steps import as_flow
from netspec.elaborate.session import Frame
from netspec.elaborate.values.arguments import holds_tensor
from netspec.elaborate.values.comparing import is_int
from netspec.elaborate.values.evaluation import condition, evaluate, forget, label_of, run_all, text
from netspec.elaborate.values.kinds import UNKNOWN, Family, Part, Tensor, Unknown, Value
from netspec.elaborate.values.lists import iterate, unpack
from netspec.elaborate.values.words import count, kind
from netspec.graph import Policy
from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.rewriting import without_word


def let(s: ast.Let, frame: Frame) -> None:
    """``let name = expr``."""
    value = evaluate(s.value, frame)
    if holds_tensor(value):
        what = "holds tensors" if isinstance(value, tuple) else "is a tensor"
        mistake(
            "NS106",
            f"`let` names a value, and this {what}",
            s.value.span,
            help=Help(f"leave out `let`: `{s.target.span.text} = …`", without_word(s.span)),
        )
    unpack((s.target,), value, frame)


def const(s: ast.Const, frame: Frame) -> None:
    """``const NAME = expr`` in a block."""
    frame.names[s.name] = evaluate(s.value, frame)


def assert_(s: ast.Assert, frame: Frame) -> bool:
    """``assert cond, "message"``."""
    holds = condition(s.condition, frame)
    if holds is False:
        message = text(s.message, frame) if s.message else f"`{' '.join(s.condition.span.text.split())}` does not hold"
        if message is not UNKNOWN:
            mistake("NS208", str(message), s.condition.span, "" if s.message is None else "does not hold")
    return holds is not UNKNOWN


# --------------------------------------------------------------------------------------------------- tensors


def bind(s: ast.Bind, frame: Frame) -> None:
    """``y = chain``, ``y, h = chain``, ``skip[i] = chain``, ``*c = chain``."""
    value = evaluate(s.value, frame)
    if isinstance(value, tuple) and value and all(isinstance(v, (Tensor, Unknown)) for v in value):
        value = Family(dict(enumerate(value)), s.span)
    if value is not UNKNOWN and not isinstance(value, (Tensor, Family)):
        names = ", ".join(t.name for t in s.targets)
        named = len(s.targets) == 1 and s.span.text.startswith(names) and not isinstance(value, Part)
        help_ = Help(f"`let {names} = …` names a value", *([inserted(s.span, "let ")] if named else []))
        if isinstance(value, Part):
            help_ = Help(f"a step takes its tensor from the left: `{names} = x -> label: …`")
        mistake("NS106", f"{kind(value)} is not a tensor", s.value.span, help=help_)
    if len(s.targets) == 1:
        _bind_one(s.targets[0], value, frame)
        return
    _bind_several(s, value, frame)


def _bind_several(s: ast.Bind, value: Value, frame: Frame) -> None:
    members = list(value) if isinstance(value, Family) else [value] * (len(s.targets) if value is UNKNOWN else 1)
    if len(members) != len(s.targets):
        message = f"{count(len(s.targets), 'name')} for {count(len(members), 'tensor')}"
        help_ = taken_apart(value, len(s.targets), s.value.span) if isinstance(value, Tensor) else ""
        help_ = all_names(s.targets, value, frame) if isinstance(value, Family) else help_
        mistake("NS305", message, s.span, help=help_)
    for target, member in zip(s.targets, members, strict=True):
        _bind_one(target, member, frame)


def _bind_one(target: ast.BindTarget, value: Value, frame: Frame) -> None:
    """The place of the name is where diagnostics point from now on."""
    if isinstance(value, Tensor):
        value = Tensor(value.ref, value.type, target.span)
    if target.index is not None:
        _bind_member(target, target.index, value, frame)
        return
    family = target.star and isinstance(value, Tensor)
    frame.names[target.name] = Family({0: value}, target.span) if family else value
    _remember(value, target.name, frame)


def _bind_member(target: ast.BindTarget, expr: ast.Expr, value: Value, frame: Frame) -> None:
    """``skip[i] = …``: a family, which starts empty."""
    index = evaluate(expr, frame)
    known = frame.names.get(target.name)
    if index is UNKNOWN or known is UNKNOWN:
        frame.names[target.name] = UNKNOWN
        return
    if not is_int(index):
        mistake("NS207", f"the index of a family is an int, not {kind(index)}", expr.span)
    if isinstance(value, Family):
        mistake("NS305", f"a member of a family is one tensor, not {len(value)}", target.span)
    if known is not None and not isinstance(known, Family):
        mistake("NS205", f"`{target.name}` is {kind(known)}, and no family", target.span)
    frame.session.charge(target.span, 1 + (len(known) // 16 if known else 0))
    frame.names[target.name] = Family({**(known.members if known else {}), index: value}, target.span)
    _remember(value, f"{target.name}_{index}" if index >= 0 else target.name, frame)


def _remember(value: Value, name: str, frame: Frame) -> None:
    """The name that generated code gives to a tensor."""
    if isinstance(value, Tensor):
        _draft(frame).tensors.setdefault(value.ref, name)


def output(s: ast.Output, frame: Frame) -> bool:
    """``output chain``, ``output "c4" = chain``, ``output a, b``."""
    draft = _draft(frame)
    label = text(s.label, frame) if s.label else None
    known = label is not UNKNOWN
    for expr in s.values:
        for value in as_flow(evaluate(expr, frame), expr.span):
            if value is UNKNOWN or label is UNKNOWN:
                known = False
                draft.outputs.append((None, UNKNOWN, s.span))
                continue
            _check_output(draft, label, value, s.span)
            draft.outputs.append((label, value, s.span))
    return known


def _check_output(draft: Draft, label: Any, value: Value, span: Span) -> None:
    """All outputs are named, or none is."""
    other = next((o for o in draft.outputs if o[1] is not UNKNOWN), None)
    if other and (other[0] is None) != (label is None):
        mistake(
            "NS403",
            "named and unnamed outputs are mixed",
            span,
            "unnamed" if label is None else "named",
            related=[Label(other[2], "named" if label is None else "unnamed")],
            help="name all of them, or none",
        )
    if label is None:
        return
    first = draft.output_names.get(label)
    if first is not None:
        related = [Label(first, "first here")] if first != span else []
        again = "" if related else "again, in a later turn of the loop"
        mistake("NS205", f"two outputs are named `{label}`", span, again, related=related)
    draft.output_names[label] = span
    if isinstance(value, Family):
        mistake("NS305", f"the output `{label}` is one tensor, not {len(value)}", span)


# --------------------------------------------------------------------------------------------------- control


def for_(s: ast.For, frame: Frame) -> bool:
    """``for i, n in enumerate(xs) { … }``; what is drawn of the loop holds for all steps in it."""
    known = True
    steps, drawn = _draft(frame).steps, drawings(s.annotations, frame)
    before = len(steps)
    for item in iterate(s.iterable, frame):
        if item is UNKNOWN:
            forget([s], frame)
            return False
        frame.session.charge(s.span)
        unpack(s.targets, item, frame, s.iterable.span)
        known = run_all(s.body, frame) and known
    for step in list(steps.values())[before:] if drawn else ():
        step.drawings += drawn
    return known


def if_(s: ast.If, frame: Frame) -> bool:
    """``if cond { … } elif … { … } else { … }``."""
    for test, body in s.branches:
        chosen = True if test is None else condition(test, frame)
        if chosen is UNKNOWN:
            forget([s], frame)
            return False
        if chosen:
            return run_all(body, frame)
    return True


# --------------------------------------------------------------------------------------------------- about modules


def policy(s: ast.Policy, frame: Frame) -> bool:
    """``init``, ``freeze`` …; an inactive one is dropped."""
    active = True if s.condition is None else condition(s.condition, frame)
    selector = text(s.selector.text, frame)
    if active is UNKNOWN or selector is UNKNOWN:
        return False
    if not active:
        return True
    settings = tuple((k.name or "", initial(k.value, frame)) for k in s.settings)
    if any(v is UNKNOWN for _, v in settings):
        return False
    _draft(frame).policies.append(Policy(s.kind, selector, s.selector.quoted, settings, s.span, s.selector.span))
    return True


def module(s: ast.Module, frame: Frame) -> bool:
    """``module label: value``: registered here, used by its label."""
    draft = _draft(frame)
    label = label_of(s.label, frame)
    if label is UNKNOWN:
        return False
    value = UNKNOWN
    try:
        value = evaluate(s.value, frame)
        if value is not UNKNOWN:
            draft.register(str(label), value, s.label.span, drawings=drawings(s.annotations, frame))
    finally:
        draft.fail_label(str(label), s.label.span)
    return value is not UNKNOWN


def order(s: ast.Order, frame: Frame) -> bool:
    """``order a, *, "b*"``."""
    for selector in s.selectors:
        name = text(selector.text, frame)
        if name is UNKNOWN:
            return False
        _draft(frame).orders.append((name, selector.span))
    return True


def _draft(frame: Frame) -> Draft:
    assert frame.draft is not None
    return frame.draft
