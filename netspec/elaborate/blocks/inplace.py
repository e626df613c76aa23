"""In-place ops may only write where nothing else reads."""

from __future__ import annotations

from dataclasses import dataclass, field

from netspec.diagnostics import Diagnostic, Help, Label
from netspec.elaborate.blocks.draft import Draft, Step
from netspec.elaborate.session import Session
from netspec.elaborate.values.kinds import Tensor, members
from netspec.graph import Definition, InputPort, Memory, OpCall, RawTensor, Ref, Repeat
from netspec.source import Span
from netspec.syntax.rewriting import without_inplace


@dataclass(frozen=True, slots=True)
class _Write:
    """A step that writes, and the op that does it (in the step's block, or the step itself)."""

    step: Step
    op: Span


@dataclass(slots=True)
class _Uses:
    """Who reads and who writes each tensor; tensors that share memory are one, its root.

    What an in-place op returns has the same memory, but is a root of its own: a later version.
    """

    roots: dict[Ref, Ref] = field(default_factory=dict)
    readers: dict[Ref, list[Step]] = field(default_factory=dict)
    writers: dict[Ref, list[_Write]] = field(default_factory=dict)

    def root(self, ref: Ref) -> Ref:
        return self.roots.get(ref, ref)

    def add(self, step: Step) -> None:
        memory = memory_of(step)
        for number, ref in enumerate(step.inputs):
            root = self.root(ref)
            if number in memory.writes:
                self.writers.setdefault(root, []).append(_Write(step, memory.writes[number]))
            if number in memory.reads:
                self.readers.setdefault(root, []).append(step)
        for port, shared in enumerate(memory.shares):
            if shared is not None:
                other = step.inputs[shared] if shared >= 0 else Ref(step.name, -1 - shared)
                self.roots[Ref(step.name, port)] = self.root(other)


def memory_of(step: Step) -> Memory:
    """What a step does to the memory of its inputs."""
    body = step.body.body if isinstance(step.body, Repeat) else step.body
    if isinstance(body, Definition):
        return body.memory
    if not isinstance(body, OpCall):
        return Memory()
    if body.op.mutates:
        return Memory({0: step.span}, frozenset(range(1, len(step.inputs))))
    if body.op.aliases:
        return Memory({}, frozenset(range(1, len(step.inputs))), (0,) * len(step.types))
    return Memory({}, frozenset(range(len(step.inputs))))


def check_in_place(draft: Draft, session: Session) -> Memory:
    """Report every in-place op whose tensor something else reads; what the definition does to its own inputs."""
    uses = _Uses()
    for step in draft.steps.values():
        uses.add(step)
    results = [uses.root(t.ref) for t in draft.results()]
    for root, writes in uses.writers.items():
        returned = _returned(draft, uses, root)
        diagnostic = _conflict(draft, root, writes, uses.readers.get(root, []), returned)
        if diagnostic:
            session.report(diagnostic)
            draft.failed = True
    return _memory(draft, uses, results)


def _memory(draft: Draft, uses: _Uses, results: list[Ref]) -> Memory:
    ports = {Ref(n): i for i, n in enumerate(n for n, s in draft.steps.items() if isinstance(s.body, InputPort))}
    writes = {ports[root]: found[0].op for root, found in uses.writers.items() if root in ports}
    reads = frozenset(ports[root] for root in uses.readers if root in ports)
    shares = tuple(
        ports[root] if root in ports else -1 - results.index(root) if results.index(root) < i else None
        for i, root in enumerate(results)
    )
    return Memory(writes, reads, shares)


def _returned(draft: Draft, uses: _Uses, root: Ref) -> Span | None:
    """Where a tensor is an output."""
    for _, value, span in draft.outputs:
        if any(isinstance(m, Tensor) and uses.root(m.ref) == root for m in members(value)):
            return span
    return None


def _conflict(
    draft: Draft, root: Ref, writes: list[_Write], readers: list[Step], returned: Span | None
) -> Diagnostic | None:
    """The mistake of the last writer, if anything else has to do with the tensor."""
    write = writes[-1]
    body = draft.steps[root.node].body
    if isinstance(body, RawTensor):
        other = Label(draft.steps[root.node].span, f"a {body.kind} keeps its values")
    elif readers or len(writes) > 1:
        other = Label((readers or [writes[0].step])[0].span, "reads the same tensor")
    elif returned:
        other = Label(returned, "returns the same tensor")
    else:
        return None
    within = () if write.op == write.step.span else (Label(write.op, "it writes here"),)
    return Diagnostic(
        "NS306", "an in-place op writes into a tensor that something else reads",
        Label(write.step.span, "writes into its input"), (other, *within),
        help=Help("leave out `inplace=True`", *without_inplace(write.op)),
    )  # fmt: skip
