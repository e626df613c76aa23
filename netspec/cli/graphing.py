"""The graph command."""

from __future__ import annotations

from pathlib import Path

import click

from netspec.cli.options import SPEC, Arguments, Inputs, elaborated, input_option, loudness, network_options
from netspec.cli.telling import fail, unreadable, wrote
from netspec.diagnostics import SpecError
from netspec.files import write_file
from netspec.graph import Graph


@click.command("graph")
@click.argument("file", type=SPEC)
@click.option("--format", "form", type=click.Choice(["json", "graphml"]), default="json", show_default=True,
              help="json: node-link data of networkx; graphml: for Gephi, yEd and others.")  # fmt: skip
@click.option("-o", "--out", type=click.Path(dir_okay=False, path_type=Path),
              help="The file to write, in place of standard output.")  # fmt: skip
@network_options
@input_option
@loudness
def command(file: str, form: str, out: Path | None, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Write the graph of a network as data: a node for each call of an op, an edge for each tensor that it reads.

    Shapes are symbolic without --input.
    """
    graph = elaborated(file, network, arguments)
    try:
        data = _text(graph, form, inputs)
        if out is None:
            click.echo(data, nl=False)
            return
        write_file(out, data)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
    wrote(out)


def _text(graph: Graph, form: str, inputs: Inputs) -> bytes:
    from netspec.analysis.graph_data import graph_data, graphml

    if form == "graphml":
        return graphml(graph, inputs)
    from netspec.syntax.json_form.layout import laid_out

    return laid_out(graph_data(graph, inputs)).encode()
