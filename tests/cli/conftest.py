"""A folder with specs, and the commands run in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from netspec.cli.main import main

Run = Callable[..., Result]

NET = """netspec 1
network Net(n: int = 8) {
    input image: [B, 3, H, W]
    output image -> conv: Conv2d(n, 3) -> pool: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(4)
}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a folder with ``net.netspec``, and with ``bad.netspec`` that has an error."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.netspec").write_text(NET)
    (tmp_path / "bad.netspec").write_text(NET.replace("Linear", "Linaer"))
    return lambda *args: CliRunner().invoke(main, args, catch_exceptions=False)
