"""Drawn networks against torch: see `tests.drawn.compare`. ``python -m tests.drawn`` compares as many as you like."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
import torch

from netspec.ops.registry import FAMILIES
from tests.drawn.compare import Verdict, compare
from tests.drawn.generator import draw
from tests.drawn.layers import base_of
from tests.drawn.writing import written

COUNT = 250

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@cache
def verdicts() -> list[Verdict]:
    return [compare(draw(number)) for number in range(COUNT)]


def test_netspec_and_torch_agree() -> None:
    wrong = [f"{v.text}{v.disagreements[0]}" for v in verdicts() if v.disagreements]
    assert not wrong, wrong[0]


def test_most_networks_run_and_some_are_refused() -> None:
    accepted = sum(v.accepted for v in verdicts())
    assert 0.6 * COUNT < accepted < 0.95 * COUNT
    assert sum(v.compared for v in verdicts()) > 2 * accepted
    assert sum(v.closed for v in verdicts()) > COUNT / 4


def test_every_built_in_op_runs() -> None:
    run = {base_of(name) for v in verdicts() for name in v.ops}
    assert run >= {name for family in FAMILIES for name in (*family.spatial, *family.plain, *family.functions)}


def test_drawing_is_deterministic() -> None:
    assert [written(draw(7)).lines for _ in range(2)] == [written(draw(7)).lines] * 2


def test_every_construct_is_drawn() -> None:
    text = "".join(v.text for v in verdicts())
    words = (
        "block ",
        "for ",
        "if ",
        "module ",
        "param ",
        "buffer ",
        "freeze",
        "init ",
        "[*]",
        "*S[",
        "self:",
        "where",
        "*c",
    )
    assert [word for word in words if word not in text] == []
