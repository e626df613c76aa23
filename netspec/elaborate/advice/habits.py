"""Names and calls of PyTorch, Keras and Python: what netspec has instead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from netspec.diagnostics import Diagnostic, Edit, Help, Label, closest, removed
from netspec.elaborate import operations
from netspec.elaborate.blocks.labels import free_label
from netspec.elaborate.program import BlockRef
from netspec.elaborate.scopes import tensor_names
from netspec.elaborate.values.kinds import Part, Value
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast
from netspec.syntax.rewriting import arguments_after, as_chain
from netspec.types import TensorType

#: Blocks that specs often take from the standard library, by its files.
STANDARD = {"std/conv": ("ConvModule",)}
#: Layers and functions of torch that netspec does not have, and whose names are like those of others.
NOT_YET = frozenset({
    "Bilinear", "CosineSimilarity", "EmbeddingBag", "Fold", "FractionalMaxPool2d", "FractionalMaxPool3d", "LSTMCell",
    "GRUCell", "MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d", "PairwiseDistance", "RNNCell", "RReLU", "SyncBatchNorm",
    "Transformer", "Unfold", "addmm", "argmax", "argmin", "asin", "atan", "atan2", "bilinear", "cross", "cummax",
    "cummin", "cumsum", "expm1", "fmax", "fmin", "inverse", "log10", "log1p", "log2", "logit", "logsumexp", "median",
    "msort", "rrelu", "sort", "tan", "trace", "unique",
})  # fmt: skip
#: Calls of torch's that are other calls here; those of another name alone are known to `closest`.
_CALLS = {"Softmax2d": "Softmax(1)"}
#: The channels of its input, as layers of torch and published blocks name them as an argument.
CHANNELS = frozenset({"in_channels", "in_features", "num_features", "in_planes", "inplanes", "in_dim", "in_ch"})
_CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None", "nil": "None"}
_SAID = {
    "stage": "a stage has a label: `stage layer1: …`", "swapaxes": "axes change places with `transpose(x, 1, 2)`",
    "where": "`masked_fill(x, mask, value)` puts a number where a bool tensor is True",
    "UpSampling2D": "write `Upsample(scale_factor=2)`", "square": "write `x * x`", "rsqrt": "write `1 / sqrt(x)`",
    "LayerNorm2d": '`rearrange("b c h w -> b h w c") -> norm: LayerNorm() -> rearrange("b h w c -> b c h w")`',
}  # fmt: skip
#: Functions of values that Python has in a module.
_FUNCTIONS = frozenset({"prod", "ceil", "floor", "any", "all"})
_path = re.compile(r"(?:torch|nn|F|math|np)(?:\.nn|\.functional)*\.(\w+)").match
_label_before = re.compile(r"->\s*(\w+)\s*:\s*\Z").search
_spread = re.compile(r"[,\[]\s*\*\Z").search
_global = re.compile(r"Global(Avg|Average)Pool(ing)?([123][dD])?").fullmatch
_edition = re.compile(r"[ \t]*netspec[^\n]*\n")


def of_name(name: str, span: Span) -> str:
    """A help for an unknown name that comes from elsewhere; empty for any other."""
    if name in ("nn", "torch", "F", "math", "np"):
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
    from netspec.elaborate.advice.methods import NAMES

    if name in _SAID or name in NAMES:
        return _SAID.get(name) or NAMES[name]
    if name[0].isupper() and _spread(span.source.text[max(0, span.start - 20) : span.start]):
        return f"`*{name}[2]` is two open sizes"
    call = "AdaptiveAvgPool(1)" if _global(name) else _CALLS.get(name)
    if call:
        return _of_call(span, call)
    layer = layer_named(name)
    if layer:
        return _of_layer(name, layer, span)
    return not_yet(name) if name[0].isupper() or arguments_after(span) is not None else ""


def not_yet(name: str) -> str:
    """A help for what torch has and netspec does not; empty for any other name."""
    return f"netspec has no `{name}` yet; an op of your own can stand in" if name in NOT_YET else ""


def layer_named(name: str) -> str | None:
    """The layer that a name in lower case stands for: ``relu`` for ``ReLU``."""
    plain = name.replace("_", "")
    return next((n for n in registry.names() if n.lower() == plain and not registry.is_function(n)), None)


def as_member(function: Part) -> str:
    """``[Conv2d(8, 3), relu()]``: the layer of a function, where it takes the same arguments."""
    layer, span = layer_named(function.name) if function.name.islower() else None, function.span
    op = registry.find(layer) if layer else None
    if layer is None or op is None:
        return ""
    brackets = "" if span.text.endswith(")") else "()"
    edit = Edit(span, f"{layer}{span.text[len(function.name) :]}{brackets}")
    same = span.text.startswith(function.name) and operations.accepts(op, function.arguments)
    return Help(f"use `{layer}({'…' if function.bound else ''})`", *([edit] if same else []))


def _of_module(span: Span) -> str:
    """``nn.Conv2d``, ``F.relu``, ``torch.cat``, ``math.sqrt``."""
    found = _path(span.source.text, span.start)
    if found is None:
        return "ops are written without a module: `Conv2d(64, 3)`"
    name = found[1]
    prefix = Span(span.source, span.start, found.start(1))
    if registry.find(name) is not None:
        return Help(f"ops are written without a module: `{name}`", Edit(prefix, ""))
    if name in _FUNCTIONS:
        return Help(f"functions are written without a module: `{name}`", Edit(prefix, ""))
    other = of_name(name, Span(span.source, *found.span(1)))
    near = closest(name, registry.names())
    if isinstance(other, Help) and other.edits:
        return Help(other, *_without(prefix, other.edits))
    if other or near is None:
        return str(other) or "ops are written without a module: `Conv2d(64, 3)`"
    return f"write `{near}(…)`" if registry.is_function(near) else f"write `x -> {near.lower()}: {near}()`"


def _without(prefix: Span, edits: Sequence[Edit]) -> Iterator[Edit]:
    """Edits that write a call, without the module before it."""
    for edit in edits:
        joined = edit.span.start == prefix.end
        yield Edit(prefix.to(edit.span), edit.text) if joined else edit


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
    """``Sequential(a, b)``, ``ModuleList([a, b])``."""
    help = "steps in a row are a list: `[a, b]`"
    inside = arguments_after(span)
    if inside is None or "OrderedDict" in inside.text or "{" in inside.text:
        return help
    opening, closing = Span(span.source, span.start, inside.start), Span(span.source, inside.end, inside.end + 1)
    listed = _is_list(inside)
    return Help(help, Edit(opening, "" if listed else "["), Edit(closing, "" if listed else "]"))


def _is_list(inside: Span) -> bool:
    """Whether the arguments of a call are one list."""
    text = inside.text.strip()
    return text.startswith("[") and _matching(text) == len(text) - 1


def _matching(text: str) -> int:
    """The place of the bracket that closes the first one."""
    depth = 0
    for place, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}")
        if not depth:
            return place
    return -1


def applied(name: str, call: Span, tensors: Sequence[Span]) -> str:
    """``Conv2d(16, 3)(x)``, ``ReLU(x)`` and ``Gate(x, y, 16)``: a step called with tensors, whose places are given."""
    several = len(tensors) > 1
    help = f"pass {'them' if several else 'it'} through an arrow: `{{}}`"
    unknown = help.format(f"{'(x, y)' if several else 'x'} -> label: {name}(…)")
    function = call.source.text[call.start : tensors[0].start].rstrip()
    rest = call.source.text[tensors[-1].end : call.end].strip()
    if not function.endswith("(") or not (rest == ")" or rest.startswith(",")):
        return unknown
    step = function[:-1].rstrip()
    if not step.endswith(")"):
        step = f"{step}({rest[1:-1].strip()})"
    elif rest != ")":
        return unknown
    given = tensors[0].to(tensors[-1]).text
    given = f"({given})" if several else given
    label = _label_before(call.source.text[max(0, call.start - 200) : call.start])
    chain = f"{given} -> {label[1] if label else label_for(name, call)}: {step}"
    return Help(help.format(chain) if _short(chain) else unknown, *([] if label else [as_chain(call, chain)]))


def called_with(body: Sequence[ast.Statement], node: ast.Call, found: Diagnostic) -> Diagnostic:
    """``Gate(x, y)``: too many arguments by position, of which the first are tensors of a block."""
    tensors = set(tensor_names(body)) if found.code == "NS204" else ()
    first = [a.span for a in takewhile(lambda a: isinstance(a, ast.Name) and a.id in tensors, node.args)]
    if not first:
        return found
    name = node.function.span.text
    return Diagnostic("NS207", "a tensor is no argument", Label(first[0]), help=applied(name, node.span, first))


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


def after_comma(value: Value, span: Span) -> str:
    """``output x -> lin: Linear(64), relu``: one step after the other."""
    before = span.source.text[max(0, span.start - 200) : span.start].rstrip()
    if not isinstance(value, Part) or not before.endswith(","):
        return ""
    step = span.text if value.is_function else f"{label_for(value.name, span)}: {span.text}"
    comma = Span(span.source, span.source.text.rindex(",", 0, span.start), span.end)
    return Help(f"steps follow each other with an arrow: `-> {step if _short(step) else value.name}`",
                Edit(comma, f" -> {step}"))  # fmt: skip


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
