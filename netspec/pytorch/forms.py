"""What a definition becomes: an nn.Sequential, the one module that it names ``self``, or a class."""

from __future__ import annotations

from netspec.graph import Body, Definition, Node, OpCall, Repeat
from netspec.graph.walk import own_module
from netspec.ops.contract import PLAIN_CALL, ModuleCall
from netspec.types import TensorType


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


def call_of(body: Body, inputs: tuple[TensorType, ...]) -> ModuleCall:
    """How the module of a body is called, and what comes back: what ends in an LSTM returns what the LSTM does."""
    if isinstance(body, OpCall):
        return body.op.invoke(*inputs)
    if isinstance(body, Definition) and body.kind == "sequential" and body.modules:
        last = body.nodes[-1]
        return ModuleCall(returns=call_of(last.body, tuple(map(body.type_of, last.inputs))).returns)
    own = own_module(body) if isinstance(body, Definition) else None
    return call_of(own.body, inputs) if own else PLAIN_CALL


def returns(definition: Definition) -> str:
    """The annotation of what a forward returns."""
    if any(o.label is not None for o in definition.outputs):
        return "dict[str, Tensor]"
    count = len(definition.outputs)
    return "Tensor" if count == 1 else f"tuple[{', '.join(['Tensor'] * count)}]"


def is_step(node: Node) -> bool:
    """Whether a node runs something: inputs and raw tensors are only there."""
    return isinstance(node.body, (OpCall, Definition, Repeat))
