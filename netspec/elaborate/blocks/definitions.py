"""Blocks become definitions, one per distinct set of arguments and input types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netspec.diagnostics import Help, Mistake, appended, mistake
from netspec.elaborate.blocks.closing import close
from netspec.elaborate.blocks.draft import Draft, Given, Registered
from netspec.elaborate.blocks.drawings import drawings
from netspec.elaborate.blocks.parameters import bind_parameters
from netspec.elaborate.blocks.unused import settle_unused
from netspec.elaborate.program import BlockRef
from netspec.elaborate.proofs.settling import settle
from netspec.elaborate.session import Frame, Place
from netspec.elaborate.values.evaluation import run_all, text
from netspec.elaborate.values.kinds import UNKNOWN, Family, Part, Tensor, Unknown, members
from netspec.elaborate.values.words import count
from netspec.graph import Definition, Drawing
from netspec.source import Span
from netspec.syntax import ast
from netspec.types import TensorType

Flow = list[Any]
"""What flows along a chain: tensors and families, or `UNKNOWN`."""

#: What a definition costs, in steps of elaboration.
DEFINITION_COST = 200


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a definition: itself (None where something in it is wrong), the types of its outputs as far as they
    are known, and how often each mistake was met in it."""

    definition: Definition | None
    outputs: tuple[TensorType | Unknown, ...]
    mistakes: Mapping[Place, int]


def apply_block(part: Part, value: Flow, frame: Frame, span: Span, registered: Registered | None,
                drawn: tuple[Drawing, ...]) -> Flow:  # fmt: skip
    """One instance of a block."""
    given: list[Given] = []
    for each in value:
        types = [m.type for m in members(each) if isinstance(m, Tensor)]
        if len(types) < len(members(each)):
            return [UNKNOWN]
        given.append(tuple(types) if isinstance(each, Family) else types[0])
    label = registered.label if registered and registered.label not in (None, "self") else None
    with frame.session.step(f"{label} ({part.name})" if label else part.name):
        made = instantiate(part, tuple(given), frame, span)
    return place(made, value, frame, span, registered, drawn)


def place(made: Made, value: Flow, frame: Frame, span: Span, registered: Registered | None,
          drawn: tuple[Drawing, ...]) -> Flow:  # fmt: skip
    """The node of an instance; its outputs, unknown ones in their place."""
    draft, definition = frame.draft, made.definition
    assert draft is not None
    inputs = [m for each in value for m in members(each) if isinstance(m, Tensor)]
    types = tuple(t for t in made.outputs if isinstance(t, TensorType))
    if definition is None:
        draft.failed = True
        if registered:
            registered.failed = True
        tensors = iter(draft.add("failed", _FAILED, (), types, span))
    else:
        if registered:
            registered.take(definition, tuple(t.type for t in inputs))
        name = (registered.label if registered else None) or definition.name or "sequential"
        tensors = iter(draft.add(name, definition, inputs, types, span, registered, drawn))
    outputs: Flow = [next(tensors) if isinstance(t, TensorType) else UNKNOWN for t in made.outputs]
    labels = tuple(o.label for o in definition.outputs) if definition else ()
    if len(outputs) > 1 and any(labels):
        return [Family(dict(enumerate(outputs)), span, labels)]
    return outputs or [UNKNOWN]


#: Stands where a definition failed: no graph comes of its network.
_FAILED = Definition("sequential", "", "", {}, (), (), (), Span(None, 0, 0))  # type: ignore[arg-type]


# --------------------------------------------------------------------------------------------------- definitions


