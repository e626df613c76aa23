"""What cannot be compiled does not pass the check."""

from __future__ import annotations

from pathlib import Path

import pytest

import netspec

UNFIT = """netspec 1

network Net() {
    input x: [B, 4, H, W]
    output x -> conv: Conv2d(8, 3, bias=False) -> bn: BatchNorm2d()
    init BatchNorm2d { weight = kaiming_normal() }
}
"""
# For H rows 3*floor(H/3) is never more than H: only the second crop cuts. After the Upsample 3*H rows come in, of which
# none is left over: neither cuts, so the same module would need other code.
AGAIN = """netspec 1

block Cut() {
    input x
    up = x -> AvgPool2d(3) -> Upsample(scale_factor=3)
    output crop(up, like=x) + crop(x, like=up)
}

network Net() {
    input x: [B, 4, H, W]
    module cut: Cut()
    output x -> cut
    output x -> Upsample(scale_factor=3) -> cut
}
"""


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [(UNFIT, "NS203", "init BatchNorm2d { weight = kaiming_normal() }"), (AGAIN, "NS404", "cut")],
)
def test_check_tells_what_build_would(tmp_path: Path, text: str, code: str, place: str) -> None:
    (tmp_path / "net.netspec").write_text(text)
    (found,) = [d for d in netspec.check(tmp_path / "net.netspec") if d.severity == "error"]
    assert (found.code, found.primary.span.text) == (code, place)
    with pytest.raises(netspec.SpecError) as error:
        netspec.build(tmp_path / "net.netspec")
    assert [d.code for d in error.value.diagnostics] == [code]
