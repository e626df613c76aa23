"""Parameters: defaults, and values checked against the types of the language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netspec.diagnostics import Edit, Help, mistake
from netspec.dims import Dim
from netspec.elaborate.advice.corrections import corrected, value_place
from netspec.elaborate.session import Frame
from netspec.elaborate.values.comparing import is_int, is_number
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import UNKNOWN, Part, Table, Value
from netspec.elaborate.values.measure import checked_size, holding
from netspec.elaborate.values.operators import is_step
from netspec.elaborate.values.words import bounded, kind, show
from netspec.source import Span
from netspec.syntax import ast

Names = Mapping[str, Value]


class Mismatch(Exception):
    """The value is not of the type."""


_NO = Mismatch()


def bind_parameters(params: tuple[ast.Parameter, ...], given: Names, places: Mapping[str, Span], frame: Frame,
                    span: Span, owner: str, axes: int | None = None) -> None:  # fmt: skip
    """Put the parameters into the frame's names: given values checked, defaults evaluated in order."""
    for param in params:
        if param.rest:
            known = {p.name for p in params}
            pairs = tuple((n, v) for n, v in given.items() if n not in known)
            holding((x for pair in pairs for x in pair), span, frame.session)
            frame.names[param.name] = Table(pairs, tuple(places.items()))
            continue
        if param.name in given:
            value, place = given[param.name], places.get(param.name, span)
        elif param.default is not None:
            value, place = evaluate(param.default, frame), param.default.span
        else:
            missing(param, owner, span)
            continue
        frame.names[param.name] = conform(value, param, frame.names, place, owner, axes)
    if frame.session.recorder is not None:
        frame.session.recorder.bound(params, places, frame)


def missing(param: ast.Parameter, owner: str, span: Span) -> None:
    """Raise the mistake of an argument that is not given."""
    help_ = f"`{param.name}` is {spell(param.type)}" if param.type else ""
    mistake("NS202", f"`{owner}` needs `{param.name}`", span, help=help_)


def conform(value: Value, param: ast.Parameter, names: Names, span: Span, owner: str, axes: int | None = None) -> Value:
    """The value as its parameter's type has it: a scalar spread over ``int[3]``. Raises `Mistake`."""
    if param.type is None or value is UNKNOWN:
        return value
    try:
        return fit(value, param.type, names, axes, span)
    except Mismatch:
        _refuse(value, param, span, owner, names if axes is None else {"axes": axes, **names})


def _refuse(value: Value, param: ast.Parameter, span: Span, owner: str, names: Names) -> None:
    axes: Any = names.get("axes")
    if isinstance(value, Dim):
        mistake("NS214", f"`{param.name}` of `{owner}` must be {spell(param.type)}", span,
                f"the open size {bounded(str(value))}", help="a structure cannot depend on an open size")  # fmt: skip
    what = f"a list of {len(value)}" if isinstance(value, tuple) else kind(value)
    shown = f": {show(value)}" if value is not None and not isinstance(value, Part) else ""
    mistake("NS203", f"`{param.name}` of `{owner}` must be {spell(param.type, names)}", span, what + shown,
            help=_advice(value, param.type, span, axes) or _about_axes(param.type, axes))  # fmt: skip


def _about_axes(type_: ast.Type | None, axes: int | None) -> str:
    inner = type_.item if isinstance(type_, ast.OptionalType) else type_
    if isinstance(inner, ast.ListType) and inner.length == "axes" and axes is None:
        return "`axes` are the spatial axes of the block's first input, and it has none here"
    return ""


def _advice(value: Value, type_: ast.Type | None, place: Span, axes: int | None) -> str:
    """The value that was probably meant."""
    if type_ is None:
        return ""
    members = type_.members if isinstance(type_, ast.UnionType) else (type_,)
    choices = [m.value for m in members if isinstance(m, ast.LiteralType) and isinstance(m.value, str)]
    written = value_place(place)
    if isinstance(value, str) and _is_block(type_) and value[:1].isalpha() and written.text[:1] in ("'", '"'):
        return Help(f"leave out the quotes: `{bounded(value)}`", Edit(written, value))
    advice = corrected(value, place, lambda other: _fits(other, type_, axes, place), choices)
    if not advice and isinstance(value, tuple) and isinstance(type_, ast.ListType) and isinstance(type_.length, int):
        return f"give {type_.length} values, or one for all"
    return advice


