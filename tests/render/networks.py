"""The networks whose pictures are kept."""

from __future__ import annotations

RESNET = """
use "std/conv" { ConvModule }

block Bottleneck3d(planes: int, stride: int[3] = 1) {
    input x
    main = x -> conv1: ConvModule(planes, (3, 1, 1))
             -> conv2: ConvModule(planes, (1, 3, 3), stride=stride)
             -> conv3: ConvModule(4 * planes, 1, act=None)
    skip = x -> downsample: ConvModule(4 * planes, 1, stride=stride, act=None) if x.shape != main.shape
    output (main + skip) -> relu: ReLU(inplace=True)
}

## ResNet3d-50 for video clips (arXiv 1512.03385, inflated to 3-D).
network ResNet3d50() {
    input clip: [B, 3, T, H, W]
    output clip
        -> conv1: ConvModule(64, (3, 7, 7), stride=(1, 2, 2))
        -> maxpool: MaxPool3d((1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))
        -> stage layer1: 3 * Bottleneck3d(64)
        -> stage layer2: [Bottleneck3d(128, stride=(1, 2, 2)), 3 * Bottleneck3d(128)]
        -> stage layer3: [Bottleneck3d(256, stride=(1, 2, 2)), 5 * Bottleneck3d(256)]
        -> stage layer4: [Bottleneck3d(512, stride=(1, 2, 2)), 2 * Bottleneck3d(512)]
}
"""

UNET = """
## Double convolution, as in the paper.
block Double(planes: int) {
    input x
    output x -> conv1: Conv(planes, 3, padding=1, bias=False) -> bn1: BatchNorm() -> relu1: ReLU()
             -> conv2: Conv(planes, 3, padding=1, bias=False) -> bn2: BatchNorm() -> relu2: ReLU()
}

## U-Net (arXiv 1505.04597) with padded convolutions.
network UNet(base: int = 64, depth: int = 4, classes: int = 2) {
    input image: [B, 3, H, W] where H % 16 == 0, W % 16 == 0
    x = image -> inc: Double(base)
    for i in range(depth) {
        skip[i] = x
        x = x -> "pool{i + 1}": MaxPool(2) -> stage "down{i + 1}": Double(base * 2 ** (i + 1))
    }
    for i in range(depth - 1, -1, -1) {
        x = x -> "up{i + 1}": ConvTranspose(base * 2 ** i, 2, stride=2)
        x = concat(skip[i], x, axis=1) -> stage "merge{i + 1}": Double(base * 2 ** i)
    }
    output x -> outc: Conv(classes, 1)
}
"""

TWO_STREAM = """
use "std/conv" { ConvModule }

block Tower(planes: int) {
    input x
    output x -> conv1: ConvModule(planes, 3, stride=2) -> conv2: ConvModule(planes, 3)
}

## RGB and flow, fused late; two heads.
network TwoStream() {
    input rgb: [B, 3, H, W]
    input flow: [B, 2, H, W]
    a = rgb -> rgb_tower: Tower(64)
    b = flow -> flow_tower: Tower(64)
    f = (a + b) -> fuse: ConvModule(128, 1)
    output "mask" = f -> head: Conv2d(8, 1)
    output "logits" = f -> avgpool: AdaptiveAvgPool2d(1) -> flatten() -> fc: Linear(10)
}
"""

RESIDUAL = """
block Unit(planes: int, stride: int = 1) {
    input x
    output x -> conv: Conv2d(planes, 3, stride=stride, padding=1, bias=False) -> bn: BatchNorm2d()
}

network Residual() {
    input image: [B, 3, H, W]
    x = image -> stem: Unit(64) -> relu: ReLU()
    main = x -> a: Unit(64) -> b: Unit(64)
    x = (main + x) -> relu()
    main = x -> c: Unit(128, 2) -> d: Unit(128)
    skip = x -> project: Conv2d(128, 1, stride=2)
    x = (main + skip) -> relu()
    output x
}
"""

