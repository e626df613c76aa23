"""``netspec check --fix``: what diagnostics say can be applied, written where the spec is right after that."""

from __future__ import annotations

from difflib import SequenceMatcher
from pathlib import Path

from netspec.check import check_all
from netspec.cli.options import Arguments
from netspec.cli.telling import manner, note, say
from netspec.diagnostics import Diagnostic, applied
from netspec.diagnostics.places import as_shown
from netspec.files import FileSource, read_import, read_spec, write_file

#: Applying a help can bring the next one to light; so often at most.
ROUNDS = 8


def fix_file(file: str, network: str | None, arguments: Arguments) -> None:
    """Write a file with its helps applied, if nothing is wrong with the result; else leave it as it is.

    The file is written as a whole or not at all. Raises OSError.
    """
    source = before = read_spec(file)
    diagnostics = check_all(source, read_import, network, arguments)[1]
    right: FileSource | None = None
    for _ in range(ROUNDS):
        text = applied(source, [edit for diagnostic in diagnostics for edit in as_shown(diagnostic).edits])
        if text == source.text:
            break
        source = FileSource(source.name, text, source.folder)
        diagnostics = check_all(source, read_import, network, arguments)[1]
        right = right if _errors(diagnostics) else source
    if right is not None:
        _write(file, before, right)
    elif _errors(diagnostics):
        _tell(f"{file}: not changed, no help that can be applied makes it right")


def _errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    return any(diagnostic.severity == "error" for diagnostic in diagnostics)


def _write(file: str, before: FileSource, after: FileSource) -> None:
    write_file(Path(file).resolve(), after.text)
    old, new = before.text.splitlines(), after.text.splitlines()
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "delete":
            _tell("\n".join(f"{file}:{n + 1}: left out: {old[n].strip()}" for n in range(first, last)))
        elif kind != "equal":
            _tell("\n".join(f"{file}:{n + 1}: {new[n].strip()}" for n in range(start, end)))


def _tell(text: str) -> None:
    """Standard output is for the diagnostics where tools read it."""
    (say if manner().form == "text" else note)(text)
