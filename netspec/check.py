"""Runs the phases on a source: parse, imports, names, elaboration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netspec.diagnostics import Diagnostic
from netspec.elaborate import Program, Reader, Result, check_names, elaborate, elaborate_example, load_program
from netspec.graph import Graph
from netspec.source import Source, Span
from netspec.syntax import ast


def load(source: Source, read: Reader) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """The program of a spec, names and arities of every declaration checked, nothing elaborated yet."""
    program, diagnostics = load_program(source, read)
    if program is None:
        return None, diagnostics
    return program, (*diagnostics, *check_names(program))


def check(
    source: Source, read: Reader, network: str | None = None, arguments: Mapping[str, Any] | None = None
) -> Result:
    """Check a spec; its graph where there is one network, or the one that is named, and no error."""
    graphs, diagnostics = check_all(source, read, network, arguments)
    return (graphs[0][1] if len(graphs) == 1 and not diagnostics else None), diagnostics


def check_all(
    source: Source, read: Reader, network: str | None = None, arguments: Mapping[str, Any] | None = None
) -> tuple[list[tuple[str, Graph]], tuple[Diagnostic, ...]]:
    """The graphs of a spec by title, and everything that is wrong.

    Without a network's name every network is elaborated with its defaults, and every ``example``.
    """
    program, diagnostics = load(source, read)
    if program is None:
        return [], diagnostics
    if network is not None or arguments:
        results = [(network, elaborate(program, network, arguments))]
    else:
        results = [(name, elaborate(program, name)) for name in program.networks]
        results += [(e.value.span.text, elaborate_example(program, e)) for e in program.main.declared(ast.Example)]
    graphs = []
    for title, (graph, found) in results:
        diagnostics = _merged(diagnostics, found)
        if graph is not None:
            graphs.append((title or graph.name, graph))
    return graphs, diagnostics


def _merged(known: tuple[Diagnostic, ...], new: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Both, one mistake once: a place that was already complained about stays with its first diagnostic."""
    places = [d.primary.span for d in known]
    return (*known, *(d for d in new if not any(_overlap(d.primary.span, p) for p in places)))


def _overlap(a: Span, b: Span) -> bool:
    return a.source is b.source and a.start < b.end and b.start < a.end
