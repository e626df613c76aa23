"""A few combinations beyond the recorded ones; ``python -m tests.golden.further`` draws as many as wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from tests.golden.further.compare import compare, differences
from tests.golden.further.draws import draw
from tests.golden.further.outcomes import of_reference, of_spec
from tests.golden.systems import SYSTEMS

NAMES = tuple(s for s in SYSTEMS if not s.startswith("torchvision."))


@pytest.fixture(autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.mark.parametrize("system", NAMES)
def test_combinations_not_recorded_are_those_of_the_original_too(system: str) -> None:
    count = 3 if system.startswith("mdnc.") else 12
    results = [compare(draw(system, seed)) for seed in range(count)]
    assert [str(r) for r in results if r.findings] == []


def test_a_draw_is_the_same_every_time() -> None:
    assert draw("mdnc.conv.UNet2d", 7) == draw("mdnc.conv.UNet2d", 7)
    assert draw("mdnc.conv.UNet2d", 7) != draw("mdnc.conv.UNet2d", 8)


def test_another_network_is_told_apart() -> None:
    """That the comparison finds something: the original's norms learn scales, those of this spec do not."""
    one = replace(draw("mdnc.conv.ConvModern2d", 1), shape=[1, 2, 6, 6], arguments={"in_planes": 2, "out_planes": 3})
    other = replace(one, arguments=one.arguments | {"normalizer": "inst"})
    found = list(differences(of_reference(one), of_spec(other)))
    assert [text.split(":")[0] for text in found] == [
        "state",
        "attributes",
        "layers",
        "in training, output 0",
        "output 0",
    ]
