"""The check command: what it says of specs that are right, and of others."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import nullcontext, redirect_stdout
from dataclasses import dataclass

import click

from netspec import __version__
from netspec.check import check_all, errors
from netspec.cli.options import Arguments, Format, Inputs, show, tell
from netspec.diagnostics import Diagnostic, SpecError
from netspec.files import read_import, read_spec
from netspec.graph import Graph


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of ``netspec check``; ``strict`` says that warnings are not accepted."""

    network: str | None
    arguments: Arguments
    inputs: Inputs
    fix: bool
    form: Format
    strict: bool


def check_files(files: Iterable[str], request: Request) -> bool:
    """Check files one after the other, print all that is found, and say whether the command has failed."""
    found: list[Diagnostic] = []
    unread = False
    for file in files:
        try:
            if request.fix:
                _fix(file, request)
            found += _check_file(file, request)
        except OSError as error:
            tell(error)
            unread = True
    if request.form != "text":
        click.echo(_for_tools(found, request.form))
    elif found:
        show(found)
    return unread or bool(found if request.strict else errors(found))


def _check_file(file: str, request: Request) -> Iterable[Diagnostic]:
    """Check one file and print a few lines for each network that is right; the diagnostics of the others, and warnings.

    Raises OSError where the file cannot be read.
    """
    graphs, diagnostics = check_all(read_spec(file), read_import, request.network, request.arguments)
    found = list(diagnostics)
    lines: list[str] = []
    for title, graph in graphs:
        try:
            described = describe(graph, request.inputs)
        except SpecError as error:
            found += error.diagnostics
        else:
            lines += [f"{file}: {title}", *(f"  {line}" for line in described)]
    if not graphs and not errors(found):
        lines.append(f"{file}: no network; every declaration is right")
    if request.form == "text":
        click.echo("".join(f"{line}\n" for line in lines), nl=False)
    return found


def _fix(file: str, request: Request) -> None:
    """Standard output is for the diagnostics where tools read it."""
    from netspec.cli.fixing import fix_file

    with nullcontext() if request.form == "text" else redirect_stdout(sys.stderr):
        fix_file(file, request.network, request.arguments)


def _for_tools(found: list[Diagnostic], form: Format) -> str:
    import json

    if form == "json":
        from netspec.diagnostics.as_json import as_json

        return json.dumps(as_json(found), indent=2)
    from netspec.diagnostics.sarif import as_sarif

    return json.dumps(as_sarif(found, __version__), indent=2)


def describe(graph: Graph, inputs: Inputs) -> list[str]:
    """Types of inputs and outputs, for which sizes they are proven, and the shapes for given inputs."""
    outputs = graph.definition.outputs
    named = [f"{o.label}: {o.type}" if o.label else str(o.type) for o in outputs]
    lines = [f"{', '.join(f'{n} {t}' for n, t in graph.inputs.items())} -> {', '.join(named)}", conditions(graph)]
    if inputs:
        from netspec.analysis.inputs import bind_inputs
        from netspec.dims import evaluate

        sizes = bind_inputs(graph, inputs)
        shapes = ", ".join(str([evaluate(d, sizes) for d in o.type.dims]) for o in outputs)
        lines.append(f"for {', '.join(f'{n} {list(s)}' for n, s in inputs.items())}: {shapes}")
    lines.append(f"{graph.definition.node_count:,} layers and joins, {graph.definition.parameter_count:,} parameters")
    return lines


def conditions(graph: Graph) -> str:
    """``shapes proven for all B, T and H >= 7``."""
    symbols = sorted({s for t in graph.inputs.values() for d in t.dims if not isinstance(d, int) for s in d.symbols})
    if not symbols:
        return "shapes proven"
    names = [f"{s} >= {graph.minimums[s][0]}" if s in graph.minimums else s for s in symbols]
    contracts = graph.definition.contracts
    contract = [c.text for c in contracts if c.kind != "unproven"]
    proven = f"shapes proven for all {', '.join(names)}{' where ' + ', '.join(contract) if contract else ''}"
    unproven = [f"{c.text} ({c.span.place})" for c in contracts if c.kind == "unproven"]
    return f"{proven}; not proven, checked when the module runs: {', '.join(unproven)}" if unproven else proven
