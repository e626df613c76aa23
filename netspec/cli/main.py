"""The command line: thin shells around the library. Each command imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path

import click

from netspec import __version__
from netspec.cli.options import (
    Arguments,
    Inputs,
    elaborated,
    fail,
    input_option,
    network_options,
    tell,
    unreadable,
)
from netspec.diagnostics import Diagnostic, SpecError

SPEC = click.Path(exists=True, dir_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="netspec")
def main() -> None:
    """netspec: check, draw and compile neural-network architectures written in .netspec files.

    Exit status: 0 where all is well, 1 where a spec has errors, 2 for a wrong use of the command.
    """


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=SPEC)
@network_options
@input_option
def check(files: tuple[str, ...], network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Prove that a spec's shapes fit together, for every input size.

    Without --network every network of a file is checked with its defaults, and every example.
    """
    from netspec.cli.checking import check_file

    found: list[Diagnostic] = []
    unread = False
    for file in files:
        try:
            found += check_file(file, network, arguments, inputs)
        except OSError as error:
            tell(error)
            unread = True
    if found:
        fail(found)
    if unread:
        raise SystemExit(1)


@main.command()
@click.argument("file", type=SPEC)
@network_options
@input_option
def summary(file: str, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Print one row per layer: output shape, parameters, multiply-adds. Symbolic without --input."""
    from netspec.analysis.summary import summarise

    graph = elaborated(file, network, arguments)
    try:
        click.echo(str(summarise(graph, inputs or None)))
    except SpecError as error:
        fail(error.diagnostics)


@main.command()
@click.argument("file", type=SPEC)
@click.option(
    "-o", "--output", required=True, type=click.Path(dir_okay=False), help="x.mmd (Mermaid), x.dot or x.svg (Graphviz)."
)
@click.option("--theme", type=click.Choice(["light", "dark", "print"]), default="light", show_default=True)
@network_options
def render(file: str, output: str, theme: str, network: str | None, arguments: Arguments) -> None:
    """Draw the overview: stages folded as ×N, shapes on the links."""
    from netspec.api import render as draw
    from netspec.render import RenderError

    graph = elaborated(file, network, arguments)
    try:
        draw(graph, output, theme=theme)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except RenderError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        unreadable(error)
    click.echo(f"wrote {output}")


@main.command()
@click.argument("file", type=SPEC)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="The Python file to write.")
@network_options
def export(file: str, output: str, network: str | None, arguments: Arguments) -> None:
    """Write the network as PyTorch source, which runs with torch alone."""
    from netspec.cli.building import source_of
    from netspec.files import write_file

    graph = elaborated(file, network, arguments)
    try:
        write_file(output, source_of(graph))
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
    click.echo(f"wrote {output}")


@main.command()
@click.argument("file", type=SPEC)
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder for what is written."
)
@click.option("--max-parameters", type=click.IntRange(min=1), help="Build networks up to this size, not the usual one.")
@network_options
@input_option
def build(file: str, out: Path, max_parameters: int | None, network: str | None, arguments: Arguments,
          inputs: Inputs) -> None:  # fmt: skip
    """All in one: check, summary, diagrams, source, and one real forward pass.

    Writes summary.txt, NAME.mmd, NAME.dot, NAME.svg and NAME.py.
    """
    from netspec.cli.building import build_all

    if not inputs:
        raise click.UsageError(
            "build runs the network once and needs the shapes of its inputs: --input clip=1,3,8,64,64"
        )
    try:
        build_all(elaborated(file, network, arguments), inputs, out, max_parameters)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
