"""The render command."""

from __future__ import annotations

import click

from netspec.cli.options import Arguments, elaborated, fail, unreadable
from netspec.diagnostics import SpecError
from netspec.elaborate import Outline


def draw(file: str, output: str, level: str, block: str | None, theme: str, network: str | None,
         arguments: Arguments) -> None:  # fmt: skip
    """Write one picture; ends the command where the spec has errors, or nothing can be drawn."""
    from netspec.api import render
    from netspec.render import RenderError, format_of

    try:
        format_of(output)
        if level == "schematic":
            render(_outlined(file, network, block, arguments), output, theme=theme)
        else:
            render(elaborated(file, network, arguments), output, level=level, block=block, theme=theme)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    except RenderError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        unreadable(error)
    click.echo(f"wrote {output}")


def _outlined(file: str, network: str | None, block: str | None, arguments: Arguments) -> Outline:
    """The outline of a network or block; ends the command with diagnostics where there is none."""
    from netspec.api import load

    if network is not None and block is not None:
        raise click.UsageError("a schematic is drawn of --network or of --block, not of both")
    try:
        return load(file).outline(block or network, **arguments)
    except SpecError as error:
        fail(error.diagnostics)
