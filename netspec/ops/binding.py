"""Arguments of a spec as attributes of an op, with refusals in the user's terms."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from types import NoneType
from typing import get_args, get_origin

from pydantic import ValidationError

from netspec.diagnostics.suggest import did_you_mean
from netspec.dims import Dim
from netspec.ops.base import Op, check_rank
from netspec.ops.contract import Inferred, Refused, shown
from netspec.ops.registry import OpName
from netspec.types import TensorType


def positional_names(op: type[Op]) -> tuple[str, ...]:
    """The attributes that may be given by position, in order."""
    return op.positional if op.positional is not None else attribute_names(op)


@lru_cache(512)
def attribute_names(op: type[Op]) -> tuple[str, ...]:
    """All attributes that a spec may give by their own name, in order."""
    return tuple(n for n in op.model_fields if n not in op.internal and n != op.rest)


def check_arguments(op_name: OpName, n_positional: int, keyword_names: Collection[str]) -> Refused | None:
    """What is wrong with the arguments whatever their values; tensors given by position are not counted."""
    op, name = op_name.op, op_name.name
    positional = positional_names(op)
    if n_positional > len(positional):
        return _too_many(op_name, n_positional, len(positional))
    allowed = (*attribute_names(op), *op.operands)
    for keyword in keyword_names:
        if keyword not in allowed and not op.rest:
            return _unknown(op_name, keyword, allowed)
        if keyword in positional[:n_positional]:
            return Refused(f"{name} gets {keyword} twice", attribute=keyword)
    for field, info in op.model_fields.items():
        if info.is_required() and field not in keyword_names and field not in positional[:n_positional]:
            return Refused(f"{name} needs {field}", help=_signature(op_name), attribute=field, listed="required")
    return None


def bind(op_name: OpName, args: Sequence[object], kwargs: Mapping[str, object]) -> Op:
    """The op with these attributes. Raises `Refused`."""
    refused = check_arguments(op_name, len(args), kwargs)
    if refused:
        raise refused
    values = {**dict(zip(positional_names(op_name.op), args, strict=False)), **kwargs}
    try:
        return op_name.op(**_collected(op_name.op, values))
    except ValidationError as error:
        raise _wrong_type(op_name, values, error, len(args)) from None


def _collected(op: type[Op], values: Mapping[str, object]) -> dict[str, object]:
    """The values by field: those that no field names together under `Op.rest`."""
    if op.rest is None:
        return dict(values)
    names = attribute_names(op)
    own = {n: v for n, v in values.items() if n in names}
    return {**own, op.rest: tuple((n, v) for n, v in values.items() if n not in names)}


def infer(op_name: OpName, op: Op, inputs: Sequence[TensorType]) -> Inferred:
    """The shape rule under the name as written: ``Conv3d`` takes rank 5 only. Raises `Refused`."""
    name = op_name.name
    _check_number(op_name, op, len(inputs))
    if op.arity == 1:
        check_rank(op_name.op, name, op_name.axes, inputs[0])
    return op.infer(*inputs)


def _check_number(op_name: OpName, op: Op, given: int) -> None:
    """Refuse too few tensors, or more than the op has operands for."""
    if op.arity is None or op.arity <= given <= op.arity + len(op.operands):
        return
    tensors = "1 tensor" if op.arity == 1 else f"{op.arity} tensors"
    more = f", and may take {' and '.join(op.operands)}," if op.operands else ""
    comma = "" if more else ","
    raise Refused(f"{op_name.name} takes {tensors}{more}{comma} got {given}", help=op.tensors_help)


def _too_many(op_name: OpName, given: int, most: int) -> Refused:
    noun = "argument" if most == 1 else "arguments"
    message = f"{op_name.name} takes at most {most} positional {noun}, got {given}"
    if not most:
        message = f"{op_name.name} takes its arguments by name"
    return Refused(message, help=_leave_out(op_name.op) or _signature(op_name))


def _unknown(op_name: OpName, keyword: str, allowed: Sequence[str]) -> Refused:
    if keyword in op_name.op.inferred_names:
        message = f"{op_name.name} takes no {keyword}"
        return Refused(message, help=_leave_out(op_name.op), attribute=keyword, listed="left_out")
    help = did_you_mean(keyword, allowed) or _signature(op_name)
    message = f"{op_name.name} has no argument `{keyword}`"
    return Refused(message, help=help, attribute=keyword, listed="left_out")


def _leave_out(op: type[Op]) -> str:
    if not op.inferred_names:
        return ""
    extra = ": write PReLU(per_channel=True) for one slope per channel" if op.__name__ == "PReLU" else ""
    return f"{' and '.join(op.inferred_names)} is inferred from the input; leave it out{extra}"


def _signature(op_name: OpName) -> str:
    """``Conv3d(out_channels, kernel_size, stride=1, …)``, of a function ``mean(x, axis=…, keepdim=False)``."""
    of_tensor = not op_name.op.is_module and op_name.op.arity == 1
    parts = ["x"] * of_tensor
    for name in (*attribute_names(op_name.op), *op_name.op.operands):
        info = op_name.op.model_fields.get(name)
        needed = f"{name}=…" if of_tensor else name
        parts.append(needed if info is None or info.is_required() else f"{name}={info.get_default()!r}")
    parts += [f"**{op_name.op.rest}"] if op_name.op.rest else []
    return f"{op_name.name}({', '.join(parts)})"


def _wrong_type(op_name: OpName, values: Mapping[str, object], error: ValidationError, n_positional: int) -> Refused:
    first = error.errors(include_url=False, include_context=False)[0]
    field = attribute = str(first["loc"][0])
    if field == op_name.op.rest:
        others = [n for n in values if n not in attribute_names(op_name.op)]
        attribute = others[int(first["loc"][1])]
    message = f"{attribute} must be {_expected(op_name.op, field)}, got {_shown(values[attribute])}"
    by_position = attribute in positional_names(op_name.op)[:n_positional]
    help = _leave_out(op_name.op) if by_position else ""
    return Refused(message, help=help, attribute=attribute, listed=_listed(attribute, first["type"]))


def _listed(attribute: str, kind: str) -> str:
    """Why a value is refused that torch may take."""
    if not kind.startswith(("greater_than", "less_than")):
        return "required" if kind == "too_short" else "attribute_type"
    return _OUTSIDE.get(attribute, "empty")


#: Why attributes are refused that are too small, or too large.
_OUTSIDE = {
    "padding": "negative_padding", "eps": "negative_eps", "layer_norm_eps": "negative_eps", "dropout": "dropout",
}  # fmt: skip


def _expected(op: type[Op], attribute: str) -> str:
    info = op.model_fields[attribute]
    if info.description:
        return info.description
    literals = [_simple(v) or repr(v).replace("'", '"') for v in get_args(info.annotation)]
    return _simple(info.annotation) or _one_of(literals)


def choices(op: type[Op], attribute: str) -> tuple[str, ...]:
    """The strings that an attribute may be: of ``"zeros" | "reflect"``, of ``int | "same"``."""
    info = op.model_fields.get(attribute)
    return tuple(_strings(info.annotation)) if info else ()


def takes_list(op: type[Op], attribute: str) -> bool:
    """Whether an attribute may be a list of numbers: ``int | tuple[int, ...]``."""
    info = op.model_fields.get(attribute)
    parts = (info.annotation, *get_args(info.annotation)) if info else ()
    return any(get_origin(part) is tuple for part in parts)


def _strings(annotation: object) -> Iterator[str]:
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        else:
            yield from _strings(part)


_WORDS: Mapping[object, str] = {
    bool: "True or False", int: "an int", float: "a number", str: "a string", NoneType: "None",
}  # fmt: skip


def _simple(annotation: object) -> str:
    """A type in the user's words; empty for a literal or what is made of others."""
    return _WORDS.get(annotation, "") if isinstance(annotation, type) else ""


def _one_of(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} or {texts[-1]}"


def _shown(value: object) -> str:
    if isinstance(value, Dim):
        return f"the open size {shown(value)}"
    return shown(repr(tuple(value) if isinstance(value, list) else value))
