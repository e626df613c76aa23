"""The render command: write one picture."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from netspec.cli.options import SPEC, Arguments, common, elaborated, network_options, output_option, theme_option
from netspec.cli.telling import fail, note, refuse, unreadable, wrote
from netspec.diagnostics import SpecError
from netspec.elaborate import Outline

LEVELS = ("overview", "blocks", "ops", "schematic")


@click.command("render")
@click.argument("file", type=SPEC)
@output_option("x.mmd (Mermaid), x.dot, x.svg or x.png (Graphviz).")
@click.option("--level", type=click.Choice(LEVELS), default="overview", show_default=True,
              help="What is shown; blocks: a chart of each distinct block; ops: every layer and function, in frames; "
              "schematic: the spec before its arguments are known.")  # fmt: skip
@click.option("--block", metavar="NAME",
              help="One block: with blocks or ops its name or path, with schematic its name.")  # fmt: skip
@theme_option
@network_options
@common()
def command(file: str, out: Path, level: str, block: str | None, theme: str, network: str | None,
            arguments: Arguments) -> None:  # fmt: skip
    """Draw a network: its stages with the shapes on the links, its blocks, all its layers, or its spec."""
    from netspec.api import render

    with drawing(out):
        if level == "schematic":
            render(_outlined(file, network, block, arguments), out, theme=theme)
        else:
            render(elaborated(file, network, arguments), out, level=level, block=block, theme=theme)
    wrote(out)


@contextmanager
def drawing(out: Path) -> Iterator[None]:
    """Draw a file inside: its ending is looked at first, what cannot be drawn ends the command, notes are told."""
    from netspec.render import RenderError, format_of

    try:
        format_of(out)
        with notes_told():
            yield
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except RenderError as error:
        refuse(str(error))
    except OSError as error:
        unreadable(error)


@contextmanager
def notes_told() -> Iterator[None]:
    """Tell on standard error, a line each, in which way pictures were drawn that nobody expects."""
    from netspec.render import RenderWarning

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RenderWarning)
        yield
    for warning in caught:
        note(f"note: {warning.message}")


def _outlined(file: str, network: str | None, block: str | None, arguments: Arguments) -> Outline:
    """The outline of a network or block; ends the command with diagnostics where there is none."""
    from netspec.api import load

    if network is not None and block is not None:
        raise click.UsageError("a schematic is drawn of --network or of --block, not of both")
    try:
        return load(file).outline(block or network, **arguments)
    except SpecError as error:
        fail(error.diagnostics)
