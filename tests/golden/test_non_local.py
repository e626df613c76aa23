"""Non-local blocks in every mode: shapes for all sizes, how they start, the order of their members."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import netspec
from netspec.graph import Graph
from tests.golden.projects.located import SPECS

MODES = ("embedded_gaussian", "gaussian", "dot_product", "concatenation")
SMALL: dict[str, Any] = {
    "depth": 18, "num_stages": 1, "stage_blocks": (2,), "out_indices": (0,), "base_channels": 2,
    "spatial_strides": (1,), "temporal_strides": (1,), "dilations": (1,), "with_pool2": False,
}  # fmt: skip
VARIANTS = [(mode, sub_sample) for mode in MODES for sub_sample in (False, True)]


def small(mode: str, sub_sample: bool, **arguments: Any) -> Graph:
    """A ResNet3d of two blocks, the second with a non-local block."""
    cfg = f'NonLocal3d(mode="{mode}", sub_sample={sub_sample})'
    spec = netspec.load(SPECS / "mmaction2" / "resnet3d.netspec")
    return spec.elaborate("ResNet3d", **(SMALL | {"non_local": ((0, 1),), "non_local_cfg": cfg} | arguments))


def clip(*sizes: int) -> torch.Tensor:
    return torch.randn(*sizes, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize(("mode", "sub_sample"), VARIANTS)
def test_the_shape_stays_for_every_size(mode: str, sub_sample: bool) -> None:
    graph = small(mode, sub_sample)
    assert str(graph.definition.outputs[0].type) == "[B, 2, T, ceil(H/4), ceil(W/4)]"
    # the pool of sub_sample needs two rows and columns behind the stem's two strides
    least = {name: size for name, (size, _) in graph.minimums.items()}
    assert least == ({"H": 5, "W": 5} if sub_sample else {})


@pytest.mark.parametrize(("mode", "sub_sample"), VARIANTS)
def test_it_starts_as_if_it_were_not_there(mode: str, sub_sample: bool) -> None:
    model = netspec.build(small(mode, sub_sample)).eval()
    plain = netspec.build(small(mode, sub_sample, non_local=0)).eval()
    left = plain.load_state_dict(model.state_dict(), strict=False)
    assert not left.missing_keys
    assert all("non_local_block" in key for key in left.unexpected_keys)
    x = clip(2, 3, 3, 17, 20)
    with torch.no_grad():
        assert torch.equal(model(x), plain(x))


def test_one_pool_serves_both_and_the_members_are_in_order() -> None:
    block = netspec.build(small("concatenation", True)).layer1[1].non_local_block
    assert [name for name, _ in block.named_children()] == ["g", "conv_out", "theta", "phi", "concat_project"]
    assert [name for name, _ in block.named_modules() if name.endswith(".1")] == ["g.1"]