BACKBONE = """
block Body() {
    input x
    output x -> stem: Conv2d(8, 3, stride=2, padding=1) -> stage layer1: [2 * Conv2d(8, 3, padding=1)]
}

network Detector() {
    input image: [B, 3, H, W]
    output image -> "backbone.body": Body() -> head: Conv2d(4, 1)
}
"""

LABELLED = """
## Two convolutions, and the skip.
block Unit(planes: int, stride: int = 1) @label("Residual<br>block of {planes}") {
    input x
    main = x -> conv1: Conv2d(planes, 3, stride=stride, padding=1) @label("Convolution<br>3 x 3")
             -> bn: BatchNorm2d() @hide
             -> conv2: Conv2d(planes, 3, padding=1) @label("Convolution<br>3 x 3")
    skip = x -> project: Conv2d(planes, 1, stride=stride) @label("Projection") if stride > 1 or x.channels != planes
    output main + skip
}

network Labelled(widths: int[] = (8, 16, 32, 64, 128), classes: int? = 10) {
    input image: [B, 3, H, W]
    x = image -> stem: Conv2d(8, 3, padding=1) @hide
    for i, w in enumerate(widths) {
        x = x -> "stages.{i}": Unit(w, 2) @label("Stage {i + 1}<br>{w} wide") @link("half<br>the size", "down")
    }
    if classes {
        x = x -> pool: AdaptiveAvgPool2d(1) @hide
        x = flatten(x) @link("flatten") -> fc: Linear(classes) @label("Classes") @optional("Classifier")
    }
    output x
}
"""

SEQUENCE = """
## Attention before two linear layers, each with a skip (arXiv 2002.04745).
block Layer(heads: int, hidden: int) {
    input x: [B, L, E]
    y = x -> norm1: Norm()
    x = x + ((y, y, y) -> attention: Attention(heads))
    output x + (x -> norm2: Norm() -> linear1: Linear(hidden) -> relu: ReLU() -> linear2: Linear(E))
}

block Norm() {
    input x: [B, L, E]
    output x -> linear: Linear(E, bias=False)
}

block Attention(heads: int) {
    input query, key, value
    output (query * key + value) -> out: Linear(8)
}

network Sequence(layers: int = 3) {
    input x: [B, L, 8]
    for i in range(layers) {
        x = x -> "layers.{i}": Layer(4, 16)
    }
    output x -> head: Linear(2)
}
"""

COMPARED = """
block Unit(planes: int) {
    input x
    main = x -> conv1: Conv2d(planes, 3, padding=1, bias=False) -> bn1: BatchNorm2d() -> relu1: ReLU()
             -> conv2: Conv2d(planes, 1) -> bn2: BatchNorm2d()
    output (main + x) -> relu2: ReLU()
}

network Net() {
    input image: [B, 3, H, W]
    output image -> stem: Conv2d(16, 3, stride=2)
                 -> pool: MaxPool2d(2)
                 -> stage layer1: 3 * Unit(16)
                 -> stage layer2: 2 * Unit(16)
                 -> head: Conv2d(4, 1)
}
"""
#: One of each kind: a kernel and another op in a block, a layer that goes, members that come, a label.
EDITS = (
    ("conv1: Conv2d(planes, 3, padding=1", "conv1: Conv2d(planes, 5, padding=2"),
    ("relu2: ReLU()", "relu2: SiLU()"),
    ("                 -> pool: MaxPool2d(2)\n", ""),
    ("layer2: 2 * Unit(16)", "layer2: [Dropout(0.1), 4 * Unit(16)]"),
    ("head:", "classifier:"),
)

ALL = {
    "resnet3d50": RESNET, "unet": UNET, "two_stream": TWO_STREAM, "residual": RESIDUAL, "backbone": BACKBONE,
    "labelled": LABELLED, "sequence": SEQUENCE,
}  # fmt: skip
