"""Who set which value: kept while a network is elaborated once more, to explain it.

An argument's place (`netspec.elaborate.values.kinds.Part.spans`) is a `Traced` span then, which knows the names that
the argument was written with, and where these had their values from. Definitions are shared by instances only if their
arguments came the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from netspec import limits
from netspec.elaborate.blocks.draft import Draft
from netspec.elaborate.names import file_value
from netspec.elaborate.outside import OUTSIDE
from netspec.elaborate.rules import RULES
from netspec.elaborate.scopes import children, target_names
from netspec.elaborate.session import Frame, Rules
from netspec.elaborate.values.arguments import Arguments
from netspec.elaborate.values.kinds import PLAIN, Family, Labelled, Part, Repetition, Table, Tensor, Value, identity
from netspec.graph import Definition
from netspec.source import Span
from netspec.syntax import ast

Kind = Literal["argument", "default", "given", "let", "const", "for", "tensor", "size"]


class Use(NamedTuple):
    """A name in what was written: its value there, and where that comes from."""

    name: str
    value: Value
    origin: Origin


@dataclass(frozen=True, eq=False, slots=True)
class Origin:
    """Where a value comes from: the place, and the names that were used there. Equal ones are one object.

    ``given`` is an argument from outside, ``size`` an open size of an input.
    """

    kind: Kind
    span: Span
    uses: tuple[Use, ...] = ()


class Traced(Span):
    """The place of an argument, with its origin."""

    origin: Origin


Origins = dict[str, Origin]


class Recorder:
    """Told by elaboration what it does.

    ``drafts`` has what became a definition, ``parameters`` for the draft of a block where its parameters come from,
    ``parts`` the op of each call with its arguments, by draft and node.
    """

    #: A network that is right may take more work here, where less is shared.
    fuel = 8 * limits.FUEL

    def __init__(self) -> None:
        statements: dict[type, Any] = {ast.Let: self._let, ast.Const: self._const, ast.For: self._for}
        expressions: dict[type, Any] = {ast.ListComp: self._comprehension, ast.DictComp: self._comprehension}
        self.rules = Rules({**RULES.expressions, **expressions}, {**RULES.statements, **statements})
        self.drafts: dict[Definition, Draft] = {}
        self.parameters: dict[Draft, Origins] = {}
        self.parts: dict[tuple[Draft, str], Part] = {}
        self._origins: dict[Any, Origin] = {}
        self._scopes: dict[int, tuple[Mapping[str, Value], Origins]] = {}

    # ------------------------------------------------------------------------------------------------- from elaboration

    def traced(self, given: Arguments, call: tuple[Any, ...], frame: Frame) -> Arguments:
        """The evaluated arguments of a call, their places traced; ``call`` are their nodes."""
        nodes = {node.span: node for node in call}

        def place(span: Span) -> Span:
            if isinstance(span, Traced):
                return span
            traced = Traced(*span)
            traced.origin = self._origin("argument", span, nodes.get(span), frame)
            return traced

        return Arguments(
            tuple((v, place(s)) for v, s in given.positional), tuple((n, v, place(s)) for n, v, s in given.keywords)
        )

    def bound(self, params: tuple[ast.Parameter, ...], places: Mapping[str, Span], frame: Frame) -> None:
        """The parameters of a block or function have their values."""
        origins = self._scope(frame)
        for param in params:
            place = places.get(param.name)
            if isinstance(place, Traced):
                origins[param.name] = place.origin
            elif place is not None:
                origins[param.name] = self._origin("given" if is_outside(place) else "argument", place, None, frame)
            elif param.default is not None:
                origins[param.name] = self._origin("default", param.span, param.default, frame)
        if frame.draft is not None and frame.draft.block is not None and frame.draft.block.params is params:
            self.parameters[frame.draft] = origins

    def closed(self, definition: Definition, draft: Draft) -> None:
        """A draft has become a definition."""
        self.drafts[definition] = draft

    def key(self, value: Value, given: Any) -> Any:
        """By which definitions are shared: what they are, and how each value in them came."""
        return identity(value), given, _marks(value)

    def mark(self, value: Value) -> Any:
        """By which neighbours in a list are alike."""
        return identity(value), _marks(value)

    def applied(self, part: Part, outputs: tuple[Tensor, ...], draft: Draft) -> None:
        """An op is called, as a step or function."""
        self.parts[draft, outputs[0].ref.node] = part

    # ------------------------------------------------------------------------------------------------- rules

    def _let(self, s: ast.Let, frame: Frame) -> Any:
        origin = self._origin("let", s.span, s.value, frame)
        known = RULES.statements[ast.Let](s, frame)
        self._scope(frame).update(dict.fromkeys(target_names((s.target,)), origin))
        return known

    def _const(self, s: ast.Const, frame: Frame) -> Any:
        origin = self._origin("const", s.span, s.value, frame)
        known = RULES.statements[ast.Const](s, frame)
        self._scope(frame)[s.name] = origin
        return known

    def _for(self, s: ast.For, frame: Frame) -> Any:
        origin = self._origin("for", s.span.to(s.iterable.span), s.iterable, frame)
        self._scope(frame).update(dict.fromkeys(target_names(s.targets), origin))
        return RULES.statements[ast.For](s, frame)

    def _comprehension(self, expr: ast.ListComp | ast.DictComp, frame: Frame) -> Value:
        origins = self._scope(frame)
        before = dict(origins)
        for clause in expr.clauses:
            origin = self._origin("for", clause.span, clause.iterable, frame)
            origins.update(dict.fromkeys(target_names(clause.targets), origin))
        try:
            return RULES.expressions[type(expr)](expr, frame)
        finally:
            origins.clear()
            origins.update(before)

    # ------------------------------------------------------------------------------------------------- origins

    def _scope(self, frame: Frame) -> Origins:
        """The origins of a block's or function's names; the names are kept, so that none takes their place."""
        return self._scopes.setdefault(id(frame.names), (frame.names, {}))[1]

    def _origin(self, kind: Kind, span: Span, written: Any, frame: Frame) -> Origin:
        return self._single(Origin(kind, span, tuple(self._uses(written, frame))))

    def _uses(self, written: Any, frame: Frame) -> Iterator[Use]:
        for name in dict.fromkeys(names_in(written)):
            if name in frame.names:
                yield Use(name, frame.names[name], self._of_name(name, frame))
                continue
            file, declaration = frame.file.names.get(name, (frame.file, None))
            if isinstance(declaration, ast.Const):
                value = file_value(file, declaration, frame, declaration.span)
                yield Use(name, value, self._single(Origin("const", declaration.span)))

    def _of_name(self, name: str, frame: Frame) -> Origin:
        """Tensors and open sizes are set by no statement that is recorded here."""
        value = frame.names[name]
        if isinstance(value, (Tensor, Family)):
            return self._single(Origin("tensor", value.span))
        place = frame.session.symbols.get(name, Span(frame.file.source, 0, 0))
        return self._scope(frame).get(name) or self._single(Origin("size", place))

    def _single(self, origin: Origin) -> Origin:
        """One object for what is the same."""
        key = (origin.kind, origin.span, tuple((u.name, identity(u.value), u.origin) for u in origin.uses))
        return self._origins.setdefault(key, origin)


def is_outside(span: Span) -> bool:
    """Whether a place is in an argument from Python or a command line."""
    return span.source.name.startswith(OUTSIDE)


def names_in(node: Any) -> Iterator[str]:
    """The names that an expression reads, in order; not those that its own comprehensions bind."""
    own = set(target_names(t for c in getattr(node, "clauses", ()) for t in c.targets))
    if isinstance(node, ast.Name):
        yield node.id
    inside = () if node is None or isinstance(node, ast.Label) else children(node)
    yield from (name for child in inside for name in names_in(child) if name not in own)


def _marks(value: Value) -> Any:
    """Where everything in a value was written, and why."""
    if type(value) in PLAIN:
        return None
    if isinstance(value, Part):
        places = tuple((n, s, s.origin if isinstance(s, Traced) else None) for n, s in value.spans)
        return value.span, places, tuple(_marks(v) for _, v in value.bound)
    if isinstance(value, tuple):
        return tuple(map(_marks, value))
    if isinstance(value, Table):
        return value.spans, tuple(_marks(v) for _, v in value.pairs)
    if isinstance(value, Labelled):
        return value.span, _marks(value.value)
    return _marks(value.step) if isinstance(value, Repetition) else None
