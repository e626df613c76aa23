"""Runs the phases on a source: parse, imports, names, elaboration, and whether it compiles; torch is not needed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from netspec.diagnostics import Diagnostic
from netspec.elaborate import Program, Reader, Result, check_names, elaborate, elaborate_example, load_program
from netspec.graph import Graph
from netspec.lints import lint
from netspec.pytorch.compilable import uncompilable
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
    return (graphs[0][1] if len(graphs) == 1 and not errors(diagnostics) else None), diagnostics


def errors(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """The diagnostics less the warnings."""
    return tuple(d for d in diagnostics if d.severity == "error")


def check_all(
    source: Source, read: Reader, network: str | None = None, arguments: Mapping[str, Any] | None = None
) -> tuple[list[tuple[str, Graph]], tuple[Diagnostic, ...]]:
    """The graphs of a spec by title, and everything that is wrong; warnings only where nothing is.

    Without a network's name every network is elaborated with its defaults, and every ``example``.
    """
    program, diagnostics = load(source, read)
    if program is None:
        return [], diagnostics
    if network is not None or arguments:
        results = [(network, elaborate(program, network, arguments))]
    else:
        results = [(name, elaborate(program, name)) for name in program.networks]
        for example in program.main.declared(ast.Example):
            results.append((" ".join(example.value.span.text.split()), elaborate_example(program, example)))
    graphs = []
    for title, (graph, found) in results:
        problems = uncompilable(graph) if graph else ()
        diagnostics = _merged(diagnostics, (*found, *problems))
        if graph is not None and not problems:
            graphs.append((title or graph.name, graph))
    if not diagnostics:
        diagnostics = lint(program, [graph for _, graph in graphs], whole=network is None and not arguments)
    return graphs, diagnostics


def _merged(known: tuple[Diagnostic, ...], new: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """Both, one mistake once: a place that was already complained about stays with its first diagnostic, and an unknown
    name with the first place of its declaration."""
    places = [d.primary.span for d in known]
    told = {name for d in known for name in _unknown(d)}
    fresh = (d for d in new if not (names := _unknown(d)) or not told.issuperset(names))
    return (*known, *(d for d in fresh if not any(_overlap(d.primary.span, p) for p in places)))


def _unknown(diagnostic: Diagnostic) -> list[str]:
    """The names that a mistake about unknown names tells of."""
    return re.findall(r"`[^`]*`", diagnostic.message) if diagnostic.code == "NS200" else []


def _overlap(a: Span, b: Span) -> bool:
    return a.source is b.source and a.start < b.end and b.start < a.end
