"""What a definition becomes: an nn.Sequential, the one module that it names ``self``, or a class."""

from __future__ import annotations

from netspec.graph import Definition, Node, OpCall, Repeat
from netspec.graph.walk import own_module


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
