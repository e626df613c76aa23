"""Lists of steps and ``n * step`` become sequential definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

from netspec.diagnostics import Mistake, mistake
from netspec.elaborate.advice import habits
from netspec.elaborate.blocks.closing import close
from netspec.elaborate.blocks.definitions import DEFINITION_COST, Flow, Made, Outcome, place
from netspec.elaborate.blocks.draft import Draft, Registered
from netspec.elaborate.session import Frame, Session
from netspec.elaborate.values.kinds import UNKNOWN, Family, Labelled, Part, Repetition, Tensor, Value, identity
from netspec.elaborate.values.measure import extent_of
from netspec.elaborate.values.words import bounded, kind, show
from netspec.graph import Drawing, InputPort, OpCall
from netspec.source import Span
from netspec.types import TensorType

Apply = Callable[..., Flow]
"""`netspec.elaborate.blocks.steps.apply`: a member of a list may be a list again."""


def apply_sequence(steps: Value, value: Flow, frame: Frame, span: Span, registered: Registered | None,
                   drawn: tuple[Drawing, ...], apply: Apply) -> Flow:  # fmt: skip
    """A list of steps or ``n * step``: an nn.Sequential."""
    if len(value) != 1 or isinstance(value[0], Family):
        mistake(
            "NS305", "a list of steps takes one tensor", span, help="put the block that takes several before the list"
        )
    if value[0] is UNKNOWN:
        return [UNKNOWN]
    session = frame.session
    session.charge(span, DEFINITION_COST + 2 * extent_of(steps).size)
    given = (value[0].type,)
    key = (identity(steps), given) if session.recorder is None else session.recorder.key(steps, given)
    made = session.definitions.get(key)
    if made is not None:
        session.recall(made.mistakes)
    else:
        label = registered.label if registered and registered.label not in (None, "self") else "list"
        with session.step(str(label)), session.counting() as ways:
            definition, outputs = _guarded(steps, value[0].type, frame, span, apply)
        made = session.definitions[key] = Made(definition, outputs, Counter(ways))
    return place(made, value, frame, span, registered, drawn)


def _guarded(steps: Value, type_: TensorType, frame: Frame, span: Span, apply: Apply) -> Outcome:
    """Make a definition; a mistake is reported here, where the trail is known."""
    draft = Draft("sequential", "", span, call=span)
    try:
        with frame.session.entering(draft, "a list contains", span):
            current = _run(steps, type_, Frame(frame.session, frame.file, frame.names, draft), span, apply)
    except Mistake as error:
        if error.diagnostic.code == "NS600":
            raise
        frame.session.report(error.diagnostic)
        return None, (UNKNOWN,)
    draft.outputs = [(None, c, span) for c in current]
    draft.failed = draft.failed or any(c is UNKNOWN for c in current)
    outputs = tuple(c.type if isinstance(c, Tensor) else UNKNOWN for c in current)
    return close(draft, frame.session, "Sequential", {}), outputs


def _run(steps: Value, type_: TensorType, frame: Frame, span: Span, apply: Apply) -> Flow:
    """All members one after the other."""
    assert frame.draft is not None
    current: Flow = list(frame.draft.add("x", InputPort("x"), (), (type_,), span))
    number = 0
    for item, repetitions in _groups(steps, frame.session):
        if len(current) > 1:
            mistake("NS305", f"a member of a list gives one tensor, not {len(current)}", _place_of(item, span),
                    "the member before this gives several")  # fmt: skip
        current = _members(item, repetitions, number, current, frame, span, apply)
        number += repetitions
        if any(c is UNKNOWN for c in current):
            break
    return current


# --------------------------------------------------------------------------------------------------- members


def _groups(steps: Value, session: Session) -> Iterator[tuple[Value, int]]:
    """The members with their counts, equal neighbours without labels as one."""
    mark = identity if session.recorder is None else session.recorder.mark
    last: Value = None
    wanted: Any = None
    total = 0
    for item, repetitions in _elements(steps):
        key = None if isinstance(item, Labelled) else (mark(item),)
        if key is not None and key == wanted:
            total += repetitions
            continue
        if total:
            yield last, total
        last, wanted, total = item, key, repetitions
    if total:
        yield last, total


def _elements(steps: Value) -> Iterator[tuple[Value, int]]:
    """The members with their counts; ``n * step`` in a list is n members."""
    for each in (steps,) if isinstance(steps, Repetition) else steps:
        yield (each.step, each.count) if isinstance(each, Repetition) else (each, 1)


def members_of(steps: Value) -> Iterator[Value]:
    """All members of a list of steps or of ``n * step``, repetitions unfolded."""
    for item, repetitions in _elements(steps):
        yield from repeat(item, repetitions)


def _members(item: Value, repetitions: int, number: int, current: Flow, frame: Frame, span: Span, apply: Apply) -> Flow:
    """Equal members: one by one until the type stays, then one `Repeat`."""
    draft = frame.draft
    assert draft is not None
    for done in range(repetitions):
        before = current[0].type
        label = item.label if isinstance(item, Labelled) and item.label else str(number + done)
        current = _one(item, label, current, frame, span, apply)
        frame.session.charge(span)
        left = repetitions - done
        if any(c is UNKNOWN for c in current) or left == 1:
            break
        if len(current) > 1:
            mistake("NS305", f"a member of a list gives one tensor, not {len(current)}", _place_of(item, span))
        if current[0].type == before:
            return current if draft.failed else [draft.repeat_last(left)]
    return current


def _one(item: Value, label: str, current: Flow, frame: Frame, span: Span, apply: Apply) -> Flow:
    """One member of the Sequential."""
    assert frame.draft is not None
    value = item.value if isinstance(item, Labelled) else item
    where = _place_of(item, span)
    if value is UNKNOWN:
        return [UNKNOWN]
    _check_member(value, where)
    if isinstance(item, Labelled):
        registered = frame.draft.register(label, value, where, item.stage, item.drawings)
        where = value.span if isinstance(value, Part) else where
    else:
        registered = frame.draft.register(label, value, where)
    types = tuple(t.type for t in current if isinstance(t, Tensor))
    result: Flow = apply(value, current, frame, where, registered)
    body = registered.body
    if isinstance(body, OpCall) and not body.op.invoke(*types).plain:
        mistake("NS405", f"`{body.name}` is called with more than one tensor, as no list calls its members", where,
                help="end the list before it")  # fmt: skip
    return result


def _place_of(item: Value, span: Span) -> Span:
    return item.span if isinstance(item, (Labelled, Part)) else span


def _check_member(value: Value, span: Span) -> None:
    """Only modules can be members of a list."""
    if isinstance(value, Part) and value.is_function:
        mistake("NS405", f"`{value.name}` is a function, and a list holds modules", span,
                help=habits.as_member(value) or "end the list before it")  # fmt: skip
    if isinstance(value, Labelled):
        mistake("NS106", "a step with two labels", span)
    if not isinstance(value, (Part, tuple, Repetition)):
        mistake("NS106", f"{kind(value)} is not a step", span, bounded(show(value)),
                help="a list of steps holds ops and blocks: `[Conv2d(64, 3), ReLU()]`")  # fmt: skip
