"""Draws ops that move elements: orders of axes, parts, shuffles of channels and places."""

from __future__ import annotations

from typing import Any

from tests.ops.case import Case, Draw, Rng, Spoil, any_shape, drop, image, scalar, set_to, unknown
from tests.ops.draw_functions import longer, other_size

DTYPES = ("float", "float", "int", "bool")


def _signed(rng: Rng, axis: int, rank: int) -> int:
    return axis if rng.random() < 0.5 else axis - rank


def _one(rng: Rng, name: str, shape: tuple[int, ...], **kwargs: Any) -> Case:
    return Case(name, kwargs, [shape], [rng.choice(DTYPES)])


def permute(rng: Rng, name: str) -> Case:
    shape = any_shape(rng)
    order = tuple(_signed(rng, i, len(shape)) for i in rng.sample(range(len(shape)), len(shape)))
    return _one(rng, name, shape, **{"dims" if name == "Permute" else "axes": order})


def other_axes(*names: str) -> Spoil:
    """Axes that the tensor has not, or has once."""

    def spoil(rng: Rng, case: Case) -> None:
        name = next((n for n in names if n in case.kwargs), names[0])
        case.kwargs[name] = rng.choice(((0, 0), (0,), (1, 0), (0, 1, 2, 3, 4, 5), (5,), (-6,), (0, -1, 0), "a", None))

    return spoil


def other_axis(*names: str) -> Spoil:
    def spoil(rng: Rng, case: Case) -> None:
        case.kwargs[rng.choice(names)] = rng.choice((5, 6, -7, -6, 7, "a", 1.5))

    return spoil


PERMUTE = [other_axes("dims", "axes"), other_axes("dims", "axes"), longer, scalar, unknown, drop("axes"), drop("dims")]


def transpose(rng: Rng, name: str) -> Case:
    shape = any_shape(rng)
    dim0, dim1 = (_signed(rng, rng.randrange(max(len(shape), 1)), max(len(shape), 1)) for _ in range(2))
    return _one(rng, name, shape, dim0=dim0, dim1=dim1)


TRANSPOSE = [other_axis("dim0", "dim1"), other_axis("dim0", "dim1"), drop("dim0"), drop("dim1"), unknown]


def flip(rng: Rng, name: str) -> Case:
    shape = any_shape(rng, 1)
    axes = tuple(_signed(rng, i, len(shape)) for i in rng.sample(range(len(shape)), rng.randint(0, len(shape))))
    return _one(rng, name, shape, axes=axes[0] if len(axes) == 1 and rng.random() < 0.5 else axes)


def roll(rng: Rng, name: str) -> Case:
    shape = any_shape(rng, 1)
    axes = tuple(_signed(rng, rng.randrange(len(shape)), len(shape)) for _ in range(rng.randint(1, 3)))
    shifts = tuple(rng.randint(-7, 7) for _ in axes)
    if len(axes) == 1 and rng.random() < 0.5:
        return _one(rng, name, shape, shifts=shifts[0], axes=axes[0])
    return _one(rng, name, shape, shifts=shifts, axes=axes)


ROLL = [other_axes("axes"), set_to("axes", 6, -6, (6,), ()), set_to("shifts", (1,), (1, 2), (1, 2, 3, 4), (), "a", 1.5),
        drop("axes"), drop("shifts"), unknown]  # fmt: skip


def squeeze(rng: Rng, name: str) -> Case:
    shape = list(any_shape(rng, 1))
    axis = rng.randrange(len(shape))
    shape[axis] = 1
    return _one(rng, name, tuple(shape), axis=_signed(rng, axis, len(shape)))


def unsqueeze(rng: Rng, name: str) -> Case:
    shape = any_shape(rng)
    return _one(rng, name, shape, axis=_signed(rng, rng.randint(0, len(shape)), len(shape) + 1))


AXIS: list[Spoil] = [other_axis("axis"), other_axis("axis"), other_axis("axis"), other_size, drop("axis"), unknown]


def unflatten(rng: Rng, name: str) -> Case:
    shape = list(any_shape(rng, 1))
    axis = rng.randrange(len(shape))
    sizes = [rng.randint(1, 4) for _ in range(rng.randint(1, 3))]
    shape[axis] = 1
    for size in sizes:
        shape[axis] *= size
    if rng.random() < 0.5:
        sizes[rng.randrange(len(sizes))] = -1
    return _one(rng, name, tuple(shape), dim=_signed(rng, axis, len(shape)), unflattened_size=tuple(sizes))


UNFLATTEN: list[Spoil] = [
    other_axis("dim"), other_size, set_to("unflattened_size", (5, 7), (-1, 7), (-1, -1), (), 3, (0, 2), "a", (11,)),
    set_to("unflattened_size", (5, 7), (-1, 7), (-1, -1), (3, 3, 3)), scalar, unknown, drop("dim"),
]  # fmt: skip


# ------------------------------------------------------------------------------------------------ parts


