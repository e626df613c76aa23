"""A draft becomes a definition: budgets, in-place ops, names and order of its modules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from netspec.diagnostics import Label, Mistake, mistake
from netspec.elaborate.blocks.draft import Draft, Registered, Step
from netspec.elaborate.blocks.inplace import check_in_place
from netspec.elaborate.blocks.labels import free_label, ordered
from netspec.elaborate.session import Session
from netspec.elaborate.values.kinds import Tensor, members
from netspec.graph import Definition, Drawing, Memory, Module, Node, OpCall, Output, RawTensor, Repeat


def close(
    draft: Draft,
    session: Session,
    class_name: str,
    arguments: Mapping[str, Any],
    doc: str = "",
    drawings: tuple[Drawing, ...] = (),
    own_name: bool = False,
) -> Definition | None:
    """The definition; None where something in it is wrong."""
    if draft.failed:
        return None
    try:
        _check_self(draft)
        memory = check_in_place(draft, session)
        draft.omitted = _omitted(draft, session)
        _name_modules(draft)
        order = ordered([r.label or "" for r in draft.modules], draft.orders, draft.omitted)
    except Mistake as error:
        session.report(error.diagnostic)
        draft.failed = True
    if draft.failed:
        return None
    modules = [draft.modules[i] for i in order]
    definition = _definition(draft, modules, memory, class_name, arguments, doc, drawings, own_name)
    if session.recorder is not None:
        session.recorder.closed(definition, draft)
    return definition


def _definition(draft: Draft, registered: list[Registered], memory: Memory, class_name: str,
                arguments: Mapping[str, Any], doc: str, drawings: tuple[Drawing, ...],
                own_name: bool) -> Definition:  # fmt: skip
    modules = tuple(_module(r) for r in registered if r.body is not None)
    return Definition(
        draft.kind, draft.name, class_name, arguments, tuple(map(_node, draft.steps.values())), modules,
        tuple(_outputs(draft)), draft.span, doc, tuple(draft.policies), tuple(draft.contracts), draft.omitted,
        draft.sizes, draft.tensors, draft.node_count, sum(map(_parameters_of, modules)), memory, drawings, own_name,
    )  # fmt: skip


def _outputs(draft: Draft) -> Iterable[Output]:
    for label, value, span in draft.outputs:
        for member in members(value):
            if isinstance(member, Tensor):
                yield Output(label, member.ref, member.type, span)


def _module(r: Registered) -> Module:
    return Module(r.label or "", r.body, r.inputs, r.span, r.stage, r.used)


def _node(s: Step) -> Node:
    label = s.module.label if s.module else None
    return Node(s.name, s.body, s.inputs, s.types, s.span, label, s.stage, s.drawings)


def _check_self(draft: Draft) -> None:
    """A block that is a module itself has no other."""
    itself = draft.labels.get("self")
    other = next((r for r in draft.modules if r is not itself), None)
    if itself and other:
        mistake(
            "NS401",
            "a block that is `self:` one module has no other",
            other.span,
            related=[Label(itself.span, "the block is this")],
            help="put both into one list: `self: [a(), b()]`",
        )


def _omitted(draft: Draft, session: Session) -> tuple[str, ...]:
    """The labels written in the block that no step took: left out by an ``if``, or in a loop without turns."""
    heads = session.heads_of(draft.block)
    return tuple(h for h in heads if h not in draft.labels and h not in draft.containers)


def _name_modules(draft: Draft) -> None:
    """Modules without weights that the spec does not name are called after their op: ``relu``, ``relu_2``."""
    taken = {label.partition(".")[0] for label in draft.labels}
    taken |= {s.name for s in draft.steps.values() if s.module is None}
    numbers: dict[str, int] = {}
    for registered in draft.modules:
        if registered.label is None and registered.body is not None:
            registered.label = free_label(_base_name(registered.body), taken, numbers)
            taken.add(registered.label)


def _base_name(body: Any) -> str:
    inner = body.body if isinstance(body, Repeat) else body
    name: str = inner.name
    if isinstance(inner, OpCall) and name[-2:] in ("1d", "2d", "3d"):
        name = name[:-2]
    return name.lower() or "sequential"


# --------------------------------------------------------------------------------------------------- parameters


def _parameters_of(module: Module) -> int:
    body, count = (module.body.body, module.body.count) if isinstance(module.body, Repeat) else (module.body, 1)
    if isinstance(body, Definition):
        return count * body.parameter_count
    if isinstance(body, RawTensor):
        return _volume(module.inputs[0].dims) if body.kind == "param" else 0
    return count * sum(_volume(w.shape) for w in body.op.weights(*module.inputs) if w.kind == "param")


def _volume(shape: Iterable[Any]) -> int:
    total = 1
    for size in shape:
        total *= size
    return total