def _is_block(type_: ast.Type) -> bool:
    inner = type_.item if isinstance(type_, ast.OptionalType) else type_
    return isinstance(inner, ast.NamedType) and inner.name == "block"


def _fits(value: Value, type_: ast.Type, axes: int | None, span: Span) -> bool:
    try:
        fit(value, type_, {}, axes, span)
    except Mismatch:
        return False
    return True


def fit(value: Value, type_: ast.Type, names: Names, axes: int | None, span: Span) -> Value:
    """The value if it is of the type, converted where the type says so; raises `Mismatch`."""
    if value is UNKNOWN:
        return value
    if isinstance(type_, ast.OptionalType):
        return None if value is None else fit(value, type_.item, names, axes, span)
    if isinstance(type_, ast.UnionType):
        return _fit_union(value, type_, names, axes, span)
    if isinstance(type_, ast.LiteralType):
        return _require(type(value) is type(type_.value) and value == type_.value, value)
    if isinstance(type_, ast.ListType):
        return _fit_list(value, type_, names, axes, span)
    return _fit_named(value, type_.name)


def _require(holds: bool, value: Value) -> Value:
    if not holds:
        raise _NO
    return value


def _fit_named(value: Value, name: str) -> Value:
    if name == "float":
        return float(_require(is_number(value), value))
    if name == "int":
        return _require(is_int(value), value)
    if name == "block":
        return _require(is_step(value), value)
    if name == "None":
        return _require(value is None, value)
    wanted = {"bool": bool, "str": str}.get(name, object)  # an unknown type is a mistake of its own
    return _require(isinstance(value, wanted), value)


def _fit_union(value: Value, type_: ast.UnionType, names: Names, axes: int | None, span: Span) -> Value:
    """The first member that fits; members that would spread a scalar come last."""
    spreading = [m for m in type_.members if isinstance(m, ast.ListType) and m.length is not None]
    for member in [*(m for m in type_.members if m not in spreading), *spreading]:
        try:
            return fit(value, member, names, axes, span)
        except Mismatch:
            continue
    raise _NO


def _fit_list(value: Value, type_: ast.ListType, names: Names, axes: int | None, span: Span) -> Value:
    length = _length(type_.length, names, axes)
    if length is not None and not isinstance(value, (tuple, Table)):
        checked_size(length, span)
        return (fit(value, type_.item, names, axes, span),) * length
    if not isinstance(value, tuple) or (length is not None and len(value) != length):
        raise _NO
    return tuple(fit(v, type_.item, names, axes, span) for v in value)


def _length(length: int | str | None, names: Names, axes: int | None) -> int | None:
    if not isinstance(length, str):
        return length
    known: Any = axes if length == "axes" and length not in names else names.get(length)
    if not is_int(known) or known < 0:
        raise _NO
    return int(known)


def spell(type_: ast.Type | None, names: Names | None = None) -> str:
    """A type in the user's words: ``an int``, ``int[3]``, ``int[n] with n = 3``, ``"down" or "up"``."""
    if isinstance(type_, ast.OptionalType):
        return f"{spell(type_.item, names)} or None"
    if isinstance(type_, ast.UnionType):
        return " or ".join(spell(m, names) for m in type_.members)
    if isinstance(type_, ast.LiteralType):
        return show(type_.value)
    if isinstance(type_, ast.ListType):
        length = "" if type_.length is None else type_.length
        known = (names or {}).get(str(length))
        return f"{type_.item.span.text}[{length}]" + (f" with {length} = {show(known)}" if is_int(known) else "")
    return _WORDS.get(type_.name, type_.name) if type_ is not None else "anything"


_WORDS = {"int": "an int", "float": "a number", "bool": "True or False", "str": "a string", "block": "a block or op"}
