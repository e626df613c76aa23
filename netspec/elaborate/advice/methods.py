"""Methods and attributes of torch's tensors: what netspec has instead."""

from __future__ import annotations

import re

from netspec.diagnostics import Edit, Help
from netspec.elaborate import operations
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax.rewriting import arguments_after
from netspec.types import TensorType

#: What is said of a function of numbers that is given a tensor, and of the method of that name.
OF_TENSORS = {
    "max": "`amax(x, axis=1)` is the largest along an axis, `maximum(a, b)` that of two tensors at each place",
    "min": "`amin(x, axis=1)` is the least along an axis, `minimum(a, b)` that of two tensors at each place",
}
SHAPES = "`flatten(x)` and `rearrange(x, …)` change shapes"
REPEATS = "`expand(x, size)` repeats along axes of size 1, `concat(x, x)` puts tensors side by side"
POSITIONS = "positions are weights: `param pos: [1, 512, 64] = normal(std=0.02)`, and `x + pos[:, :L]`"
FINITE = "a spec has finite numbers: what is masked gets a large one, such as `-1e9`"
#: Names of torch that have no op of their own.
NAMES = {
    "view": SHAPES, "reshape": SHAPES, "unflatten": SHAPES, "repeat": REPEATS, "arange": POSITIONS,
    "std": "write `sqrt(var(x, axis=…))`", "inf": FINITE, "Inf": FINITE, "Infinity": FINITE, "nan": FINITE,
}  # fmt: skip
#: What moves or copies a tensor: nothing that a spec says.
_PLACED = frozenset({"contiguous", "clone", "cuda", "cpu"})
_CONVERTED = "netspec converts no numbers: an input says its own, `input x: int[B, L]`"
_METHODS = OF_TENSORS | {
    "reshape": SHAPES, "view": SHAPES, "unflatten": f"{SHAPES}; the layer is `Unflatten(…)`", "repeat": REPEATS,
    "expand_as": "`expand(x, y.shape)`", "view_as": SHAPES, "reshape_as": SHAPES,
    "numel": "`prod(x.shape)` is the number of its elements", "dtype": _CONVERTED, "type": _CONVERTED,
    "float": _CONVERTED, "half": _CONVERTED, "double": _CONVERTED, "long": _CONVERTED, "int": _CONVERTED,
    "bool": _CONVERTED, "to": "leave it out: devices and number formats are for the built module",
    "device": "leave it out: devices are for the built module", "detach": "netspec has no `detach` yet",
    "append": "a family holds tensors: `skips[i] = x`",
}  # fmt: skip


def of_method(name: str, tensor: TensorType, value: Span, place: Span) -> str:
    """``x.flatten(1)``, ``x.size(1)`` and ``x.T``, by the places of the tensor and of the name."""
    inside = arguments_after(place)
    if name in ("T", "mT", "t"):
        return _transposed(name, tensor, value, place, inside)
    if inside is None:
        return _METHODS.get(name, "")
    after = Span(place.source, value.end, inside.end + 1)
    if name in ("size", "dim"):
        axis = inside.text.strip()
        new = "rank" if name == "dim" else f"shape[{axis}]" if axis else "shape"
        return Help(f"write `.{new}`", Edit(Span(place.source, place.start, inside.end + 1), new))
    if name in _PLACED:
        return Help("leave it out: a spec only says what is computed", Edit(after, ""))
    if name in ("view", "reshape") and _is_flattening(inside.text, tensor):
        return Help(f"write `flatten({value.text})`", Edit(value.to(after), f"flatten({value.text})"))
    known = name if registry.is_function(name) else name.removesuffix("_")
    return _as_function(known, value, inside) if registry.is_function(known) else _METHODS.get(name, "")


def _as_function(name: str, value: Span, inside: Span) -> Help:
    """``permute(x, (0, 2, 1))`` for ``x.permute(0, 2, 1)``: a list where one number after the other stands."""
    given, op = inside.text.strip(), registry.find(name)
    several = re.fullmatch(r"-?\w+(\s*,\s*-?\w+)+", given) is not None
    if several and op is not None and operations.takes_list(op, operations.positional_names(op.op)[0]):
        given = f"({given})"
    whole = Span(value.source, value.start, inside.end + 1)
    return Help(f"write `{name}({value.text}{', …' if given else ''})`",
                Edit(whole, f"{name}({value.text}{', ' if given else ''}{given})"))  # fmt: skip


def _transposed(name: str, tensor: TensorType, value: Span, place: Span, inside: Span | None) -> str:
    """``x.T`` and ``x.t()`` of a matrix, ``x.mT`` of matrices."""
    if (name == "t") == (inside is None) or (name != "mT" and tensor.rank != 2) or tensor.rank < 2:
        return "axes change places with `transpose(x, 1, 2)`"
    end = place.end if inside is None else inside.end + 1
    new = f"transpose({value.text}, -2, -1)"
    return Help(f"write `{new}`", Edit(Span(value.source, value.start, end), new))


def _is_flattening(given: str, tensor: TensorType) -> bool:
    """``(B, -1)`` and ``(x.size(0), -1)``: all axes but the batch become one."""
    first, comma, rest = given.rpartition(",")
    batch = re.escape(str(tensor.dims[0])) if tensor.dims else "B"
    said = re.fullmatch(rf"{batch}|\w+\.(size\(0\)|shape\[0\])", first.strip()) is not None
    return bool(comma) and rest.strip() == "-1" and said
