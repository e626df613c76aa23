"""The family whose colour a box takes, and where its features stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from netspec.analysis.parameters import parameters_of
from netspec.graph import Definition, OpCall, RawTensor, Repeat
from netspec.graph.model import Body
from netspec.render.levels.sketch import Part
from netspec.types import TensorType


def family_of(parts: Sequence[Part]) -> str:
    """The family in which most of the parameters of the parts are; of a single op its own."""
    counts: Counter[str] = Counter()
    for part in parts:
        counts.update(_parameters_by_family(part.body, own_types(part)))
    return max(counts, key=lambda f: counts[f]) if counts else "shape"


def own_types(part: Part) -> tuple[TensorType, ...]:
    """The types that its parameters depend on: those of its inputs, of a raw tensor its own."""
    return part.outputs if isinstance(part.body, RawTensor) else part.inputs


def _parameters_by_family(body: Body, types: tuple[TensorType, ...]) -> Mapping[str, int]:
    """Parameters, and one for each layer, so that layers without any count where there are no others."""
    if isinstance(body, Repeat):
        return {f: body.count * n for f, n in _parameters_by_family(body.body, types).items()}
    if isinstance(body, OpCall):
        return {body.op.family: parameters_of(body, types) + 1}
    counts: Counter[str] = Counter()
    for module in body.modules if isinstance(body, Definition) else ():
        counts.update(_parameters_by_family(module.body, module.inputs))
    return counts


def channel_axis(body: Body, type_: TensorType) -> int | None:
    """Where the features stand: axis 1 for images, the last one where linear layers come first; None if not known."""
    if type_.rank <= 2:
        return type_.rank - 1 if type_.rank else None
    return {"conv": 1, "linear": -1}.get(next(_with_channels(body), ""))


def _with_channels(body: Body) -> Iterator[str]:
    """The families of its convolutions and linear layers, in order."""
    if isinstance(body, Repeat):
        body = body.body
    if isinstance(body, OpCall) and body.op.family in ("conv", "linear"):
        yield body.op.family
    for node in body.nodes if isinstance(body, Definition) else ():
        yield from _with_channels(node.body)
