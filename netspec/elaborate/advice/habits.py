"""Names and calls of PyTorch, Keras and Python: what netspec has instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from netspec.diagnostics import Diagnostic, Edit, Help, Label, closest, removed
from netspec.elaborate import operations
from netspec.elaborate.blocks.labels import free_label
from netspec.elaborate.program import BlockRef
from netspec.elaborate.values.kinds import Part
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.rewriting import arguments_after, as_chain
from netspec.types import TensorType

#: Blocks that specs often take from the standard library, by its files.
STANDARD = {"std/conv": ("ConvModule",)}
#: Layers of torch.nn that netspec does not have.
NOT_YET = frozenset({
    "Bilinear", "CosineSimilarity", "EmbeddingBag", "Fold", "PairwiseDistance", "RReLU", "Softmax2d", "SyncBatchNorm",
    "Transformer", "Unfold",
})  # fmt: skip
#: The channels of its input, as layers of torch and published blocks name them as an argument.
CHANNELS = frozenset({"in_channels", "in_features", "num_features", "in_planes", "inplanes", "in_dim", "in_ch"})
_CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None", "nil": "None"}
_shapes = "`flatten(x)` and `rearrange(x, …)` change shapes"
_SAID = {
    "stage": "a stage has a label: `stage layer1: …`", "swapaxes": "axes change places with `transpose(x, 1, 2)`",
    "view": _shapes, "reshape": _shapes, "unflatten": _shapes,
    "repeat": "`expand(x, size)` repeats along axes of size 1, `concat(x, x)` puts tensors side by side",
    "where": "`masked_fill(x, mask, value)` puts a number where a bool tensor is True",
    "UpSampling2D": "write `Upsample(scale_factor=2)`",
}  # fmt: skip
_path = re.compile(r"(?:torch|nn|F)(?:\.nn|\.functional)*\.(\w+)").match
_global = re.compile(r"Global(Avg|Average)Pool(ing)?([123][dD])?").fullmatch
_edition = re.compile(r"[ \t]*netspec[^\n]*\n")


def of_name(name: str, span: Span) -> str:
    """A help for an unknown name that comes from elsewhere; empty for any other."""
    if name in ("nn", "torch", "F"):
        return _of_module(span)
    if name in ("Sequential", "ModuleList"):
        return _of_sequence(span)
    if name.lower() in _CONSTANTS:
        constant = _CONSTANTS[name.lower()]
        return Help(f"did you mean `{constant}`?", Edit(span, constant))
    for path, names in STANDARD.items():
        if name in names:
            edition = _edition.search(span.source.text)
            place = edition.end() if edition else 0
            line = f'use "{path}" {{ {name} }}'
            return Help(f"it is in the standard library: `{line}`", Edit(Span(span.source, place, place), line + "\n"))
    if name in _SAID:
        return _SAID[name]
    if _global(name):
        return _of_call(span, "AdaptiveAvgPool(1)")
    layer = layer_named(name)
    if layer:
        return _of_layer(name, layer, span)
    if name in NOT_YET:
        return f"netspec has no `{name}` yet; an op of your own can stand in"
    return ""


def layer_named(name: str) -> str | None:
    """The layer that a name in lower case stands for: ``relu`` for ``ReLU``."""
    return next((n for n in registry.names() if n.lower() == name and not registry.is_function(n)), None)


def _of_module(span: Span) -> str:
    """``nn.Conv2d``, ``F.relu``, ``torch.cat``."""
    found = _path(span.source.text, span.start)
    if found is None:
        return "ops are written without a module: `Conv2d(64, 3)`"
    name = found[1]
    if registry.find(name) is not None:
        prefix = Span(span.source, span.start, found.start(1))
        return Help(f"ops are written without a module: `{name}`", Edit(prefix, ""))
    other = of_name(name, Span(span.source, *found.span(1)))
    near = closest(name, registry.names())
    if other or near is None:
        return str(other) or "ops are written without a module: `Conv2d(64, 3)`"
    return f"write `{near}(…)`" if registry.is_function(near) else f"write `x -> {near.lower()}: {near}()`"


def _of_call(span: Span, call: str) -> str:
    """Another call in place of one without arguments."""
    inside = arguments_after(span)
    if inside is None or inside.text.strip():
        return f"write `{call}`"
    return Help(f"write `{call}`", Edit(Span(span.source, span.start, inside.end + 1), call))


def _is_step(span: Span) -> bool:
    """Whether an arrow, a label or a module's dot stands before a place."""
    return span.source.text[max(0, span.start - 200) : span.start].rstrip().endswith(("->", ":", "."))


def _of_layer(name: str, layer: str, span: Span) -> str:
    """``relu(x)`` of a tensor, for a layer; ``x -> relu()`` is misspelt."""
    inside = arguments_after(span)
    if inside is None or not inside.text.strip() or _is_step(span):
        return ""
    op, tensor = registry.find(layer), inside.text.strip()
    if not tensor.isidentifier() or op is None or not operations.accepts(op, {}):
        return f"pass it through an arrow: `x -> {name}: {layer}(…)`"
    chain = f"{tensor} -> {label_for(layer, span)}: {layer}()"
    return Help(f"pass it through an arrow: `{chain}`", as_chain(Span(span.source, span.start, inside.end + 1), chain))


