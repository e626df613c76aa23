"""Draws layers with their attributes, and steps of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.drawn.attributes import DROPOUT, FITTING, PLAIN, by_table
from tests.drawn.description import Op, Py, Step
from tests.drawn.drafting import Draft
from tests.ops.generator import SPATIAL

#: what has weights whatever its attributes are
WEIGHTED = ("Conv", "ConvTranspose", "Linear", "PReLU", "GroupNorm", "BatchNorm", "InstanceNorm")
#: how often a layer is drawn
LAYERS: dict[str, float] = {
    "Conv": 12, "ConvTranspose": 3, "BatchNorm": 4, "InstanceNorm": 2, "GroupNorm": 2, "LocalResponseNorm": 1,
    "MaxPool": 3, "AvgPool": 3, "LPPool": 1, "AdaptiveAvgPool": 2, "AdaptiveMaxPool": 1, "Upsample": 3,
    "ReLU": 3, "LeakyReLU": 2, "PReLU": 2, "Identity": 1, "Linear": 2, "Flatten": 1, **dict.fromkeys(PLAIN, 0.8),
    "Softmax": 0.5, "LogSoftmax": 0.5, "Softmin": 0.5, "GLU": 1, "Permute": 1, "ChannelShuffle": 1,
    "PixelShuffle": 1, "PixelUnshuffle": 1, "ZeroPad": 1, "ConstantPad": 1, "ReflectionPad": 1, "ReplicationPad": 1,
    "CircularPad": 1, "FeatureAlphaDropout": 0.5, **dict.fromkeys(DROPOUT, 1.5),
}  # fmt: skip
#: layers for images alone
IMAGES = (*SPATIAL, "Upsample", "LocalResponseNorm", "ChannelShuffle", "PixelShuffle", "PixelUnshuffle", *DROPOUT)


def base_of(name: str) -> str:
    """``Conv`` of ``Conv2d``; there is no layer that ``Dropout2d`` is a rank of."""
    return name[:-2] if name[:-2] in SPATIAL else name


def layer(draft: Draft, rank: int, channels: int) -> Op:
    """Any layer for a tensor of this rank."""
    names = [n for n in LAYERS if _fits(n, rank, channels)]
    (base,) = draft.rng.choices(names, [LAYERS[n] for n in names])
    if draft.favourite in names and draft.chance(0.25):
        base = draft.favourite
    if base == "Conv" and draft.chance(0.4):
        return plain_conv(draft, rank)
    return Op(*named(draft, base, rank, channels))


def _fits(name: str, rank: int, channels: int) -> bool:
    """Whether a layer may take such a tensor; most others would be refused."""
    if name in DROPOUT:
        return name == f"Dropout{rank - 2}d"
    if name == "GLU":
        return rank > 1 and channels % 2 == 0
    if name in ("GroupNorm", "FeatureAlphaDropout"):
        return rank >= 2
    return 3 <= rank <= 5 or name not in IMAGES or (name == "BatchNorm" and rank == 2)


def named(draft: Draft, base: str, rank: int, channels: int) -> tuple[str, dict[str, Any]]:
    """A layer's name, with its rank or without, and attributes that go with the rank."""
    rng = draft.rng
    axes = max(rank - 2, 1)
    name = f"{base}{axes}d" if base in SPATIAL else base
    kwargs = FITTING[base](rng, rank, channels) if base in FITTING else by_table(rng, name)
    if base in ("Conv", "ConvTranspose"):
        groups = rng.choice([g for g in (1, 1, 2, 3) if channels % g == 0])
        kwargs.pop("groups", None)
        kwargs["out_channels"] = groups * rng.randint(1, 3)
        kwargs |= {"groups": groups} if groups > 1 else {}
    if base == "InstanceNorm" and draft.chance(0.5):
        kwargs["affine"] = True
    if base in SPATIAL and rng.random() < 0.5 and not (base == "AvgPool" and "divisor_override" in kwargs):
        name = base
    return name, draft.vary(kwargs)


def plain_conv(draft: Draft, rank: int, stride: int = 1, out: int | Py | None = None) -> Op:
    """A convolution that keeps the size, or divides it."""
    kernel = draft.rng.choice((1, 3, 3, 5))
    kwargs: dict[str, Any] = {"out_channels": out or draft.rng.randint(1, 6), "kernel_size": kernel}
    kwargs |= {"stride": stride} if stride > 1 else {}
    kwargs |= {"padding": kernel // 2} if kernel > 1 else {}
    kwargs |= {"bias": False} if draft.chance(0.4) else {}
    name = "Conv" if draft.chance(0.5) else f"Conv{rank - 2}d"
    return Op(name, draft.vary(kwargs) if out is None else kwargs)


def keeps_weights(op: Op) -> bool:
    """Whether a layer may have entries in the state dict."""
    return base_of(op.name) in WEIGHTED


def step(draft: Draft, rank: int, channels: int, label: bool = True) -> Step:
    """A step of a chain: a layer, a list, a repetition; with an option now and then."""
    rng = draft.rng
    condition = draft.flag() if draft.chance(0.08) else None
    if draft.chance(0.12):
        return Step(members(draft, rank, channels), draft.fresh("seq"), condition=condition)
    if 3 <= rank <= 5 and draft.chance(0.1):
        times: int | Py = rng.randint(1, 3)
        times = draft.parameter(times, "int") if draft.chance(0.3) else times
        return Step(same(draft, rank, channels), draft.fresh("rep"), times, condition)
    op = layer(draft, rank, channels)
    named_ = label and (keeps_weights(op) or draft.chance(0.5))
    return Step(op, draft.fresh(base_of(op.name).lower()) if named_ else None, condition=condition)


def members(draft: Draft, rank: int, channels: int) -> tuple[Step, ...]:
    """The members of a list, some with labels of their own."""
    drawn = []
    for _ in range(draft.rng.randint(1, 3)):
        if 3 <= rank <= 5 and draft.chance(0.2):
            drawn.append(Step(same(draft, rank, channels), times=draft.rng.randint(1, 2)))
            continue
        op = layer(draft, rank, channels)
        channels = op.kwargs["out_channels"] if isinstance(op.kwargs.get("out_channels"), int) else channels
        in_place = op.name == "ReLU" and drawn and base_of(getattr(drawn[-1].body, "name", "")) == "Conv"
        op = Op("ReLU", {"inplace": True}) if in_place and draft.chance(0.5) else _not_in_place(op)
        drawn.append(Step(op, draft.fresh("m") if draft.chance(0.15) else None,
                          condition=draft.flag() if draft.chance(0.1) else None))  # fmt: skip
    return tuple(drawn)


def _not_in_place(op: Op) -> Op:
    return Op(op.name, {n: v for n, v in op.kwargs.items() if n != "inplace"})


def same(draft: Draft, rank: int, channels: int) -> Op:
    """A layer that keeps the shape, for repetitions."""
    makers: list[Callable[[], Op]] = [
        lambda: Op("Conv", {"out_channels": channels, "kernel_size": 3, "padding": draft.rng.choice((1, "same"))}),
        lambda: Op(f"BatchNorm{rank - 2}d"),
        lambda: Op("PReLU", {"per_channel": True}),
        lambda: Op("MaxPool", {"kernel_size": 3, "stride": 1, "padding": 1}),
        lambda: Op("Conv", {"out_channels": 4, "kernel_size": 3, "dilation": 2, "padding": 2}),
    ]
    return draft.rng.choice(makers)()
