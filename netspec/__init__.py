"""netspec: a small language for neural-network architectures.

A spec is parsed, proven consistent for every input size, drawn, and compiled to a plain PyTorch module.

    import netspec
    graph = netspec.load("specs/resnet3d50.netspec").elaborate()
    print(netspec.summary(graph, clip=(1, 3, 8, 224, 224)))
    model = netspec.build("specs/resnet3d50.netspec")
"""

# Rooms that share a name with a function are imported first, so that the function is what stays.
import netspec.check
import netspec.ops.binding  # every spec needs it: paid for here, not by the first build
import netspec.render  # noqa: F401
from netspec.api import (
    Spec,
    build,
    check,
    cost,
    diff,
    dynamic_shapes,
    explain,
    graph_data,
    load,
    load_weights,
    render,
    save_weights,
    summary,
)
from netspec.diagnostics import Diagnostic, SpecError
from netspec.graph import Graph
from netspec.ops.registry import register as op
from netspec.pytorch.weights.errors import WeightsError, WeightsWarning

__version__ = "0.1.0"
__all__ = [
    "Diagnostic", "Graph", "Spec", "SpecError", "WeightsError", "WeightsWarning", "build", "check", "cost", "diff",
    "dynamic_shapes", "explain", "graph_data", "load", "load_weights", "op", "render", "save_weights", "summary",
]  # fmt: skip
