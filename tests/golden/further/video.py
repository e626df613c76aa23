"""Drawing arguments of the video networks of PYSKL and MMAction2."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.golden.further.chance import Arguments, Shape, rarely


def _flags(rng: Random, blocks: list[int], odds: float) -> Any:
    """One number, one per stage, or one per block: all the forms that ``inflate`` and ``non_local`` take."""

    def number() -> Any:
        value = 1 if rng.random() < odds else 0
        return rng.choice([True, 2]) if value and rarely(rng, 0.05) else value

    form = rng.choice(["int", "stages", "stages", "mixed", "mixed"])
    if form == "int":
        return number()
    stages: list[Any] = [number() for _ in blocks]
    if form == "mixed":
        stages = [[number() for _ in range(n)] if rng.random() < 0.5 else number() for n in blocks]
    if rarely(rng, 0.03):
        stages.pop()
    elif rarely(rng, 0.03):
        stages[0] = [1] * (blocks[0] + 1)
    elif rarely(rng, 0.05):
        stages.append(1)
    return stages


def _norm(rng: Random) -> Arguments:
    norm: Arguments = {"type": "BN3d"}
    if rng.random() < 0.7:
        norm["requires_grad"] = rng.random() < 0.7
    if rng.random() < 0.3:
        norm["eps"] = rng.choice([1e-3, 1e-2])
    if rng.random() < 0.3:
        norm["momentum"] = rng.choice([0.01, 0.2])
    return norm


def _resnet(rng: Random) -> tuple[Arguments, list[int]]:
    """What both projects' networks have; and the number of blocks per stage."""
    depth = rng.choice([18, 34, 50, 50, 50, 101, 152]) if not rarely(rng, 0.02) else 20
    stages = rng.choice([1, 2, 2, 3, 4])
    counted = rng.random() < 0.85 or depth > 50
    blocks = (
        [rng.choice([1, 1, 2, 3]) for _ in range(stages)] if counted else [3 if depth > 18 else 2, 4, 6, 3][:stages]
    )
    if depth in (18, 20) and not counted:
        blocks = [2] * stages
    strided = [2] * stages if not rarely(rng, 0.3) else [rng.choice([1, 2, 3]) for _ in range(stages)]
    arguments = {
        "depth": depth,
        "pretrained": None,
        "stage_blocks": blocks if counted else None,
        "pretrained2d": True,
        "in_channels": rng.choice([1, 2, 3, 17]),
        "num_stages": stages,
        "base_channels": rng.randint(1, 4),
        "out_indices": [rng.randrange(stages) for _ in range(rng.randint(1, stages))],
        "spatial_strides": [rng.choice([1, s]) for s in strided],
        "temporal_strides": [rng.choice([1, 1, 2]) for _ in range(stages)],
        "conv1_kernel": rng.choice([[3, 7, 7], [1, 7, 7], [5, 7, 7], [1, 3, 5], 3, 1, 5, [3, 4, 2], 2]),
        "frozen_stages": rng.choice([-1, -1, -1, *range(stages + 1)]),
        "inflate": _flags(rng, blocks, 0.6),
        "inflate_style": rng.choice(["3x1x1", "3x3x3"]),
        "conv_cfg": {"type": "Conv3d"},
        "norm_cfg": _norm(rng),
        "act_cfg": rng.choice(
            [{"type": "ReLU", "inplace": True}] * 3
            + [
                {"type": "ReLU"},
                {"type": "ReLU", "inplace": False},
                {"type": "LeakyReLU", "negative_slope": 0.1, "inplace": True},
            ]
        ),
        "norm_eval": rng.random() < 0.3,
        "zero_init_residual": rng.random() < 0.6,
    }
    if rarely(rng, 0.06):
        name, value = rng.choice(
            [
                ("frozen_stages", stages + 1),
                ("out_indices", [stages]),
                ("out_indices", []),
                ("spatial_strides", [1] * (stages + 1)),
                ("temporal_strides", [1] * (stages - 1)),
                ("stage_blocks", [1] * (stages + 1)),
                ("num_stages", 5),
                ("inflate_style", "1x1x1"),
            ]
        )
        arguments[name] = value
    return arguments, blocks


def _clip(rng: Random, channels: int) -> Shape:
    smallest = 1 if rarely(rng, 0.1) else 8
    return [rng.randint(1, 2), channels, rng.randint(1, 9), rng.randint(smallest, 24), rng.randint(smallest, 24)]


def pyskl(rng: Random) -> tuple[Arguments, Shape]:
    arguments, _ = _resnet(rng)
    if arguments["depth"] < 50 and not rarely(rng):
        arguments["inflate_style"] = "3x3x3"
    arguments["conv1_stride"] = [rng.choice([1, 2]), rng.choice([1, 2])]
    arguments["pool1_stride"] = [rng.choice([1, 2]), rng.choice([1, 2])]
    arguments["advanced"] = rng.random() < 0.5
    return arguments, _clip(rng, arguments["in_channels"])


def _non_local(rng: Random) -> Arguments:
    config: Arguments = {
        "mode": rng.choice(["embedded_gaussian", "dot_product", "gaussian", "concatenation"]),
        "sub_sample": rng.random() < 0.5,
        "use_scale": rng.random() < 0.5,
        "norm_cfg": rng.choice([None, {"type": "BN3d"}, {"type": "BN3d", "requires_grad": False, "eps": 1e-3}]),
        "reduction": rng.choice([1, 2, 2, 3, 9]),
    }
    if rarely(rng):
        config["mode"] = "other"
    return {k: v for k, v in config.items() if rng.random() < 0.8}


def mmaction2(rng: Random) -> tuple[Arguments, Shape]:
    arguments, blocks = _resnet(rng)
    stages = len(blocks)
    arguments |= {
        "dilations": [rng.choice([1, 1, 2, 3]) for _ in range(stages)],
        "conv1_stride_s": rng.choice([1, 2]),
        "conv1_stride_t": rng.choice([1, 2]),
        "pool1_stride_s": rng.choice([1, 2]),
        "pool1_stride_t": rng.choice([1, 2]),
        "with_pool1": rng.random() < 0.7,
        "with_pool2": rng.random() < 0.5,
        "style": rng.choice(["pytorch", "caffe"]) if not rarely(rng, 0.02) else "other",
        "with_cp": rng.random() < 0.2,
        "non_local": _flags(rng, blocks, 0.4) if rng.random() < 0.5 else [0] * max(4, stages),
        "non_local_cfg": _non_local(rng) if rng.random() < 0.8 else {},
        "init_cfg": None,
    }
    if rarely(rng, 0.02):
        arguments["dilations"] = [1] * (stages + 1)
    return arguments, _clip(rng, arguments["in_channels"])
