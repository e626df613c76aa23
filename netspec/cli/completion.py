"""The completion command: commands, options, files and names completed by the shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = {"bash": "~/.bashrc", "zsh": "~/.zshrc", "fish": "~/.config/fish/completions/netspec.fish"}


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print what a shell needs to complete netspec's commands, options and names.

    bash: netspec completion bash >> ~/.bashrc; zsh: the same with ~/.zshrc; fish: netspec completion fish >
    ~/.config/fish/completions/netspec.fish.
    """
    kind = get_completion_class(shell)
    assert kind is not None
    click.echo(kind(context.find_root().command, {}, "netspec", "_NETSPEC_COMPLETE").source())
