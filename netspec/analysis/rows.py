"""The rows of a network as plain data: lists of strings, numbers and lists, as JSON has them."""

from __future__ import annotations

from typing import Any

from netspec.analysis.calls import Shape
from netspec.analysis.summary import Summary
from netspec.graph import Definition, Graph, OpCall
from netspec.graph.walk import base_of, modules, own_module


def layer_rows(summary: Summary) -> list[list[Any]]:
    """``[path, class, input shape, output shape, own parameters]`` per call of a module, in execution order.

    Functions (``add``) and raw parameters are left out. Of several inputs or outputs there is a list of shapes.
    Open sizes stand as text.
    """
    rows = (r for r in summary.rows if r.kind == "module")
    return [[r.path, r.op, _shapes(r.inputs), _shapes(r.outputs), r.parameters] for r in rows]


def attribute_rows(graph: Graph) -> list[list[Any]]:
    """``[path, class, settings]`` per module without children, in registration order."""
    rows: list[list[Any]] = []
    classes: dict[str, str] = {}  # of blocks that are one layer
    for path, module, body in modules(graph.definition):
        if isinstance(body, Definition) and isinstance(base_of(body), OpCall) and not own_module(body):
            classes.setdefault(path, body.class_name)
        elif isinstance(body, OpCall) and not body.op.children(*module.inputs):
            name = classes.get(path) or body.op.torch_name(*module.inputs)
            rows.append([path, name, _plain(body.op.settings(*module.inputs))])
    return rows


def _shapes(shapes: tuple[Shape, ...]) -> list[Any]:
    listed = [[d if isinstance(d, int) else str(d) for d in shape] for shape in shapes]
    return listed[0] if len(listed) == 1 else listed


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, (tuple, list)) else value
