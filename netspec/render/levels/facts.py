"""What tells a block or layer from another one of its class: ``, kernel 7, dilation 3, 64 → 256, stride 2``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from netspec.graph import Definition, OpCall, Repeat, leaves
from netspec.graph.model import Body
from netspec.render.levels.collect import worked_on
from netspec.render.levels.families import channel_axis, family_of
from netspec.render.levels.sizes import Change, change, scale_text
from netspec.render.levels.sketch import Part
from netspec.render.words import DIVIDED, MINUS, TIMES, one_line
from netspec.types import TensorType

#: An argument's value is left out beyond this length.
ARGUMENT_LENGTH = 40
#: Of the different values of an argument, so many are told.
MOST_VALUES = 6
#: How operators are shown; other joins go by name.
SIGNS = {"-": MINUS, "*": TIMES, "/": DIVIDED}


def facts(part: Part, outputs: tuple[TensorType, ...]) -> str:
    """``, kernel (3, 7, 7), 3 → 64, stride (1, 2, 2)``."""
    if not part.inputs or not outputs:
        return ""
    told = _kernel(part), _output_size(part), _channels(part, outputs[0]), scale(part, outputs), _dilation(part)
    return "".join(f", {f}" for f in told if f)


def scale(part: Part, outputs: tuple[TensorType, ...]) -> str:
    """How the size changes; of what takes it from another tensor that it does, of what is told it nothing."""
    if isinstance(part.body, OpCall):
        if "like" in part.body.op.operands and len(part.inputs) > worked_on(part.body, len(part.inputs)):
            return "like"
        if part.is_join or getattr(part.body.op, "size", None) is not None:
            return ""
    return scale_text(part.inputs[0], outputs[0]) if part.inputs and outputs else ""


def _kernel(part: Part) -> str:
    """The kernel of a layer, or of the only convolution of a block."""
    if isinstance(part.body, OpCall):
        settings = part.body.op.settings(*part.inputs)
    elif isinstance(part.body, Definition):
        found = list(islice((leaf for leaf in leaves(part.body) if leaf.call.op.family == "conv"), 2))
        settings = found[0].call.op.settings(*found[0].inputs) if len(found) == 1 else {}
    else:
        return ""
    return f"kernel {_even(settings['kernel_size'])}" if settings.get("kernel_size") is not None else ""


def resized(part: Part) -> Change | None:
    """Does it make its first tensor smaller or larger?"""
    if not part.inputs:
        return None
    return change(part.inputs[0], part.outputs[0], channel_axis(part.body, part.inputs[0]))


def _dilation(part: Part) -> str:
    """The dilation of a layer, or the only one that the layers of a block have."""
    found = {_even(d) for d in _dilations(part.body, set())} - {1}
    return f"dilation {found.pop()}" if len(found) == 1 else ""


def _dilations(body: Body, seen: set[Body]) -> Iterator[Any]:
    if isinstance(body, Repeat):
        yield from _dilations(body.body, seen)
    elif isinstance(body, OpCall):
        yield getattr(body.op, "dilation", 1)
    elif isinstance(body, Definition) and body not in seen:
        seen.add(body)
        for node in body.nodes:
            yield from _dilations(node.body, seen)


def _even(value: Any) -> Any:
    """One number for a setting that is the same for every axis."""
    return value[0] if isinstance(value, tuple) and len(set(value)) == 1 else value


def _output_size(part: Part) -> str:
    """The size that a pool is asked for."""
    if not isinstance(part.body, OpCall) or part.body.op.family != "pool":
        return ""
    size = getattr(part.body.op, "output_size", None)
    return f"size {_even(size)}" if size is not None else ""


def _channels(part: Part, after: TensorType) -> str:
    """``64 → 256``, or ``256`` where they stay; only of what works on channels."""
    before = part.inputs[0]
    axis = channel_axis(part.body, before)
    if axis is None or before.rank != after.rank or family_of([part]) not in ("conv", "linear"):
        return ""
    old, new = before.dims[axis], after.dims[axis]
    if not (isinstance(old, int) and isinstance(new, int)):
        return ""
    return str(new) if old == new else f"{old} → {new}"


# --------------------------------------------------------------------------------------------------- arguments


def differing(bodies: Sequence[Body]) -> list[str]:
    """The parameters of a block for which its instances have different arguments."""
    blocks = [b for b in bodies if isinstance(b, Definition)]
    names = blocks[0].arguments if blocks and len(blocks) == len(bodies) else ()
    return [name for name in names if len({shown(b, name) for b in blocks}) > 1]


def differences(bodies: Sequence[Body]) -> tuple[str, ...]:
    """What its instances have for these, in order: ``dilation 1, 3, 9``."""
    return tuple(f"{name} {_listed(dict.fromkeys(shown(b, name) for b in bodies))}" for name in differing(bodies))


def _listed(values: Iterable[str]) -> str:
    texts = list(values)
    rest = f" and {len(texts) - MOST_VALUES} more" if len(texts) > MOST_VALUES + 1 else ""
    return ", ".join(texts[:MOST_VALUES] if rest else texts) + rest


def shown(body: Body, name: str) -> str:
    """The argument of a block as pictures show it."""
    return value_text(body.arguments.get(name)) if isinstance(body, Definition) else ""


def value_text(value: object) -> str:
    """A value on one line, numbers with four digits; a long one is left out."""
    text = f"{value:.4g}" if isinstance(value, float) else one_line(str(value))
    return text if len(text) <= ARGUMENT_LENGTH else "…"


# --------------------------------------------------------------------------------------------------- functions


def formula(part: Part) -> str:
    """What a function does besides its name: ``÷ 2``, ``[:, 0]``, the pattern of a `rearrange`."""
    told = _FORMULAS.get(part.body.name) if isinstance(part.body, OpCall) else None
    return one_line(told(part.body.op)) if told and isinstance(part.body, OpCall) else ""


def _operand(op: Any) -> str:
    """The numbers of arithmetic with one tensor, called x where it does not come first."""
    sign = SIGNS.get(op.symbol, op.symbol)
    numbers = dict(op.numbers)
    if not numbers:
        return ""
    if 0 in numbers and op.symbol in "-/":
        return f"{value_text(numbers.pop(0))} {sign} x" + "".join(f" {sign} {value_text(n)}" for n in numbers.values())
    return " ".join(f"{sign} {value_text(n)}" for n in numbers.values())


def _indices(op: Any) -> str:
    return f"[{', '.join(map(_entry, op.indices))}]"


def _entry(entry: Any) -> str:
    if not isinstance(entry, tuple):
        return str(entry)
    start, stop, step = ("" if bound is None else str(bound) for bound in entry)
    return f"{start}:{stop}" + (f":{step}" if step else "")


def _pattern(op: Any) -> str:
    return ", ".join((op.pattern, *(f"{name}={size}" for name, size in op.sizes)))


_FORMULAS: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(("add", "sub", "mul", "div"), _operand), "index": _indices, "rearrange": _pattern,
}  # fmt: skip
