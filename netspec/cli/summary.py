"""The summary command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netspec.cli.options import SPEC, Arguments, Inputs, common, elaborated, input_option, network_options
from netspec.cli.telling import fail, manner, print_json
from netspec.diagnostics import SpecError

if TYPE_CHECKING:
    from netspec.analysis.summary import Summary


@click.command("summary")
@click.argument("file", type=SPEC)
@click.option("--style", type=click.Choice(["netspec", "torchsummary"]), default="netspec", show_default=True,
              help="The layout; torchsummary has rows for blocks too, and none for functions.")  # fmt: skip
@network_options
@input_option
@common()
def command(file: str, style: str, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Print one row per layer: output shape, parameters, multiply-adds. Symbolic without --input."""
    from netspec.analysis.summary import summarise
    from netspec.analysis.table import grid
    from netspec.cli.tables import show_grid

    graph = elaborated(file, network, arguments)
    try:
        summary = summarise(graph, inputs or None)
    except SpecError as error:
        fail(error.diagnostics)
    if manner().form != "text":
        print_json(summary_data(summary))
    elif style == "netspec":
        show_grid(grid(summary))
    else:
        click.echo(summary.table(style))


def summary_data(summary: Summary) -> dict[str, Any]:
    """A summary as data; open sizes are texts."""
    return {
        "network": summary.name,
        "inputs": {name: sizes(shape) for name, shape in summary.inputs.items()},
        "rows": [
            {
                "path": row.path,
                "op": row.op,
                "kind": row.kind,
                "inputs": list(map(sizes, row.inputs)),
                "outputs": list(map(sizes, row.outputs)),
                "parameters": row.parameters,
                "multiply_adds": size(row.multiply_adds),
            }
            for row in summary.rows
        ],
        "parameters": {"total": summary.parameters, "trainable": summary.trainable},
        "multiply_adds": size(summary.multiply_adds),
        "nlayers": summary.nlayers,
    }


def sizes(shape: Any) -> list[int | str]:
    return [size(s) for s in shape]


def size(value: Any) -> int | str:
    return value if isinstance(value, int) else str(value)
