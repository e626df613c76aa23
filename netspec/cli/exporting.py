"""The export command."""

from __future__ import annotations

from pathlib import Path

import click

from netspec.cli.options import SPEC, Arguments, common, elaborated, network_options, output_option
from netspec.cli.telling import fail, unreadable, wrote
from netspec.diagnostics import SpecError
from netspec.files import write_file
from netspec.graph import Graph


@click.command("export")
@click.argument("file", type=SPEC)
@output_option("The Python file to write.")
@network_options
@common()
def command(file: str, out: Path, network: str | None, arguments: Arguments) -> None:
    """Write the network as PyTorch source, which runs with torch alone."""
    graph = elaborated(file, network, arguments)
    try:
        write_file(out, source_of(graph))
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
    wrote(out)


def source_of(graph: Graph) -> str:
    """The network as Python source. Raises `SpecError` where it asks for what cannot be built."""
    from netspec.pytorch.refusals import refusals
    from netspec.pytorch.source import generate

    refused = refusals(graph)
    if refused:
        raise SpecError(refused)
    return generate(graph)
