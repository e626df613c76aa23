"""A spec to start from, the ops, and completion in a shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.shell_completion import BashComplete

from netspec.cli.main import main
from netspec.cli.starting import network_name
from netspec.ops import registry
from tests.cli.conftest import Run


def test_the_starter_checks_without_a_warning_and_is_called_after_its_file(run: Run, tmp_path: Path) -> None:
    assert run("new", "my_net.netspec").stdout.startswith("wrote my_net.netspec: network MyNet\n")
    done = run("check", "my_net.netspec", "--deny", "warnings")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "my_net.netspec: MyNet(classes=100, width=64)" in done.stdout
    assert (tmp_path / "my_net.netspec").read_text().count("#") >= 8


def test_a_file_that_exists_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    before = (tmp_path / "net.netspec").read_text()
    done = run("new", "net.netspec")
    assert (done.exit_code, done.stderr) == (1, "error: net.netspec exists: it is left as it is\n")
    assert (tmp_path / "net.netspec").read_text() == before
    assert run("new", "net.py").exit_code == 2


NAMES = {"my_net": "MyNet", "resnet-50": "Resnet50", "3d": "Net3d", "_": "Net"}


@pytest.mark.parametrize("stem", NAMES)
def test_names_of_networks(stem: str) -> None:
    assert network_name(stem) == NAMES[stem]


def test_every_op_is_described(run: Run) -> None:
    families = json.loads(run("ops", "--format", "json").stdout)["families"]
    listed = {name for family in families for name in family["ops"]}
    assert listed == {name for f in registry.FAMILIES for name in (*f.spatial, *f.plain, *f.functions)}
    for name in sorted(listed):
        described = json.loads(run("ops", name, "--format", "json").stdout)
        assert described["text"][0], name
        assert described["example"], name


def test_an_op_by_one_of_its_names(run: Run) -> None:
    done = run("ops", "Conv3d")
    assert done.stdout.startswith("Conv, Conv1d, Conv2d, Conv3d\n")
    assert "Inferred from the input: in_channels." in done.stdout
    unknown = run("ops", "Conv4d")
    assert (unknown.exit_code, "did you mean `Conv3d`?" in unknown.stderr) == (2, True)


def completed(*args: str) -> list[str]:
    *before, incomplete = args
    return [item.value for item in BashComplete(main, {}, "netspec", "X").get_completions(list(before), incomplete)]


def test_commands_networks_and_ops_are_completed(run: Run) -> None:
    assert {"summary", "sizes"} <= set(completed("s"))
    assert completed("summary", "net.netspec", "--network", "") == ["Net"]
    assert completed("ops", "Conv3") == ["Conv3d"]
    for shell in ("bash", "zsh", "fish"):
        assert "_NETSPEC_COMPLETE" in run("completion", shell).stdout
