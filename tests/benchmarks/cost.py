"""`netspec.cost` of ResNet3d-152 against torch, and its model of memory against what torch holds, on the CPU.

First the seconds of a cost whose graph is known (medians of wall time), beside those of a summary. Then for published
networks the peaks in inference and training and what autograd saves, as torch has them and by how much the model is
off; the sizes are small, so that a minute is enough.

    python -m tests.benchmarks.cost [rounds]
"""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from time import perf_counter

import torch

import netspec
from tests.analysis.tracking import peak, saved

SPECS = Path(__file__).resolve().parents[2] / "specs"
CLIP = (1, 3, 8, 224, 224)
#: Networks with the shape of their only input.
NETWORKS = {
    ("resnet3d50.netspec", "ResNet3d50"): (1, 3, 8, 64, 64),
    ("torchvision/resnet.netspec", "ResNet50"): (1, 3, 64, 64),
    ("torchvision/mobilenet_v2.netspec", "MobileNetV2"): (2, 3, 64, 64),
    ("torchvision/densenet.netspec", "DenseNet121"): (1, 3, 64, 64),
    ("torchvision/convnext.netspec", "ConvNeXtTiny"): (1, 3, 64, 64),
    ("torchvision/vision_transformer.netspec", "ViT_B_16"): (1, 3, 224, 224),
    ("torchvision/swin_transformer.netspec", "Swin_T"): (1, 3, 224, 224),
    ("mdnc/networks.netspec", "UNet"): (1, 1, 80, 64),
    ("segmentation/unet.netspec", "UNet"): (1, 1, 188, 188),
}


def seconds(rounds: int) -> None:
    graph = netspec.load(SPECS / "pyskl" / "resnet3d.netspec").elaborate("ResNet3d", depth=152)
    for name, run in {"cost": netspec.cost, "summary": netspec.summary}.items():
        taken = []
        for _ in range(rounds + 1):
            start = perf_counter()
            run(graph, clip=CLIP)
            taken.append(perf_counter() - start)
        print(f"{name} of ResNet3d-152: {1e3 * median(taken[1:]):.1f} ms (the first {1e3 * taken[0]:.1f} ms)")


def compare(file: str, network: str, shape: tuple[int, ...]) -> None:
    graph = netspec.load(SPECS / file).elaborate(network)
    (name,) = graph.inputs
    memory = netspec.cost(graph, **{name: shape}).memory
    assert memory is not None
    model, inputs = netspec.build(graph), [torch.zeros(shape)]
    real = peak(model, inputs, False), peak(model, inputs, True), saved(model, inputs)
    ours = memory.inference.bytes, memory.training.bytes, memory.saved
    off = ", ".join(
        f"{what} {theirs:,} ({mine / theirs - 1:+.2%})"
        for what, theirs, mine in zip(("inference", "training", "saved"), real, ours, strict=True)
    )
    print(f"{file} {network} {list(shape)}: {off}")


def main(rounds: int = 15) -> None:
    seconds(rounds)
    for (file, network), shape in NETWORKS.items():
        compare(file, network, shape)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(*map(int, sys.argv[1:]))