def instantiate(part: Part, given: tuple[Given, ...] | None, frame: Frame, span: Span) -> Made:
    """The definition of a block with its arguments for given input types (None for the network itself)."""
    session = frame.session
    session.charge(span, DEFINITION_COST + part.extent.size // 8)
    key = (part.key, given) if session.recorder is None else session.recorder.key(part, given)
    made = session.definitions.get(key)
    if made is not None:
        session.recall(made.mistakes)
        return made
    with session.counting() as ways:
        definition, outputs = _guarded(part, given, frame, span)
    made = session.definitions[key] = Made(definition, outputs, Counter(ways))
    return made


Outcome = tuple[Definition | None, tuple[TensorType | Unknown, ...]]


def _guarded(part: Part, given: tuple[Given, ...] | None, frame: Frame, span: Span) -> Outcome:
    """Make a definition; a mistake is reported here, where the trail is known."""
    session = frame.session
    try:
        assert isinstance(part.target, BlockRef)
        with session.entering(part.target, f"the block `{part.target.name}` contains", span):
            return _make(part, part.target, given, frame, span)
    except Mistake as error:
        if error.diagnostic.code == "NS600":
            raise
        session.report(error.diagnostic)
        return None, ()


def _make(part: Part, target: BlockRef, given: tuple[Given, ...] | None, frame: Frame, span: Span) -> Outcome:
    block = target.block
    draft = Draft(block.kind, part.name, block.name_span, block, span, None if given is None else list(given))
    inner = Frame(frame.session, target.file, {}, draft)
    bind_parameters(block.params, part.arguments, dict(part.spans), inner, span, part.name, _axes(given))
    arguments = {p.name: inner.names[p.name] for p in block.params}
    known = run_all(block.body, inner)
    if known:
        _check_whole(draft, part, given, span)
        settle_unused(draft, inner)
    if given is None:
        settle(draft, frame.session)
    shown = _class_name(part, block, inner)
    doc = (part.shown and part.shown.doc) or block.doc
    doc = doc or (target.file.document.doc if given is None else "")  # a file of one network says it at its top
    drawn = drawings(block.annotations, inner) if known else ()
    own_name = block.class_name is not None or bool(part.shown and part.shown.class_name)
    definition = close(draft, frame.session, shown, arguments, doc, drawn, own_name)
    return definition, tuple(
        m.type if isinstance(m, Tensor) else UNKNOWN for _, v, _ in draft.outputs for m in members(v)
    )


def _axes(given: tuple[Given, ...] | None) -> int | None:
    """The number of spatial axes of the first input."""
    first = given[0] if given else None
    if isinstance(first, tuple):
        first = first[0] if first else None
    return first.rank - 2 if first and first.rank > 2 else None


def _check_whole(draft: Draft, part: Part, given: tuple[Given, ...] | None, span: Span) -> None:
    """All inputs are taken, and there is an output."""
    if draft.given:
        total = len(given or ())
        taken = total - len(draft.given)
        mistake("NS305", f"`{part.name}` takes {count(taken, 'tensor')}, not {total}", span)
    if not draft.outputs:
        mistake("NS403", f"`{part.name}` has no output", draft.span, help=_end_with_output(draft))


def _end_with_output(draft: Draft) -> str:
    """The tensor that the last statement binds is probably the output."""
    last = draft.statements[-1] if draft.statements else None
    if not isinstance(last, ast.Bind) or len(last.targets) != 1 or last.targets[0].index is not None:
        return "end it with `output x`"
    line = last.span.source.text.rfind("\n", 0, last.span.start) + 1
    indent = last.span.source.text[line : last.span.start]
    joint = f"\n{indent}" if not indent.strip() else "; "
    name = last.targets[0].name
    return Help(f"end it with `output {name}`", appended(last.span, f"{joint}output {name}"))


def _class_name(part: Part, block: ast.Block, frame: Frame) -> str:
    """The name that repr and tables show; a variant's may name the block's parameters too."""
    if part.shown and part.shown.class_name:
        return str(text(part.shown.class_name, Frame(frame.session, part.shown.file, frame.names)))
    return part.name if block.class_name is None else str(text(block.class_name, frame))


__all__ = ["Flow", "Made", "apply_block", "instantiate", "place"]