def chunk(rng: Rng, name: str) -> Case:
    shape = list(any_shape(rng, 2))
    axis = rng.randrange(len(shape))
    chunks = rng.randint(1, 4)
    shape[axis] = chunks * rng.randint(1, 3)
    kwargs = {"axis": _signed(rng, axis, len(shape))} if axis != 1 or rng.random() < 0.5 else {}
    return _one(rng, name, tuple(shape), chunks=chunks, **kwargs)


CHUNK = [other_axis("axis"), other_axis("axis"), set_to("chunks", 0, -1, "a", 1.5, 7), set_to("chunks", 0, -2), scalar,
         drop("chunks"), unknown]  # fmt: skip


def split(rng: Rng, name: str) -> Case:
    shape = list(any_shape(rng, 2))
    axis = rng.randrange(len(shape))
    sizes: Any = tuple(rng.randint(1, 4) for _ in range(rng.randint(1, 3)))
    shape[axis] = sum(sizes)
    if rng.random() < 0.4:
        sizes = rng.randint(1, 5)
    kwargs = {"axis": _signed(rng, axis, len(shape))} if axis != 1 or rng.random() < 0.5 else {}
    return _one(rng, name, tuple(shape), split_size=sizes, **kwargs)


SPLIT = [other_axis("axis"), set_to("split_size", (9, 9), (1, 11), (), "a", -1, (3, -1), (0, 1)), other_size, scalar,
         set_to("split_size", (9, 9), (1, 11)), drop("split_size"), unknown]  # fmt: skip


def unbind(rng: Rng, name: str) -> Case:
    shape = any_shape(rng, 1)
    axis = rng.randrange(len(shape))
    return _one(rng, name, shape, **({"axis": _signed(rng, axis, len(shape))} if axis or rng.random() < 0.5 else {}))


UNBIND: list[Spoil] = [other_axis("axis"), other_axis("axis"), other_axis("axis"), scalar, unknown]


def stack(rng: Rng, name: str) -> Case:
    shape = any_shape(rng)
    count = rng.randint(1, 4)
    axis = _signed(rng, rng.randint(0, len(shape)), len(shape) + 1)
    kwargs = {"axis": axis} if axis or rng.random() < 0.5 else {}
    return Case(name, kwargs, [shape] * count, [rng.choice(DTYPES)] * count)


def another(rng: Rng, case: Case) -> None:
    """Another tensor of another shape."""
    case.shapes = [*case.shapes, rng.choice(((2,) * 6, (*(s + 1 for s in case.shapes[0]), 1)))]
    case.dtypes = [*case.dtypes, case.dtypes[0]]


STACK: list[Spoil] = [another, another, other_axis("axis"), other_axis("axis"), other_size, longer, unknown]


# ------------------------------------------------------------------------------------------------ shuffles


def pixels(rng: Rng, name: str) -> Case:
    r = rng.randint(1, 3)
    batch = tuple(rng.randint(1, 3) for _ in range(rng.choice((0, 1, 1, 2))))
    c, h, w = (rng.randint(1, 3) for _ in range(3))
    if name == "PixelShuffle":
        return _one(rng, name, (*batch, c * r * r, h, w), upscale_factor=r)
    return _one(rng, name, (*batch, c, h * r, w * r), downscale_factor=r)


def channels(rng: Rng, name: str) -> Case:
    groups = rng.randint(1, 4)
    return _one(rng, name, image(rng, rng.randint(1, 3), groups * rng.randint(1, 3)), groups=groups)


def flat(rng: Rng, case: Case) -> None:
    case.shapes[0] = case.shapes[0][: rng.randint(0, 2)]


FACTORS = ("upscale_factor", "downscale_factor")
PIXELS: list[Spoil] = [flat, flat, other_size, other_size, unknown]
DRAWS: dict[str, tuple[Draw, list[Spoil]]] = {
    "Permute": (permute, PERMUTE),
    "permute": (permute, PERMUTE),
    "transpose": (transpose, TRANSPOSE),
    "flip": (flip, [other_axes("axes"), other_axes("axes"), scalar, unknown, drop("axes")]),
    "roll": (roll, ROLL),
    "squeeze": (squeeze, AXIS),
    "unsqueeze": (unsqueeze, AXIS),
    "Unflatten": (unflatten, UNFLATTEN),
    "chunk": (chunk, CHUNK),
    "split": (split, SPLIT),
    "unbind": (unbind, UNBIND),
    "stack": (stack, STACK),
    "PixelShuffle": (pixels, [*PIXELS, set_to("upscale_factor", 5, 0, -1, "a", 7), set_to("upscale_factor", 5, 7)]),
    "PixelUnshuffle": (pixels, [*PIXELS, set_to("downscale_factor", 5, 0, -1, 7), set_to("downscale_factor", 11, 7)]),
    "ChannelShuffle": (
        channels,
        [flat, flat, set_to("groups", 0, -1, 5, 7, 11, "a"), set_to("groups", 0, 11), unknown],
    ),
}
