"""Lints of the steps of each block: what ops find strange, what nothing reads, biases before norms."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from netspec.diagnostics import Diagnostic, Help, Label, removed
from netspec.elaborate.program import File
from netspec.elaborate.scopes import children
from netspec.graph import AxisSize, Definition, InputPort, Node, OpCall, RawTensor, Ref, Repeat, RunSize, SizeCall
from netspec.lints.uses import Uses
from netspec.ops.contract import DOUBTS
from netspec.syntax import ast
from netspec.types import TensorType

Readers = dict[Ref, list["Node | None"]]
"""The nodes that read each output of a node; None stands for the block's own outputs and for sizes."""


class Layers:
    """Looks at the definitions of a spec's networks, one after the other."""

    def __init__(self, file: File, uses: Uses) -> None:
        self.file = file
        self.uses = uses
        self.seen: set[Definition] = set()

    def look_at(self, definition: Definition) -> None:
        if definition in self.seen or not any(self.uses.own(n.span) for n in definition.nodes):
            return
        self.seen.add(definition)
        readers = _readers(definition)
        modules: dict[str | None, list[Node]] = {}
        for node in definition.nodes:
            modules.setdefault(node.module, []).append(node)
        for node in definition.nodes:
            if not self.uses.own(node.span) or isinstance(node.body, (InputPort, RawTensor)):
                continue
            self.uses.add("NS504", node.span, None if _is_read(node, readers) else _unread(node))
            body = node.body.body if isinstance(node.body, Repeat) else node.body
            if isinstance(body, OpCall):
                self._op(node, body, tuple(map(definition.type_of, node.inputs)))
                if body.op.__dict__.get("bias") is True:
                    together = modules[node.module] if node.module else [node]
                    self.uses.add("NS501", node.span, _before_norm(together, body, readers))

    def _op(self, node: Node, call: OpCall, inputs: tuple[TensorType, ...]) -> None:
        doubts = {doubt.code: doubt for doubt in call.op.doubts(*inputs)}
        for code in dict.fromkeys((*DOUBTS, *doubts)):
            doubt = doubts.get(code)
            objection = Diagnostic(code, doubt.message, Label(node.span), help=doubt.help) if doubt else None
            self.uses.add(code, node.span, objection)
        if "in_channels" in call.op.inferred_names:
            self.uses.add("NS512", node.span, self._as_torch(node, call, inputs))

    # ------------------------------------------------------------------------------------------------- torch's order

    def _as_torch(self, node: Node, call: OpCall, inputs: tuple[TensorType, ...]) -> Diagnostic | None:
        """``Conv2d(3, 64, 7)`` in a place with 3 channels: out_channels 3, kernel_size 64 and stride 7 here."""
        values = call.op.__dict__
        kernel, stride, out = values["kernel_size"], values["stride"], values["out_channels"]
        if out != inputs[0].channels or not isinstance(kernel, int) or kernel < 8 or kernel % 2 or values["groups"] > 1:
            return None
        written = self._positional.get((node.span.start, node.span.end))
        if not isinstance(stride, int) or stride >= kernel or written is None:
            return None
        message = f"out_channels {out} is what comes in, and kernel_size {kernel}: this looks like torch's order"
        help_ = f"in_channels is inferred: `{call.written}({kernel}, {stride})` gives {kernel} channels"
        edits = [removed(written[0].span)] if all(a.span.text.isdecimal() for a in written[:3]) else []
        return Diagnostic("NS512", message, Label(node.span), help=Help(help_, *edits))

    @cached_property
    def _positional(self) -> dict[tuple[int, int], tuple[ast.Expr | ast.Star, ...]]:
        """The arguments of calls with three positional ones or more, by the places of the calls."""
        calls = (n for n in _nodes(self.file.document.declarations) if isinstance(n, ast.Call))
        return {(c.span.start, c.span.end): c.args for c in calls if len(c.args) > 2}


def _nodes(roots: tuple[Any, ...]) -> Iterator[Any]:
    todo = list(roots)
    while todo:
        node = todo.pop()
        yield node
        todo += children(node)


# ------------------------------------------------------------------------------------------------- who reads what


def _readers(definition: Definition) -> Readers:
    readers: Readers = {}
    for node in definition.nodes:
        for ref in node.inputs:
            readers.setdefault(ref, []).append(node)
    for output in definition.outputs:
        readers.setdefault(output.ref, []).append(None)
    for size in definition.sizes.values():
        for ref in _tensors(size):
            readers.setdefault(ref, []).append(None)
    return readers


def _tensors(size: RunSize) -> Iterator[Ref]:
    if isinstance(size, AxisSize):
        yield size.tensor
    elif isinstance(size, SizeCall):
        for argument in size.args:
            yield from _tensors(argument)


def _is_read(node: Node, readers: Readers) -> bool:
    return any(Ref(node.name, port) in readers for port in range(len(node.types)))


def _unread(node: Node) -> Diagnostic:
    message = f"nothing reads what {f'`{node.module}`' if node.module else 'this'} gives"
    return Diagnostic("NS504", message, Label(node.span), help="use it, or leave the step out")


def _before_norm(uses: list[Node], call: OpCall, readers: Readers) -> Diagnostic | None:
    """A bias whose every reader takes the mean away again; ``uses`` are the calls of one module."""
    after = [reader for use in uses for reader in readers.get(Ref(use.name), ())]
    norm = next((n for n in after if n is not None), None)
    if norm is None or not all(n is not None and _removes_shift(n) for n in after):
        return None
    assert isinstance(norm.body, OpCall)
    span = uses[0].span
    name = label if (label := uses[0].module) and not label.isdigit() else call.written
    message = f"the bias of `{name}` has no effect: {norm.body.name} takes it away again"
    related = (Label(norm.span, "subtracts the mean"),) if norm.span.source is span.source else ()
    return Diagnostic("NS501", message, Label(span), related, help="give it `bias=False`")


def _removes_shift(node: Node) -> bool:
    return isinstance(node.body, OpCall) and node.body.op.removes_shift
