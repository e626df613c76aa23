"""The body of a ``forward``: one line per step, each with the line of the spec that it comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from netspec.diagnostics import Diagnostic, Label, SpecError
from netspec.dims import Dim
from netspec.graph import Definition, Node, RawTensor, Ref
from netspec.ops.base import TorchCall
from netspec.ops.contract import PLAIN_CALL, ModuleCall, Returned
from netspec.pytorch.calls import OPERATORS, Calls, outputs_in
from netspec.pytorch.layout import INDENT, Code, Group, Item
from netspec.pytorch.names import bracketed, literal, place
from netspec.pytorch.readings import code_of, dims_in, refs_of
from netspec.pytorch.sizes import TIGHT, Text, UnreadableError
from netspec.pytorch.variables import Variables


class Step(NamedTuple):
    """What a node does: calls a module (``callee``, as ``call`` says), or a function of tensors (``function``).

    ``keys`` are those of the dict that the module returns, if it does. Without either it calls the members of ``self``,
    one after the other.
    """

    node: Node
    callee: str = ""
    call: ModuleCall = PLAIN_CALL
    function: TorchCall | None = None
    keys: tuple[str, ...] | None = None

    @property
    def outputs(self) -> list[Ref]:
        return [Ref(self.node.name, i) for i in range(len(self.node.types))]

    @property
    def is_loop(self) -> bool:
        return not self.callee and self.function is None


class Forward:
    """Writes the statements of one definition; ``attribute`` is the code of a param or buffer by its label."""

    def __init__(
        self, definition: Definition, steps: Sequence[Step], attribute: Callable[[str], str], variables: Variables
    ) -> None:
        self.definition = definition
        self.steps = steps
        self.attribute = attribute
        self.variables = variables
        self.statements: list[Item] = []
        self.expressions: dict[Ref, Text] = {}
        self.readers: dict[Ref, list[int]] = {}
        self.results = {o.ref for o in definition.outputs}
        self.inlined: set[int] = set()
        self.wanted = dict(definition.tensors)

    def write(self) -> tuple[Item, ...]:
        """All statements, the ``return`` last."""
        for node in self.definition.nodes:
            if isinstance(node.body, RawTensor):
                self.expressions[Ref(node.name)] = self.attribute(node.module or node.name), TIGHT
        self._plan()
        for number, step in enumerate(self.steps):
            self._write_step(number, step)
        if not self._ends_in_result():
            self.statements.append(Item(self._return(), "return "))
        return tuple(self.statements)

    # ------------------------------------------------------------------------------------------------- planning

    def _plan(self) -> None:
        for number, step in enumerate(self.steps):
            for ref in self._reads(step):
                self.readers.setdefault(ref, []).append(number)
        self.inlined = {n for n in range(len(self.steps) - 1) if self._feeds_next(n)}
        if self._ends_in_result():
            self.inlined.add(len(self.steps) - 1)
        self._plan_names()
        lines = self._lines()
        last = {ref: lines[max(numbers)] for ref, numbers in self.readers.items()}
        self.variables.last = last | dict.fromkeys(self.results, len(self.steps))

    def _reads(self, step: Step) -> list[Ref]:
        """The tensors that a step needs: its inputs, and those whose sizes are arguments."""
        call = step.function or step.call
        dims = list(dims_in((*(call.args or ()), *call.kwargs.values())))
        try:
            return [*step.node.inputs, *(r for d in dims for r in refs_of(self.definition, step.node, d))]
        except UnreadableError as error:
            message = f"the size {error} cannot be read from any tensor here when the module runs"
            raise SpecError([Diagnostic("NS800", message, Label(step.node.span))]) from None

    def _feeds_next(self, number: int) -> bool:
        """A sum without a name that only the next step of the same line reads stands inside that step."""
        step, ref = self.steps[number], Ref(self.steps[number].node.name)
        if step.function is None or step.function.target not in OPERATORS or ref in self.definition.tensors:
            return False
        after = self.steps[number + 1]
        alone = self.readers.get(ref) == [number + 1] and ref not in self.results
        return alone and not after.is_loop and place(step.node.span) == place(after.node.span)

    def _ends_in_result(self) -> bool:
        """The last step makes the one result: ``return self.relu(x)``."""
        outputs = self.definition.outputs
        if not self.steps or len(outputs) != 1 or outputs[0].label is not None:
            return False
        last = self.steps[-1]
        return last.keys is None and not last.is_loop and last.outputs == [outputs[0].ref]

    def _plan_names(self) -> None:
        """A step is called like the end of the chain that it is on, where that has a name."""
        for number in range(len(self.steps) - 2, -1, -1):
            for ref in self.steps[number].outputs:
                readers = self.readers.get(ref, ())
                if ref in self.wanted or len(readers) != 1 or ref in self.results:
                    continue
                after = self.steps[readers[0]]
                if after.node.inputs[0] == ref and len(after.outputs) == 1 and after.outputs[0] in self.wanted:
                    self.wanted[ref] = self.wanted[after.outputs[0]]

    def _lines(self) -> list[int]:
        """For each step the number of the step on whose line it stands."""
        lines = list(range(len(self.steps) + 1))
        for number in range(len(self.steps) - 1, -1, -1):
            if number in self.inlined:
                lines[number] = lines[number + 1]
        return lines

    # ------------------------------------------------------------------------------------------------- writing

    def _write_step(self, number: int, step: Step) -> None:
        if step.is_loop:
            self._write_loop(number, step)
            return
        code, binds = self._code(step)
        if number not in self.inlined:
            self.variables.release(number)
            self.statements.append(Item(code, self._target(step), place=place(step.node.span)))
        elif number == len(self.steps) - 1:
            self.statements.append(Item(code, "return ", place=place(step.node.span)))
        elif isinstance(code, str):
            self.expressions[Ref(step.node.name)] = code, binds

    def _write_loop(self, number: int, step: Step) -> None:
        """The members of an nn.Sequential, called as it does."""
        source, _ = self._expression(step.node.inputs[0])
        self.variables.release(number)
        several = len(step.outputs) > 1 or step.keys is not None
        name = self.variables.pin("x") if several else self._assign(step.outputs[0])
        if name != source:
            self.statements.append(Item(source, f"{name} = "))
        self.statements.append(Item("for module in self:", place=place(step.node.span)))
        self.statements.append(Item(f"{INDENT}{name} = module({name})"))
        if several and (target := self._target(step)):
            self.statements.append(Item(name, target))

    def _code(self, step: Step) -> tuple[Code, int]:
        def size(dim: Dim) -> Text:
            return code_of(self.definition, step.node, dim, self._read)

        calls = Calls([self._expression(r) for r in step.node.inputs], size)
        if step.function is None:
            return calls.module(step.callee, step.call), TIGHT
        return calls.function(step.function)

    def _read(self, ref: Ref, axis: int) -> str:
        return f"{self._expression(ref)[0]}.shape[{axis}]"

    def _expression(self, ref: Ref) -> Text:
        return self.expressions[ref] if ref in self.expressions else (self.variables[ref], TIGHT)

    def _target(self, step: Step) -> str:
        """What a line assigns to: ``x = ``, ``y, h = ``; nothing where nobody reads it."""
        read = [r in self.variables.last for r in step.outputs]
        if not any(read):
            return ""
        if step.keys is not None:
            name = self.variables.pin("outputs")
            self.expressions.update(
                {r: (f"{name}[{literal(k)}]", TIGHT) for r, k in zip(step.outputs, step.keys, strict=True)}
            )
            return f"{name} = "
        names = [self._assign(r) if used else "_" for r, used in zip(step.outputs, read, strict=True)]
        returned = step.call.returns
        if returned is None or len(outputs_in(returned)) == 1:
            return ", ".join(names) + " = "
        assert isinstance(returned, tuple)
        return ", ".join(_pattern(part, names) for part in returned) + " = "

    def _assign(self, ref: Ref) -> str:
        wanted = self.wanted.get(ref)
        if wanted is not None and (ref in self.definition.tensors or self.variables.is_free(wanted)):
            return self.variables.assign(ref, wanted)
        return self.variables.assign(ref, None)

    def _return(self) -> Code:
        outputs = self.definition.outputs
        codes = [self._expression(o.ref)[0] for o in outputs]
        if any(o.label is not None for o in outputs):
            return Group("{", tuple(Item(c, f"{literal(o.label)}: ") for o, c in zip(outputs, codes, strict=True)), "}")
        return ", ".join(codes)


def _pattern(returned: Returned | None, names: Sequence[str]) -> str:
    """The names of what comes back, as it is nested; ``_`` for what nobody reads."""
    if all(names[n] == "_" for n in outputs_in(returned)):
        return "_"
    if isinstance(returned, tuple):
        return bracketed([_pattern(part, names) for part in returned])
    return "_" if returned is None else names[returned]
