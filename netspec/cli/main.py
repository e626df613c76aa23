"""The command line: thin shells around the library. A command's module is imported when the command is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from netspec import __version__

#: The commands in the order of the help; each module holds its command under the name ``command``.
COMMANDS = {
    "new": "starting",
    "check": "checking",
    "fmt": "formatting",
    "explain": "explain",
    "sizes": "sizes",
    "summary": "summary",
    "cost": "cost",
    "diff": "diffing",
    "render": "drawing",
    "export": "exporting",
    "build": "building",
    "convert": "converting",
    "schema": "schema",
    "graph": "graphing",
    "weights": "weights",
    "ops": "ops",
    "completion": "completion",
}


class _Commands(click.Group):
    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"netspec.cli.{COMMANDS[name]}").command
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="netspec")
def main() -> None:
    """netspec: check, draw and compile neural-network architectures written in .netspec files.

    Exit status: 0 where all is well, 1 where a spec has errors, 2 for a wrong use of the command.
    """
