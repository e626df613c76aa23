"""Drawing arguments: one combination of a system's arguments and its input's shape for every seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from tests.golden.further import mdnc, video
from tests.golden.further.chance import Arguments, Shape, rarely

_FIXED = ("pretrained", "pretrained2d", "conv_cfg", "init_cfg")
#: Arguments that are sometimes left to their defaults.
_OPTIONAL_OF_BLOCKS = ("kernel_size", "stride", "padding", "normalizer", "activator", "layer_order", "scaler")
_OPTIONAL = {
    "ConvModern": _OPTIONAL_OF_BLOCKS,
    "BlockPlain": _OPTIONAL_OF_BLOCKS,
    "BlockBottleneck": _OPTIONAL_OF_BLOCKS,
    "UNet": ("kernel_size", "out_planes", "block"),
    "AE": ("kernel_size", "out_planes", "block"),
    "EncoderNet": ("kernel_size", "out_length", "block"),
    "DecoderNet": ("out_planes", "block"),
}
_OPTIONAL_OF_RESNETS = (
    "conv1_kernel",
    "inflate_style",
    "norm_cfg",
    "act_cfg",
    "norm_eval",
    "zero_init_residual",
    "advanced",
)


@dataclass(frozen=True)
class Draw:
    """A system, all its arguments, and the shape of its input."""

    system: str
    seed: int
    arguments: Arguments
    shape: Shape

    def __str__(self) -> str:
        given = ", ".join(f"{k}={v!r}" for k, v in self.arguments.items() if k not in _FIXED)
        return f"--system {self.system} --seed {self.seed} --count 1\n    {given}\n    input {self.shape}"


def draw(system: str, seed: int) -> Draw:
    """The combination of a seed: always the same."""
    rng = Random(f"{system} {seed}")
    kind = system.rsplit(".", 1)[1]
    if system.startswith("pyskl."):
        arguments, shape = video.pyskl(rng)
    elif system.startswith("mmaction2."):
        arguments, shape = video.mmaction2(rng)
    elif kind.startswith(("Block", "ConvModern")):
        arguments, shape = mdnc.block(rng, int(kind[-2]))
    else:
        arguments, shape = mdnc.NETWORKS[kind[:-2]](rng, int(kind[-2]))
        if system.startswith("mdnc.resnet"):
            arguments["block"] = rng.choice(["plain", "bottleneck", "bottleneck", "Plain", "BOTTLENECK"])
    optional = _OPTIONAL.get(kind[:-2], ()) if system.startswith("mdnc") else _OPTIONAL_OF_RESNETS
    left_out = {name for name in optional if rarely(rng)}
    return Draw(system, seed, {k: v for k, v in arguments.items() if k not in left_out}, shape)
