"""Calls: of functions, of built-ins, of functions of tensors; a call of a block or op binds its arguments."""

from __future__ import annotations

from netspec.diagnostics import Edit, Help, mistake
from netspec.elaborate import names
from netspec.elaborate.blocks.parameters import bind_parameters
from netspec.elaborate.session import Frame
from netspec.elaborate.values.arguments import Arguments, Parameters, arguments, assign, bind, holds_tensor
from netspec.elaborate.values.builtins import BUILTINS, call_builtin
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.functions import apply_function
from netspec.elaborate.values.kinds import UNKNOWN, Family, Part, Tensor, Value, members
from netspec.elaborate.values.words import kind
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast


def call(expr: ast.Call, frame: Frame) -> Value:
    """The value of a call."""
    callee = _callee(expr.function, frame)
    given = arguments(expr.args, expr.keywords, frame)
    if callee is UNKNOWN or given is None:
        return UNKNOWN
    if isinstance(callee, names.FunctionRef):
        return call_function(callee, given, frame, expr.span)
    if isinstance(callee, names.Builtin):
        return _call_builtin(callee.name, given, frame, expr.span)
    if not isinstance(callee, Part):
        name = expr.function.span.text
        help_ = f"`{name}` hides the declaration of this name: rename one of them" if name in frame.file.names else ""
        mistake("NS207", f"{kind(callee)} cannot be called", expr.function.span, help=help_)
    if callee.is_function:
        return _call_tensor_function(callee, given, frame, expr.span)
    return bind(callee, given, expr.span, frame.session)


def _callee(function: ast.Expr, frame: Frame) -> Value:
    if not isinstance(function, ast.Name):
        return evaluate(function, frame)
    return names.resolve(function.id, frame, function.span)


def _call_builtin(name: str, given: Arguments, frame: Frame, span: Span) -> Value:
    op = registry.find(name)
    if op is not None and (not given.positional or any(isinstance(v, Tensor) for v in given.values)):
        return _call_tensor_function(Part(op, span), given, frame, span)
    for value, place in given.positional:
        if isinstance(value, Tensor) and name not in ("len", "str", "is_list"):
            from netspec.elaborate.advice.methods import OF_TENSORS

            mistake("NS207", f"`{name}` does not take a tensor", place, help=OF_TENSORS.get(name, ""))
    for keyword, _, place in given.keywords:
        arity = BUILTINS[name].arity
        mistake("NS201", f"`{name}` takes no argument `{keyword}`", place, help=f"it takes {arity} by position")
    return call_builtin(name, tuple(v for v, _ in given.positional), frame, span)


def call_function(ref: names.FunctionRef, given: Arguments, frame: Frame, span: Span) -> Value:
    """The body of a ``fn`` with its parameters bound."""
    function = ref.function
    free = [p.name for p in function.params]
    bound = assign(Parameters(function.name, free, free), given)
    with frame.session.entering(id(function), f"`{function.name}` calls", span):
        inner = Frame(frame.session, ref.file, {}, frame.draft)
        values = {n: v for n, (v, _) in bound.items()}
        places = {n: s for n, (_, s) in bound.items()}
        bind_parameters(function.params, values, places, inner, span, function.name)
        return evaluate(function.body, inner)


def _call_tensor_function(part: Part, given: Arguments, frame: Frame, span: Span) -> Value:
    """Tensors among the arguments are operands; without any the call is a step, ``-> flatten()``."""
    operands: list[Tensor] = []
    rest: list[tuple[Value, Span]] = []
    for value, place in given.positional:
        if isinstance(value, (Tensor, Family)) and not rest:
            operands += [m for m in members(value) if isinstance(m, Tensor)]
        elif isinstance(value, tuple) and holds_tensor(value):
            help_ = f"`{part.name}(a, b)`, or `{part.name}(*xs)`"
            if place.text[:1] in ("(", "["):
                inside = place.text[1:-1].rstrip().removesuffix(",")
                shown = f"`{part.name}({inside})`" if len(inside) <= 40 and "\n" not in inside else help_
                help_ = Help(shown, Edit(place, inside))
            mistake("NS207", f"`{part.name}` takes its tensors side by side, not in a list", place, help=help_)
        else:
            rest.append((value, place))
    bound = bind(part, Arguments(tuple(rest), given.keywords), span, frame.session)
    return apply_function(bound, operands, frame, span) if operands else bound
