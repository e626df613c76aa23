"""What a command tells: results on standard output, everything else on standard error; as text or as JSON."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal, NoReturn, TextIO

import click

from netspec.diagnostics import Diagnostic

Form = Literal["text", "json", "sarif"]
_KEY = "netspec.manner"


@dataclass(frozen=True, slots=True)
class Manner:
    """How the running command tells things: ``-q`` leaves out confirmations, ``-v`` adds details."""

    form: Form = "text"
    quiet: bool = False
    verbose: bool = False


def manner() -> Manner:
    """That of the running command."""
    context = click.get_current_context(silent=True)
    return context.meta.get(_KEY, Manner()) if context else Manner()


def set_manner(context: click.Context, changed: Manner) -> None:
    context.meta[_KEY] = changed


# ----------------------------------------------------------------------------------------------------- telling


def answer(text: Callable[[], str], data: Callable[[], Mapping[str, Any]]) -> None:
    """The result of a command, in the form that was asked for."""
    if manner().form == "text":
        click.echo(text())
    else:
        print_json(data())


def print_json(data: Mapping[str, Any]) -> None:
    import json

    click.echo(json.dumps(data, indent=2))


def say(text: str) -> None:
    """A confirmation: what was written, what was done."""
    if not manner().quiet and manner().form == "text":
        click.echo(text)


def wrote(path: object) -> None:
    """A file was written."""
    say(f"wrote {path}")
    if manner().form != "text":
        print_json({"wrote": [str(path)]})


def note(text: str, *, always: bool = False) -> None:
    """Something to know, on standard error; with ``-q`` only what is ``always`` told."""
    if always or not manner().quiet:
        click.echo(text, err=True)


def detail(text: str) -> None:
    """What ``-v`` adds, on standard error."""
    if manner().verbose:
        click.echo(text, err=True)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """With ``-v`` say how long something took: ``elaborated ResNet18 in 12 ms``."""
    start = perf_counter()
    yield
    if manner().verbose:
        detail(f"{what} in {1000 * (perf_counter() - start):,.0f} ms")


# ----------------------------------------------------------------------------------------------------- mistakes


def fail(diagnostics: Iterable[Diagnostic]) -> NoReturn:
    """Print diagnostics and end with status 1."""
    show(diagnostics)
    raise SystemExit(1)


def show(diagnostics: Iterable[Diagnostic]) -> None:
    """Print diagnostics and how many there are: as text on standard error, for tools on standard output."""
    found = list(diagnostics)
    if manner().form == "text":
        click.echo("\n\n".join(_coloured(str(d), d.severity) for d in found), err=True)
        errors = sum(d.severity == "error" for d in found)
        numbers = ((errors, "error"), (len(found) - errors, "warning"))
        counted = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in numbers if n)
        click.echo(f"\n{counted}", err=True)
    elif manner().form == "json":
        from netspec.diagnostics.as_json import as_json

        print_json(as_json(found))
    else:
        from netspec import __version__
        from netspec.diagnostics.sarif import as_sarif

        print_json(as_sarif(found, __version__))


def refuse(message: str) -> NoReturn:
    """End with status 1 for what is no mistake in a spec: a file that cannot be read, for one."""
    if manner().form == "text":
        click.echo(f"error: {message}", err=True)
    else:
        print_json({"error": message})
    raise SystemExit(1)


def unreadable(error: OSError) -> NoReturn:
    """A file that cannot be read or written: status 1."""
    refuse(reason(error))


def reason(error: OSError) -> str:
    """Why a file cannot be read or written."""
    return f"{error.strerror}: {error.filename}" if error.strerror else str(error)


# ----------------------------------------------------------------------------------------------------- colours


def coloured(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours, and the user wants them (https://no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return stream.isatty()


def _coloured(text: str, severity: str) -> str:
    """A diagnostic with its first line in red or yellow and its help in green, on a terminal."""
    if not coloured(sys.stderr):
        return text
    head, *lines = text.split("\n")
    colour = "red" if severity == "error" else "yellow"
    helps = (click.style(line, fg="green") if line.lstrip().startswith("= help:") else line for line in lines)
    return "\n".join([click.style(head, fg=colour, bold=True), *helps])
