"""The weights commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from netspec.cli.options import SPEC, Arguments, common, elaborated, network_options
from netspec.cli.telling import manner, print_json, refuse, unreadable

if TYPE_CHECKING:
    from netspec.pytorch.weights.plan import Entry, Plan, Tensor

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


@click.group("weights")
def command() -> None:
    """Look at weight files."""


@command.command()
@click.argument("file", metavar="SPEC", type=SPEC)
@click.argument("checkpoint", type=SPEC)
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
@common()
def plan(file: str, checkpoint: str, network: str | None, arguments: Arguments,
         renames: Renames, inflate: str) -> None:  # fmt: skip
    """Show what each tensor of a checkpoint would become in a network: nothing is built or loaded.

    Exit status 1 where a key is missing, unused or does not fit, which a strict loading refuses.
    """
    from netspec.cli.tables import show_grid
    from netspec.pytorch.weights.errors import WeightsError
    from netspec.pytorch.weights.files import opened
    from netspec.pytorch.weights.planning import make_plan
    from netspec.pytorch.weights.state import state_of_graph
    from netspec.pytorch.weights.text import grid

    model = state_of_graph(elaborated(file, network, arguments))
    try:
        with opened(checkpoint, framework="np") as opening:
            made = make_plan(model, opening, renames or None, None if inflate == "none" else inflate)
    except WeightsError as error:
        refuse(str(error))
    except OSError as error:
        unreadable(error)
    if manner().form == "text":
        show_grid(grid(made, [f"`{advice.option}` {advice.does}" for advice in made.advice if advice.option]))
    else:
        print_json(plan_data(made))
    if not made.complete:
        raise SystemExit(1)


def plan_data(made: Plan) -> dict[str, Any]:
    """A plan as data: an entry for each tensor of the model, then for those of the file that are not used."""
    return {
        "model": made.model,
        "checkpoint": made.checkpoint,
        "complete": made.complete,
        "entries": list(map(_entry, made.entries)),
        "notes": list(made.notes),
        "differences": list(made.differences),
        "help": list(made.help),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {"fate": entry.fate, "target": _tensor(entry.target), "source": _tensor(entry.source), "why": entry.why}


def _tensor(tensor: Tensor | None) -> dict[str, Any] | None:
    return {"key": tensor.key, "shape": list(tensor.shape), "dtype": tensor.dtype} if tensor else None
