"""Every published network of specs/, small enough to run in a moment: arguments, and two sizes of its inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

import netspec
from netspec.graph import Graph

SPECS = Path(__file__).parents[2] / "specs"


class Small(NamedTuple):
    """``sizes`` are those of the inputs' open axes by name, ``others`` what of them is different in another call.

    All sizes are such that nothing in the network has a size of 1 which could be another number: torch.export would
    make it a constant. Two is the least batch that batch norms take in training where a channel has one pixel.
    """

    file: str
    network: str
    arguments: dict[str, Any]
    sizes: dict[str, int]
    others: dict[str, int]

    @property
    def name(self) -> str:
        given = ", ".join(f"{k}={v}" for k, v in self.arguments.items())
        return f"{self.file}:{self.network}({given})"

    def graph(self) -> Graph:
        return netspec.load(SPECS / f"{self.file}.netspec").elaborate(self.network, **self.arguments)

    def inputs(self, graph: Graph, **others: int) -> tuple[Tensor, ...]:
        """A tensor for each input, the same ones for the same sizes."""
        torch.manual_seed(0)
        return tuple(_tensor(t.dtype, [self._size(str(d), others) for d in t.dims]) for t in graph.inputs.values())

    def _size(self, name: str, others: dict[str, int]) -> int:
        return int(name) if name.isdigit() else {**self.sizes, **others}[name]


def _tensor(dtype: str, shape: list[int]) -> Tensor:
    if dtype == "int":
        return torch.randint(1, 9, shape)
    return torch.arange(shape[-1]).expand(shape) > 2 if dtype == "bool" else torch.randn(shape)


IMAGE = {"B": 2, "H": 64, "W": 64}
WIDER = {"B": 3, "W": 96}
CLIP = {"B": 2, "T": 4, "H": 64, "W": 64}
LONGER = {"B": 3, "T": 6, "W": 96}
PLANE = {"B": 2, "L1": 17, "L2": 21}
TEXT = {"B": 2, "L": 5}
MORE = {"B": 3, "L": 7}
ONE_EACH = {"layers": (1, 1, 1, 1)}
ONE_BLOCK_EACH = {"stage_blocks": (1, 1, 1, 1), "base_channels": 4}
#: of an MDNC network of one stage and a turn
FEW = {"channel": 4, "layers": (2, 1)}

SMALL = (
    Small("torchvision/resnet", "ResNet", {"block": "BasicBlock", **ONE_EACH}, IMAGE, WIDER),
    Small("torchvision/resnet", "ResNeXt50_32x4d", {**ONE_EACH, "returned_layers": (1, 4)}, IMAGE, WIDER),
    Small("torchvision/vgg", "VGG", {"depth": 11, "norm": "BatchNorm2d", "num_classes": 5}, IMAGE, WIDER),
    Small("torchvision/densenet", "DenseNet", {"block_config": (1, 2, 1, 1), "drop_rate": 0.1}, IMAGE, WIDER),
    Small("torchvision/mobilenet_v2", "MobileNetV2",
          {"width_mult": 0.35, "inverted_residual_setting": ((1, 16, 1, 1), (6, 24, 2, 2))}, IMAGE, WIDER),
    Small("torchvision/convnext", "ConvNeXt", {"depths": (1, 1, 2, 1), "channels": (8, 16, 24, 32)}, IMAGE, WIDER),
    Small("torchvision/vision_transformer", "VisionTransformer",
          {"image_size": 32, "num_layers": 2, "num_heads": 2, "hidden_dim": 8, "mlp_dim": 16}, {"B": 2}, {"B": 3}),
    # torch.export fixes a padding that is 0 where it traces: these sizes are padded at each stage
    Small("torchvision/swin_transformer", "SwinTransformer",
          {"embed_dim": 8, "depths": (2, 1), "num_heads": (2, 2), "window_size": 4},
          {"B": 2, "H": 68, "W": 68}, {"B": 3, "W": 84}),
    Small("torchvision/video_resnet", "VideoResNet", {**ONE_EACH, "convs": "TwoPlusOne", "stem": "TwoPlusOneStem"},
          {**CLIP, "T": 10}, {**LONGER, "T": 14}),
    Small("torchvision/retinanet", "RetinaNet", {"backbone": "ResNet50(layers=(1, 1, 1, 1))", "num_classes": 3},
          {"B": 2, "H": 132, "W": 132}, {"B": 3, "W": 160}),
    Small("segmentation/unet", "UNet", {"width": 4, "depth": 2}, IMAGE, WIDER),
    Small("segmentation/unet", "UNet", {"width": 4, "depth": 2, "padding": "same", "norm": "BatchNorm2d"},
          IMAGE, WIDER),
    Small("generative/dcgan", "Generator", {"width": 8}, {"B": 2}, {"B": 3}),
    Small("generative/dcgan", "Discriminator", {"width": 8}, {"B": 2}, {"B": 3}),
    Small("text/lstm", "TextLSTM", {"vocab": 9, "dim": 4, "hidden": 4}, TEXT, MORE),
    Small("text/transformer", "TextTransformer", {"vocab": 9, "dim": 8, "heads": 2, "num_layers": 2}, TEXT, MORE),
    Small("pyskl/resnet3d", "ResNet3d", ONE_BLOCK_EACH, CLIP, LONGER),
    Small("mmaction2/resnet3d", "ResNet3d", {**ONE_BLOCK_EACH, "non_local": (0, 1, 0, 0)}, CLIP, LONGER),
    Small("mdnc/blocks", "ConvModern", {"stride": 2}, PLANE, {"L2": 24}),
    Small("mdnc/blocks", "BlockPlain", {"stride": 2, "scaler": "up"}, PLANE, {"L2": 24}),
    Small("mdnc/blocks", "BlockBottleneck", {"out_planes": 8}, PLANE, {"L2": 24}),
    Small("mdnc/networks", "UNet", FEW, PLANE, {"L2": 24}),
    Small("mdnc/networks", "EncoderNet", FEW, PLANE, {"L2": 24}),
    Small("mdnc/networks", "DecoderNet", {"block": "plain", **FEW}, {"B": 2}, {"B": 3}),
)  # fmt: skip
