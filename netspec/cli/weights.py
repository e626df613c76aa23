"""The weights commands."""

from __future__ import annotations

import click

from netspec.cli.options import Arguments, elaborated, network_options, unreadable

FILE = click.Path(exists=True, dir_okay=False)


Renames = list[str | dict[str, str | None]]


def _renames(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Renames:
    """``--rename torchvision --rename 'fc.*='``: a table, or one rule with the checkpoint's key left of ``=``."""
    from netspec.pytorch.weights.renaming import renamed

    steps: Renames = []
    for text in values:
        pattern, equals, result = text.partition("=")
        steps.append({pattern: result or None} if equals else text)
        try:
            renamed((), steps[-1])
        except ValueError as error:
            raise click.BadParameter(str(error), context, option) from None
    return steps


@click.group()
def weights() -> None:
    """Look at weight files."""


@weights.command()
@click.argument("file", metavar="SPEC", type=FILE)
@click.argument("checkpoint", type=FILE)
@network_options
@click.option(
    "--rename",
    "renames",
    metavar="NAME",
    multiple=True,
    callback=_renames,
    help="A table (torchvision), or one rule ('backbone.**=**', 'fc.*=' to leave out); again for more, in order.",
)
@click.option("--inflate", type=click.Choice(["2d", "none"]), default="2d", show_default=True,
              help="Whether 2-D weights of 3-D convolutions are repeated over time.")  # fmt: skip
def plan(file: str, checkpoint: str, network: str | None, arguments: Arguments,
         renames: Renames, inflate: str) -> None:  # fmt: skip
    """Show what each tensor of a checkpoint would become in a network: nothing is built or loaded.

    Exit status 1 where a key is missing, unused or does not fit, which a strict loading refuses.
    """
    from netspec.pytorch.weights.errors import WeightsError
    from netspec.pytorch.weights.files import opened
    from netspec.pytorch.weights.planning import make_plan
    from netspec.pytorch.weights.state import state_of_graph
    from netspec.pytorch.weights.text import table

    model = state_of_graph(elaborated(file, network, arguments))
    try:
        with opened(checkpoint, framework="np") as opening:
            made = make_plan(model, opening, renames or None, None if inflate == "none" else inflate)
    except WeightsError as error:
        click.echo(f"error: {error}", err=True)
        raise SystemExit(1) from None
    except OSError as error:
        unreadable(error)
    click.echo(table(made, [f"`{advice.option}` {advice.does}" for advice in made.advice if advice.option]))
    if not made.complete:
        raise SystemExit(1)
