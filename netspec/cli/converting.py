"""The convert command."""

from __future__ import annotations

from pathlib import Path

import click

from netspec.cli.options import SPEC, common
from netspec.cli.telling import fail, note, refuse, unreadable, wrote
from netspec.files import FileSource, read_spec, write_file
from netspec.syntax.ast import Document
from netspec.syntax.read import JSON, read


@click.command("convert")
@click.argument("source", metavar="FROM", type=SPEC)
@click.argument("target", metavar="TO", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace TO where it exists.")
@common()
def command(source: str, target: Path, force: bool) -> None:
    """Write a spec in the other form: text (.netspec) or JSON (.json), as the files' endings say.

    Comments with one # have no place in JSON; how many are left out is told.
    """
    if not _is_json(source) and not _is_json(target):
        raise click.UsageError("both are texts: one of the files ends with .json")
    if target.exists() and not force:
        refuse(f"{target} exists: give another name, or --force")
    try:
        _convert(read_spec(source), target)
    except OSError as error:
        unreadable(error)
    except ValueError as error:
        refuse(f"{source}: {error}")
    wrote(target)


def _is_json(path: str | Path) -> bool:
    return str(path).lower().endswith(JSON)


def _convert(source: FileSource, target: Path) -> None:
    """Write a spec in the form that the target's name says. Raises OSError, and ValueError for what JSON cannot say."""
    from netspec.syntax.format import format_document
    from netspec.syntax.json_form import json_text

    document, diagnostics = read(source)
    if document is None:
        fail(diagnostics)
    write_file(target, json_text(document) if _is_json(target) else format_document(document))
    lost = 0 if _is_json(source.name) else _left_out(document, format_document(document))
    if lost:
        note(f"{source.name}: {lost} comment{'s' * (lost > 1)} left out: JSON has none, but for `##`, which are `doc`",
             always=True)  # fmt: skip


def _left_out(document: Document, rewritten: str) -> int:
    """How many comments of a text are not in its AST, of which ``rewritten`` is the text."""
    from netspec.source import Source
    from netspec.syntax.comments import comments

    return sum(1 for _ in comments(document.source)) - sum(1 for _ in comments(Source("", rewritten)))
