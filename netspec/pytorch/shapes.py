"""Open sizes for torch.export."""

from __future__ import annotations

from typing import Any

from torch.export import Dim

from netspec.dims import Dim as Size
from netspec.graph import Graph, OpCall
from netspec.graph.walk import modules
from netspec.pytorch.classes import Classes, class_code
from netspec.types import TensorType

Axes = dict[int, Any]


def dynamic_shapes(graph: Graph) -> dict[str, Axes]:
    """The open axes of a network's inputs, for ``torch.export.export(..., dynamic_shapes=...)``.

    Every open axis is ``Dim.DYNAMIC`` with the network's minimum: torch then finds what relates the axes by itself
    (equal batches, ``H % 16 == 0``), and refuses a trace that would fix one. A named ``Dim("H")`` would have to admit
    each size, which no network with strides can in torch 2.13, where a size that becomes 1 inside has code of its own.
    For that reason trace with two or more of everything, sizes inside included (ResNet3d-50: H and W of 33 or more).
    Where a network has recurrent layers, of which torch traces each step, the axes are ``Dim.AUTO``: torch then fixes
    the length of the sequences.

        torch.export.export(model, (torch.randn(2, 3, 4, 64, 64),), dynamic_shapes=dynamic_shapes(graph))
    """
    names = class_code(graph.definition, Classes()).inputs
    unrolled = any(isinstance(body, OpCall) and body.op.unrolled for _, _, body in modules(graph.definition))
    kind = Dim.AUTO if unrolled else Dim.DYNAMIC
    return {n: _axes(graph, type_, kind) for n, type_ in zip(names, graph.inputs.values(), strict=True)}


def _axes(graph: Graph, type_: TensorType, kind: Any) -> Axes:
    return {axis: _hint(graph, size, kind) for axis, size in enumerate(type_.dims) if isinstance(size, Size)}


def _hint(graph: Graph, size: Size, kind: Any) -> Any:
    least = graph.minimums.get(str(size), (1, None))[0]
    return kind(min=least) if least > 2 else kind
