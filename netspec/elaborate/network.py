"""Elaboration: a program, the name of a network and its arguments become a graph."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from netspec import limits
from netspec.diagnostics import Diagnostic, Label, Mistake, did_you_mean, mistake
from netspec.elaborate.blocks.definitions import instantiate
from netspec.elaborate.names import file_value
from netspec.elaborate.outside import bind_outside
from netspec.elaborate.program import BlockRef, Program
from netspec.elaborate.rules import RULES
from netspec.elaborate.session import Frame, Session, TooManyMistakes
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import UNKNOWN, Part, Value
from netspec.elaborate.values.words import listing, show
from netspec.graph import Definition, Graph
from netspec.graph.misused import misused
from netspec.source import Span
from netspec.syntax import ast

if TYPE_CHECKING:
    from netspec.elaborate.recording import Recorder

Result = tuple[Graph | None, tuple[Diagnostic, ...]]


def elaborate(program: Program, network: str | None = None, arguments: Mapping[str, Any] | None = None, *,
              assuming: bool = False) -> Result:  # fmt: skip
    """The graph of a network with arguments, or what is wrong. Without a name the file's only network is taken.

    ``assuming`` takes sizes for equal that are equal for some inputs only: `Graph.requirements` says for which.
    """
    return _guarded(program, lambda session: _by_name(program, network, arguments or {}, session), assuming)


def elaborate_example(program: Program, example: ast.Example) -> Result:
    """The graph of an ``example``."""

    def part(session: Session) -> Value:
        value = evaluate(example.value, Frame(session, program.main, {}))
        if value is not UNKNOWN and (not isinstance(value, Part) or not isinstance(value.target, BlockRef)):
            mistake("NS203", "an example is a network with arguments", example.span, help="`example ResNet(depth=18)`")
        return value

    return _guarded(program, part)


def _guarded(program: Program, part_of: Callable[[Session], Value], assuming: bool = False,
             recorder: Recorder | None = None) -> Result:  # fmt: skip
    """Run elaboration; every mistake becomes a diagnostic."""
    session = Session(RULES, assuming=assuming)
    if recorder is not None:
        session = Session(recorder.rules, recorder.fuel, recorder, assuming=assuming)
    definition = None
    place = Span(program.main.source, 0, 0)
    try:
        part = part_of(session)
        if part is not UNKNOWN:
            place = part.target.block.name_span
            with session.step(title(part)):
                definition = instantiate(part, None, Frame(session, program.main, {}), part.span).definition
    except TooManyMistakes:
        definition = None
    except (Mistake, RecursionError) as error:
        deep = Diagnostic("NS600", "expressions and blocks nested too deeply", Label(place))
        with suppress(TooManyMistakes):
            session.report(error.diagnostic if isinstance(error, Mistake) else deep)
    again = partial(_guarded, program, part_of, assuming)
    graph = None if definition is None else _graph(definition, session, program, again)
    found = session.found()
    return (None, found) if found else (graph, ())


def _graph(definition: Definition, session: Session, program: Program, again: Callable[..., Result]) -> Graph:
    main = program.main.source
    sources = {main.name: main} | {n: f.source for n, f in program.files.items()}
    requirements = tuple(session.requirements.values())
    graph = Graph(definition, session.minimums, session.domain, sources, requirements=requirements, again=again)
    if not session.diagnostics:
        for diagnostic in misused(graph)[: limits.MAX_ERRORS - 1]:
            session.report(diagnostic)
    return graph


def title(part: Part) -> str:
    """``ResNet3d(depth=101)``: the start of every trail."""
    return f"{part.name}({', '.join(f'{n}={show(v, 30)}' for n, v in part.bound)})"


def _by_name(program: Program, network: str | None, arguments: Mapping[str, Any], session: Session) -> Value:
    name, span = choose(program, network)
    part = part_named(program, name, session, span)
    if part is UNKNOWN or not arguments:
        return part
    return bind_outside(part, arguments, program.main, session)


def part_named(program: Program, name: str, session: Session, span: Span) -> Value:
    """A block or network of the spec's own file, with what its declaration binds."""
    file, declaration = program.main.names[name]
    if isinstance(declaration, ast.Variant):
        return file_value(file, declaration, Frame(session, program.main, {}), span)
    assert isinstance(declaration, ast.Block)
    return Part(BlockRef(declaration, file, id(declaration)), span)


def choose(program: Program, network: str | None) -> tuple[str, Span]:
    """The network that is meant; without a name the file's only one."""
    networks = program.networks
    name = program.main.source.name
    place = Span(program.main.source, 0, 0)
    if network is not None:
        if network in networks:
            return network, networks[network].name_span
        help_ = did_you_mean(network, networks) or (f"it has {listing(tuple(networks))}" if networks else "")
        mistake("NS210", f"{name} has no network `{network[:60]}`", place, help=help_)
    if not networks:
        mistake("NS210", f"{name} declares no network", place, help="`network Name() { … }` declares one")
    if len(networks) > 1:
        mistake(
            "NS210",
            f"{name} declares {len(networks)} networks: name one",
            place,
            help=f"it has {listing(tuple(networks))}",
        )
    return next((n, d.name_span) for n, d in networks.items())
