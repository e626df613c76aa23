"""The published networks start as the originals do: what the constructors of torchvision and the papers set."""

from __future__ import annotations

import math
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import netspec
from tests.specs.small import SPECS


def built(file: str, network: str, **arguments: Any) -> dict[str, Tensor]:
    torch.manual_seed(0)
    return netspec.build(SPECS / f"{file}.netspec", network, **arguments).state_dict()


def spread(weights: Tensor) -> float:
    return float(weights.std())


ONE_EACH = {"layers": (1, 1, 1, 1)}


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize(("block", "last"), [("BasicBlock", "bn2"), ("Bottleneck", "bn3")])
def test_residual_blocks_may_start_as_their_skip(block: str, last: str, zero: bool) -> None:
    state = built("torchvision/resnet", "ResNet", block=block, zero_init_residual=zero, **ONE_EACH)
    zeros = [key for key, value in state.items() if key.endswith(f"{last}.weight") and not value.any()]
    assert zeros == ([f"layer{i}.0.{last}.weight" for i in (1, 2, 3, 4)] if zero else [])


#: Weights with the standard deviation that they are drawn with: kaiming's fan out is output channels times kernel
#: volume (per group), its fan in input channels times kernel volume; xavier's variance is 2 / (in + out).
DRAWN: tuple[tuple[str, str, dict[str, Any], str, float], ...] = (
    ("torchvision/resnet", "ResNet", ONE_EACH, "layer3.0.conv2.weight", math.sqrt(2 / (256 * 9))),
    ("torchvision/video_resnet", "R3D_18", ONE_EACH, "layer1.0.conv1.0.weight", math.sqrt(2 / (64 * 27))),
    ("torchvision/video_resnet", "R3D_18", ONE_EACH, "fc.weight", 0.01),
    ("torchvision/densenet", "DenseNet", {"block_config": (1, 1, 1, 1)}, "features.conv0.weight",
     math.sqrt(2 / (3 * 49))),
    ("torchvision/mobilenet_v2", "MobileNetV2", {}, "features.18.0.weight", math.sqrt(2 / 1280)),
    ("torchvision/convnext", "ConvNeXt", {"depths": (1, 1, 1, 1)}, "features.7.0.block.3.weight", 0.02),
    ("torchvision/vision_transformer", "VisionTransformer", {"num_layers": 1}, "encoder.pos_embedding", 0.02),
    ("torchvision/vision_transformer", "VisionTransformer", {"num_layers": 1}, "conv_proj.weight",
     math.sqrt(1 / (3 * 16 * 16))),
    ("torchvision/vision_transformer", "VisionTransformer", {"num_layers": 1},
     "encoder.layers.encoder_layer_0.mlp.0.weight", math.sqrt(2 / (768 + 3072))),
    ("torchvision/swin_transformer", "SwinTransformer", {"depths": (1, 1, 1, 1)}, "features.7.0.attn.qkv.weight", 0.02),
    ("torchvision/retinanet", "RetinaNet", {"backbone": "ResNet50(layers=(1, 1, 1, 1))"},
     "head.regression_head.bbox_reg.weight", 0.01),
    ("segmentation/unet", "UNet", {"width": 16}, "down.2.2.weight", math.sqrt(2 / (64 * 9))),
    ("generative/dcgan", "Generator", {}, "main.3.weight", 0.02),
    ("generative/dcgan", "Discriminator", {}, "main.2.weight", 0.02),
)  # fmt: skip


@pytest.mark.parametrize(
    ("file", "network", "arguments", "key", "deviation"), DRAWN, ids=[f"{d[0]}:{d[3]}" for d in DRAWN]
)
def test_weights_are_drawn_as_in_the_original(
    file: str, network: str, arguments: dict[str, Any], key: str, deviation: float
) -> None:
    assert spread(built(file, network, **arguments)[key]) == pytest.approx(deviation, rel=0.05)


def test_vit_starts_without_an_opinion() -> None:
    state = built("torchvision/vision_transformer", "VisionTransformer", num_layers=1, representation_size=8)
    zeros = ("class_token", "heads.head.weight", "heads.head.bias", "conv_proj.bias")
    assert not any(state[key].any() for key in zeros)
    assert 0 < spread(state["encoder.layers.encoder_layer_0.mlp.0.bias"]) < 2e-6


def test_convnext_starts_near_its_skips() -> None:
    state = built("torchvision/convnext", "ConvNeXt", depths=(1, 1, 1, 1))
    assert torch.equal(state["features.1.0.layer_scale"], torch.full((96, 1, 1), 1e-6))


def test_retinanet_finds_objects_rare_at_first() -> None:
    state = built("torchvision/retinanet", "RetinaNet", backbone="ResNet50(layers=(1, 1, 1, 1))")
    assert torch.allclose(state["head.classification_head.cls_logits.bias"].sigmoid(), torch.tensor(0.01))
    assert not state["head.regression_head.bbox_reg.bias"].any()


def test_the_first_layers_of_a_backbone_may_be_frozen() -> None:
    model = netspec.build(SPECS / "torchvision" / "retinanet.netspec", trainable_layers=3, num_classes=2,
                          backbone="ResNet50(layers=(1, 1, 1, 1))")  # fmt: skip
    body: nn.Module = model.get_submodule("backbone.body")
    frozen = {key.partition(".")[0] for key, value in body.named_parameters() if not value.requires_grad}
    assert frozen == {"conv1", "bn1", "layer1"}
