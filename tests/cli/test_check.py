"""The command line: what is printed, and the exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from netspec.cli.main import main

ROOT = Path(__file__).parents[2]
SPEC = """netspec 1
network Net(n: int = 8, act: block = ReLU, name: str = "a", strides: int[] = (1, 1), wide: bool = False,
            k: int | str = 3,  # netspec: allow NS505 for tests of settings
            o: int? = 1) {
    input image: [B, 3, H, W]
    assert name != "bad", "name is {name}"
    let width = 2 * n if wide else n
    output image -> conv: Conv2d(width, 3, stride=strides) -> act: act() -> same: Identity() if o != None
}
"""
TWO = """netspec 1
network A() { input x: [B, 4]; output x -> fc: Linear(3) }
network C() { input x: [B, 4]; output x -> fc: Linear(2) }
"""


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.netspec").write_text(SPEC)
    (tmp_path / "two.netspec").write_text(TWO)
    (tmp_path / "bad.netspec").write_text("netspec 1\nnetwork Bad() { input x: [B, 4]; output x -> fc: Linaer(3) }\n")
    return "net.netspec"


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args, catch_exceptions=False)


def test_a_right_spec(spec: str) -> None:
    result = run("check", spec)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "net.netspec: Net",
        "  image [B, 3, H, W] -> [B, 8, H - 2, W - 2]",
        "  shapes proven for all B, H >= 3, W >= 3",
        "  3 layers and joins, 224 parameters",
    ]


def test_contracts_are_shown_one_by_one_with_what_their_names_stand_for(tmp_path: Path) -> None:
    # n = 4: 2 ** (4 - 1) is 8
    where = "where H % 2 == 0 and W % 2 == 0, H % 2 ** (n - 1) == 0, 4 <= W <= 64"
    file = tmp_path / "n.netspec"
    file.write_text(f"netspec 1\nnetwork Net(n: int = 4) {{ input x: [B, 3, H, W] {where}; output x }}\n")
    line = "shapes proven for all B, H, W where H % 2 == 0, W % 2 == 0, H % 8 == 0, 4 <= W, W <= 64"
    assert f"  {line}" in run("check", str(file)).output.splitlines()


def test_sizes_are_put_in_afterwards(spec: str) -> None:
    result = run("check", spec, "--input", "image=1,3,9,7")
    assert result.exit_code == 0
    assert "  for image [1, 3, 9, 7]: [1, 8, 7, 5]" in result.output.splitlines()


@pytest.mark.parametrize(
    ("setting", "shape"),
    [
        ("n=5", "[B, 5, H - 2, W - 2]"),
        ("wide=True", "[B, 16, H - 2, W - 2]"),
        ("strides=2,1", "[B, 8, ceil(H/2) - 1, W - 2]"),
        ("strides=(2, 1)", "[B, 8, ceil(H/2) - 1, W - 2]"),
        ("act=PReLU(per_channel=True)", "[B, 8, H - 2, W - 2]"),
        ("name=depth", "[B, 8, H - 2, W - 2]"),
        ("name='quoted'", "[B, 8, H - 2, W - 2]"),
        ("k=same", "[B, 8, H - 2, W - 2]"),
        ("k=5", "[B, 8, H - 2, W - 2]"),
        ("o=None", "[B, 8, H - 2, W - 2]"),
        ("n=2 * 3", "[B, 6, H - 2, W - 2]"),
    ],
)
def test_settings(spec: str, setting: str, shape: str) -> None:
    result = run("check", spec, "--set", setting)
    assert (result.exit_code, result.output.splitlines()[1].partition("-> ")[2]) == (0, shape)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("n=five", "unknown name `five`"),
        ("n='5'", "`n` of `Net` must be an int"),
        ("depth=3", "`Net` has no argument `depth`"),
        ("act=Relu", "unknown name `Relu`"),
        ("n=1 +", "error[NS1"),
        ("n=1) + (2", "error[NS"),
        ("name=bad", "name is bad"),
        ("n=10 ** 100", "a number beyond 2**63"),
        ("n=[i for i in range(9999) for j in range(9999)]", "elaboration takes more than"),
    ],
)
def test_wrong_settings(spec: str, setting: str, message: str) -> None:
    result = run("check", spec, "--set", setting)
    assert result.exit_code == 1
    assert message in result.output
    assert "const argument" not in result.output


def test_mistakes(spec: str) -> None:
    result = run("check", "bad.netspec")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == "error[NS200]: unknown name `Linaer`"
    assert result.stderr.splitlines()[-1] == "1 error"
    assert result.stdout == ""


def test_several_files(spec: str) -> None:
    result = run("check", spec, "bad.netspec", "two.netspec")
    assert result.exit_code == 1
    assert [line for line in result.stdout.splitlines() if not line.startswith(" ")] == [
        "net.netspec: Net",
        "two.netspec: A",
        "two.netspec: C",
    ]
    assert result.stderr.count("error[") == 1


def test_which_network(spec: str) -> None:
    assert run("check", "two.netspec", "--network", "C").stdout.startswith("two.netspec: C\n")
    result = run("check", "two.netspec", "--network", "D")
    assert (result.exit_code, "two.netspec has no network `D`" in result.stderr) == (1, True)
    result = run("summary", "two.netspec")
    assert (result.exit_code, "declares 2 networks: name one" in result.stderr) == (1, True)
    assert "it has `A`, `C`" in result.stderr


def test_a_file_without_networks(tmp_path: Path, spec: str) -> None:
    (tmp_path / "blocks.netspec").write_text("netspec 1\nblock A() { input x; output x }\n")
    result = run("check", "blocks.netspec")
    assert (result.exit_code, result.stdout) == (0, "blocks.netspec: no network; every declaration is right\n")


@pytest.mark.parametrize(
    "args",
    [
        ("check",),
        ("check", "none.netspec"),
        ("check", "."),
        ("check", "net.netspec", "--set", "n"),
        ("check", "net.netspec", "--set", "a b=1"),
        ("check", "net.netspec", "--input", "image"),
        ("check", "net.netspec", "--input", "image=1,x"),
        ("check", "net.netspec", "--input", "image=0,3,1,1"),
        ("build", "net.netspec"),
        ("render", "net.netspec"),
        ("export", "net.netspec"),
        ("chekc", "net.netspec"),
    ],
)
def test_wrong_usage(spec: str, args: tuple[str, ...]) -> None:
    assert run(*args).exit_code == 2


@pytest.mark.parametrize("value", ["clip=1,3,8,8", "image=1,4,8,8", "image=1,3,8", "image=1,3,2,8"])
def test_inputs_that_do_not_fit(spec: str, value: str) -> None:
    result = run("check", spec, "--input", value)
    assert result.exit_code == 1
    assert "error[NS801]" in result.stderr


def test_files_that_cannot_be_read(tmp_path: Path, spec: str) -> None:
    (tmp_path / "latin.netspec").write_bytes(b"netspec 1\n# \xe4\n")
    os.mkfifo(tmp_path / "pipe.netspec")
    for name in ("latin.netspec", "pipe.netspec"):
        result = run("check", name)
        assert result.exit_code == 1
        assert result.stderr.startswith("error: ")
        assert name in result.stderr


def test_one_unreadable_file_does_not_hide_the_others(tmp_path: Path, spec: str) -> None:
    (tmp_path / "latin.netspec").write_bytes(b"netspec 1\n# \xe4\n")
    result = run("check", "latin.netspec", spec, "bad.netspec")
    assert result.exit_code == 1
    assert "net.netspec: Net" in result.stdout
    assert "Linaer" in result.stderr
    assert "latin.netspec" in result.stderr


def test_help_and_version() -> None:
    assert run("--help").exit_code == 0
    assert "check" in run("--help").output
    assert run("check", "-h").exit_code == 0


@pytest.mark.parametrize("name", ["net.mmd", "net.dot"])
def test_render(tmp_path: Path, spec: str, name: str) -> None:
    result = run("render", spec, "-o", name)
    assert (result.exit_code, result.stdout) == (0, f"wrote {name}\n")
    assert (tmp_path / name).stat().st_size > 0
    assert run("render", spec, "-o", "net.gif").exit_code == 2
    assert run("render", spec, "-o", f"none/{name}").exit_code == 1


def test_summary(spec: str) -> None:
    assert "conv" in run("summary", spec).stdout
    assert run("summary", spec, "--input", "image=1,3,9,9").exit_code == 0
    assert run("summary", spec, "--input", "image=1,3,1,9").exit_code == 1


def test_export(tmp_path: Path, spec: str) -> None:
    result = run("export", spec, "-o", "out.py", "--set", "n=4")
    assert (result.exit_code, result.stdout) == (0, "wrote out.py\n")
    compile((tmp_path / "out.py").read_text(), "out.py", "exec")


def test_build(tmp_path: Path, spec: str) -> None:
    result = run("build", spec, "--input", "image=2,3,9,7", "--out", "out")
    assert result.exit_code == 0, result.output
    written = {p.name for p in (tmp_path / "out").iterdir()}
    assert written == {"summary.txt", "Net.py", "Net.mmd", "Net.dot", "Net.svg"}
    assert result.stdout.splitlines()[-1] == "ran Net: output [2, 8, 7, 5]"


def test_as_a_module(tmp_path: Path, spec: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    for args, status in ((["check", spec], 0), (["check", "bad.netspec"], 1), (["check"], 2)):
        done = subprocess.run(
            [sys.executable, "-m", "netspec", *args], cwd=tmp_path, env=environment, capture_output=True, check=False
        )
        assert done.returncode == status
        assert b"Traceback" not in done.stderr


def test_a_check_imports_no_heavy_library(tmp_path: Path, spec: str) -> None:
    code = "import sys; from netspec.cli.main import main; main(['check', 'net.netspec'], standalone_mode=False)\n"
    code += "print(sorted({'torch', 'numpy', 'graphviz', 'sympy', 'rich', 'networkx', 'difflib'} & set(sys.modules)))"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, check=True)
    assert done.stdout.decode().splitlines()[-1] == "[]"


def test_an_option_that_is_given_twice(spec: str) -> None:
    for twice in (("--set", "n=3", "--set", "n=4"), ("--input", "image=1,3,9,7", "--input", "image=1,3,9,9")):
        result = run("check", spec, *twice)
        assert result.exit_code == 2
        assert f"{twice[1].partition('=')[0]} is given twice" in result.output


def test_building_asks_for_the_inputs_that_the_network_has(spec: str) -> None:
    result = run("build", spec, "--out", "out")
    assert result.exit_code == 2
    assert "--input image=1,3,64,64" in " ".join(result.output.split())
    assert not Path("out").exists()
