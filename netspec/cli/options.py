"""The options that commands share: arguments of a network, input shapes, what to write, how to tell it."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from netspec.cli.telling import Form, fail, manner, set_manner, timed, unreadable
from netspec.diagnostics import SpecError
from netspec.elaborate.outside import Written
from netspec.graph import Graph

Arguments = dict[str, Any]
Inputs = dict[str, tuple[int, ...]]

SPEC = click.Path(exists=True, dir_okay=False)


def settings(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Arguments:
    """``--set depth=101``: each is a parameter and its value as a spec would write it."""
    found: Arguments = {}
    for text in values:
        name, equals, value = text.partition("=")
        if not equals or not name.isidentifier():
            raise click.BadParameter(f"{text!r} is not NAME=VALUE", context, option)
        if name in found:
            raise click.BadParameter(f"{name} is given twice", context, option)
        found[name] = Written(value)
    return found


def _shapes(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Inputs:
    """``--input clip=1,3,8,64,64``."""
    found: Inputs = {}
    for text in values:
        name, _, shape = text.partition("=")
        if name in found:
            raise click.BadParameter(f"{name} is given twice", context, option)
        try:
            found[name] = tuple(int(s) for s in shape.split(",") if s.strip())
        except ValueError:
            found[name] = ()
        if not found[name] or any(s < 1 for s in found[name]):
            raise click.BadParameter(f"{text!r} is not NAME=SIZE,SIZE,… with sizes of at least 1", context, option)
    return found


Command = Callable[..., Any]


def network_options(command: Command) -> Command:
    """``--network`` and ``--set``."""
    command = click.option(
        "--set",
        "arguments",
        metavar="NAME=VALUE",
        multiple=True,
        callback=settings,
        help="An argument of the network, as a spec writes it: --set depth=101 --set norm=InstanceNorm3d.",
    )(command)
    return click.option("--network", metavar="NAME", shell_complete=_networks,
                        help="The network; may be left out where the file has one.")(command)  # fmt: skip


def _networks(context: click.Context, option: click.Parameter, incomplete: str) -> list[str]:
    """What a shell offers for ``--network``: the networks of the file that is given."""
    from netspec.api import load

    given = [context.params.get("file"), *context.args]  # behind an option without its value click sorts nothing
    file = next((name for name in given if name and os.path.isfile(name)), "")
    try:
        return [name for name in load(file).networks if name.startswith(incomplete)]
    except (SpecError, OSError):
        return []


def input_option(command: Command) -> Command:
    """``--input``."""
    return click.option("--input", "inputs", metavar="NAME=SIZES", multiple=True, callback=_shapes,
                        help="The shape of an input: --input clip=1,3,8,224,224.")(command)  # fmt: skip


def output_option(help: str, *, folder: bool = False, required: bool = True) -> Callable[[Command], Command]:
    """``-o``, ``--out``: the file, or the folder, to write."""
    kind = click.Path(dir_okay=folder, file_okay=not folder, path_type=Path)
    return click.option("-o", "--out", required=required, type=kind, help=help)


def theme_option(command: Command) -> Command:
    """``--theme``: the colours of a picture."""
    return click.option("--theme", type=click.Choice(["light", "dark", "print"]), default="light", show_default=True,
                        help="The colours of the picture.")(command)  # fmt: skip


def common(*forms: Form) -> Callable[[Command], Command]:
    """``--format`` (text and json, unless said), ``--quiet`` and ``--verbose``: how the command tells things."""

    def form(context: click.Context, option: click.Parameter, value: Form) -> None:
        set_manner(context, replace(manner(), form=value))

    chosen = click.option("--format", type=click.Choice(forms or ("text", "json")), default="text", show_default=True,
                          expose_value=False, callback=form, is_eager=True,
                          help="What tools read is written to standard output.")  # fmt: skip
    return lambda command: chosen(loudness(command))


def loudness(command: Command) -> Command:
    """``--quiet`` and ``--verbose``."""

    def quiet(context: click.Context, option: click.Parameter, value: bool) -> None:
        set_manner(context, replace(manner(), quiet=value))

    def verbose(context: click.Context, option: click.Parameter, value: bool) -> None:
        if value and manner().quiet:
            raise click.UsageError("--quiet and --verbose do not go together", context)
        set_manner(context, replace(manner(), verbose=value))

    command = click.option("-v", "--verbose", is_flag=True, expose_value=False, callback=verbose,
                           help="Tell more: how long each step took.")(command)  # fmt: skip
    return click.option("-q", "--quiet", is_flag=True, expose_value=False, callback=quiet, is_eager=True,
                        help="Results and mistakes alone.")(command)  # fmt: skip


def elaborated(file: str, network: str | None, arguments: Arguments) -> Graph:
    """The graph of a spec's network; ends the command with diagnostics where there is none."""
    from netspec.api import load

    try:
        with timed(f"read {file}"):
            spec = load(file)
        with timed(f"elaborated {network or ', '.join(spec.networks)}"):
            return spec.elaborate(network, **arguments)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)
