"""Tables: through rich on a terminal, plain in pipes."""

from __future__ import annotations

import sys

import click

from netspec.analysis.grid import Grid, plain
from netspec.cli.telling import coloured


def show_grid(grid: Grid) -> None:
    """Print a table."""
    if coloured(sys.stdout):
        _show_rich(grid)
    else:
        click.echo(plain(grid))


def _show_rich(grid: Grid) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(grid.title) if grid.title else None, title_justify="left", box=SIMPLE_HEAD,
                  title_style="bold")  # fmt: skip
    for name, right in zip(grid.head, grid.right, strict=True):
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in grid.rows:
        table.add_row(*map(Text, row))
    console = Console()
    console.print(table)
    for line in grid.totals:
        name, colon, value = line.partition(":")
        console.print(Text(name + colon, "bold") + Text(value) if colon and not line.startswith(" ") else Text(line))
