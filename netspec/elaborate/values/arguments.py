"""Arguments of calls: evaluated, and assigned to the parameters that they are for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import NoReturn

from netspec.diagnostics import Edit, Help, Label, did_you_mean, mistake, removed
from netspec.elaborate import operations
from netspec.elaborate.advice.habits import CHANNELS
from netspec.elaborate.advice.habits import applied as called
from netspec.elaborate.program import BlockRef
from netspec.elaborate.session import Frame, Session
from netspec.elaborate.values.evaluation import evaluate, spread
from netspec.elaborate.values.kinds import PLAIN, UNKNOWN, Family, Part, Table, Tensor, Value
from netspec.elaborate.values.measure import holding
from netspec.elaborate.values.words import count, kind, listing
from netspec.ops.registry import OpName
from netspec.source import Span
from netspec.syntax import ast


@dataclass(frozen=True, slots=True)
class Arguments:
    """The evaluated arguments of a call with their places."""

    positional: tuple[tuple[Value, Span], ...]
    keywords: tuple[tuple[str, Value, Span], ...] = ()

    @property
    def values(self) -> tuple[Value, ...]:
        return (*(v for v, _ in self.positional), *(v for _, v, _ in self.keywords))


Bound = dict[str, tuple[Value, Span]]
"""Parameters with their values and where those were written."""


def arguments(args: Sequence[ast.Expr | ast.Star], keywords: Sequence[ast.Keyword], frame: Frame) -> Arguments | None:
    """Evaluate the arguments of a call; None where one is unknown."""
    positional: list[tuple[Value, Span]] = []
    for arg in args:
        if isinstance(arg, ast.Star):
            positional += [(v, arg.span) for v in spread(arg, frame)]
        else:
            positional.append((evaluate(arg, frame), arg.span))
    named = [n for k in keywords for n in _named(k, evaluate(k.value, frame))]
    given = Arguments(tuple(positional), tuple(named))
    if frame.session.recorder is not None:
        given = frame.session.recorder.traced(given, (*args, *keywords), frame)
    return None if any(v is UNKNOWN for v in given.values) else given


def _named(keyword: ast.Keyword, value: Value) -> list[tuple[str, Value, Span]]:
    if keyword.name is not None or value is UNKNOWN:
        return [(keyword.name or "", value, keyword.span)]
    if not isinstance(value, Table) or not all(isinstance(k, str) for k, _ in value.pairs):
        mistake("NS207", f"`**` needs a dict with names, not {kind(value)}", keyword.span)
    places = dict(value.spans)
    return [(k, v, places.get(k, keyword.span)) for k, v in value.pairs]


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a callee takes: ``free`` by position, ``allowed`` by name (None: any), ``inferred`` never."""

    name: str
    free: Sequence[str]
    allowed: Sequence[str] | None
    inferred: Sequence[str] = ()
    op: OpName | None = None

    @property
    def hint(self) -> str:
        if self.inferred:
            verb = "is" if len(self.inferred) == 1 else "are"
            pronoun = "it" if len(self.inferred) == 1 else "them"
            return f"{listing(tuple(self.inferred))} {verb} inferred from the input: leave {pronoun} out"
        names = self.free if self.allowed is None else self.allowed
        return f"it takes {listing(tuple(names))}" if names else "it takes no arguments"


def assign(parameters: Parameters, given: Arguments) -> Bound:
    """Which parameter gets which argument. Raises `Mistake`."""
    name, free = parameters.name, parameters.free
    _refuse_spread(parameters, given)
    if len(given.positional) > len(free):
        _refuse_positions(parameters, given)
    bound: Bound = dict(zip(free, given.positional, strict=False))
    for keyword, value, place in given.keywords:
        if keyword in bound:
            help_ = Help("it is given by position: leave out the other", removed(place)) if keyword in free else ""
            mistake("NS205", f"`{name}` gets `{keyword}` twice", place, help=help_)
        if parameters.allowed is not None and keyword not in parameters.allowed:
            _refuse_names(parameters, [(k, s) for k, _, s in given.keywords if k not in parameters.allowed])
        bound[keyword] = (value, place)
    return bound


def _refuse_positions(parameters: Parameters, given: Arguments) -> NoReturn:
    """More arguments by position than there are places: some have names, and some ops take tensors alone."""
    name, free, number = parameters.name, parameters.free, len(given.positional)
    place, op = given.positional[len(free)][1], parameters.op.op if parameters.op else None
    if op is not None and not parameters.allowed and op.tensors_help:
        tensors = "two tensors" if op.arity == 2 else "two tensors or more"
        mistake("NS204", f"`{name}` needs {tensors}, and takes no argument", place, help=op.tensors_help)
    most = f"{count(len(free), 'argument') if free else 'no arguments'} by position"
    help_ = parameters.hint
    if parameters.inferred and number == len(free) + 1:
        help_ = Help(help_, removed(given.positional[0][1]))
    elif parameters.allowed and not free and not parameters.inferred:
        help_ = f"give them by name: {', '.join(f'`{allowed}=…`' for allowed in parameters.allowed)}"
    mistake("NS204", f"`{name}` takes {most}, not {number}", place, help=help_)


