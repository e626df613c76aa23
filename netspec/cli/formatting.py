"""``netspec fmt``: specs in their one layout."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from netspec.cli.options import common
from netspec.cli.telling import detail, manner, note, print_json, reason, say, show
from netspec.diagnostics import Diagnostic, SpecError
from netspec.files import read_spec, write_file
from netspec.source import Source

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of ``netspec fmt``: to ``check`` writes nothing, a ``diff`` says what would be written."""

    check: bool
    diff: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """The file as it is and as it is in its layout."""

    file: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        return self.before != self.after


@click.command("fmt")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; status 1 where a file would change, and its name.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@common()
def command(files: tuple[str, ...], check: bool, diff: bool) -> None:
    """Write specs in their one layout: at most 100 columns, comments and blank lines where they belong.

    A FILE of - reads standard input and writes standard output; a folder stands for the specs in it. What a spec says
    never changes. A file with syntax errors is left as it is.
    """
    if format_files(files, Request(check, diff)):
        raise SystemExit(1)


def format_files(files: Iterable[str], request: Request) -> bool:
    """Format files one after the other, and say whether the command has failed."""
    found: list[Diagnostic] = []
    outcomes: list[Outcome] = []
    unread = False
    for file in _specs(files):
        try:
            outcome = _formatted(file)
            outcomes.append(outcome)
            _write(outcome, request)
        except SpecError as error:
            found += error.diagnostics
        except (OSError, Refused) as error:
            note(f"error: {reason(error) if isinstance(error, OSError) else error}", always=True)
            unread = True
    if manner().form != "text":
        from netspec.diagnostics.as_json import as_json

        print_json({**_summary(outcomes), **as_json(found)})
    elif found:
        show(found)
    return unread or bool(found) or (request.check and any(o.changes for o in outcomes))


class Refused(Exception):
    """A file that is not formatted, and why."""


def _specs(files: Iterable[str]) -> list[str]:
    """The files; of a folder the specs in it, in order."""
    named: list[str] = []
    for file in files:
        path = Path(file)
        within = sorted(_within(path)) if file != STDIN and path.is_dir() else [file]
        if not within:
            note(f"{file}: no specs", always=True)
        named += within
    return list(dict.fromkeys(named))


def _within(folder: Path) -> Iterator[str]:
    """The specs in a folder and in those inside of it, except hidden ones."""
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(root, name).as_posix() for name in names if name.endswith(".netspec"))


def _formatted(file: str) -> Outcome:
    """A file in its layout. Raises SpecError where it has syntax errors, OSError where it cannot be read."""
    from netspec.syntax.format import MeaningChanged, format_source

    if file.endswith(".json"):
        raise Refused(f"{file} is the JSON form of a spec, which has no layout of its own: "
                      "`netspec convert` writes it as text")  # fmt: skip
    source = Source("standard input", _standard_input()) if file == STDIN else read_spec(file)
    try:
        return Outcome(file, source.text, format_source(source))
    except MeaningChanged as error:
        raise Refused(f"{error}; the file is left as it is") from error


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise OSError(f"standard input is not UTF-8 text: byte {error.start}") from None


def _write(outcome: Outcome, request: Request) -> None:
    """Write a file that changes, or say what would. Raises OSError."""
    if request.diff and outcome.changes and manner().form == "text":
        click.echo(_difference(outcome), nl=False)
    if request.check or request.diff:
        if request.check and outcome.changes and not request.diff and manner().form == "text":
            click.echo(f"{outcome.file}: would be formatted")
    elif outcome.file == STDIN:
        sys.stdout.buffer.write(outcome.after.encode("utf-8"))
        sys.stdout.buffer.flush()
    elif outcome.changes:
        if not os.access(outcome.file, os.W_OK):
            raise Refused(f"{outcome.file} is read-only")
        write_file(Path(outcome.file).resolve(), outcome.after)
        say(f"formatted {outcome.file}")
    else:
        detail(f"{outcome.file} is formatted")


def _difference(outcome: Outcome) -> str:
    """A unified diff."""
    from difflib import unified_diff

    old, new = (text.splitlines(keepends=True) for text in (outcome.before, outcome.after))
    lines = unified_diff(old, new, outcome.file, f"{outcome.file} (formatted)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _summary(outcomes: Sequence[Outcome]) -> dict[str, list[str]]:
    changed = [o.file for o in outcomes if o.changes]
    return {"changed": changed, "unchanged": [o.file for o in outcomes if not o.changes]}
