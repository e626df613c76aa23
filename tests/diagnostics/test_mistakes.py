"""Mistakes that people make: one error for each, and a help that makes the spec what was meant.

``mistakes/*.md`` hold them: the spec with one mistake, the ``text`` that netspec says, and, where its help can be
applied, the ``shapes`` that the network has then. The shapes are written by hand; ``NETSPEC_UPDATE=1`` writes only the
texts.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from netspec.check import check_all
from netspec.cli.checking import describe
from netspec.diagnostics import Diagnostic, applied
from netspec.diagnostics.text import render_all
from netspec.files import FileSource, read_import
from tests.diagnostics.literate import Case, cases, update

FILES = sorted((Path(__file__).parent / "mistakes").glob("*.md"))
CASES = [case for file in FILES for case in cases(file)]


def source_of(text: str) -> FileSource:
    return FileSource("spec.netspec", text, Path(__file__).parent / "files")


def errors(source: FileSource) -> list[Diagnostic]:
    return [d for d in check_all(source, read_import)[1] if d.severity == "error"]


def shapes_with_help(case: Case) -> str:
    """The types of inputs and outputs of every network, with all edits made."""
    source = source_of(case.spec)
    fixed = applied(source, [edit for d in errors(source) for edit in d.edits])
    graphs, diagnostics = check_all(source_of(fixed), read_import)
    wrong = [d for d in diagnostics if d.severity == "error"]
    assert not wrong, f"{fixed}\n{render_all(wrong)}"
    return "\n".join(describe(graph, {})[0] for _, graph in graphs)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_one_mistake_is_one_error(case: Case) -> None:
    found = errors(source_of(case.spec))
    assert render_all(found) == case.expected
    assert len(found) == 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_the_help_gives_what_was_meant(case: Case) -> None:
    """Every edit that is offered is tried: where a diagnostic has some, the shapes that they lead to stand here."""
    edits = [edit for d in errors(source_of(case.spec)) for edit in d.edits]
    assert bool(edits) == bool(case.shapes)
    if edits:
        assert shapes_with_help(case) == case.shapes


def test_mistakes_are_different() -> None:
    assert len({case.spec for case in CASES}) == len(CASES)


def test_there_are_many_and_most_can_be_fixed() -> None:
    assert len(CASES) >= 120
    assert sum(bool(case.shapes) for case in CASES) >= 0.7 * len(CASES)


if os.environ.get("NETSPEC_UPDATE"):
    for _file in FILES:
        update(_file, {c.spec: render_all(errors(source_of(c.spec))) for c in cases(_file)})
