"""torchvision's classifiers, by the names of its functions: ``torchvision.resnet18``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.golden.projects.located import SPECS, Located, Systems

#: The networks of each spec, by the name of torchvision's function.
NETWORKS = {
    "resnet": {
        "resnet18": "ResNet18", "resnet34": "ResNet34", "resnet50": "ResNet50", "resnet101": "ResNet101",
        "resnet152": "ResNet152", "resnext50_32x4d": "ResNeXt50_32x4d", "resnext101_32x8d": "ResNeXt101_32x8d",
        "resnext101_64x4d": "ResNeXt101_64x4d", "wide_resnet50_2": "WideResNet50_2",
        "wide_resnet101_2": "WideResNet101_2",
    },
    "vgg": {f"vgg{depth}{norm}": f"VGG{depth}{norm}" for depth in (11, 13, 16, 19) for norm in ("", "_bn")},
    "densenet": {f"densenet{depth}": f"DenseNet{depth}" for depth in (121, 161, 169, 201)},
    "mobilenet_v2": {"mobilenet_v2": "MobileNetV2"},
    "convnext": {f"convnext_{size}": f"ConvNeXt{size.title()}" for size in ("tiny", "small", "base", "large")},
    "vision_transformer": {
        f"vit_{size}_{patch}": f"ViT_{size.upper()}_{patch}"
        for size, patch in (("b", 16), ("b", 32), ("l", 16), ("l", 32), ("h", 14))
    },
    "swin_transformer": {f"swin_{size}": f"Swin_{size.upper()}" for size in "tsb"},
    "video_resnet": {"r3d_18": "R3D_18", "mc3_18": "MC3_18", "r2plus1d_18": "R2Plus1D_18"},
}  # fmt: skip

#: Arguments that say where weights come from.
_ELSEWHERE = ("weights", "progress")


def _network(file: str, name: str) -> Callable[[Mapping[str, Any]], Located]:
    def located(arguments: Mapping[str, Any]) -> Located:
        given = {k: v for k, v in arguments.items() if k not in _ELSEWHERE}
        return SPECS / "torchvision" / f"{file}.netspec", name, given

    return located


SYSTEMS: Systems = {
    f"torchvision.{system}": _network(file, name)
    for file, networks in NETWORKS.items()
    for system, name in networks.items()
}
