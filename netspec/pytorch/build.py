"""Graph to ``torch.nn.Module``: the generated source, executed."""

from __future__ import annotations

from functools import lru_cache

from torch import nn

from netspec import limits
from netspec.diagnostics import SpecError
from netspec.graph import Graph
from netspec.pytorch.execution import load_class
from netspec.pytorch.refusals import refusals
from netspec.pytorch.source import class_name, generate
from netspec.pytorch.weights.origin import ORIGIN, origin_of

_source_of = lru_cache(32)(generate)


def build_graph(graph: Graph, *, max_parameters: int | None = None) -> nn.Module:
    """The network as a module: ``netspec.pytorch.source.generate`` executed, its class called.

    The numbers of the state dict are counted before any is allocated: more than ``max_parameters`` (where None
    `limits.MAX_PARAMETERS`) are refused. ``with torch.device("meta"):`` and the default dtype hold. The module pickles,
    deep-copies, scripts, compiles and exports. Raises `SpecError` for too many, and for initial values that torch
    would refuse.

        model = build_graph(netspec.load("specs/resnet3d50.netspec").elaborate())
    """
    problems = refusals(graph, limits.MAX_PARAMETERS if max_parameters is None else max_parameters)
    if problems:
        raise SpecError(problems)
    made = load_class(_source_of(graph), class_name(graph))()
    assert isinstance(made, nn.Module)
    made.__dict__[ORIGIN] = origin_of(graph)  # for `netspec.save_weights`; plain texts, so that it pickles and scripts
    return made
