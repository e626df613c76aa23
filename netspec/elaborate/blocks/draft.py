"""A definition while it is being built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from netspec import limits
from netspec.diagnostics import Label, mistake
from netspec.dims import Dim
from netspec.elaborate.blocks.labels import another_label, check_label
from netspec.elaborate.values.kinds import Family, Tensor, Unknown, Value, members
from netspec.graph import (
    AxisSize,
    Body,
    Contract,
    Definition,
    Drawing,
    InputPort,
    OpCall,
    Policy,
    RawTensor,
    Ref,
    Repeat,
    RunSize,
    SizeCall,
)
from netspec.source import Span
from netspec.syntax import ast
from netspec.types import TensorType

Given = tuple[TensorType, ...] | TensorType
"""The type of an input as the caller gives it; a tuple for a family."""


@dataclass(eq=False, slots=True)
class Registered:
    """A module by its label; ``label`` is None until the definition is closed (a step without weights needs none).

    ``value`` is what the label was bound to, for a further use of the same module; ``body`` is None until it is used.
    """

    label: str | None
    value: Value
    span: Span
    stage: bool = False
    drawings: tuple[Drawing, ...] = ()
    body: Any = None
    inputs: tuple[TensorType, ...] = ()
    used: bool = False
    failed: bool = False

    def take(self, body: Body, inputs: tuple[TensorType, ...]) -> None:
        """Become what a use of the module made of it."""
        self.body, self.inputs, self.used = body, inputs, True

    @property
    def is_container(self) -> bool:
        """Declared as an empty list, and no step: it holds what labels put into it (``layers.0``)."""
        return self.value == () and not self.used and not self.failed


@dataclass(eq=False, slots=True)
class Step:
    """A node while its definition is being built.

    ``raw``: it is a param or buffer, or a slice or another function of one alone: ``table[:L]``.
    """

    name: str
    body: Body
    inputs: tuple[Ref, ...]
    types: tuple[TensorType, ...]
    span: Span
    module: Registered | None
    stage: bool
    drawings: tuple[Drawing, ...]
    raw: bool


Result = tuple[str | None, Tensor | Family | Unknown, Span]
"""An output: its name, what it is, where it was written."""


@dataclass(eq=False)
class Draft:
    """Collects the nodes, modules and outputs of one definition.

    ``block`` is its AST (None for a list of steps), ``call`` the place that instantiates it, ``given`` the types that
    the caller gives (None for the network, which declares its own). ``failed``: something in it is wrong or unknown.
    """

    kind: Literal["block", "network", "sequential"]
    name: str
    span: Span
    block: ast.Block | None = None
    call: Span | None = None
    given: list[Given] | None = None
    inputs: dict[str, Span] = field(default_factory=dict)
    failed: bool = False
    steps: dict[str, Step] = field(default_factory=dict)
    modules: list[Registered] = field(default_factory=list)
    labels: dict[str, Registered] = field(default_factory=dict)
    containers: dict[str, Span] = field(default_factory=dict)
    outputs: list[Result] = field(default_factory=list)
    output_names: dict[str, Span] = field(default_factory=dict)
    policies: list[Policy] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    omitted: tuple[str, ...] = ()
    orders: list[tuple[str, Span]] = field(default_factory=list)
    sizes: dict[Dim, RunSize] = field(default_factory=dict)
    tensors: dict[Ref, str] = field(default_factory=dict)
    node_count: int = 0
    _next: dict[str, int] = field(default_factory=dict)

    @property
    def statements(self) -> tuple[ast.Statement, ...]:
        return self.block.body if self.block else ()

    # ------------------------------------------------------------------------------------------------- steps

    def add(self, name: str, body: Body, inputs: Iterable[Tensor], types: tuple[TensorType, ...], span: Span,
            module: Registered | None = None, drawings: tuple[Drawing, ...] = ()) -> tuple[Tensor, ...]:  # fmt: skip
        """Add a node under a free name close to ``name``; its outputs."""
        unique = self._unique(name)
        self.count(nodes_of(body), span)
        refs = tuple(t.ref for t in inputs)
        stage = module.stage if module else False
        if module:
            drawings = module.drawings + drawings
        raw = isinstance(body, RawTensor) or (
            isinstance(body, OpCall) and module is None and len(refs) == 1 and self.steps[refs[0].node].raw
        )
        self.steps[unique] = Step(unique, body, refs, types, span, module, stage, drawings, raw)
        return tuple(Tensor(Ref(unique, i), type_, span) for i, type_ in enumerate(types))

    def _unique(self, name: str) -> str:
        """``relu``, ``relu_2``, ``relu_3``."""
        if name not in self.steps:
            return name
        number = self._next.get(name, 2)
        while f"{name}_{number}" in self.steps:
            number += 1
        self._next[name] = number + 1
        return f"{name}_{number}"

    def count(self, nodes: int, span: Span) -> None:
        """Count nodes, repetitions unfolded; too many are refused where they arise."""
        self.node_count += nodes
        if self.node_count > limits.MAX_NODES:
            mistake("NS603", f"a network of more than {limits.MAX_NODES:,} layers", span)

    def repeat_last(self, count: int) -> Tensor:
        """Let the last node stand for ``count`` modules in a row; its output."""
        step = self.steps[next(reversed(self.steps))]
        assert step.module is not None
        assert not isinstance(step.body, Repeat)
        self.count(nodes_of(step.body) * (count - 1), step.span)
        body: Any = step.body
        step.body = step.module.body = Repeat(count, body)
        return Tensor(Ref(step.name), step.types[0], step.span)

    def results(self) -> Iterator[Tensor]:
        """The tensors that it gives, families opened."""
        for _, value, _ in self.outputs:
            yield from (m for m in members(value) if isinstance(m, Tensor))

    # ------------------------------------------------------------------------------------------------- modules

    def register(self, label: str | None, value: Value, span: Span, stage: bool = False,
                 drawings: tuple[Drawing, ...] = ()) -> Registered:  # fmt: skip
        """Register a module; its label must be free and may not be a module member."""
        if label is not None:
            check_label(label, span, sequential=self.kind == "sequential")
            self._check_free(label, span)
        registered = Registered(label, value, span, stage, drawings)
        self.modules.append(registered)
        if label is not None:
            self.labels[label] = registered
        return registered

    def fail_label(self, label: str | None, span: Span) -> None:
        """A label whose module failed: known, so that its further uses are no mistakes."""
        if label is not None and label not in self.labels:
            self.labels[label] = Registered(label, None, span, failed=True)

    def _check_free(self, label: str, span: Span) -> None:
        parts = label.split(".")
        above = [".".join(parts[:i]) for i in range(1, len(parts))]
        taken = next((p for p in (label, *above) if p in self.labels and not self._holds(p, label)), None)
        first = self.labels[taken].span if taken is not None else self.containers.get(label)
        if first == span:
            mistake("NS401", f"the label `{label}` is taken", span, "again, in a later turn of the loop",
                    help=f'number it: `"{label}.{{i}}"`')  # fmt: skip
        if first is not None:
            help_ = another_label(label, span, self.labels) if taken == label and label.isidentifier() else ""
            if taken != label:
                help_ = f"`{taken or label}` cannot be a module and a container of others"
            mistake("NS401", f"the label `{label}` is taken", span, related=[Label(first, "first here")], help=help_)
        for container in above:
            self.containers.setdefault(container, span)

    def _holds(self, container: str, label: str) -> bool:
        """Whether a label lies in a declared container."""
        return container != label and self.labels[container].is_container

    # ------------------------------------------------------------------------------------------------- sizes

    def note_sizes(self, tensor: Tensor) -> None:
        """The open sizes of a tensor can be read from it when the module runs."""
        for axis, size in enumerate(tensor.type.dims):
            if isinstance(size, Dim):
                self.sizes.setdefault(size, AxisSize(tensor.ref, axis))

    def note_size(self, result: Value, function: str, args: tuple[Value, ...]) -> None:
        """An open size that was computed can be computed again when the module runs."""
        if isinstance(result, Dim) and all(isinstance(a, int) or a in self.sizes for a in args):
            known = tuple(a if isinstance(a, int) else self.sizes[a] for a in args)
            self.sizes.setdefault(result, SizeCall(function, known))


def nodes_of(body: Body) -> int:
    """The layers that a node stands for."""
    inner, count = (body.body, body.count) if isinstance(body, Repeat) else (body, 1)
    return count * (inner.node_count if isinstance(inner, Definition) else not isinstance(inner, InputPort))