def _refuse_names(parameters: Parameters, unknown: Sequence[tuple[str, Span]]) -> NoReturn:
    """Every keyword of a call that its callee does not have."""
    helps = [_other(parameters, keyword, place) for keyword, place in unknown]
    names, place = [keyword for keyword, _ in unknown], unknown[0][1]
    if len(unknown) == 1:
        mistake("NS201", f"`{parameters.name}` has no argument `{names[0]}`", place, help=helps[0])
    edits = (e for help_ in helps for e in getattr(help_, "edits", ()))
    message = f"`{parameters.name}` has no arguments {listing(names)}"
    others = [Label(other, "") for _, other in unknown[1:]]
    mistake("NS201", message, place, related=others, help=Help(_together(names, helps), *edits))


def _together(names: Sequence[str], helps: Sequence[str]) -> str:
    """The helps for several keywords in one."""
    meant = "did you mean "
    if all(help_.startswith(meant) for help_ in helps):
        return meant + ", ".join(help_[len(meant) : -1] for help_ in helps) + "?"
    if len(set(helps)) == 1:
        return helps[0]
    named = zip(names, helps, strict=True)
    return "; ".join(help_ if help_.startswith(f"`{name}`") else f"`{name}`: {help_}" for name, help_ in named)


def _refuse_spread(parameters: Parameters, given: Arguments) -> None:
    """``permute(x, 0, 2, 1)``: several numbers by position where one list is free."""
    named = {k for k, _, _ in given.keywords}
    free = [n for n in parameters.free if n not in named]
    if parameters.op is None or len(free) != 1 or len(given.positional) < 2:
        return
    if operations.takes_list(parameters.op, free[0]) and all(type(v) not in (tuple, str) for v, _ in given.positional):
        inside = given.positional[0][1].to(given.positional[-1][1])
        shown = f"({inside.text})" if len(inside.text) <= 40 else "(…)"
        message = f"`{parameters.name}` takes one list as `{free[0]}`, not {len(given.positional)} arguments"
        mistake("NS204", message, inside, help=Help(f"`{shown}`", Edit(inside, f"({inside.text})")))


#: What functions of torch call an axis, or several.
_AXES = {"dim": "axis", "dims": "axes"}


def _other(parameters: Parameters, keyword: str, place: Span) -> str:
    if keyword in parameters.inferred:
        return Help(f"`{keyword}` is inferred from the input: leave it out", removed(place))
    if keyword == "batch_first":
        return Help("sequences are [batch, length, features] here: leave it out", removed(place))
    if keyword in CHANNELS:
        return Help("a block knows the channels of its input: leave it out", removed(place))
    allowed = tuple(parameters.allowed or ())
    name = Span(place.source, place.start, place.start + len(keyword))
    own = _AXES.get(keyword)
    if own in allowed:
        return Help(f"write `{own}`", Edit(name, own))
    return did_you_mean(keyword, allowed, name) or Parameters(parameters.name, (), allowed).hint


# --------------------------------------------------------------------------------------------------- of parts


def bind(part: Part, given: Arguments, span: Span, session: Session) -> Part:
    """Bind more arguments: positional ones fill the unbound parameters in order, keywords may rebind; an op's operands
    may be given by name."""
    _refuse_tensors(part, given, span)
    bound = assign(parameters_of(part), given)
    if not bound:
        return Part(part.target, span, part.bound, part.spans, part.extent, part.variant, part.shown)
    values = {**part.arguments, **{n: v for n, (v, _) in bound.items()}}
    spans = {**dict(part.spans), **{n: s for n, (_, s) in bound.items()}}
    extent = holding(values.values(), span, session)
    return Part(part.target, span, tuple(values.items()), tuple(spans.items()), extent, part.variant, part.shown)


def parameters_of(part: Part) -> Parameters:
    """The parameters of a block or op that are still free, and all that may be named."""
    bound = part.arguments
    if isinstance(part.target, BlockRef):
        params = part.target.block.params
        free = [p.name for p in params if not p.rest and p.name not in bound]
        return Parameters(part.name, free, None if any(p.rest for p in params) else [p.name for p in params])
    op = part.target.op
    free = [n for n in operations.positional_names(op) if n not in bound]
    allowed = None if op.rest else (*operations.attribute_names(op), *op.operands)
    return Parameters(part.name, free, allowed, op.inferred_names, part.target)


def _refuse_tensors(part: Part, given: Arguments, call: Span) -> None:
    operands = () if isinstance(part.target, BlockRef) else part.target.op.operands
    by_name = [(v, s) for n, v, s in given.keywords if n not in operands]
    for value, place in (*given.positional, *by_name):
        if holds_tensor(value):
            what = "a list of tensors" if isinstance(value, tuple) else kind(value)
            help_ = called(part.name, call, _first_tensors(given) or [place])
            mistake("NS207", f"{what} is no argument", place, help=help_)


def _first_tensors(given: Arguments) -> list[Span]:
    """The places of the tensors that a call begins with."""
    return [place for _, place in takewhile(lambda argument: holds_tensor(argument[0]), given.positional)]


def holds_tensor(value: Value) -> bool:
    """Whether a value is a tensor, or a list with one in it."""
    if type(value) in PLAIN:
        return False
    if isinstance(value, tuple):
        return any(map(holds_tensor, value))
    return isinstance(value, (Tensor, Family))
