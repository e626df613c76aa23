"""``netspec fmt``: what it writes, and what it leaves alone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from netspec.cli.main import main
from netspec.syntax import format as formatting

UGLY = "netspec 1\nblock  B( a:int ){ input x; output x }\n"
FORMATTED = "netspec 1\n\nblock B(a: int) {\n    input x\n    output x\n}\n"


def fmt(*arguments: object, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["fmt", *map(str, arguments)], input=stdin)


@pytest.fixture
def ugly(tmp_path: Path) -> Path:
    path = tmp_path / "ugly.netspec"
    path.write_bytes(UGLY.encode())
    return path


def test_a_file_is_written_in_its_layout_once(ugly: Path):
    assert fmt(ugly).output == f"formatted {ugly}\n"
    assert ugly.read_text() == FORMATTED
    before = ugly.stat().st_mtime_ns
    assert fmt(ugly).output == ""
    assert ugly.stat().st_mtime_ns == before


def test_permissions_stay(ugly: Path):
    ugly.chmod(0o640)
    fmt(ugly)
    assert ugly.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_one(ugly: Path, tmp_path: Path):
    link = tmp_path / "link.netspec"
    link.symlink_to(ugly)
    fmt(link)
    assert link.is_symlink()
    assert ugly.read_text() == FORMATTED


def test_check_names_the_files_and_writes_nothing(ugly: Path, tmp_path: Path):
    (tmp_path / "good.netspec").write_text(FORMATTED)
    result = fmt("--check", tmp_path)
    assert (result.exit_code, result.output) == (1, f"{ugly.as_posix()}: would be formatted\n")
    assert ugly.read_text() == UGLY
    assert fmt("--check", tmp_path / "good.netspec").exit_code == 0


def test_diff_shows_what_would_change(ugly: Path):
    result = fmt("--diff", ugly)
    assert result.exit_code == 0
    assert "-block  B( a:int ){ input x; output x }\n+\n+block B(a: int) {\n" in result.output
    assert ugly.read_text() == UGLY
    assert fmt("--diff", "--check", ugly).exit_code == 1


def test_standard_input_goes_to_standard_output():
    assert fmt("-", stdin=UGLY).output == FORMATTED
    assert fmt("--check", "-", stdin=UGLY).exit_code == 1
    crlf = fmt("-", stdin=b"\xef\xbb\xbfnetspec 1\r\nconst a=1")
    assert crlf.stdout_bytes == b"netspec 1\r\n\r\nconst a = 1\r\n"


def test_json_tells_the_files(ugly: Path):
    result = fmt("--format", "json", "--check", ugly)
    told = json.loads(result.stdout)
    assert (told["changed"], told["unchanged"], told["diagnostics"]) == ([str(ugly)], [], [])


def test_json_is_one_document_where_a_file_is_broken(ugly: Path, tmp_path: Path):
    wrong = tmp_path / "a.netspec"
    wrong.write_text("netspec 1\n\nblock B( {\n")
    result = fmt("--format", "json", wrong, ugly)
    told = json.loads(result.stdout)
    assert (result.exit_code, told["changed"], told["errors"] > 0) == (1, [str(ugly)], True)
    assert told["diagnostics"][0]["file"] == str(wrong)


@pytest.mark.parametrize("text", ["", "# alone\n", "netspec 1\n\nblock B( {\n", "netspec 1\nfrom x import y\n"])
def test_a_file_with_syntax_errors_is_left_alone(tmp_path: Path, text: str):
    path = tmp_path / "wrong.netspec"
    path.write_text(text)
    result = fmt(path)
    assert result.exit_code == 1
    assert "error[NS10" in result.output
    assert path.read_text() == text


def test_the_other_files_are_formatted_all_the_same(ugly: Path, tmp_path: Path):
    wrong = tmp_path / "a.netspec"
    wrong.write_text("netspec 1\n\nblock B( {\n")
    assert fmt(wrong, ugly).exit_code == 1
    assert ugly.read_text() == FORMATTED


def test_specs_in_json_have_no_layout(tmp_path: Path):
    path = tmp_path / "a.json"
    path.write_text("{}")
    result = fmt(path)
    assert result.exit_code == 1
    assert "is the JSON form of a spec" in result.output


def test_a_folder_without_specs_is_told(tmp_path: Path):
    assert "no specs" in fmt(tmp_path).output


def test_hidden_folders_are_not_entered(ugly: Path, tmp_path: Path):
    hidden = tmp_path / "specs" / ".cache"
    hidden.mkdir(parents=True)
    (hidden / "b.netspec").write_text(UGLY)
    assert fmt(tmp_path).output == f"formatted {ugly.as_posix()}\n"
    assert fmt(hidden).output == f"formatted {(hidden / 'b.netspec').as_posix()}\n"


def test_a_read_only_file_is_left_alone(ugly: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    result = fmt(ugly)
    assert (result.exit_code, result.output) == (1, f"error: {ugly} is read-only\n")
    assert ugly.read_text() == UGLY


def test_what_would_say_something_else_is_never_written(ugly: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(formatting.Documents, "document", lambda self, node: "netspec 1\n")
    result = fmt(ugly)
    assert result.exit_code == 1
    assert "would change what it says: that is a bug of netspec; the file is left as it is" in result.output
    assert ugly.read_text() == UGLY
