"""What can be said of a network without running it: its layers, parameters, multiply-adds, depth and sizes."""

from netspec.analysis.calls import Row
from netspec.analysis.depth import nlayers
from netspec.analysis.inputs import bind_inputs
from netspec.analysis.parameters import parameters_of
from netspec.analysis.rows import attribute_rows, layer_rows
from netspec.analysis.summary import Megabytes, Summary, summarise

__all__ = [
    "Megabytes", "Row", "Summary", "attribute_rows", "bind_inputs", "layer_rows", "nlayers", "parameters_of",
    "summarise",
]  # fmt: skip
