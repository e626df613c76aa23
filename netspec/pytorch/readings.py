"""Where a definition reads its open sizes when it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from netspec.dims import Dim, symbol
from netspec.graph import AxisSize, Definition, Node, Ref, RunSize
from netspec.ops.contract import TorchCall
from netspec.pytorch.sizes import Text, UnreadableError, axes_of, run_size, size_text

Read = Callable[[Ref, int], str]


def dims_in(value: object) -> Iterator[Dim]:
    """The open sizes among the arguments of a call, those of inner calls included."""
    if isinstance(value, Dim):
        yield value
    elif isinstance(value, TorchCall):
        yield from dims_in((*value.args, *value.kwargs.values()))
    elif isinstance(value, (tuple, list)):
        for member in value:
            yield from dims_in(member)


def refs_of(definition: Definition, node: Node, dim: Dim) -> Iterator[Ref]:
    """The tensors that must be there to compute a size before a node runs. Raises `UnreadableError`."""
    code_of(definition, node, dim, lambda _ref, _axis: "x")
    for reading in _readings(definition, node, dim).values():
        yield from axes_of(reading)


def code_of(definition: Definition, node: Node, dim: Dim, read: Read) -> Text:
    """The code of a size at a node. Raises `UnreadableError`."""
    readings = _readings(definition, node, dim)
    if dim in readings:
        return run_size(readings[dim], read)
    return size_text(dim, {str(d): run_size(r, read)[0] for d, r in readings.items()})


def _readings(definition: Definition, node: Node, dim: Dim) -> dict[Dim, RunSize]:
    """How the size is read or, if it is nowhere as a whole, each of its symbols."""
    whole = _reading(definition, node, dim)
    if whole is not None:
        return {dim: whole}
    parts = {d: _reading(definition, node, d) for d in map(symbol, sorted(dim.symbols))}
    missing = [str(d) for d, r in parts.items() if r is None]
    if missing:
        raise UnreadableError(", ".join(missing))
    return {d: r for d, r in parts.items() if r is not None}


def _reading(definition: Definition, node: Node, dim: Dim) -> RunSize | None:
    """From an axis of the node's inputs, as the definition recorded it, or from an axis of the definition's inputs."""
    found = _axis(definition, node.inputs, dim) or definition.sizes.get(dim)
    return found or _axis(definition, [Ref(n.name) for n in definition.inputs], dim)


def _axis(definition: Definition, refs: Iterable[Ref], dim: Dim) -> AxisSize | None:
    for ref in refs:
        for axis, size in enumerate(definition.type_of(ref).dims):
            if size is dim:
                return AxisSize(ref, axis)
    return None
