"""Walking a graph with its paths, repetitions unfolded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from netspec.graph.model import Body, Definition, InputPort, Module, Node, OpCall, RawTensor, Ref, Repeat
from netspec.ops.contract import Weight
from netspec.types import TensorType


@dataclass(frozen=True, slots=True)
class Leaf:
    """One call of an op: where, of which class, what goes in and out.

    ``first`` is false where its weights were counted before.
    """

    path: str
    call: OpCall
    node: Node
    inputs: tuple[TensorType, ...]
    outputs: tuple[TensorType, ...]
    first: bool


def join(prefix: str, label: str | None) -> str:
    """Paths as the state dict has them; the label ``self`` adds nothing."""
    if not label or label == "self":
        return "" if prefix == "self" else prefix
    return f"{prefix}.{label}" if prefix and prefix != "self" else label


def instances(label: str, body: Body) -> Iterator[tuple[str, Body]]:
    """The labels that a body takes: a repetition takes as many numbers as it has members."""
    if isinstance(body, Repeat):
        head, _, number = label.rpartition(".")
        for i in range(body.count):
            yield join(head, str(int(number) + i)), body.body
    else:
        yield label, body


def own_module(definition: Definition) -> Module | None:
    """The module that a definition is: it hands its inputs to ``self``, and has no class name of its own."""
    return None if definition.own_name else passed_to(definition)


def base_of(definition: Definition) -> OpCall | Definition | None:
    """What a definition is for torch, through ``self``: a layer, or a list of steps; None for a block."""
    body = definition.modules[0].body if [m.label for m in definition.modules] == ["self"] else None
    if isinstance(body, Definition) and body.kind != "sequential":
        return base_of(body)
    return body if isinstance(body, (OpCall, Definition)) else None


def passed_to(definition: Definition) -> Module | None:
    """``self``, where a definition does nothing but hand its inputs to it."""
    inner = [n for n in definition.nodes if not isinstance(n.body, InputPort)]
    if len(inner) != 1 or len(definition.modules) != 1 or definition.modules[0].label != "self":
        return None
    node = inner[0]
    passes = node.inputs == tuple(Ref(n.name) for n in definition.inputs)
    results = [(o.ref, o.label) for o in definition.outputs] == [
        (Ref(node.name, i), None) for i in range(len(node.types))
    ]
    return definition.modules[0] if passes and results and node.module == "self" else None


def leaves(definition: Definition, prefix: str = "", seen: frozenset[str] = frozenset()) -> Iterator[Leaf]:
    """Every call of an op in execution order, functions included (their path ends in the node's name)."""
    used = set(seen)
    for node in definition.nodes:
        inputs = tuple(definition.type_of(r) for r in node.inputs)
        for label, body in instances(node.module or node.name, node.body):
            path = join(prefix, label)
            if isinstance(body, OpCall):
                yield Leaf(path, body, node, inputs, node.types, path not in used)
                used.add(path)
            elif isinstance(body, Definition):
                repeated = frozenset(used) if path in used else frozenset()
                for leaf in leaves(body, path, repeated):
                    yield leaf
                    used.add(leaf.path)
                used.add(path)


def modules(definition: Definition, prefix: str = "") -> Iterator[tuple[str, Module, Body]]:
    """Every module with its path in registration order, containers before their members."""
    return _modules(definition.modules, prefix)


def _modules(members: Iterable[Module], prefix: str) -> Iterator[tuple[str, Module, Body]]:
    for module in members:
        inside = held(module)
        for label, body in instances(module.label, module.body):
            path = join(prefix, label)
            yield path, module, body
            if inside:
                yield from _modules(inside, path)


def held(module: Module) -> tuple[Module, ...]:
    """The modules that a module holds, those of a repetition once: a definition's, or those of which torch makes an op
    (the out_proj of a MultiheadAttention), which nothing in the graph calls."""
    body = module.body.body if isinstance(module.body, Repeat) else module.body
    if isinstance(body, Definition):
        return body.modules
    children = body.op.children(*module.inputs) if isinstance(body, OpCall) else ()
    calls = (OpCall(c.name, c.op.torch_name(*c.inputs), c.op) for c in children)
    return tuple(
        Module(child.label, call, child.inputs, module.span, used=False)
        for child, call in zip(children, calls, strict=True)
    )


def state(definition: Definition, prefix: str = "") -> Iterator[tuple[str, Weight]]:
    """The state dict in order: key and weight.

    A definition's own tensors come first, params before buffers, as torch has it.
    """
    own = [m for m in definition.modules if isinstance(m.body, RawTensor)]
    for kind in ("param", "buffer"):
        for module in own:
            if isinstance(module.body, RawTensor) and module.body.kind == kind:
                yield from state_of(module, prefix)
    for module in definition.modules:
        if not isinstance(module.body, RawTensor):
            yield from state_of(module, prefix)


def state_of(module: Module, prefix: str = "") -> Iterator[tuple[str, Weight]]:
    """The entries of one module."""
    for label, body in instances(module.label, module.body):
        path = join(prefix, label)
        if isinstance(body, RawTensor):
            dims = tuple(d for d in module.inputs[0].dims if isinstance(d, int))
            dtype = {"float": "float32", "int": "int64", "bool": "bool"}[module.inputs[0].dtype]
            yield path, Weight(body.label, dims, body.kind, dtype)
        elif isinstance(body, Definition):
            yield from state(body, path)
        elif isinstance(body, OpCall):
            yield from ((join(path, w.name), w) for w in body.op.weights(*module.inputs))
