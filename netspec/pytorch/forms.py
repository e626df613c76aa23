"""What a definition becomes: an nn.Sequential, the one module that it names ``self``, or a class."""

from __future__ import annotations

from netspec.graph import Definition, InputPort, Module, Node, OpCall, Ref, Repeat


def own_module(definition: Definition) -> Module | None:
    """The module that a definition is, where it does nothing but hand its inputs to ``self``."""
    inner = [n for n in definition.nodes if not isinstance(n.body, InputPort)]
    if len(inner) != 1 or len(definition.modules) != 1 or definition.modules[0].label != "self":
        return None
    node = inner[0]
    passes = node.inputs == tuple(Ref(n.name) for n in definition.inputs)
    results = [(o.ref, o.label) for o in definition.outputs] == [
        (Ref(node.name, i), None) for i in range(len(node.types))
    ]
    return definition.modules[0] if passes and results and node.module == "self" else None


def result_keys(node: Node) -> tuple[str, ...] | None:
    """The keys of the dict that a node's module returns; None where it returns tensors."""
    body = node.body
    while isinstance(body, Definition):
        labels = tuple(o.label for o in body.outputs if o.label is not None)
        if labels:
            return labels
        if body.kind != "sequential" and not own_module(body):
            return None
        body = body.nodes[-1].body
    return None


def returns(definition: Definition) -> str:
    """The annotation of what a forward returns."""
    if any(o.label is not None for o in definition.outputs):
        return "dict[str, Tensor]"
    count = len(definition.outputs)
    return "Tensor" if count == 1 else f"tuple[{', '.join(['Tensor'] * count)}]"


def is_step(node: Node) -> bool:
    """Whether a node runs something: inputs and raw tensors are only there."""
    return isinstance(node.body, (OpCall, Definition, Repeat))
