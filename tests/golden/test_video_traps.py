"""Where PYSKL's and MMAction2's ResNet3d fail or surprise: what the specs say instead, or do."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import netspec
from netspec.graph import Graph, state
from tests.golden.projects.located import SPECS

PYSKL, MMACTION2 = SPECS / "pyskl" / "resnet3d.netspec", SPECS / "mmaction2" / "resnet3d.netspec"
BOTH = (PYSKL, MMACTION2)

#: What both refuse: arguments, the message, and what is underlined.
REFUSED: tuple[tuple[dict[str, Any], str, str], ...] = (
    ({"depth": 51}, "depth is 18, 34, 50, 101 or 152, not 51", "depth in depths"),
    ({"num_stages": 5}, "num_stages is 1 to 4, not 5", "num_stages in (1, 2, 3, 4)"),
    ({"num_stages": 0}, "num_stages is 1 to 4, not 0", "num_stages in (1, 2, 3, 4)"),
    # the strides' defaults have four entries, and are not cut
    ({"num_stages": 2}, "spatial_strides has 4 entries, num_stages is 2", "len(entries) == num_stages"),
    ({"temporal_strides": (1, 1)}, "temporal_strides has 2 entries, num_stages is 4", "len(entries) == num_stages"),
    ({"stage_blocks": (3, 4, 6)}, "stage_blocks has 3 entries, num_stages is 4", "len(entries) == num_stages"),
    ({"stage_blocks": (3, 0, 6, 3)}, "stage_blocks has a stage without blocks", "min(blocks) > 0"),
    ({"inflate": (1, 1)}, "inflate has 2 entries, num_stages is 4", "len(entries) == num_stages"),
    ({"inflate": (1, (1, 0), 1, 1)}, "inflate has 2 entries for the 4 blocks of stage 1", "n == len("),
    ({"out_indices": ()}, "out_indices is empty: name at least one stage", "len(out_indices) > 0"),
    ({"out_indices": (1, 4)}, "out_indices are 0 to 3", "all([i in range(num_stages) for i in out_indices])"),
    ({"out_indices": (-1,)}, "out_indices are 0 to 3", "all([i in range(num_stages) for i in out_indices])"),
    ({"frozen_stages": 5}, "frozen_stages is 5, num_stages is 4", "frozen_stages <= num_stages"),
)


def mistake(path: Any, arguments: dict[str, Any]) -> netspec.Diagnostic:
    """The one diagnostic of a network with arguments."""
    with pytest.raises(netspec.SpecError) as caught:
        netspec.load(path).elaborate("ResNet3d", **arguments)
    (found,) = caught.value.diagnostics
    return found


@pytest.mark.parametrize(("arguments", "message", "underlined"), REFUSED, ids=[str(r[0]) for r in REFUSED])
def test_arguments_that_do_not_work_are_refused_where_it_is_said(
    arguments: dict[str, Any], message: str, underlined: str
) -> None:
    for path in BOTH:
        found = mistake(path, arguments)
        assert (found.code, found.message) == ("NS208", message)
        assert found.primary.span.text.startswith(underlined)
        assert found.primary.span.source.name == str(path)
        assert found.trail.startswith("ResNet3d(")


@pytest.mark.parametrize(
    ("path", "arguments", "code", "message"),
    [
        (PYSKL, {"depth": 18}, "NS208", 'depth 18 needs inflate_style "3x3x3"'),
        (PYSKL, {"depth": 34}, "NS208", 'depth 34 needs inflate_style "3x3x3"'),
        (PYSKL, {"inflate_style": "1x1x1"}, "NS203", '`inflate_style` of `ResNet3d` must be "3x1x1" or "3x3x3"'),
        (PYSKL, {"style": "caffe"}, "NS201", "`ResNet3d` has no argument `style`"),
        (MMACTION2, {"advanced": True}, "NS201", "`ResNet3d` has no argument `advanced`"),
        (MMACTION2, {"style": "keras"}, "NS203", '`style` of `ResNet3d` must be "pytorch" or "caffe"'),
        (MMACTION2, {"dilations": (1, 2)}, "NS208", "dilations has 2 entries, num_stages is 4"),
        (MMACTION2, {"non_local": (0, 1)}, "NS208", "non_local has 2 entries, num_stages is 4"),
        (MMACTION2, {"non_local": ((1,), 0, 0, 0)}, "NS208", "non_local has 1 entries for the 3 blocks of stage 0"),
    ],
    ids=str,
)
def test_what_only_one_of_them_refuses(path: Any, arguments: dict[str, Any], code: str, message: str) -> None:
    found = mistake(path, arguments)
    assert (found.code, found.message) == (code, message)


def test_depth_18_needs_no_style_where_the_original_ignores_it() -> None:
    keys = [dict(state(netspec.load(MMACTION2).elaborate("ResNet3d", depth=18, inflate_style=s).definition))
            for s in ("3x1x1", "3x3x3")]  # fmt: skip
    assert keys[0] == keys[1]


# ------------------------------------------------------------------------------------------------ sizes

#: A small network of basic blocks with one stage, which looks at single frames only.
ONE_STAGE: dict[str, Any] = {
    "depth": 18, "num_stages": 1, "stage_blocks": (1,), "out_indices": (0,), "base_channels": 4, "inflate": 0,
    "conv1_kernel": (1, 7, 7), "spatial_strides": (1,), "temporal_strides": (1,),
}  # fmt: skip


def small(path: Any, **arguments: Any) -> Graph:
    style = {"inflate_style": "3x3x3"} if path == PYSKL else {"dilations": (1,)}
    return netspec.load(path).elaborate("ResNet3d", **(ONE_STAGE | style | arguments))


@pytest.mark.parametrize("path", BOTH, ids=lambda path: path.parent.name)
def test_a_temporal_stride_between_equal_channels_is_projected(path: Any) -> None:
    """The originals add [B, 4, 4, …] and [B, 4, 8, …], which fails, or spread one frame over two."""
    pools = {"with_pool2": False} if path == MMACTION2 else {}
    graph = small(path, temporal_strides=(2,), **pools)
    keys = [key for key, _ in state(graph.definition)]
    assert "layer1.0.downsample.conv.weight" in keys
    assert not any("downsample" in key for key, _ in state(small(path, **pools).definition))
    model = netspec.build(graph).eval()
    assert [list(model(torch.zeros(1, 3, t, 16, 16)).shape) for t in (8, 2)] == [[1, 4, 4, 4, 4], [1, 4, 1, 4, 4]]


def test_pool2_needs_two_frames() -> None:
    graph = small(MMACTION2)
    assert {name: least for name, (least, _) in graph.minimums.items()} == {"T": 2}
    assert graph.minimums["T"][1].text == "pool2"
    with pytest.raises(ValueError, match="T is 1; ResNet3d needs T >= 2"):
        netspec.build(graph)(torch.zeros(1, 3, 1, 16, 16))
    with pytest.raises(netspec.SpecError) as caught:
        netspec.summary(graph, clip=(1, 3, 1, 16, 16))
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("NS801", "clip is (1, 3, 1, 16, 16): T must be at least 2, and is 1")


def test_pool2_drops_the_last_one_of_an_odd_number_of_frames() -> None:
    model = netspec.build(small(MMACTION2)).eval()
    clip = torch.randn(1, 3, 7, 16, 16, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        assert torch.equal(model(clip), model(clip[:, :, :6]))


def test_outputs_stand_in_the_order_of_the_stages() -> None:
    for path in BOTH:
        graph = netspec.load(path).elaborate("ResNet3d", out_indices=(2, 0))
        assert [o.type.channels for o in graph.definition.outputs] == [256, 1024]
