"""How many parameters a network, a block or a layer has."""

from __future__ import annotations

from math import prod

from netspec.graph import Definition, OpCall, RawTensor, Repeat
from netspec.graph.model import Body
from netspec.types import TensorType


def parameters_of(body: Body, types: tuple[TensorType, ...]) -> int:
    """The elements of all parameters of one body; ``types`` are its inputs' (of a raw tensor: its own).

    Buffers do not count. A module that is used twice counts once; one that is never used counts too.
    """
    match body:
        case Definition():
            return body.parameter_count
        case OpCall():
            return sum(prod(w.shape) for w in body.op.weights(*types) if w.kind == "param")
        case Repeat():
            return body.count * parameters_of(body.body, types)
        case RawTensor(kind="param"):
            return prod(d for d in types[0].dims if isinstance(d, int))
        case _:
            return 0
