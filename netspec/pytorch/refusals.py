"""What elaborates but is not built."""

from __future__ import annotations

from netspec.diagnostics import Diagnostic, Label
from netspec.graph import Definition, Graph, Module, OpCall, RawTensor, Repeat
from netspec.graph.filling import unfit
from netspec.graph.policies import unrepeated


def refusals(graph: Graph, most: int | None = None) -> list[Diagnostic]:
    """Why a network is not built: initial values that torch would refuse, or more numbers in its state dict than
    ``most``, found without allocating any. Looking at a network refuses neither.
    """
    return unfit(graph) or _too_large(graph, most)


def _too_large(graph: Graph, most: int | None) -> list[Diagnostic]:
    if most is None:
        return []
    count = numbers(graph.definition, {})
    if count <= most:
        return []
    message = f"{graph.name} has {count:,} parameters and buffer entries, more than {most:,}"
    help_ = "check the sizes, or raise `max_parameters`"
    return [Diagnostic("NS604", message, Label(graph.definition.span), help=help_)]


def numbers(definition: Definition, known: dict[Definition, int]) -> int:
    """How many numbers the state dict of a definition holds; shared definitions are counted once."""
    if definition not in known:
        known[definition] = sum(_of_module(m, known) for m in definition.modules)
    return known[definition]


def _of_module(module: Module, known: dict[Definition, int]) -> int:
    body = unrepeated(module.body)
    count = module.body.count if isinstance(module.body, Repeat) else 1
    if isinstance(body, Definition):
        return count * numbers(body, known)
    if isinstance(body, OpCall):
        return count * sum(_volume(w.shape) for w in body.op.weights(*module.inputs))
    return _volume(module.inputs[0].dims) if isinstance(body, RawTensor) else 0


def _volume(shape: tuple[object, ...]) -> int:
    total = 1
    for size in shape:
        total *= size if isinstance(size, int) else 1
    return total
