"""The graph command."""

from __future__ import annotations

from pathlib import Path

import click

from netspec.cli.options import (
    SPEC,
    Arguments,
    Inputs,
    elaborated,
    input_option,
    loudness,
    network_options,
    output_option,
)
from netspec.cli.telling import fail, unreadable, wrote
from netspec.diagnostics import SpecError
from netspec.files import write_file
from netspec.graph import Graph

FORMS = ("json", "graphml")


@click.command("graph")
@click.argument("file", type=SPEC)
@click.option("--format", "form", type=click.Choice(FORMS),
              help="json: node-link data of networkx; graphml: for Gephi, yEd and others. By default what the ending "
              "of the file says, else json.")  # fmt: skip
@output_option("The file to write, .json or .graphml, in place of standard output.", required=False)
@network_options
@input_option
@loudness
def command(file: str, form: str | None, out: Path | None, network: str | None, arguments: Arguments,
            inputs: Inputs) -> None:  # fmt: skip
    """Write the graph of a network as data: a node for each call of an op, an edge for each tensor that it reads.

    Shapes are symbolic without --input.
    """
    form = _form(form, out)
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


def _form(asked: str | None, out: Path | None) -> str:
    """The form that is asked for, or that the file's ending says; ends the command where it says another one."""
    if out is None:
        return asked or FORMS[0]
    ending = out.suffix.removeprefix(".").lower()
    if asked and not ending:
        return asked
    if ending not in FORMS:
        what = f"`{out.suffix}` is no form of a graph" if ending else f"`{out.name}` has no ending"
        raise click.UsageError(f"{what}: end the file with .json or .graphml")
    if asked not in (None, ending):
        raise click.UsageError(f"--format {asked} and `{out.name}` say different forms: leave --format out")
    return ending


def _text(graph: Graph, form: str, inputs: Inputs) -> bytes:
    from netspec.analysis.graph_data import graph_data, graphml

    if form == "graphml":
        return graphml(graph, inputs)
    from netspec.syntax.json_form.layout import laid_out

    return laid_out(graph_data(graph, inputs)).encode()
