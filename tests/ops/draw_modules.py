"""Draws modules."""

from __future__ import annotations

from typing import Any

from tests.ops.case import (
    Case,
    Rng,
    Spoil,
    any_shape,
    at,
    axes_of,
    bad_channels,
    bad_output_padding,
    drop,
    image,
    large_kernel,
    large_padding,
    other_dtype,
    other_rank,
    per_axis,
    scalar,
    set_to,
    small_input,
    some,
    unknown,
    wrong_number,
)

# ------------------------------------------------------------------------------------------------ convolutions


def conv(rng: Rng, name: str) -> Case:
    axes = axes_of(rng, name)
    groups = rng.choice((1, 1, 1, 2, 3))
    kwargs: dict[str, Any] = {"out_channels": groups * rng.randint(1, 3)}
    kwargs["kernel_size"] = per_axis(rng, axes, lambda: rng.randint(1, 4))
    some(rng, kwargs, stride=lambda: per_axis(rng, axes, lambda: rng.randint(1, 3)), bias=lambda: rng.random() < 0.5)
    some(rng, kwargs, dilation=lambda: per_axis(rng, axes, lambda: rng.randint(1, 3)))
    if groups > 1:
        kwargs["groups"] = groups
    if name.startswith("ConvTranspose"):
        some(rng, kwargs, padding=lambda: per_axis(rng, axes, lambda: rng.randint(0, 2)))
        some(rng, kwargs, output_padding=lambda: per_axis(rng, axes, lambda: rng.randint(0, 1)))
    else:
        some(rng, kwargs, padding=lambda: padding(rng, axes, kwargs))
        some(rng, kwargs, padding_mode=lambda: rng.choice(("zeros", "reflect", "replicate", "circular")))
    return Case(name, kwargs, [image(rng, axes, groups * rng.randint(1, 3), 2, 9)])


def padding(rng: Rng, axes: int, kwargs: dict[str, Any]) -> Any:
    if rng.random() < 0.3:
        if rng.random() < 0.8:
            kwargs.pop("stride", None)
        return rng.choice(("same", "valid"))
    return per_axis(rng, axes, lambda: rng.randint(0, 3))


CONV = [large_kernel, small_input, other_rank, other_dtype, bad_channels, large_padding, unknown,
        wrong_number("kernel_size", "stride", "dilation", "out_channels"), drop("kernel_size"),
        set_to("padding_mode", "mirror", None, 1)]  # fmt: skip
CONV_ONLY = [set_to("padding", "same", "full", -1, (1, 2), (1,), 9), wrong_number("padding")]
TRANSPOSE_ONLY = [bad_output_padding, bad_output_padding, set_to("padding_mode", "reflect", "circular")]

# ------------------------------------------------------------------------------------------------ norms


def norm(rng: Rng, name: str) -> Case:
    axes = axes_of(rng, name)
    kwargs: dict[str, Any] = {}
    some(rng, kwargs, eps=lambda: rng.choice((1e-5, 1e-3, 1.0)), momentum=lambda: rng.choice((0.1, 0.5, None, 0.0)))
    some(rng, kwargs, affine=lambda: rng.random() < 0.5, track_running_stats=lambda: rng.random() < 0.5)
    shape = image(rng, axes, least=1, most=5)
    if name in ("BatchNorm1d", "BatchNorm") and rng.random() < 0.3:
        shape = shape[:2]
    return Case(name, kwargs, [shape])


def one_value(rng: Rng, case: Case) -> None:
    """One value per channel, and statistics of the input."""
    channels = case.shapes[0][1]
    case.shapes[0] = (1, channels, *([1] * (len(case.shapes[0]) - 2)))
    case.kwargs["track_running_stats"] = False


NORM = [other_rank, other_rank, other_dtype, other_dtype, unknown, one_value, one_value,
        set_to("eps", -1e-5, "a", -1), set_to("momentum", "a"),
        set_to("affine", 1, 0, "yes"), wrong_number("num_features")]  # fmt: skip

# ------------------------------------------------------------------------------------------------ pools


