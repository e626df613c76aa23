"""Runs all lints on a spec without errors."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from netspec import limits
from netspec.diagnostics import Diagnostic
from netspec.elaborate import Program
from netspec.graph import Graph
from netspec.graph.policies import definitions
from netspec.lints.allow import MARK, allowed
from netspec.lints.contracts import contracts
from netspec.lints.layers import Layers
from netspec.lints.names import names
from netspec.lints.policies import policies
from netspec.lints.scope import Scope, bound
from netspec.lints.uses import Uses
from netspec.source import Span
from netspec.syntax import ast


def lint(program: Program, graphs: Iterable[Graph], whole: bool = True) -> tuple[Diagnostic, ...]:
    """The warnings about a spec's own file in the order of their places; at most `limits.MAX_ERRORS`.

    ``graphs`` are its networks; ``whole`` says that these are all, so that an ``allow`` that allows nothing is told.
    """
    main = program.main
    found = list(names(main))
    strange = list(_in_graphs(program, graphs))
    told = _told(program, found) if any(d.code == "NS504" for d in strange) else []
    found += (d for d in strange if d.code != "NS504" or not _inside(d.primary.span, told))
    if MARK in main.source.text:
        found = list(allowed(main.document, found, whole))
    found.sort(key=lambda d: (d.primary.span.start, d.code))
    return tuple(found[: limits.MAX_ERRORS])


def _told(program: Program, found: Iterable[Diagnostic]) -> list[Span]:
    """The statements that bind only what nothing reads, told or meant: no more is to be said of their tensors."""
    starts = {d.primary.span.start for d in found if d.code == "NS504"}
    binds = (n for d in program.main.document.declarations for n in Scope(d).binding if isinstance(n, ast.Bind))
    return [n.span for n in binds if n.span.start in starts or all(name.startswith("_") for name in bound(n))]


def _inside(span: Span, statements: list[Span]) -> bool:
    """Whether a place is in one of some statements, which stand in order."""
    number = bisect_right(statements, span.start, key=lambda s: s.start)
    return number > 0 and span.end <= statements[number - 1].end


def _in_graphs(program: Program, graphs: Iterable[Graph]) -> Iterator[Diagnostic]:
    uses = Uses(program.main.source)
    layers = Layers(program.main, uses)
    for graph in graphs:
        for definition in definitions(graph.definition):
            layers.look_at(definition)
            policies(definition, uses)
        contracts(graph, uses)
    return uses.warnings()
