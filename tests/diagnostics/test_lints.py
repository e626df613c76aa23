"""Warnings as a whole; each lint has its cases in ``lints.md``."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netspec
from netspec.check import check_all
from netspec.elaborate import elaborate, load_program
from netspec.files import read_import, read_spec
from netspec.lints import lint

ROOT = Path(__file__).parents[2]
SHIPPED = sorted([*(ROOT / "specs").rglob("*.netspec"), *(ROOT / "netspec" / "std").glob("*.netspec")])
UNIT = """netspec 1
block Unit(n: int, norm: block = BatchNorm2d) {
    input x
    output x -> conv: Conv2d(n, 3) -> norm: norm()
}
"""
NET = """netspec 1
use "./unit.netspec" { Unit }
network Net(norm: block = BatchNorm2d) {
    input x: [B, 3, H, W]
    output x -> a: Unit(8, norm) -> b: Unit(16, norm)
}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The block and the network in one file."""
    path = tmp_path / "net.netspec"
    path.write_text(UNIT + NET.partition("{ Unit }\n")[2])
    return path


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_is_shipped_has_no_warnings(shipped: Path) -> None:
    assert check_all(read_spec(shipped), read_import)[1] == ()


def test_imported_files_are_warned_of_where_they_are_checked(tmp_path: Path) -> None:
    (tmp_path / "unit.netspec").write_text(UNIT)
    (tmp_path / "net.netspec").write_text(NET)
    assert netspec.check(tmp_path / "net.netspec") == ()


def test_warnings_do_not_stop_a_build(file: Path) -> None:
    (warning,) = netspec.check(file)
    assert (warning.code, warning.severity, warning.primary.span.line) == ("NS501", "warning", 4)
    assert netspec.build(file)(torch.zeros(2, 3, 8, 8)).shape == (2, 16, 4, 4)


def test_arguments_decide_what_is_warned_of(file: Path) -> None:
    assert [d.code for d in netspec.check(file)] == ["NS501"]
    assert [d.code for d in netspec.check(file, "Net", norm="InstanceNorm2d")] == []


def test_a_comment_that_other_arguments_need_is_not_told(file: Path) -> None:
    file.write_text(f"# netspec: allow NS501 published so\n{file.read_text()}")
    assert netspec.check(file) == ()
    assert netspec.check(file, "Net", norm="InstanceNorm2d") == ()


def test_warnings_are_in_the_order_of_their_places(file: Path) -> None:
    file.write_text(file.read_text().replace("BatchNorm2d) {", "BatchNorm2d, m: int = 1) {"))
    assert [(d.code, d.primary.span.line) for d in netspec.check(file)] == [("NS505", 2), ("NS501", 4), ("NS505", 6)]


def test_lints_may_be_run_alone(file: Path) -> None:
    program, _ = load_program(read_spec(file), read_import)
    assert program is not None
    graph, _ = elaborate(program, "Net")
    assert graph is not None
    assert [d.code for d in lint(program, [graph])] == ["NS501"]