def pool(rng: Rng, name: str) -> Case:
    axes = axes_of(rng, name)
    kernel = per_axis(rng, axes, lambda: rng.randint(1, 5))
    kwargs: dict[str, Any] = {"kernel_size": kernel}
    some(rng, kwargs, stride=lambda: rng.choice((None, per_axis(rng, axes, lambda: rng.randint(1, 4)))))
    some(rng, kwargs, ceil_mode=lambda: rng.random() < 0.7)
    half = [at(kernel, i) // 2 for i in range(axes)]
    some(rng, kwargs, padding=lambda: tuple(rng.randint(0, h) for h in half))
    if name.startswith("MaxPool"):
        some(rng, kwargs, dilation=lambda: per_axis(rng, axes, lambda: rng.randint(1, 3)))
    else:
        some(rng, kwargs, count_include_pad=lambda: rng.random() < 0.5)
        if axes > 1:
            some(rng, kwargs, divisor_override=lambda: rng.choice((None, 2, -3, 7)))
    return Case(name, kwargs, [image(rng, axes, least=3, most=12)])


POOL = [large_kernel, large_kernel, small_input, small_input, other_rank, other_dtype, large_padding, unknown,
        wrong_number("kernel_size", "stride", "padding"), wrong_number("kernel_size", "stride"),
        drop("kernel_size")]  # fmt: skip
MAX_ONLY = [wrong_number("dilation"), set_to("dilation", 5, 7), set_to("return_indices", True)]
AVG_ONLY = [set_to("divisor_override", 0, 0, 2, "a"), set_to("dilation", 1, 2)]


def lp_pool(rng: Rng, name: str) -> Case:
    case = pool(rng, name)
    kwargs = {k: v for k, v in case.kwargs.items() if k in ("kernel_size", "stride", "ceil_mode")}
    if isinstance(kwargs["kernel_size"], tuple) and len(kwargs["kernel_size"]) == 1 and rng.random() < 0.8:
        kwargs["kernel_size"] = kwargs["kernel_size"][0]
    return Case(name, {"norm_type": rng.choice((1, 2, 2.5, 3, -1)), **kwargs}, case.shapes)


LP_ONLY = [set_to("norm_type", 0, 0, "a", None), set_to("padding", 0, 1), drop("norm_type")]


def adaptive(rng: Rng, name: str) -> Case:
    axes = axes_of(rng, name)
    size: Any = per_axis(rng, axes, lambda: rng.randint(1, 9))
    if isinstance(size, tuple) and axes > 1 and rng.random() < 0.5:
        size = tuple(None if rng.random() < 0.5 else s for s in size)
    return Case(name, {"output_size": size}, [image(rng, axes)])


ADAPTIVE = [other_rank, other_rank, other_dtype, other_dtype, unknown, wrong_number("output_size"), drop("output_size"),
            wrong_number("output_size"),
            set_to("output_size", (None,), (None, 2), (2, None, 2), (None, None), (2, 2, 2), 0)]  # fmt: skip

# ------------------------------------------------------------------------------------------------ the rest


def relu(rng: Rng, name: str) -> Case:
    kwargs: dict[str, Any] = {}
    some(rng, kwargs, inplace=lambda: rng.random() < 0.5)
    dtype = rng.choice(("float", "float", "int"))
    return Case(name, kwargs, [any_shape(rng)], [dtype])


def set_bool(rng: Rng, case: Case) -> None:
    case.dtypes[0] = "bool"


def prelu(rng: Rng, name: str) -> Case:
    kwargs: dict[str, Any] = {}
    some(rng, kwargs, per_channel=lambda: rng.random() < 0.7, init=lambda: rng.choice((0.1, 0.0, 1, -2.0)))
    return Case(name, kwargs, [any_shape(rng, 2 if kwargs.get("per_channel") else 0)])


def linear(rng: Rng, name: str) -> Case:
    kwargs: dict[str, Any] = {"out_features": rng.randint(1, 9)}
    some(rng, kwargs, bias=lambda: rng.random() < 0.5)
    return Case(name, kwargs, [any_shape(rng, 1)])


RELU: list[Spoil] = [set_bool, set_bool, set_bool, unknown]
PRELU: list[Spoil] = [other_dtype, other_dtype, unknown, set_to("init", "a", None), scalar, scalar]
LINEAR: list[Spoil] = [other_dtype, other_dtype, scalar, unknown, drop("out_features"), wrong_number("out_features")]


def upsample(rng: Rng, name: str) -> Case:
    axes = rng.randint(1, 3)
    kwargs: dict[str, Any] = {}
    if rng.random() < 0.5:
        kwargs["size"] = per_axis(rng, axes, lambda: rng.randint(1, 12))
    else:
        kwargs["scale_factor"] = factor(rng) if rng.random() < 0.5 else tuple(factor(rng) for _ in range(axes))
        some(rng, kwargs, recompute_scale_factor=lambda: rng.choice((True, False, None)))
    linear_modes = {1: ("linear",), 2: ("linear", "bilinear", "bicubic"), 3: ("linear", "trilinear")}[axes]
    some(rng, kwargs, mode=lambda: rng.choice(("nearest", "nearest-exact", "area", *linear_modes, *linear_modes)))
    if kwargs.get("mode") in linear_modes:
        some(rng, kwargs, align_corners=lambda: rng.choice((True, False, None)))
    return Case(name, kwargs, [image(rng, axes, least=2, most=11)])


def factor(rng: Rng) -> float:
    if rng.random() < 0.6:
        return rng.choice((1, 2, 2.0, 3, 0.5, 1.5, 0.75, 1.0, 2.5, 1.25))
    return (
        round(rng.uniform(0.5, 3), rng.randint(1, 3)) if rng.random() < 0.7 else rng.randint(2, 9) / rng.randint(2, 9)
    )


def both_targets(rng: Rng, case: Case) -> None:
    case.kwargs |= {"size": 4, "scale_factor": 2.0}


def no_target(rng: Rng, case: Case) -> None:
    case.kwargs.pop("size", None)
    case.kwargs.pop("scale_factor", None)


def vanishing(rng: Rng, case: Case) -> None:
    no_target(rng, case)
    case.kwargs["scale_factor"] = rng.choice((0.1, 0.2, 0.05, 0.25))


UPSAMPLE = [other_rank, other_dtype, both_targets, no_target, vanishing, vanishing, unknown, wrong_number("size"),
            set_to("align_corners", True, False), set_to("recompute_scale_factor", True),
            set_to("mode", "linear", "bilinear", "trilinear", "bicubic", "lanczos", "a"),
            set_to("scale_factor", -1.0, 0.0, (2.0,), (2.0, 2.0), "a")]  # fmt: skip


def identity(rng: Rng, name: str) -> Case:
    return Case(name, {}, [any_shape(rng)], [rng.choice(("float", "int", "bool"))])
