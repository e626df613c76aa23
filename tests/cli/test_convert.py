"""The commands about forms: convert and schema; and that the others take specs in JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import netspec
from netspec.cli.main import main

TEXT = """\
netspec 1  # the edition

## A unit.
## Twice.
block Unit(planes: int) {
    input x
    # a comment
    output x -> conv: Conv2d(planes, 3, padding=1)  # another one
}
network Net() {
    ## no documentation of anything
    input x: [B, 3, H, W]
    output x -> unit: Unit(8)
}
"""


def run(*words: object) -> Any:
    return CliRunner().invoke(main, list(map(str, words)))


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "net.netspec"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_there_and_back(text: Path, tmp_path: Path) -> None:
    data, again, twice = tmp_path / "net.json", tmp_path / "again.netspec", tmp_path / "twice.json"
    there = run("convert", text, data)
    assert (there.exit_code, there.stdout) == (0, f"wrote {data}\n")
    back = run("convert", data, again)
    assert (back.exit_code, back.output) == (0, f"wrote {again}\n")
    run("convert", again, twice)
    assert twice.read_bytes() == data.read_bytes()
    assert json.loads(data.read_text())["declarations"][0]["doc"] == "A unit.\nTwice."


def test_comments_that_are_left_out_are_told(text: Path, tmp_path: Path) -> None:
    result = run("convert", text, tmp_path / "net.json")
    assert result.stderr == f"{text}: 3 comments left out: JSON has none, but for `##`, which are `doc`\n"
    quiet = run("convert", "-q", text, tmp_path / "quiet.json")
    assert (quiet.stdout, quiet.stderr) == ("", result.stderr)


def test_a_file_is_replaced_only_when_that_is_said(text: Path, tmp_path: Path) -> None:
    data = tmp_path / "net.json"
    data.write_text("mine", encoding="utf-8")
    refused = run("convert", text, data)
    assert (refused.exit_code, data.read_text()) == (1, "mine")
    assert "exists" in refused.stderr
    assert run("convert", "--force", text, data).exit_code == 0
    assert data.read_text().startswith("{")


def test_nothing_is_written_of_a_spec_with_syntax_errors(tmp_path: Path) -> None:
    for name, content in (("a.netspec", "netspec 1\nconst = 3"), ("a.json", '{"netspec": 1}')):
        (tmp_path / name).write_text(content, encoding="utf-8")
        result = run("convert", tmp_path / name, tmp_path / "out.json")
        assert (result.exit_code, "NS100" in result.stderr) == (1, True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.json", "a.netspec"]


def test_one_of_the_files_is_json(text: Path, tmp_path: Path) -> None:
    assert run("convert", text, tmp_path / "b.netspec").exit_code == 2


def test_json_is_laid_out_again(text: Path, tmp_path: Path) -> None:
    data, again = tmp_path / "net.json", tmp_path / "again.json"
    run("convert", text, data)
    data.write_text(json.dumps(json.loads(data.read_text()), indent=4), encoding="utf-8")
    assert run("convert", data, again).exit_code == 0
    assert again.read_text().startswith('{\n  "netspec": 1,\n  "declarations": [\n')


def test_the_schema_is_printed() -> None:
    assert json.loads(run("schema").output)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_commands_take_json(text: Path, tmp_path: Path) -> None:
    data = tmp_path / "net.json"
    run("convert", text, data)
    for words in (["check"], ["summary"], ["sizes"], ["explain", "unit.conv"]):
        of_text, of_data = (run(words[0], file, *words[1:]) for file in (text, data))
        assert (of_data.exit_code, of_text.exit_code) == (0, 0)
        if words[0] != "explain":
            assert of_data.output == of_text.output.replace("net.netspec", "net.json")
    lines = data.read_text().splitlines()
    line = next(n for n, line in enumerate(lines, 1) if '"conv"' in line)
    assert f"{data}:{line}  " in run("explain", data, "unit.conv").output
    assert list(netspec.build(data).state_dict()) == list(netspec.build(text).state_dict())


def test_names_in_json_are_fixed_and_nothing_else_is(text: Path, tmp_path: Path) -> None:
    data = tmp_path / "net.json"
    run("convert", text, data)
    right = data.read_text()
    data.write_text(right.replace('"Unit", "args"', '"Unt", "args"'), encoding="utf-8")
    assert run("check", "--fix", data).exit_code == 0
    assert data.read_text() == right
    wrong = right.replace('"output": {', '"output": {"from": "x", "steps": [{"op": "Linear", "args": [3]}]}, "name": {')
    data.write_text(wrong, encoding="utf-8")
    assert run("check", "--fix", data).exit_code == 1
    assert data.read_text() == wrong


def test_files_of_both_forms_import_each_other(tmp_path: Path) -> None:
    (tmp_path / "parts.netspec").write_text("netspec 1\nblock Unit() { input x; output x -> conv: Conv2d(8, 1) }\n")
    (tmp_path / "more.json").write_text(
        '{"netspec": 1, "declarations": [{"use": "./parts.netspec", "names": ["Unit"]}, {"block": "Pair", "body": '
        '[{"input": "x"}, {"output": {"from": "x", "steps": [{"label": "units", "repeat": 2, "op": "Unit"}]}}]}]}'
    )
    (tmp_path / "net.netspec").write_text(
        'netspec 1\nuse "./more.json" { Pair }\nnetwork Net() { input x: [B, 8, H, W]; output x -> pair: Pair() }\n'
    )
    assert next(iter(netspec.build(tmp_path / "net.netspec").state_dict())) == "pair.units.0.conv.weight"
