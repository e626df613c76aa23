"""The page of each code: its examples are what they say, and every code can be met."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from docs import generate
from netspec.cli.main import main
from netspec.diagnostics import CODES
from netspec.diagnostics.explanations import PAGES, Example, examples, page
from tests.diagnostics.literate import cases

ROOT = Path(__file__).parents[2]
_code = re.compile(r"^(?:error|warning)\[(NS\d+)\]", re.MULTILINE)


def told(example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], int]:
    """The codes that the command of an example prints, and its exit status."""
    monkeypatch.chdir(folder)
    (folder / "example.netspec").write_text(example.text, encoding="utf-8")
    command, *options = shlex.split(example.command)
    result = CliRunner().invoke(main, [command, "example.netspec", *options], catch_exceptions=False)
    return _code.findall(result.output), result.exit_code


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_gives_the_code_alone_and_the_right_one_none(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong, right = examples(code)
    assert (wrong.right, right.right) == (False, True)
    assert told(wrong, tmp_path, monkeypatch) == ([code], 0 if code.startswith("NS5") else 1)
    assert told(right, tmp_path, monkeypatch) == ([], 0)


def test_every_page_has_a_code() -> None:
    assert sorted(p.stem for p in PAGES.iterdir()) == sorted(CODES)
    assert sorted(p.stem for p in (ROOT / "docs" / "codes").iterdir()) == sorted(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_documentation_is_up_to_date(code: str) -> None:
    kept = (ROOT / "docs" / "codes" / f"{code}.md").read_text(encoding="utf-8")
    assert kept == generate.code_page(code), "run `python -m docs.generate`"


def test_every_code_is_met_in_the_literate_tests() -> None:
    """Those that the check of a text alone cannot give are met by the commands of their pages."""
    files = Path(__file__).parent.rglob("*.md")
    met = {code for file in files for case in cases(file) for code in _code.findall(case.expected)}
    by_command = {code for code in CODES if any(e.command != "check" for e in examples(code) if not e.right)}
    assert set(CODES) - met - by_command == set()


def test_every_code_in_the_program_is_in_the_table() -> None:
    named = {code for file in (ROOT / "netspec").rglob("*.py") for code in re.findall(r"\bNS\d{3}\b", file.read_text())}
    assert named <= set(CODES)


@pytest.mark.parametrize("text", ["NS301", "ns301"])
def test_explain_prints_the_page(text: str) -> None:
    result = CliRunner().invoke(main, ["explain", text])
    assert (result.exit_code, result.stdout) == (0, page("NS301"))


def test_explain_knows_what_was_meant() -> None:
    result = CliRunner().invoke(main, ["explain", "NS31"])
    assert result.exit_code == 2
    assert "there is no code NS31: did you mean `NS301`?" in result.output
    result = CliRunner().invoke(main, ["explain", "NS399"])
    assert result.exit_code == 2
    assert "there are NS300, NS301, " in result.output
