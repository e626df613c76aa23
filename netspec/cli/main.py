"""The command line: thin shells around the library. Each command imports what it needs when it runs."""

from __future__ import annotations

from pathlib import Path

import click

from netspec import __version__
from netspec.cli.options import (
    Arguments,
    Format,
    Inputs,
    elaborated,
    fail,
    input_option,
    network_options,
    unreadable,
)
from netspec.cli.weights import weights
from netspec.diagnostics import SpecError

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
@click.option("--fix", is_flag=True, help="Write the helps that can be applied, where the spec is right after that.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True,
              help="json and sarif: the diagnostics for tools, on standard output.")  # fmt: skip
@click.option("--deny", type=click.Choice(["warnings"]), help="Let warnings end the command with status 1 too.")
def check(files: tuple[str, ...], network: str | None, arguments: Arguments, inputs: Inputs, fix: bool, form: Format,
          deny: str | None) -> None:  # fmt: skip
    """Prove that a spec's shapes fit together, for every input size.

    Without --network every network of a file is checked with its defaults, and every example. Warnings about specs
    without errors leave the exit status at 0.
    """
    from netspec.cli.checking import Request, check_files

    if check_files(files, Request(network, arguments, inputs, fix, form, deny is not None)):
        raise SystemExit(1)


@main.command()
@click.argument("subject", metavar="CODE|FILE")
@click.argument("path", required=False)
@network_options
@input_option
def explain(subject: str, path: str | None, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Explain a code of a diagnostic, or where a layer of a network comes from.

    CODE, NS301 for example: what it means, why it is told, a wrong and a right spec.

    FILE PATH, net.netspec layer1.0.conv1 for example: the blocks and lines that lead to a layer, its shapes, who set
    each of its arguments, its weights, and the policies on it. PATH may also lead to a block or list, be a key of the
    state dict, or name an input or output; without it the network itself is explained.
    """
    from netspec.cli.explain import code_page, is_code, layer_page

    click.echo(code_page(subject) if is_code(subject) and path is None else
               layer_page(subject, path or "", network, arguments, inputs))  # fmt: skip


@main.command()
@click.argument("file", type=SPEC)
@network_options
def sizes(file: str, network: str | None, arguments: Arguments) -> None:
    """Print for which sizes of its inputs a network works, and what needs that, with or without a contract."""
    from netspec.cli.sizes import assumed, describe_sizes

    graph = assumed(file, network, arguments)
    click.echo(graph.name)
    for line in describe_sizes(graph):
        click.echo(f"  {line}")


@main.command()
@click.argument("file", type=SPEC)
@click.option("--style", type=click.Choice(["netspec", "torchsummary"]), default="netspec", show_default=True,
              help="The layout; torchsummary has rows for blocks too, and none for functions.")  # fmt: skip
@network_options
@input_option
def summary(file: str, style: str, network: str | None, arguments: Arguments, inputs: Inputs) -> None:
    """Print one row per layer: output shape, parameters, multiply-adds. Symbolic without --input."""
    from netspec.analysis.summary import summarise

    graph = elaborated(file, network, arguments)
    try:
        click.echo(summarise(graph, inputs or None).table(style))
    except SpecError as error:
        fail(error.diagnostics)


@main.command()
@click.argument("file", type=SPEC)
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False),
              help="x.mmd (Mermaid), x.dot or x.svg (Graphviz).")  # fmt: skip
@click.option("--level", type=click.Choice(["overview", "blocks", "schematic"]), default="overview", show_default=True,
              help="What is shown; blocks: a chart of each distinct block; schematic: the spec before its arguments "
              "are known.")  # fmt: skip
@click.option("--block", metavar="NAME", help="One block: with blocks its name or path, with schematic its name.")
@click.option("--theme", type=click.Choice(["light", "dark", "print"]), default="light", show_default=True)
@network_options
def render(file: str, output: str, level: str, block: str | None, theme: str, network: str | None,
           arguments: Arguments) -> None:  # fmt: skip
    """Draw a network: its stages with the shapes on the links, its blocks, or its spec."""
    from netspec.cli.drawing import draw

    draw(file, output, level, block, theme, network, arguments)


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
    from netspec.cli.building import build_all, require_inputs

    graph = elaborated(file, network, arguments)
    require_inputs(graph, inputs)
    try:
        build_all(graph, inputs, out, max_parameters)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)


main.add_command(weights)
