"""The graph of a network: shared definitions, instances of them, and one node for many equal repetitions.

`Definition` is one block with one set of argument values and input types. Its nodes stand in execution order and refer
to each other by `Ref`; its modules stand in registration order, which is the order of the state dict. What depends on
the path from the network down (trails, policies) is never stored in a definition.
"""

from netspec.graph.flat import flatten
from netspec.graph.model import (
    AxisSize,
    Body,
    Contract,
    Definition,
    Drawing,
    Graph,
    Initial,
    InputPort,
    Memory,
    Module,
    Node,
    OpCall,
    Output,
    Policy,
    RawTensor,
    Ref,
    Repeat,
    Requirement,
    RunSize,
    SizeCall,
)
from netspec.graph.walk import Leaf, leaves, state

__all__ = [
    "AxisSize", "Body", "Contract", "Definition", "Drawing", "Graph", "Initial", "InputPort", "Leaf", "Memory",
    "Module", "Node", "OpCall", "Output", "Policy", "RawTensor", "Ref", "Repeat", "Requirement", "RunSize", "SizeCall",
    "flatten", "leaves", "state",
]  # fmt: skip
