"""Runs a drawn network with torch's own modules and functions; nothing of netspec takes part.

All assignments of sizes run in lockstep through one set of modules, which are made at first use: a condition such as
``x.shape != y.shape`` is decided once, over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add, mul, sub, truediv
from typing import Any, TypeVar

import torch
from torch import Tensor

from tests.drawn import permissions
from tests.drawn.description import (
    Again,
    Arithmetic,
    Assign,
    Block,
    Branch,
    Call,
    Declare,
    Expr,
    Function,
    Loop,
    Name,
    Op,
    Out,
    Pipe,
    Py,
    Raw,
    Statement,
    Step,
    Words,
)
from tests.drawn.scopes import Batch, Part, Scope, declared_shape, drawn_tensor, is_raw, matched, read, value
from tests.ops import oracle
from tests.ops.case import Case

NUMBERS = (int, float, Py)
OPERATORS = {"+": add, "-": sub, "*": mul, "/": truediv}
FUNCTIONS = (*oracle.FUNCTIONS, "flatten", "concat", "crop", "index", "scaled_dot_product_attention")


T = TypeVar("T", bound=Sequence[Tensor])


class Over(Exception):
    """Torch has refused every assignment."""


def check_count(found: T, count: int | None) -> T:
    """Several tensors for as many names. Raises ValueError, as Python does for ``a, b = …``."""
    if count is not None and len(found) != count:
        raise ValueError(f"{len(found)} tensors for {count} names")
    return found


@dataclass
class Run:
    """A run over several assignments. ``failures`` says why torch refused one, ``events`` what it allowed although
    netspec may refuse it (`permissions`); both with the statements that were being executed."""

    blocks: Mapping[str, Block]
    sizes: Sequence[dict[str, int]]
    failures: dict[int, tuple[Exception, tuple[object, ...]]] = field(default_factory=dict)
    events: list[tuple[int, str, tuple[object, ...]]] = field(default_factory=list)
    stack: list[object] = field(default_factory=list)

    @property
    def alive(self) -> list[int]:
        return [k for k in range(len(self.sizes)) if k not in self.failures]

    def network(self, network: Block) -> Scope:
        """Run a whole network. Raises `Over`."""
        scope = self.open(network)
        self.statements(network.body, scope)
        return scope

    def open(self, network: Block) -> Scope:
        """The scope of a network with drawn inputs."""
        defaults = {name: default for name, _, default in network.parameters}
        scope = Scope(Part(), defaults, [dict(s) for s in self.sizes])
        for port in network.inputs:
            shapes = [declared_shape(port, scope, k) for k in range(len(self.sizes))]
            scope.tensors[port.name] = [drawn_tensor(shape, port.dtype) for shape in shapes]
        return scope

    # ------------------------------------------------------------------------------------------------ statements

    def statements(self, body: Iterable[Statement], scope: Scope) -> None:
        for statement in body:
            self.stack.append(statement)
            self.statement(statement, scope)
            self.stack.pop()

    def statement(self, statement: Statement, scope: Scope) -> None:
        if isinstance(statement, Loop):
            for i in range(self.fixed(statement.times, scope)):
                scope.values[statement.variable] = i
                self.statements(statement.body, scope)
        elif isinstance(statement, Branch):
            self.statements(statement.body if self.holds(statement.condition, scope) else statement.otherwise, scope)
        elif isinstance(statement, Assign):
            self.assign(statement, scope)
        elif isinstance(statement, Declare):
            scope.part.member(statement.step.label or "")
            scope.made[statement.step.label or ""] = statement.step
        elif isinstance(statement, Raw):
            shape = self.fixed(statement.shape, scope)
            own = scope.part.params if statement.kind == "param" else scope.part.buffers
            own[statement.name] = torch.full(shape, float(statement.value), dtype=torch.float64)
            scope.tensors[statement.name] = [own[statement.name] for _ in self.sizes]
            scope.raw.add(statement.name)
        elif isinstance(statement, Out):
            scope.outputs += [(statement.label, b) for v in statement.values for b in self.flow(v, scope)]
        else:
            assert isinstance(statement, Words)

    def assign(self, statement: Assign, scope: Scope) -> None:
        flow = self.flow(statement.value, scope)
        if statement.kind == "member":
            family = scope.tensors.setdefault(statement.names[0], {})
            assert isinstance(family, dict)
            (family[read(statement.index, scope, self.alive[0])],) = flow
        elif statement.kind == "several":
            self.each(lambda k, *found: check_count(found, len(statement.names))[0], *flow)
            scope.tensors |= dict(zip(statement.names, flow, strict=True))
        else:
            family = dict(enumerate(flow))
            scope.tensors[statement.names[0]] = flow[0] if len(flow) == 1 and statement.kind == "one" else family

    def fixed(self, given: Any, scope: Scope) -> Any:
        """A value that is the same for all assignments."""
        return next(iter(self.read_all(given, scope).values()))

    def read_all(self, given: Any, scope: Scope) -> dict[int, Any]:
        """A value for each assignment that is alive. Raises `Over` where it asks for what a tensor does not have."""
        try:
            return {k: value(given, scope, k) for k in self.alive}
        except Exception as error:
            self.failures |= {k: (error, tuple(self.stack)) for k in self.alive}
            raise Over from error

    def holds(self, condition: str | None, scope: Scope) -> bool:
        """Whether a condition holds; shapes are equal where they are for all assignments."""
        if condition is None:
            return True
        found = [bool(read(condition, scope, k)) for k in self.alive]
        return any(found) if "!=" in condition else all(found)

    # ------------------------------------------------------------------------------------------------ tensors

    def each(self, function: Callable[..., Tensor], *batches: Batch) -> Batch:
        """Call a function for every assignment that is alive. Raises `Over` where none is left."""
        (batch,) = self.several(lambda *given: [function(*given)], *batches)
        return batch

    def several(self, function: Callable[..., list[Tensor]], *batches: Batch) -> list[Batch]:
        """The same of a function that gives several tensors, as many for all assignments as for the first one."""
        results: list[list[Tensor] | None] = [None] * len(self.sizes)
        count: int | None = None
        for k in self.alive:
            try:
                found = function(k, *(b[k] for b in batches))
                count = count or len(found)
                results[k] = check_count(found, count)
            except Exception as error:
                self.failures[k] = (error, tuple(self.stack))
        if not self.alive:
            raise Over
        given = {k: r for k, r in enumerate(results) if r is not None}
        self._note("empty", [k for k, r in given.items() if any(t.numel() == 0 for t in r)])
        return [[r[i] if r is not None else None for r in results] for i in range(count or 0)]

    def _note(self, reason: str, assignments: Iterable[int]) -> None:
        self.events += [(k, reason, tuple(self.stack)) for k in assignments]

    def flow(self, expr: Expr, scope: Scope) -> list[Batch]:
        """The tensors that an expression gives."""
        if isinstance(expr, Name):
            found = scope.tensors[expr.name]
            if not isinstance(found, dict):
                return [found]
            order = sorted(found)
            return [found[i] for i in order] if expr.index is None else [found[order[self._index(expr.index, scope)]]]
        if isinstance(expr, Pipe):
            flow = [b for source in expr.sources for b in self.flow(source, scope)]
            for step in expr.steps:
                flow = self.step(step, flow, scope, scope.part)
            return flow
        if isinstance(expr, Function):
            flow = [b for o in expr.operands for b in self.flow(o, scope)]
            return self.function(expr.name, expr.kwargs, flow, scope)
        return [self.arithmetic(expr, scope)]

    def _index(self, text: str, scope: Scope) -> int:
        return int(read(text, scope, self.alive[0]))

    def arithmetic(self, expr: Arithmetic, scope: Scope) -> Batch:
        tensors = {i: self.flow(o, scope)[0] for i, o in enumerate(expr.operands) if not isinstance(o, NUMBERS)}
        raw = [is_raw(o, scope) for o in expr.operands if not isinstance(o, NUMBERS)]
        for reason, ks in permissions.join(list(tensors.values()), self.alive, raw):
            self._note(reason, ks)

        def join(k: int) -> Tensor:
            operands = [tensors[i][k] if i in tensors else value(o, scope, k) for i, o in enumerate(expr.operands)]
            joined: Tensor = reduce(OPERATORS[expr.symbol], operands)
            return joined

        return self.each(join)

    def function(self, name: str, kwargs: Mapping[str, Any], flow: list[Batch], scope: Scope) -> list[Batch]:
        def call(k: int, *tensors: Tensor) -> list[Tensor]:
            case = Case(name, value(kwargs, scope, k), [tuple(t.shape) for t in tensors])
            found = check_count(oracle.results(oracle.run(case, list(tensors))), case.kwargs.get("chunks"))
            # the oracle slices; netspec's crop is a copy
            return [t.clone() for t in found] if name == "crop" else found

        results = self.several(call, *flow)
        for reason, ks in permissions.function(name, flow, self.read_all(kwargs, scope)):
            self._note(reason, ks)
        return results

    # ------------------------------------------------------------------------------------------------ steps

    def step(self, step: Step, flow: list[Batch], scope: Scope, part: Part) -> list[Batch]:
        """A step of a chain, or a member of a list in ``part``."""
        if not self.holds(step.condition, scope):
            return flow
        if isinstance(step.body, Again):
            label = step.body.label
            self.stack.append(scope.made[label])
            flow = self.module(scope.made[label], flow, scope, scope.part.member(label))
            self.stack.pop()
            return flow
        if not step.label:
            return self.module(step, flow, scope, Part())
        label = step.label.format_map(scope.values)
        scope.made[label] = step
        return self.module(step, flow, scope, part.member(label))

    def module(self, step: Step, flow: list[Batch], scope: Scope, part: Part) -> list[Batch]:
        """The module that a step is, called."""
        if step.times is not None:
            times = self.fixed(step.times, scope)
            return self.members((Step(step.body),) * times, flow, scope, part)
        if isinstance(step.body, tuple):
            return self.members(step.body, flow, scope, part)
        if isinstance(step.body, Call):
            return self.block(step.body, flow, scope, part)
        assert isinstance(step.body, Op)
        made = step.body
        if made.name in FUNCTIONS:
            return self.function(made.name, made.kwargs, flow, scope)
        return self.several(lambda k, *xs: self.layer(made, part, xs, scope, k), *flow)

    def members(self, steps: Sequence[Step], flow: list[Batch], scope: Scope, part: Part) -> list[Batch]:
        """A list: members without a label are numbered, repetitions spliced in."""
        number = 0
        for step in steps:
            if not self.holds(step.condition, scope):
                continue
            spliced = step.times is not None and not step.label
            for _ in range(self.fixed(step.times, scope) if spliced else 1):
                one = Step(step.body) if spliced else step
                flow = self.module(one, flow, scope, part.member(step.label or str(number)))
                number += 1
        return flow

    def layer(self, made: Op, part: Part, xs: Sequence[Tensor], scope: Scope, k: int) -> list[Tensor]:
        case = Case(made.name, value(made.kwargs, scope, k), [tuple(x.shape) for x in xs])
        if part.module is None:
            part.module = oracle.module(case).double().eval()
        for reason in permissions.layer(made.name, xs[0]):
            self._note(reason, [k])
        return oracle.results(oracle.called(case, part.module, list(xs)))

    def block(self, call: Call, flow: list[Batch], scope: Scope, part: Part) -> list[Batch]:
        block = self.blocks[call.block]
        inner = Scope(part, {}, [{} for _ in self.sizes])
        for name, _, default in block.parameters:
            given = name in call.kwargs
            inner.values[name] = self.fixed(call.kwargs[name], scope) if given else self.fixed(default, inner)
        if len(flow) < len(block.inputs):
            self.each(lambda k, x: matched(block.inputs[len(flow)], None, inner, k), flow[0])
        for i, port in enumerate(block.inputs):
            inner.tensors[port.name] = dict(enumerate(flow[i:])) if port.family else flow[i]
            if port.dims is not None:
                self.each(lambda k, x, port=port: matched(port, x, inner, k), flow[i])
        self.statements(block.body, inner)
        return [batch for _, batch in inner.outputs]
