"""The ops command: which ops there are, and what one of them does."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from netspec.analysis.grid import Grid
from netspec.cli.options import common
from netspec.cli.tables import show_grid
from netspec.cli.telling import answer, manner, print_json
from netspec.diagnostics import did_you_mean

if TYPE_CHECKING:
    from netspec.ops.describe import Description


def _names(context: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    from netspec.ops import registry

    return [name for name in registry.names() if name.startswith(incomplete)]


@click.command("ops")
@click.argument("name", required=False, shell_complete=_names)
@common()
def command(name: str | None) -> None:
    """List the layers and functions that a spec can use, or describe one of them: netspec ops Conv3d."""
    from netspec.elaborate.advice.habits import not_yet
    from netspec.ops import registry
    from netspec.ops.describe import describe, families

    if name is None:
        found = list(families())
        answer(lambda: "\n".join(map(_family, *zip(*found, strict=True))),
               lambda: {"families": [{"title": title, "ops": list(names)} for title, names in found]})  # fmt: skip
        return
    description = describe(name)
    if description is None:
        known = not_yet(name) or did_you_mean(name, registry.names())
        raise click.UsageError(f"there is no op {name[:40]}: {known or '`netspec ops` lists them'}")
    if manner().form == "text":
        _show(description)
    else:
        print_json(asdict(description))


def _family(title: str, names: tuple[str, ...]) -> str:
    return f"{title}\n{click.wrap_text(', '.join(names), 100, '    ', '    ')}"


def _show(op: Description) -> None:
    click.echo(", ".join(op.names))
    for paragraph in op.text:
        click.echo()
        click.echo(click.wrap_text(paragraph, 100))
    if op.example:
        click.echo("\n" + "\n".join(f"    {line}" for line in op.example.splitlines()))
    if op.inferred:
        click.echo(f"\nInferred from the input: {', '.join(op.inferred)}.")
    if op.attributes:
        click.echo()
        rows = ((a.name + (", by name" if a.by_name else ""), a.value, a.default or "required") for a in op.attributes)
        show_grid(Grid("", ("attribute", "value", "default"), tuple(rows), (False, False, False)))
