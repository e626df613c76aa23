"""What is published of the networks: parameters and multiply-adds of torchvision's models, figures of the papers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

import netspec
from netspec.analysis.summary import Summary
from tests.golden import recorded
from tests.golden.systems import locate
from tests.specs.small import SPECS

#: Parameters, and GFLOPS as torchvision 0.28 documents them (which are billions of multiply-adds) for images of
#: 224 x 224, or 16 frames of 112 x 112.
TORCHVISION = {
    "resnet18": (11_689_512, 1.814), "resnet34": (21_797_672, 3.664), "resnet50": (25_557_032, 4.089),
    "resnet101": (44_549_160, 7.801), "resnet152": (60_192_808, 11.514), "resnext50_32x4d": (25_028_904, 4.23),
    "resnext101_32x8d": (88_791_336, 16.414), "resnext101_64x4d": (83_455_272, 15.46),
    "wide_resnet50_2": (68_883_240, 11.398), "wide_resnet101_2": (126_886_696, 22.753),
    "vgg11": (132_863_336, 7.609), "vgg13": (133_047_848, 11.308), "vgg16": (138_357_544, 15.47),
    "vgg19": (143_667_240, 19.632), "vgg11_bn": (132_868_840, 7.609), "vgg13_bn": (133_053_736, 11.308),
    "vgg16_bn": (138_365_992, 15.47), "vgg19_bn": (143_678_248, 19.632),
    "densenet121": (7_978_856, 2.834), "densenet161": (28_681_000, 7.728), "densenet169": (14_149_480, 3.36),
    "densenet201": (20_013_928, 4.291), "mobilenet_v2": (3_504_872, 0.301),
    "convnext_tiny": (28_589_128, 4.456), "convnext_small": (50_223_688, 8.684), "convnext_base": (88_591_464, 15.355),
    "convnext_large": (197_767_336, 34.361),
    "vit_b_16": (86_567_656, 17.564), "vit_b_32": (88_224_232, 4.409), "vit_l_16": (304_326_632, 61.555),
    "vit_l_32": (306_535_400, 15.378), "vit_h_14": (632_045_800, 167.295),
    "swin_t": (28_288_354, 4.491), "swin_s": (49_606_258, 8.741), "swin_b": (87_768_224, 15.431),
    "r3d_18": (33_371_472, 40.697), "mc3_18": (11_695_440, 43.343), "r2plus1d_18": (31_505_325, 40.519),
}  # fmt: skip


def summary(file: str, network: str, shape: tuple[int, ...], **arguments: Any) -> Summary:
    graph = netspec.load(SPECS / f"{file}.netspec").elaborate(network, **arguments)
    (name,) = graph.inputs
    return netspec.summary(graph, **{name: shape})


@pytest.mark.parametrize("path", sorted(SPECS.rglob("*.netspec")), ids=lambda path: str(path.relative_to(SPECS)))
def test_every_spec_is_right_and_nothing_in_it_is_odd(path: Path) -> None:
    assert netspec.check(path) == ()


@pytest.mark.parametrize("model", TORCHVISION)
def test_sizes_are_those_of_torchvision(model: str) -> None:
    path, network, _ = locate(f"torchvision.{model}", {})
    file = str(path.relative_to(SPECS).with_suffix(""))
    shape = (1, 3, 16, 112, 112) if "video" in file else (1, 3, 224, 224)
    found = summary(file, network, shape)
    assert isinstance(found.multiply_adds, int)
    assert (found.parameters, round(found.multiply_adds / 1e9, 3)) == TORCHVISION[model]


def test_retinanet_has_the_parameters_of_torchvision() -> None:
    """torchvision's 34,014,999 are without its frozen batch norms, which ResNet-50 has 53,120 parameters in."""
    assert summary("torchvision/retinanet", "RetinaNet", (1, 3, 800, 800)).parameters == 34_014_999 + 53_120


def test_retinanet_has_nine_boxes_at_each_place_of_five_levels() -> None:
    (logits, boxes) = summary("torchvision/retinanet", "RetinaNet", (1, 3, 512, 512)).calls[-1].outputs
    places = sum((512 // stride) ** 2 for stride in (8, 16, 32, 64, 128))
    assert (logits, boxes) == ((1, 9 * places, 91), (1, 9 * places, 4))


def test_unet_has_the_sizes_of_its_paper() -> None:
    """Figure 1: 572 x 572 in, 388 x 388 out; 23 convolutions, the transposed ones included."""
    found = summary("segmentation/unet", "UNet", (1, 1, 572, 572))
    assert found.calls[-1].outputs == ((1, 2, 388, 388),)
    assert sum(row.op in ("Conv2d", "ConvTranspose2d") for row in found.rows) == 23
    assert next(row for row in found.rows if row.path == "bottom.2").outputs == ((1, 1024, 28, 28),)


def test_dcgan_has_the_sizes_of_its_paper() -> None:
    """Figure 1: 100 numbers, then 4, 8, 16, 32 and 64 pixels; there with twice the width."""
    found = summary("generative/dcgan", "Generator", (1, 100, 1, 1), width=128)
    shapes = [row.outputs[0][1:] for row in found.rows if row.op == "ConvTranspose2d"]
    assert shapes == [(1024, 4, 4), (512, 8, 8), (256, 16, 16), (128, 32, 32), (3, 64, 64)]


@pytest.mark.parametrize("name", [n for n in recorded.names("tv_") if n not in ("tv_resnet152", "tv_vgg11_bn")])
def test_weights_of_torchvision_load_without_renaming(name: str) -> None:
    case = recorded.load(name)
    path, network, arguments = locate(case["system"], case["arguments"])
    weights = {key: torch.full(shape, 0.5, dtype=getattr(torch, dtype)) for key, shape, dtype in case["state_dict"]}
    with torch.device("meta"):
        model = netspec.build(path, network, **arguments)
    model = model.to_empty(device="cpu")
    assert netspec.load_weights(model, weights).complete
    assert all(torch.equal(value, weights[key]) for key, value in model.state_dict().items())
