"""The cost command."""

from __future__ import annotations

import click

from netspec.cli.options import SPEC, Arguments, Inputs, common, elaborated, input_option, network_options
from netspec.cli.telling import fail, manner, print_json
from netspec.diagnostics import SpecError


@click.command("cost")
@click.argument("file", type=SPEC)
@click.option("--dtype", type=click.Choice(["float64", "float32", "float16", "bfloat16"]), default="float32",
              show_default=True, help="The dtype of all floats, weights among them.")  # fmt: skip
@network_options
@input_option
@common()
def command(file: str, dtype: str, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Print what each layer and the whole network costs: multiply-adds, memory, receptive field.

    With --input also the memory of activations, in inference and in training, and where it is the most.
    """
    from netspec.analysis.cost import cost_of
    from netspec.cli.tables import show_grid

    graph = elaborated(file, network, arguments)
    try:
        cost = cost_of(graph, inputs or None, dtype)
    except SpecError as error:
        fail(error.diagnostics)
    if manner().form == "text":
        show_grid(cost.grid())
    else:
        print_json(cost.as_json())
