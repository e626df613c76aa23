"""Drawing arguments of MDNC's blocks and networks."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.golden.further.chance import Arguments, Shape, axes, each, rarely


def block(rng: Random, rank: int) -> tuple[Arguments, Shape]:
    kernel = axes(rng, rank, 1, 3, 3, 3, 5) if not rarely(rng, 0.1) else axes(rng, rank, 2, 3, 4)
    fitting = kernel // 2 if isinstance(kernel, int) else [k // 2 for k in kernel]
    scaler = rng.choice(["down", "up"])
    sized = rng.random() < 0.25
    c_in = rng.randint(1, 5)
    arguments = {
        "in_planes": c_in,
        "out_planes": c_in if rng.random() < 0.4 else rng.randint(1, 5),
        "kernel_size": kernel,
        "stride": axes(rng, rank, 1, 1, 2, 2, 3),
        "padding": axes(rng, rank, 0, 1, 1, 2) if rarely(rng, 0.15) else fitting,
        "output_size": [rng.randint(1, 9) for _ in range(rank)] if sized else None,
        "normalizer": rng.choice(["batch", "inst", "pinst", "null"]),
        "activator": rng.choice(["prelu", "prelu", "relu", "null"]),
        "layer_order": rng.choice(["new", "old"]),
        "scaler": scaler,
    }
    if rarely(rng):
        name = rng.choice(["normalizer", "activator", "layer_order", "scaler"])
        arguments[name] = "other"
    smallest = 1 if rarely(rng, 0.15) else 2
    return arguments, [rng.randint(1, 2), c_in, *(rng.randint(smallest, 8) for _ in range(rank))]


def _layers(rng: Random, upper: int) -> list[int]:
    if rarely(rng, 0.02):
        return rng.choice([[2], [2, 0], [0, 1], []])
    return [rng.randint(1, upper) for _ in range(rng.choice([2, 2, 3, 3, 4]))]


def _kernel(rng: Random, rank: int) -> int | list[int]:
    return axes(rng, rank, 2, 4, 3) if rarely(rng, 0.08) else axes(rng, rank, 3, 3, 3, 1, 5)


def _network(rng: Random, rank: int) -> Arguments:
    return {
        "channel": rng.randint(1, 4),
        "layers": _layers(rng, 3 if rank < 3 else 2),
        "kernel_size": _kernel(rng, rank),
    }


def _sizes(rng: Random, rank: int) -> Shape:
    largest, smallest = {1: 40, 2: 21, 3: 12}[rank], 1 if rarely(rng, 0.1) else 5
    return [rng.randint(smallest, largest) for _ in range(rank)]


def unet(rng: Random, rank: int) -> tuple[Arguments, Shape]:
    given = _network(rng, rank)
    c_in = rng.randint(1, 3)
    if not rarely(rng, 0.1):
        given["layers"][1:-1] = [max(2, n) for n in given["layers"][1:-1]]
    return given | {"in_planes": c_in, "out_planes": rng.randint(1, 3)}, [rng.randint(1, 2), c_in, *_sizes(rng, rank)]


def autoencoder(rng: Random, rank: int) -> tuple[Arguments, Shape]:
    c_in = rng.randint(1, 3)
    given = {"in_planes": c_in, "out_planes": rng.randint(1, 3)}
    return _network(rng, rank) | given, [rng.randint(1, 2), c_in, *_sizes(rng, rank)]


def encoder(rng: Random, rank: int) -> tuple[Arguments, Shape]:
    c_in = rng.randint(1, 3)
    given = {"in_planes": c_in, "out_length": rng.choice([None, 0, 1, 4, 7])}
    return _network(rng, rank) | given, [rng.randint(1, 2), c_in, *_sizes(rng, rank)]


def decoder(rng: Random, rank: int) -> tuple[Arguments, Shape]:
    given = _network(rng, rank) | {"out_planes": rng.randint(1, 3), "in_length": rng.choice([None, None, 0, 1, 5])}
    given["out_size"] = _sizes(rng, rank)
    kernel = each(given["kernel_size"], rank)
    batch = rng.randint(1, 2)
    if given["in_length"]:
        return given, [batch, given["in_length"]]
    sizes = list(given["out_size"])
    for _ in given["layers"]:
        sizes = [-(-s // 2) if k > 1 else s for s, k in zip(sizes, kernel, strict=True)]
    return given, [batch, given["channel"] * 2 ** max(0, len(given["layers"]) - 1), *sizes]


NETWORKS: dict[str, Callable[[Random, int], tuple[Arguments, Shape]]] = {
    "UNet": unet,
    "AE": autoencoder,
    "EncoderNet": encoder,
    "DecoderNet": decoder,
}