def _of_sequence(span: Span) -> str:
    """``Sequential(a, b)``."""
    help = "steps in a row are a list: `[a, b]`"
    inside = arguments_after(span)
    if inside is None:
        return help
    opening = Span(span.source, span.start, inside.start)
    return Help(help, Edit(opening, "["), Edit(Span(span.source, inside.end, inside.end + 1), "]"))


def of_fact(name: str, value: Span, place: Span) -> str:
    """``x.flatten(1)`` and ``x.size(1)``, by the places of the tensor and of the name."""
    inside = arguments_after(place)
    if inside is None:
        return ""
    if name == "size":
        axis = inside.text.strip()
        new = f"shape[{axis}]" if axis else "shape"
        return Help(f"write `.{new}`", Edit(Span(place.source, place.start, inside.end + 1), new))
    if not registry.is_function(name):
        return ""
    call = Span(value.source, value.start, inside.start)
    joint = ", " if inside.text.strip() else ""
    return Help(f"write `{name}({value.text}{joint and ', …'})`", Edit(call, f"{name}({value.text}{joint}"))


def applied(name: str, call: Span, place: Span) -> str:
    """``Conv2d(16, 3)(x)`` and ``ReLU(x)``: a layer called with one tensor, whose place is given."""
    help = "pass it through an arrow: `{}`"
    unknown = help.format(f"x -> label: {name}(…)")
    function = call.source.text[call.start : place.start].rstrip()
    rest = call.source.text[place.end : call.end].strip()
    if not function.endswith("(") or not (rest == ")" or rest.startswith(",")):
        return unknown
    step = function[:-1].rstrip()
    if not step.endswith(")"):
        step = f"{step}({rest[1:-1].strip()})"
    elif rest != ")":
        return unknown
    chain = f"{place.text} -> {label_for(name, call)}: {step}"
    return Help(help.format(chain) if _short(chain) else unknown, as_chain(call, chain))


def added(name: str, step: Span, whole: Span) -> str:
    """``x + Conv2d(8, 3)``: the tensor goes through the step."""
    help = "pass the tensor through it: `{}`"
    unknown = help.format(f"x + (x -> label: {name}(…))")
    left = whole.source.text[whole.start : step.start].rstrip()
    tensor = left.removesuffix("+").rstrip()
    if not tensor.isidentifier() or left == tensor or step.end != whole.end:
        return unknown
    chain = f"({tensor} -> {label_for(name, step)}: {step.text})"
    return Help(help.format(f"{tensor} + {chain}") if _short(chain) else unknown, Edit(step, chain))


def _short(text: str) -> bool:
    """Whether a help can show a text."""
    return len(text) <= 60 and "\n" not in text


def pasted(part: Part, inputs: Sequence[TensorType]) -> str:
    """``Conv2d(3, 64, 3)`` as torch writes it, where in_channels is taken for out_channels."""
    if isinstance(part.target, BlockRef) or "in_channels" not in part.target.op.inferred_names:
        return ""
    places = [dict(part.spans).get(name) for name in ("out_channels", "kernel_size", "stride")]
    first = places[0]
    if first is None or not all(place and place.text.isdecimal() for place in places):
        return ""
    if inputs[0].rank < 2 or inputs[0].channels != part.arguments["out_channels"]:
        return ""
    return Help("`in_channels` is inferred from the input: leave it out", removed(first))


def reused(label: str, call: Span) -> str:
    """``conv1(x)`` for a module of this block."""
    inside = arguments_after(Span(call.source, call.start, call.start + len(label)))
    if inside is None or inside.end + 1 != call.end or not inside.text.strip():
        return f"use it as a step: `-> {label}`"
    chain = f"({inside.text}) -> {label}" if "," in inside.text else f"{inside.text} -> {label}"
    return Help(f"use it as a step: `{chain if _short(chain) else f'-> {label}'}`", as_chain(call, chain))


def label_for(name: str, place: Span) -> str:
    """A label for an op that the spec does not use yet: ``conv`` for ``Conv3d``."""
    base = name[:-2] if name[-2:] in ("1d", "2d", "3d") else name
    taken = set(re.findall(r"\b(\w+)\"?\s*:", place.source.text))
    return free_label(base.lower() or "body", taken, {})


# --------------------------------------------------------------------------------------------------- open sizes


def sizes_of(statement: ast.Input) -> Iterator[ast.Name]:
    """The names alone in an input's shape: ``b`` and ``l`` of ``[b, 3, *l[2]]``."""
    for dim in statement.dims or ():
        expr = dim.value.value if isinstance(dim, ast.Star) and isinstance(dim.value, ast.Index) else dim
        if isinstance(expr, ast.Name):
            yield expr


def small_sizes(names: Sequence[ast.Name]) -> Diagnostic:
    """``[b, 3, h, w]``: unknown names, one mistake of all."""
    different = list({n.id: n for n in names})
    message = f"unknown name{'s' * (len(different) > 1)} {', '.join(f'`{name}`' for name in different)}"
    others = tuple(Label(n.span, "") for n in names[1:])
    return Diagnostic("NS200", message, Label(names[0].span), others, help=capitals(names))


def capitals(names: Sequence[ast.Name]) -> Help:
    """Write open sizes with a capital."""
    new = {n.id: n.id[0].upper() + n.id[1:] for n in names}
    written = ", ".join(f"`{name}`" for name in new.values())
    return Help(f"open sizes are written with a capital: {written}", *(Edit(n.span, new[n.id]) for n in names))
