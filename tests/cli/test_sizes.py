"""``netspec sizes``, and ``netspec check --fix``."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from netspec.cli.main import main

UNET = """netspec 1

network Small() {
    input image: [B, 3, H, W]              # ] any picture
    top = image -> enc: Conv2d(4, 3, padding=1)
    low = top -> MaxPool2d(2) -> mid: Conv2d(4, 3, padding=1) -> MaxPool2d(2)
    up = low -> Upsample(scale_factor=4)
    output concat(up, top) -> out: Conv2d(2, 1)
}
"""


def run(*args: str) -> Result:
    return CliRunner().invoke(main, args)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = Path("small.netspec")
    file.write_text(UNET, encoding="utf-8")
    return file


def test_sizes_without_a_contract(spec: Path) -> None:
    # 4*floor(H/4) == H; both pools, mid, up and out need a part: something must be left, which H >= 4 settles
    result = run("sizes", str(spec))
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "Small",
        "  image [B, 3, H, W]",
        "    H % 4 == 0    fails at H = 1; needed by concat (small.netspec:8) and 5 more",
        "    W % 4 == 0    fails at W = 1; needed by concat (small.netspec:8) and 5 more",
        "    any B",
    ]


def test_sizes_with_a_contract_that_says_more(spec: Path) -> None:
    spec.write_text(UNET.replace("H, W]", "H, W] where H % 8 == 0, W % 4 == 0, W >= 32, B <= 64"), encoding="utf-8")
    lines = run("sizes", str(spec)).output.splitlines()
    assert lines[2:4] == [
        "    H % 4 == 0    fails at H = 1; needed by concat (small.netspec:8) and 5 more",
        "    W % 4 == 0    fails at W = 1; needed by concat (small.netspec:8) and 5 more",
    ]
    assert lines[5:] == [
        "  `where H % 8 == 0` admits fewer sizes than work: H % 4 == 0 is enough",
        "  `where W >= 32` admits fewer sizes than work: W % 4 == 0 is enough",
        "  `where B <= 64` admits fewer sizes than work: nothing needs it",
    ]


def test_sizes_of_a_spec_with_mistakes(spec: Path) -> None:
    spec.write_text(UNET.replace("concat(up, top)", "concat(up, tpo)"), encoding="utf-8")
    result = run("sizes", str(spec))
    assert result.exit_code == 1
    assert "did you mean `top`" in result.output


def test_fix_writes_the_contract(spec: Path) -> None:
    spec.chmod(0o640)
    result = run("check", "--fix", str(spec))
    assert result.exit_code == 0, result.output
    after = spec.read_text(encoding="utf-8")
    assert after == UNET.replace("H, W]    ", "H, W] where H % 4 == 0, W % 4 == 0    ")
    assert result.output.startswith("small.netspec:4: input image: [B, 3, H, W] where H % 4 == 0, W % 4 == 0")
    assert spec.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in Path().iterdir()] == ["small.netspec"]
    assert run("check", "--fix", str(spec)).output == run("check", str(spec)).output
    assert spec.read_text(encoding="utf-8") == after


def test_fix_leaves_what_it_cannot_make_right(spec: Path) -> None:
    text = UNET.replace("out: Conv2d(2, 1)", "out: Conv2d(2, 1, groups=3)")
    spec.write_text(text, encoding="utf-8")
    result = run("check", "--fix", str(spec))
    assert result.exit_code == 1
    assert "not changed" in result.output
    assert spec.read_text(encoding="utf-8") == text


def test_fix_goes_on_until_every_example_is_right(spec: Path) -> None:
    text = """netspec 1
network Net(factor: int = 2) {
    input x: [B, 3, H, W]
    output (x -> MaxPool2d((factor, 1)) -> Upsample(scale_factor=(factor, 1))) + x
}
example Net(factor=3)
"""
    spec.write_text(text, encoding="utf-8")
    assert run("check", "--fix", str(spec)).exit_code == 0
    # each asks for its own multiple
    assert "where H % 2 == 0, H % 3 == 0" in spec.read_text(encoding="utf-8")


def test_fix_follows_a_link(spec: Path) -> None:
    Path("link.netspec").symlink_to(spec.name)
    assert run("check", "--fix", "link.netspec").exit_code == 0
    assert Path("link.netspec").is_symlink()
    assert "where" in spec.read_text(encoding="utf-8")


def test_what_comes_to_light_by_a_fix_is_fixed_too(tmp_path: Path) -> None:
    spec = tmp_path / "net.netspec"
    layers = "conv: Conv2d({}64, 3) -> bn: BatchNorm2d({})"
    text = "netspec 1\n\nnetwork Net() {{\n    input x: [B, 3, H, W]\n    output x -> {}\n}}\n"
    spec.write_text(text.format(layers.format("3, ", 64)))
    assert run("check", "--fix", str(spec)).exit_code == 0
    assert spec.read_text() == text.format(layers.format("", ""))
