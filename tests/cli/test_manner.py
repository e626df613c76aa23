"""How commands tell things: text, JSON, quiet, verbose, colours."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from netspec.cli.main import COMMANDS
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
ANSWERED = {
    "check": ("check", "net.netspec"),
    "explain": ("explain", "net.netspec", "conv"),
    "explain a code": ("explain", "NS301"),
    "sizes": ("sizes", "net.netspec"),
    "summary": ("summary", "net.netspec", "--input", "image=2,3,9,9"),
    "render": ("render", "net.netspec", "-o", "net.mmd"),
    "export": ("export", "net.netspec", "-o", "net.py"),
    "ops": ("ops",),
    "one op": ("ops", "Conv3d"),
    "new": ("new", "other.netspec"),
}


@pytest.mark.parametrize("command", ANSWERED.values(), ids=ANSWERED)
def test_json_is_all_that_stands_on_standard_output(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, "--format", "json")
    assert done.exit_code == 0
    assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("command", ["check", "sizes", "summary"])
def test_mistakes_are_diagnostics_for_tools(run: Run, command: str) -> None:
    done = run(command, "bad.netspec", "--format", "json")
    assert done.exit_code == 1
    (diagnostic,) = json.loads(done.stdout)["diagnostics"]
    assert (diagnostic["code"], diagnostic["start"]["line"]) == ("NS200", 4)


def test_what_cannot_be_written_is_told_as_json_too(run: Run) -> None:
    done = run("export", "net.netspec", "-o", "none/net.py", "--format", "json")
    assert done.exit_code == 1
    assert "none" in json.loads(done.stdout)["error"]


def test_a_summary_as_data(run: Run) -> None:
    data = json.loads(run("summary", "net.netspec", "--input", "image=2,3,9,9", "--format", "json").stdout)
    # 3 * 3 * 3 weights and a bias for each of 8 channels; 7 * 7 places of 2 images
    assert data["rows"][0] == {
        "path": "conv", "op": "Conv2d", "kind": "module", "inputs": [[2, 3, 9, 9]], "outputs": [[2, 8, 7, 7]],
        "parameters": 8 * 28, "multiply_adds": 2 * 49 * 8 * 27,
    }  # fmt: skip
    assert data["parameters"] == {"total": 8 * 28 + 4 * 9, "trainable": 8 * 28 + 4 * 9}


def test_quiet_leaves_out_confirmations_and_keeps_results(run: Run) -> None:
    assert run("check", "net.netspec", "-q").output == ""
    assert run("render", "net.netspec", "-o", "net.mmd", "--quiet").output == ""
    assert run("new", "other.netspec", "-q").output == ""
    assert "conv" in run("summary", "net.netspec", "-q").stdout
    assert "Linaer" in run("check", "bad.netspec", "-q").stderr


def test_verbose_tells_times_on_standard_error(run: Run) -> None:
    done = run("summary", "net.netspec", "-v")
    assert done.stdout == run("summary", "net.netspec").stdout
    assert "elaborated Net in " in done.stderr
    assert run("check", "net.netspec", "-q", "-v").exit_code == 2


def on_a_terminal(folder: Path, *args: str, **environment: str) -> str:
    """What a command prints on a terminal of 100 columns."""
    master, slave = pty.openpty()
    clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "FORCE_COLOR")}
    env = {**clean, "TERM": "xterm", "COLUMNS": "100", "PYTHONPATH": str(ROOT), **environment}
    with subprocess.Popen([sys.executable, "-m", "netspec", *args], stdout=slave, stderr=slave, stdin=slave,
                          env=env, cwd=folder) as process:  # fmt: skip
        os.close(slave)
        text = b""
        while True:
            try:
                read = os.read(master, 4096)
            except OSError:  # the other side is closed
                break
            if not read:
                break
            text += read
        process.wait()
    os.close(master)
    return text.decode()


def test_colours_on_a_terminal_alone_and_not_where_they_are_unwanted(run: Run, tmp_path: Path) -> None:
    assert "\x1b[" not in run("summary", "net.netspec").stdout
    table = on_a_terminal(tmp_path, "summary", "net.netspec")
    assert "\x1b[" in table
    assert "conv" in table
    assert "\x1b[" in on_a_terminal(tmp_path, "check", "bad.netspec")
    assert "\x1b[" not in on_a_terminal(tmp_path, "check", "bad.netspec", NO_COLOR="1")
    assert "\x1b[" not in on_a_terminal(tmp_path, "summary", "net.netspec", NO_COLOR="1")


def test_every_command_tells_in_both_forms_and_has_help(run: Run) -> None:
    for name in COMMANDS:
        help_ = run(name, "--help")
        assert help_.exit_code == 0
        if name not in ("weights", "completion", "schema"):
            assert {"--format", "--quiet", "--verbose"} <= set(help_.output.replace(",", " ").split()), name
