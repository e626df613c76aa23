"""Draws (op, attributes, inputs) tuples for every op by name, about a third of them deliberately wrong.

``python -m tests.ops.generator --tuples 20000`` compares that many tuples per op with torch and prints what it found.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.ops import draw_choosing as choosing
from tests.ops import draw_elementwise as elementwise
from tests.ops import draw_functions as functions
from tests.ops import draw_modules as modules
from tests.ops import draw_moving as moving
from tests.ops import draw_norm as norms
from tests.ops import draw_padding as padding
from tests.ops import draw_rearranging as rearranging
from tests.ops import draw_sequence as sequence
from tests.ops.case import Case, Draw, Rng, Spoil

SPATIAL = (
    "Conv", "ConvTranspose", "BatchNorm", "InstanceNorm", "MaxPool", "AvgPool", "LPPool", "AdaptiveAvgPool",
    "AdaptiveMaxPool", *padding.MODULES,
)  # fmt: skip
PLAIN = ("ReLU", "PReLU", "Linear", "Upsample", "Flatten", "Identity")
FUNCTIONS = (
    "flatten", "add", "sub", "mul", "div", "concat", "crop", "index", "matmul", "expand", "rearrange",
)  # fmt: skip

#: what draws tell by tables of their own
TABLES: dict[str, tuple[Draw, list[Spoil]]] = {
    **elementwise.ACTIVATIONS, **elementwise.ALONG, **elementwise.FUNCTIONS, **elementwise.REDUCTIONS, **norms.NORMS,
    **norms.DROPOUTS, **sequence.DRAWS, **moving.DRAWS, **choosing.DRAWS, **padding.FUNCTIONS,
}  # fmt: skip

#: every op as a spec may write it; rank-free names draw the rank
NAMES = (*(f"{n}{rank}" for n in SPATIAL for rank in ("1d", "2d", "3d", "")), *PLAIN, *FUNCTIONS, *TABLES)

#: ops of which torch cannot refuse a quarter of what is drawn: it takes every tensor, or there is no such op in torch
NEVER_REFUSED = ("Identity", "crop")


def cases(name: str, count: int, seed: int = 0) -> Iterator[Case]:
    """The first ``count`` tuples of an op."""
    rng = Rng(f"{name}/{seed}")
    base = name.rstrip("d").rstrip("123") if name[-2:] in ("1d", "2d", "3d") else name
    draw, spoils = TABLES.get(name) or DRAWS[base]
    for _ in range(count):
        case = draw(rng, name)
        if spoils and rng.random() < 0.42:
            rng.choice(spoils)(rng, case)
        yield case


DRAWS: dict[str, tuple[Draw, list[Spoil]]] = {
    "Conv": (modules.conv, modules.CONV + modules.CONV_ONLY),
    "ConvTranspose": (modules.conv, modules.CONV + modules.TRANSPOSE_ONLY),
    "BatchNorm": (modules.norm, modules.NORM),
    "InstanceNorm": (modules.norm, modules.NORM),
    "MaxPool": (modules.pool, modules.POOL + modules.MAX_ONLY),
    "AvgPool": (modules.pool, modules.POOL + modules.AVG_ONLY),
    "LPPool": (modules.lp_pool, modules.POOL + modules.LP_ONLY),
    "AdaptiveAvgPool": (modules.adaptive, modules.ADAPTIVE),
    "AdaptiveMaxPool": (modules.adaptive, modules.ADAPTIVE),
    **padding.MODULES,
    "ReLU": (modules.relu, modules.RELU),
    "PReLU": (modules.prelu, modules.PRELU),
    "Linear": (modules.linear, modules.LINEAR),
    "Upsample": (modules.upsample, modules.UPSAMPLE),
    "Flatten": (functions.flatten, functions.FLATTEN),
    "Identity": (modules.identity, []),
    "flatten": (functions.flatten, functions.FLATTEN),
    **dict.fromkeys(("add", "sub", "mul", "div"), (functions.arithmetic, functions.ARITHMETIC)),
    "concat": (functions.concat, functions.CONCAT),
    "crop": (functions.crop, []),
    "index": (functions.index, functions.INDEX),
    "matmul": (rearranging.matmul, rearranging.MATMUL),
    "expand": (rearranging.expand, rearranging.EXPAND),
    "rearrange": (rearranging.rearrange, rearranging.REARRANGE),
}


if __name__ == "__main__":
    from tests.ops.oracle import main

    main()
