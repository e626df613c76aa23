"""The classes of a generated source: one per distinct code, found by walking the definitions from the network down."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from netspec.diagnostics import Diagnostic, Label, SpecError
from netspec.graph import Definition, Module, Node, OpCall, Ref, Repeat
from netspec.graph.walk import own_module, passed_to
from netspec.ops.base import TorchCall
from netspec.ops.contract import PLAIN_CALL
from netspec.pytorch.calls import constructor, user_module
from netspec.pytorch.containers import tree
from netspec.pytorch.forms import call_of, is_step, result_keys, returns
from netspec.pytorch.forward import Forward, Step
from netspec.pytorch.layout import ClassRef, Code, Group, Item, call
from netspec.pytorch.members import module_statements, sequential
from netspec.pytorch.names import identifier, place
from netspec.pytorch.variables import Variables
from netspec.types import TensorType


class Block(NamedTuple):
    """What the variants of one block have in common: the name that repr shows, and where it is declared."""

    class_name: str
    name: str
    source: str
    doc: str


class ClassCode(NamedTuple):
    """One class, without its name. ``base`` is the call that would make its base, None for nn.Module; ``place`` is
    where the spec says it. ``inherited`` is the name under which the base's own forward is called.
    """

    block: Block
    base: Code | None
    place: str
    attributes: tuple[Item, ...]
    inputs: tuple[str, ...]
    result: str
    forward: tuple[Item, ...]
    inherited: str = ""


class Classes:
    """Collects the classes of a network, the helpers that they call and the modules that they import."""

    def __init__(self) -> None:
        self.codes: dict[ClassCode, int] = {}
        self.constructors: dict[Definition, Code] = {}
        self.helpers: dict[str, None] = {}
        self.imports: dict[str, None] = {}

    def body(self, module: Module | Node, inputs: Iterable[TensorType]) -> Code:
        """The code that makes one module of a body; a repetition's body once."""
        body = module.body.body if isinstance(module.body, Repeat) else module.body
        if isinstance(body, Definition):
            return self.definition(body)
        assert isinstance(body, OpCall)
        return constructor(self.lower(body, tuple(inputs)))

    def lower(self, op: OpCall, inputs: tuple[TensorType, ...]) -> TorchCall:
        """How torch is called; helpers and imports are noted."""
        torch_call = op.op.lower(*inputs)
        self.helpers.update(dict.fromkeys(torch_call.helpers))
        if module := user_module(torch_call):
            self.imports[module] = None
        return torch_call

    def definition(self, definition: Definition) -> Code:
        """The code that makes an instance: a list is an nn.Sequential, ``self`` what it names, all else a class."""
        if definition not in self.constructors:
            self.constructors[definition] = self._constructor(definition)
        return self.constructors[definition]

    def _constructor(self, definition: Definition) -> Code:
        if definition.kind == "sequential":
            return sequential(definition.modules, self)
        if own := own_module(definition):
            return self.body(own, own.inputs)
        code = class_code(definition, self)
        return call(ClassRef(self.codes.setdefault(code, len(self.codes))))


def class_code(definition: Definition, classes: Classes) -> ClassCode:
    """A definition as a class of its own."""
    root = tree(definition.modules)
    base, inherited = _base(definition, classes)
    modules = {m.label: m for m in definition.modules}
    steps = []
    for node in filter(is_step, definition.nodes):
        callee = ""
        if node.module is not None and node.module != "self":
            callee = root.access(node.module.split("."))
        elif inherited:
            callee = f"self.{inherited}"
        steps.append(_step(definition, node, modules, callee, classes))
    variables = Variables([*definition.tensors.values(), *(n.name for n in definition.inputs)], _reserved(steps))
    inputs = tuple(variables.assign(Ref(n.name), n.name) for n in definition.inputs)
    forward = Forward(definition, steps, lambda label: root.access(label.split(".")), variables).write()
    attributes = tuple(module_statements(root, classes))
    own = place(modules["self"].span) if "self" in modules else ""
    result = returns(definition)
    if _inherits_all(definition, base):
        forward, inherited = (), ""
    return ClassCode(block_of(definition), base, own, attributes, inputs, result, forward, inherited)


def _inherits_all(definition: Definition, base: Code | None) -> bool:
    """Whether a block only gives a name and arguments to its base, whose forward is its own then."""
    itself = passed_to(definition) if definition.kind == "block" and isinstance(base, Group) and base.items else None
    return itself is not None and call_of(itself.body, itself.inputs) == PLAIN_CALL


def _base(definition: Definition, classes: Classes) -> tuple[Code | None, str]:
    """What ``self: …`` makes it a subclass of, and the name that the base's forward gets; a Sequential needs none."""
    own = next((m for m in definition.modules if m.label == "self"), None)
    if own is None:
        return None, ""
    body, code = own.body, classes.body(own, own.inputs)
    if isinstance(code, Group) and isinstance(code.opening, str) and code.opening.startswith("nn.Sequential("):
        return code, ""
    label = body.class_name if isinstance(body, Definition) else body.name if isinstance(body, OpCall) else ""
    name = f"own_{identifier(label).lower()}"
    return code, name + "_" * any(m.label == name for m in definition.modules)


def _step(definition: Definition, node: Node, modules: dict[str, Module], callee: str, classes: Classes) -> Step:
    """What a node's line calls. Raises SpecError where torch has no form for it."""
    inputs = tuple(definition.type_of(r) for r in node.inputs)
    if node.module is None:
        assert isinstance(node.body, OpCall)
        return Step(node, function=classes.lower(node.body, inputs))
    module = modules[node.module]
    if node.body is not module.body and classes.body(node, inputs) != classes.body(module, module.inputs):
        message = f"`{module.label}` would need other code for these sizes than where it is used first"
        raise SpecError([Diagnostic("NS404", message, Label(node.span), (Label(module.span, "registered here"),))])
    return Step(node, callee, call_of(node.body, inputs), keys=result_keys(node))


def _reserved(steps: Iterable[Step]) -> set[str]:
    """The names of helpers and imported modules, which no variable may take."""
    return {s.function.target.split(".")[0] for s in steps if s.function and s.function.target[0].isidentifier()}


def block_of(definition: Definition) -> Block:
    """What a definition has in common with the block's other variants."""
    return Block(definition.class_name, definition.name, place(definition.span), definition.doc)
