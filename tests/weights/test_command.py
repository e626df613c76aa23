"""``netspec weights plan``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner, Result

import netspec
from netspec.cli.main import main

ROOT = Path(__file__).parents[2]
SPEC = """netspec 1
network Net(width: int = 4) {
    input x: [B, 3, T, H, W]
    output x -> conv: Conv3d(width, (3, 1, 1)) -> bn: BatchNorm3d() -> fc: Conv3d(2, 1)  # netspec: allow NS501
}
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("net.netspec").write_text(SPEC)
    netspec.save_weights(netspec.build("net.netspec"), "net.safetensors")
    flat = {k: v[:, :, 0] if v.dim() == 5 else v for k, v in netspec.build("net.netspec").state_dict().items()}
    torch.save({f"net.{k}": v for k, v in flat.items()} | {"head.weight": torch.zeros(2)}, "flat.pth")
    return "net.netspec"


def run(*args: str) -> Result:
    return CliRunner().invoke(main, ["weights", "plan", *args], catch_exceptions=False)


def test_a_file_that_fits(spec: str) -> None:
    result = run(spec, "net.safetensors")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "net.safetensors into Net"
    assert lines[4].split("  ")[0] == "conv.weight"
    assert lines[-2] == "Loads: 9 of 9 keys, 67 of 67 numbers"  # 4 * 3 * 3 + 4, 4 * 4 + 1, 2 * 4 + 2


def test_arguments_renaming_and_inflation(spec: str) -> None:
    options = ["--rename", "net.**=**", "--rename", "head.*="]
    result = run(spec, "flat.pth", *options)
    assert result.exit_code == 0
    assert "Inflated: 2, " in result.output
    assert "Left out: 1" in result.output
    result = run(spec, "flat.pth", *options, "--set", "width=5")
    assert result.exit_code == 1
    assert "skipped" in result.output
    result = run(spec, "flat.pth", *options, "--inflate", "none")
    assert result.exit_code == 1
    assert "help: `--inflate 2d` repeats 2-D weights over time" in result.output


def test_helps_are_options_of_the_command(spec: str) -> None:
    lines = run(spec, "flat.pth").output.splitlines()
    assert "help: `--rename 'net.**=**'` takes `net.` from the keys of the file" in lines
    lines = run(spec, "flat.pth", "--rename", "net.**=**").output.splitlines()
    assert "help: `--rename 'head.**='` leaves them out" in lines
    assert not any("strict" in line for line in lines)


def test_the_plan_is_the_one_that_is_carried_out(spec: str) -> None:
    rename = [{"net.**": "**"}, {"head.*": None}]
    plan = netspec.load_weights(netspec.build(spec), "flat.pth", rename=rename, inflate="2d")
    result = run(spec, "flat.pth", "--rename", "net.**=**", "--rename", "head.*=", "--inflate", "2d")
    assert result.output == f"{plan}\n"


@pytest.mark.parametrize(
    ("options", "status", "message"),
    [
        (["flat.pth", "--rename", "torchvison"], 2, "did you mean `torchvision`?"),
        (["flat.pth", "--rename", "a.*={i}"], 2, "'{i}' has no {i} to take up"),
        (["flat.pth", "--rename", "**=x"], 1, "error: the renaming makes one key of two: "),
        (["flat.pth", "--inflate", "3d"], 2, "'3d' is not one of '2d', 'none'"),
        (["absent.pth"], 2, "does not exist"),
        (["net.netspec"], 1, "error: net.netspec is no weight file"),
        (["flat.pth", "--network", "Nat"], 1, "did you mean `Net`?"),
    ],
)
def test_mistakes(spec: str, options: list[str], status: int, message: str) -> None:
    result = run(spec, *options)
    assert result.exit_code == status
    assert message in result.output


def without(modules: set[str], *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, which fails where it imports one of these modules."""
    code = (
        "import sys; from netspec.cli.main import main\n"
        f"try: main({command!r})\n"
        f"finally: assert sys.modules.keys().isdisjoint({modules!r})"
    )
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_safetensors_are_planned_without_torch(spec: str) -> None:
    files = [str(Path(name).resolve()) for name in (spec, "net.safetensors")]
    done = without({"torch", "networkx"}, "weights", "plan", *files)
    assert (done.returncode, done.stderr) == (0, "")


def test_checking_imports_nothing_of_weights(spec: str) -> None:
    done = without({"torch", "safetensors", "netspec.pytorch.weights.plan"}, "check", str(Path(spec).resolve()))
    assert (done.returncode, done.stderr) == (0, "")
