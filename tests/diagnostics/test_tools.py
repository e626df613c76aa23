"""Diagnostics for tools: JSON and SARIF, as ``netspec check`` prints them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from netspec.cli.main import main

WRONG = """netspec 1
network Net() {
    input x: [B, 3, H, W]  # größer 🙂
    main = x -> conv: Conv2d(8, 3, padding=1)
    output main + x
}
"""
UNUSED = """netspec 1
use "std/conv" { ConvModule }
network Net() {
    input x: [B, 3, H, W]
    output x -> conv: Conv2d(8, 3) -> bn: BatchNorm2d()
}
"""
RIGHT = UNUSED.replace('use "std/conv" { ConvModule }\n', "").replace("(8, 3)", "(8, 3, bias=False)")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {"wrong": WRONG, "unused": UNUSED, "right": RIGHT, "a b": "\ufeff" + UNUSED}.items():
        (tmp_path / f"{name}.netspec").write_text(text, encoding="utf-8")
    return tmp_path


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["check", *args], catch_exceptions=False)


def from_json(*args: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(run(*args, "--format", "json").stdout)
    return found


def sarif(*args: str) -> dict[str, Any]:
    log = json.loads(run(*args, "--format", "sarif").stdout)
    assert (log["version"], len(log["runs"])) == ("2.1.0", 1)
    found: dict[str, Any] = log["runs"][0]
    return found


# ------------------------------------------------------------------------------------------------------------ json


def test_an_error_as_json() -> None:
    found = from_json("wrong.netspec")
    assert (found["version"], found["errors"], found["warnings"]) == (1, 1, 0)
    (error,) = found["diagnostics"]
    start = WRONG.index("main + x")
    operand = WRONG.index("x: [B")
    assert {k: v for k, v in error.items() if k not in ("help", "edits", "related")} == {
        "code": "NS301", "severity": "error", "message": "cannot add tensors of different shapes",
        "file": "wrong.netspec", "source": "wrong.netspec", "label": "channels 8 and 3 differ",
        "start": {"line": 5, "column": 12, "offset": start}, "end": {"line": 5, "column": 20, "offset": start + 8},
        "trail": "Net()", "more": 0, "notes": [],
    }  # fmt: skip
    assert {
        "file": "wrong.netspec", "source": "wrong.netspec", "label": "[B, 3, H, W]",
        "start": {"line": 3, "column": 11, "offset": operand}, "end": {"line": 3, "column": 12, "offset": operand + 1},
    } in error["related"]  # fmt: skip


def test_edits_are_made_by_their_offsets() -> None:
    found = from_json("unused.netspec")
    assert (found["errors"], found["warnings"]) == (0, 2)
    unused, bias = found["diagnostics"]
    assert (unused["code"], bias["code"]) == ("NS506", "NS501")
    (edit,) = unused["edits"]
    text = UNUSED[: edit["start"]["offset"]] + edit["text"] + UNUSED[edit["end"]["offset"] :]
    assert text == UNUSED.replace('use "std/conv" { ConvModule }\n', "")


def test_a_byte_order_mark_takes_no_column_and_is_counted_in_offsets() -> None:
    plain, marked = (from_json(name)["diagnostics"][0]["start"] for name in ("unused.netspec", "a b.netspec"))
    assert marked == {"line": plain["line"], "column": plain["column"], "offset": plain["offset"] + 1}


def test_what_stands_in_no_file() -> None:
    (error,) = from_json("wrong.netspec", "--network", "Net", "--set", "depth=3")["diagnostics"]
    assert (error["code"], error["file"], error["source"]) == ("NS201", None, "argument depth")
    (result,) = sarif("wrong.netspec", "--network", "Net", "--set", "depth=3")["results"]
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "netspec:argument%20depth"


def test_several_files_and_none_that_is_wrong() -> None:
    found = from_json("right.netspec", "wrong.netspec", "unused.netspec")
    assert [d["file"] for d in found["diagnostics"]] == ["wrong.netspec", "unused.netspec", "unused.netspec"]
    assert from_json("right.netspec") == {"version": 1, "errors": 0, "warnings": 0, "diagnostics": []}


def test_a_wrong_input_is_in_it() -> None:
    (error,) = from_json("right.netspec", "--input", "x=1,4,8,8")["diagnostics"]
    assert error["code"] == "NS801"


# ------------------------------------------------------------------------------------------------------------ sarif


def test_an_error_as_sarif() -> None:
    found = sarif("wrong.netspec")
    assert found["columnKind"] == "unicodeCodePoints"
    (rule,) = found["tool"]["driver"]["rules"]
    assert (rule["id"], rule["defaultConfiguration"]["level"]) == ("NS301", "error")
    assert rule["help"]["markdown"].startswith("# NS301: ")
    (result,) = found["results"]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("NS301", 0, "error")
    message = "cannot add tensors of different shapes: channels 8 and 3 differ\nin: Net()"
    assert result["message"]["text"].startswith(message)
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "wrong.netspec"},
        "region": {
            "startLine": 5, "startColumn": 12, "endLine": 5, "endColumn": 20,
            "charOffset": WRONG.index("main + x"), "charLength": 8,
        },
    }  # fmt: skip
    related = result["relatedLocations"]
    assert [r["id"] for r in related] == list(range(len(related)))
    assert {r["message"]["text"] for r in related} == {"[B, 3, H, W]", "[B, 8, H, W]"}


def test_edits_are_fixes() -> None:
    unused, bias = sarif("a b.netspec")["results"]
    assert (unused["level"], bias["level"]) == ("warning", "warning")
    assert "fixes" not in bias
    (fix,) = unused["fixes"]
    assert fix["description"]["text"] == "leave it out"
    (change,) = fix["artifactChanges"]
    assert change["artifactLocation"]["uri"] == "a%20b.netspec"
    (replacement,) = change["replacements"]
    assert replacement["insertedContent"] == {"text": ""}
    region = replacement["deletedRegion"]
    assert [region[k] for k in ("startLine", "startColumn", "endLine", "endColumn")] == [2, 1, 3, 1]


def test_rules_stand_once() -> None:
    found = sarif("wrong.netspec", "unused.netspec", "a b.netspec")
    rules = [rule["id"] for rule in found["tool"]["driver"]["rules"]]
    assert rules == ["NS301", "NS501", "NS506"]
    assert all(rules[r["ruleIndex"]] == r["ruleId"] for r in found["results"])


# ------------------------------------------------------------------------------------------------------------ statuses


@pytest.mark.parametrize("form", ["text", "json", "sarif"])
def test_exit_statuses(form: str) -> None:
    assert run("wrong.netspec", "--format", form).exit_code == 1
    assert run("right.netspec", "--format", form).exit_code == 0
    assert run("unused.netspec", "--format", form).exit_code == 0
    assert run("unused.netspec", "--format", form, "--deny", "warnings").exit_code == 1
    assert run("right.netspec", "--format", form, "--deny", "warnings").exit_code == 0


def test_an_unreadable_file_leaves_standard_output_to_the_others(folder: Path) -> None:
    (folder / "latin.netspec").write_bytes(b"netspec 1\n# \xe4\n")
    result = run("latin.netspec", "unused.netspec", "--format", "json")
    assert (result.exit_code, json.loads(result.stdout)["warnings"]) == (1, 2)
    assert "latin.netspec" in result.stderr


def test_text_counts_warnings() -> None:
    result = run("unused.netspec")
    assert result.stdout.splitlines()[0] == "unused.netspec: Net"
    assert result.stderr.splitlines()[-1] == "2 warnings"
    assert run("unused.netspec", "wrong.netspec").stderr.splitlines()[-1] == "1 error, 2 warnings"


def test_fixes_are_made_where_tools_read_the_rest(folder: Path) -> None:
    result = run("unused.netspec", "--fix", "--format", "json")
    assert [d["code"] for d in json.loads(result.stdout)["diagnostics"]] == ["NS501"]
    assert "ConvModule" not in (folder / "unused.netspec").read_text()
