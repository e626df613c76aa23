"""`netspec render`: what is written, what is said of a wrong use, and the exit status."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import netspec
from netspec.cli.main import main
from netspec.render import picture_text
from tests.render.networks import LABELLED, RESNET


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("resnet.netspec").write_text(f"netspec 1\n{RESNET}", encoding="utf-8")
    Path("labelled.netspec").write_text(f"netspec 1\n{LABELLED}", encoding="utf-8")


def render(*args: str) -> Result:
    return CliRunner().invoke(main, ["render", *args], prog_name="netspec")


def test_each_level_in_each_format() -> None:
    for level in ("overview", "blocks", "ops", "schematic"):
        for ending in ("mmd", "dot", "svg", "png"):
            done = render("labelled.netspec", "--level", level, "-o", f"{level}.{ending}")
            assert (done.exit_code, done.output) == (0, f"wrote {level}.{ending}\n")
            assert Path(f"{level}.{ending}").stat().st_size > 500


def test_one_block_by_name_or_path() -> None:
    assert render("resnet.netspec", "--level", "blocks", "--block", "Bottleneck3d", "-o", "a.mmd").exit_code == 0
    assert render("resnet.netspec", "--level", "blocks", "--block", "layer2.0.conv1", "-o", "b.mmd").exit_code == 0
    assert 'title: "ConvModule · ' in Path("b.mmd").read_text(encoding="utf-8")


def test_a_schematic_of_a_block() -> None:
    assert render("labelled.netspec", "--level", "schematic", "--block", "Unit", "-o", "u.mmd").exit_code == 0
    assert '"Convolution<br>3 x 3"' in Path("u.mmd").read_text(encoding="utf-8")


def test_arguments_are_known_in_a_schematic() -> None:
    render("labelled.netspec", "--level", "schematic", "--set", "widths=4,6", "--set", "classes=None", "-o", "n.mmd")
    text = Path("n.mmd").read_text(encoding="utf-8")
    assert '"Stage 2<br>6 wide"' in text
    assert "Classes" not in text


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--level", "blocks", "--block", "Bottlenek3d"], 2, "no block `Bottlenek3d`: did you mean `Bottleneck3d`?"),
        (["--level", "blokcs"], 2, "'blokcs' is not one of 'overview', 'blocks', 'ops', 'schematic'"),
        (["--block", "Bottleneck3d"], 2, "one block is drawn at the levels `blocks` and `ops`, not `overview`"),
        (["--level", "schematic", "--block", "Botleneck3d"], 1, "did you mean `Bottleneck3d`?"),
        (["--level", "schematic", "--network", "N", "--block", "X"], 2, "of --network or of --block, not of both"),
        (["--level", "schematic", "--set", "depth=3"], 1, "`ResNet3d50` has no argument `depth`"),
        (["-o", "x.mdm"], 2, "there is no format `mdm`: did you mean `mmd`?"),
        (["-o", "x"], 2, "`x` has no ending: .mmd, .dot, .svg, .png"),
    ],
)  # fmt: skip
def test_wrong_uses(arguments: list[str], status: int, said: str) -> None:
    done = render("resnet.netspec", "-o", "x.mmd", *arguments)
    assert done.exit_code == status
    assert said in done.output
    assert not Path("x.mmd").exists()


def test_the_functions_write_what_the_command_writes() -> None:
    spec = netspec.load("labelled.netspec")
    netspec.render(spec.outline(), "a.mmd")
    netspec.render(spec.elaborate(), "b.mmd", level="blocks", block="Unit")
    render("labelled.netspec", "--level", "schematic", "-o", "c.mmd")
    assert Path("a.mmd").read_bytes() == Path("c.mmd").read_bytes()
    assert Path("b.mmd").read_text(encoding="utf-8") == picture_text(spec.elaborate(), "mmd", "blocks", block="Unit")


def test_a_picture_that_another_program_drew_comes_with_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dot").write_text("#!/bin/sh\nkill -SEGV $$\n", encoding="utf-8")
    (tmp_path / "dot").chmod(0o755)
    monkeypatch.delenv("NETSPEC_DOT", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = render("labelled.netspec", "-o", "x.svg")
    assert (done.exit_code, done.stdout, done.stderr) == (
        0, "wrote x.svg\n", "note: dot crashed (signal 11); drawn by graphviz-pure\n"
    )  # fmt: skip


def test_what_cannot_be_drawn_leaves_the_file_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETSPEC_DOT", "/nowhere/dot")
    Path("x.png").write_bytes(b"before")
    done = render("labelled.netspec", "-o", "x.png")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: NETSPEC_DOT is `/nowhere/dot`, which is no program")
    assert Path("x.png").read_bytes() == b"before"
    assert sorted(p.name for p in Path().iterdir()) == ["labelled.netspec", "resnet.netspec", "x.png"]
