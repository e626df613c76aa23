"""Modules that are declared and never used, and declared containers."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import mistake
from netspec.dims import Dim, symbol
from netspec.elaborate.blocks.apply import make_op
from netspec.elaborate.blocks.draft import Draft, Registered
from netspec.elaborate.program import BlockRef
from netspec.elaborate.session import Frame
from netspec.elaborate.values.kinds import Part
from netspec.graph import InputPort, OpCall
from netspec.ops.contract import Refused
from netspec.types import TensorType


def settle_unused(draft: Draft, frame: Frame) -> None:
    """Register declared modules that nothing uses; one whose weights depend on its input is a mistake."""
    for registered in list(draft.modules):
        if registered.is_container:
            _settle_container(registered, draft)
        elif registered.body is None and not registered.failed:
            _settle(registered, draft, frame)


def _settle_container(registered: Registered, draft: Draft) -> None:
    """``module layers: []`` without members is an empty nn.ModuleList; else its members begin where it is declared."""
    member = next((m for m in draft.modules if m.label and m.label.startswith(f"{registered.label}.")), None)
    if member is None:
        from netspec.ops.containers import ModuleList

        registered.body = OpCall("ModuleList", "ModuleList", ModuleList())
    else:
        draft.modules.remove(member)
        draft.modules[draft.modules.index(registered)] = member


def _settle(registered: Registered, draft: Draft, frame: Frame) -> None:
    part = registered.value
    inputs = _imagined(part, draft)
    if isinstance(part, Part) and inputs is not None and not isinstance(part.target, BlockRef):
        op = make_op(part, frame.session)
        try:
            weightless = not any(op.weights(*inputs))
        except Refused:
            weightless = False
        if weightless:
            registered.body, registered.inputs = OpCall(part.target.name, op.torch_name(*inputs), op), inputs
            return
    mistake("NS406", f"`{registered.label}` is never used, so the sizes of its weights are not known", registered.span,
            help=f"use it with `-> {registered.label}`, or leave it out")  # fmt: skip


def _imagined(part: Any, draft: Draft) -> tuple[TensorType, ...] | None:
    """A type that an op might be given: of the rank that its name says, else that of the block's first input."""
    if not isinstance(part, Part) or isinstance(part.target, BlockRef):
        return None
    rank = part.target.axes + 2 if part.target.axes is not None else None
    if rank is None:
        rank = next((s.types[0].rank for s in draft.steps.values() if isinstance(s.body, InputPort)), None)
    if rank is None:
        return None
    dims: tuple[Dim, ...] = tuple(symbol(f"N{i}") for i in range(rank))
    return (TensorType("float", dims),)
