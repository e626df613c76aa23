"""What commands share: arguments of a network, input shapes, diagnostics on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Literal, NoReturn

import click

from netspec.diagnostics import Diagnostic, SpecError
from netspec.elaborate.outside import Written
from netspec.graph import Graph

Arguments = dict[str, Any]
Inputs = dict[str, tuple[int, ...]]
Format = Literal["text", "json", "sarif"]


def _settings(context: click.Context, option: click.Parameter, values: tuple[str, ...]) -> Arguments:
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
        callback=_settings,
        help="An argument of the network, as a spec writes it: --set depth=101 --set norm=InstanceNorm3d.",
    )(command)
    return click.option("--network", metavar="NAME", help="The network; may be left out where the file has one.")(
        command
    )


def input_option(command: Command) -> Command:
    """``--input``."""
    return click.option("--input", "inputs", metavar="NAME=SIZES", multiple=True, callback=_shapes,
                        help="The shape of an input: --input clip=1,3,8,224,224.")(command)  # fmt: skip


def fail(diagnostics: Iterable[Diagnostic]) -> NoReturn:
    """Print diagnostics and end with status 1."""
    show(diagnostics)
    raise SystemExit(1)


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics and how many there are."""
    found = list(diagnostics)
    click.echo("\n\n".join(map(str, found)), err=True)
    errors = sum(d.severity == "error" for d in found)
    numbers = ((errors, "error"), (len(found) - errors, "warning"))
    counted = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in numbers if n)
    click.echo(f"\n{counted}", err=True)


def elaborated(file: str, network: str | None, arguments: Arguments) -> Graph:
    """The graph of a spec's network; ends the command with diagnostics where there is none."""
    from netspec.api import load

    try:
        return load(file).elaborate(network, **arguments)
    except SpecError as error:
        fail(error.diagnostics)
    except OSError as error:
        unreadable(error)


def unreadable(error: OSError) -> NoReturn:
    """A file that cannot be read or written: status 1."""
    tell(error)
    raise SystemExit(1)


def tell(error: OSError) -> None:
    """Say why a file cannot be read or written."""
    click.echo(f"error: {f'{error.strerror}: {error.filename}' if error.strerror else error}", err=True)
