"""Initial values: ``kaiming_normal(mode="fan_out")``, a number, or the numbers of a buffer; raw tensors."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import did_you_mean, mistake
from netspec.dims import Dim
from netspec.elaborate.session import Frame
from netspec.elaborate.values.arguments import Bound, Parameters, arguments, assign
from netspec.elaborate.values.comparing import is_int, is_number
from netspec.elaborate.values.evaluation import evaluate, spread
from netspec.elaborate.values.kinds import UNKNOWN, Value
from netspec.elaborate.values.words import bounded, kind
from netspec.graph import Initial, RawTensor
from netspec.graph.initial import FUNCTIONS
from netspec.source import Span
from netspec.syntax import ast
from netspec.types import TensorType


def initial(expr: ast.Expr | None, frame: Frame) -> Any:
    """The `Initial` that an expression stands for; None (nothing written) leaves zeros."""
    if expr is None:
        return Initial("zeros")
    if isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name) and not _is_bound(expr.function.id, frame):
        if expr.function.id in FUNCTIONS:
            return _function(expr.function.id, expr, frame)
        near = did_you_mean(expr.function.id, FUNCTIONS)
        if near:
            mistake("NS200", f"torch.nn.init has no `{expr.function.id}`", expr.function.span, help=near)
    if isinstance(expr, ast.Name) and expr.id in FUNCTIONS and not _is_bound(expr.id, frame):
        return _complete(expr.id, {}, expr.span)
    value = evaluate(expr, frame)
    if value is UNKNOWN:
        return UNKNOWN
    if not is_number(value) and not isinstance(value, bool):
        mistake("NS207", f"an initial value is a number or a function of torch.nn.init, not {kind(value)}", expr.span)
    return Initial("constant", (value,))


def _is_bound(name: str, frame: Frame) -> bool:
    return name in frame.names or name in frame.file.names


def _function(name: str, expr: ast.Call, frame: Frame) -> Any:
    given = arguments(expr.args, expr.keywords, frame)
    if given is None:
        return UNKNOWN
    names = tuple(FUNCTIONS[name])
    bound = assign(Parameters(name, names, names), given)
    for value, place in bound.values():
        if not is_number(value) and not isinstance(value, (str, bool)):
            mistake("NS203", f"`{name}` takes numbers and strings, not {kind(value)}", place)
    return _complete(name, bound, expr.span)


def _complete(name: str, bound: Bound, span: Span) -> Initial:
    missing = [p for p, default in FUNCTIONS[name].items() if default is ... and p not in bound]
    if missing:
        mistake("NS202", f"`{name}` needs `{missing[0]}`", span)
    return Initial(name, (), tuple((n, v) for n, (v, _) in bound.items()))


# --------------------------------------------------------------------------------------------------- raw tensors


def raw_tensor(s: ast.RawTensor, frame: Frame) -> bool:
    """``param name: [dims] = value`` and ``buffer …``."""
    draft = frame.draft
    assert draft is not None
    dtype = s.dtype or "float"
    if dtype not in ("float", "int", "bool"):
        mistake("NS211", f"unknown dtype `{dtype}`", s.span, help="the dtypes are float, int and bool")
    if s.kind == "param" and dtype != "float":
        mistake(
            "NS207", f"a param is trained and cannot be {dtype}", s.name_span, help=f"`buffer {s.name}: {dtype}[…]`"
        )
    sizes = [size for dim in s.dims for size in _sizes(dim, s.kind, frame)]
    if any(size is UNKNOWN for size in sizes):
        return False
    type_ = TensorType(dtype, tuple(sizes))  # type: ignore[arg-type]
    value = _numbers(s.value, type_, frame) if s.kind == "buffer" else initial(s.value, frame)
    if value is UNKNOWN:
        return False
    registered = draft.register(s.name, None, s.name_span)
    registered.take(RawTensor(s.kind, s.name, value), (type_,))
    (frame.names[s.name],) = draft.add(s.name, registered.body, (), (type_,), s.name_span, registered)
    return True


def _sizes(dim: ast.Expr | ast.Star, what: str, frame: Frame) -> list[Any]:
    values = spread(dim, frame) if isinstance(dim, ast.Star) else (evaluate(dim, frame),)
    for value in values:
        if isinstance(value, Dim):
            mistake("NS214", f"a {what} needs known sizes, and {bounded(str(value))} is open", dim.span,
                    help="give it the largest size, and slice it where it is used: `p[:, :x.shape[1]]`")  # fmt: skip
        if value is not UNKNOWN and not is_int(value):
            mistake("NS207", f"a size is an int, not {kind(value)}", dim.span)
        if value is not UNKNOWN and value < 1:
            mistake("NS304", f"a size of {value}", dim.span, "every size is at least 1")
    return list(values)


def _numbers(expr: ast.Expr | None, type_: TensorType, frame: Frame) -> Any:
    """The value of a buffer: a number for all of it, a function of torch.nn.init, or nested lists of its shape."""
    if expr is None or (
        isinstance(expr, ast.Call) and isinstance(expr.function, ast.Name) and expr.function.id in FUNCTIONS
    ):
        return initial(expr, frame)
    value = evaluate(expr, frame)
    if value is UNKNOWN:
        return UNKNOWN
    if is_number(value) or isinstance(value, bool):
        return Initial("constant", (value,))
    if _shape(value) != type_.dims:
        given = f"the shape here is {list(_shape(value))}" if isinstance(value, tuple) else kind(value)
        if isinstance(value, tuple) and isinstance(_first(value), tuple):
            given = "lists of different lengths"
        mistake("NS203", f"the buffer {type_} needs numbers of that shape", expr.span, given)
    wrong = next((v for v in _items(value) if not is_number(v) and not isinstance(v, bool)), None)
    if wrong is not None:
        mistake("NS203", f"a buffer holds numbers, not {kind(wrong)}", expr.span)
    return value


def _shape(value: Value) -> tuple[int, ...]:
    """The shape of nested lists, as far as they are of one shape."""
    shape: list[int] = []
    level = [value]
    while level and all(isinstance(v, tuple) and len(v) == len(level[0]) for v in level):
        shape.append(len(level[0]))
        level = [item for v in level for item in v]
    return tuple(shape)


def _first(value: Value) -> Value:
    """What stands below the shape of nested lists: a number, or a list where they are uneven."""
    for _ in _shape(value):
        value = value[0] if value else None
    return value


def _items(value: Value) -> list[Value]:
    return [x for v in value for x in _items(v)] if isinstance(value, tuple) else [value]
