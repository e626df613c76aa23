"""The check command: what it says of a spec that is right."""

from __future__ import annotations

import click

from netspec.check import check_all
from netspec.cli.options import Arguments, Inputs
from netspec.diagnostics import Diagnostic, SpecError
from netspec.files import read_import, read_spec
from netspec.graph import Graph


def check_file(file: str, network: str | None, arguments: Arguments, inputs: Inputs) -> tuple[Diagnostic, ...]:
    """Check one file and print a few lines for each network that is right; the diagnostics of the others.

    Raises OSError where the file cannot be read.
    """
    graphs, diagnostics = check_all(read_spec(file), read_import, network, arguments)
    found = list(diagnostics)
    for title, graph in graphs:
        try:
            lines = describe(graph, inputs)
        except SpecError as error:
            found += error.diagnostics
            continue
        click.echo(f"{file}: {title}")
        for line in lines:
            click.echo(f"  {line}")
    if not graphs and not found:
        click.echo(f"{file}: no network; every declaration is right")
    return tuple(found)


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
    contract = [c.text for c in graph.definition.contracts]
    return f"shapes proven for all {', '.join(names)}{' where ' + ', '.join(contract) if contract else ''}"
