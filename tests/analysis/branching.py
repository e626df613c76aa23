"""Draws networks with branches, and finds the receptive fields of their outputs from gradients."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

import torch
from torch import Tensor, nn

#: Steps that keep the size of an axis, or nearly.
KEEPS = (
    "Conv(2, 3, padding=1)", "Conv(2, 5, padding=2)", "Conv(2, 3, padding=2, dilation=2)", "Conv(2, 1)", "Conv(2, 3)",
    "Conv(2, 3, padding=1, groups=2)", 'Conv(2, 4, padding="same")', "ConvTranspose(2, 3, padding=1)",
    "AvgPool(3, stride=1, padding=1)", "MaxPool(3, stride=1, padding=1, dilation=2)", "MaxPool(2, stride=1)",
    'Conv(2, 3, padding=1, padding_mode="reflect")', "ConvTranspose(2, 5, padding=4, dilation=2)", "BatchNorm()",
    "ReLU()",
)  # fmt: skip
HALVES = (
    "Conv(2, 3, stride=2, padding=1)", "Conv(2, 2, stride=2)", "Conv(2, 1, stride=2)", "MaxPool(2)", "AvgPool(2)",
    "MaxPool(3, stride=2, padding=1)", "AvgPool(2, ceil_mode=True)", "MaxPool(2, dilation=2, stride=2)",
    "Conv(2, 7, stride=2, padding=2)",
)  # fmt: skip
DOUBLES = (
    "Upsample(scale_factor=2)", 'Upsample(scale_factor=2, mode="linear")', "ConvTranspose(2, 2, stride=2)",
    "ConvTranspose(2, 4, stride=2, padding=1)", "ConvTranspose(2, 3, stride=2, padding=1, output_padding=1)",
    'Upsample(scale_factor=2, mode="nearest-exact")',
)  # fmt: skip
OTHERS = (
    "Conv(2, 5, stride=3, padding=2)", "Upsample(scale_factor=3)", 'Upsample(scale_factor=3, mode="linear")',
    "Upsample(scale_factor=1.5)", "ConvTranspose(2, 5, stride=3, padding=1)", "MaxPool(3)",
    'Upsample(scale_factor=0.5, mode="linear")', 'Upsample(scale_factor=2, mode="linear", align_corners=True)',
)  # fmt: skip


def drawn(number: int) -> str:
    """The text of a spec: a chain with branches, each joined with the chain again; of one or two spatial axes."""
    rng = Random(f"field/{number}")
    sizes = [rng.randint(180, 220)] if number % 3 else [rng.randint(70, 90), rng.randint(70, 90)]
    lines = [f"    input image: [1, 1, {', '.join(map(str, sizes))}]", "    x = image -> first: Conv(2, 3)"]
    for step in range(rng.randint(2, 3)):
        lines += [*_branches(rng, step), *_chain(rng, step)]
    lines += ["    output x"]
    return "\n".join(["netspec 1", "", "network Net() {", *lines, "}", ""])


def _branches(rng: Random, step: int) -> Iterator[str]:
    """Two ways of one stride: the larger of the two results is cropped in the middle."""
    through = rng.choice(((), HALVES, DOUBLES))
    for way in ("a", "b"):
        ops = rng.choices(KEEPS, k=rng.randint(0 if through else 1, 2))
        if through:
            ops.insert(rng.randint(0, len(ops)), rng.choice(through))
        yield f"    {way} = x" + "".join(f" -> {way}{step}_{i}: {op}" for i, op in enumerate(ops))
    yield f'    x = concat(a, b, align="center") -> mix{step}: Conv(2, 1)'


def _chain(rng: Random, step: int) -> Iterator[str]:
    """A step or two, and now and then a slice."""
    ops = [rng.choice(rng.choice((KEEPS, HALVES, DOUBLES, OTHERS))) for _ in range(rng.randint(0, 2))]
    if ops:
        yield "    x = x" + "".join(f" -> x{step}_{i}: {op}" for i, op in enumerate(ops))
    if rng.random() < 0.3:
        yield f"    x = x[:, :, {rng.choice(('3:', '::2', '1:-2'))}]"


# ------------------------------------------------------------------------------------------------ gradients


class Sum(nn.Module):
    """The sum under each window of a MaxPool, whose gradient reaches all cells and not the largest alone."""

    def __init__(self, pool: nn.Module) -> None:
        super().__init__()
        self.pool = pool

    def forward(self, x: Tensor) -> Tensor:
        axes, pool = x.dim() - 2, self.pool
        kernel, stride, padding, dilation = ((v,) * axes if isinstance(v, int) else v for v in (
            pool.kernel_size, pool.stride, pool.padding, pool.dilation))  # fmt: skip
        convolve = (nn.functional.conv1d, nn.functional.conv2d, nn.functional.conv3d)[axes - 1]
        ones = torch.ones(x.shape[1], 1, *kernel, dtype=x.dtype)
        return convolve(x, ones, None, stride, padding, dilation, x.shape[1])


def positive(model: nn.Module) -> nn.Module:
    """The model in float64 with positive weights, so that no gradient is lost: none cancels another."""
    for name, module in list(model.named_modules()):
        if isinstance(module, (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)):
            owner, _, label = name.rpartition(".")
            setattr(model.get_submodule(owner), label, Sum(module))
    for parameter in model.parameters():
        nn.init.uniform_(parameter, 0.5, 1)
    return model.double().eval()


def support(model: nn.Module, image: Tensor, position: tuple[int, ...]) -> list[tuple[int, int] | None]:
    """Per spatial axis the first and last cell of the input that the output's cells at a position depend on."""
    image = image.double().requires_grad_()
    (gradient,) = torch.autograd.grad(model(image)[(slice(None), slice(None), *position)].sum(), image)
    touched = gradient.abs().sum((0, 1)) > 1e-9 * gradient.abs().max()
    hulls: list[tuple[int, int] | None] = []
    for axis in range(touched.dim()):
        cells = touched.movedim(axis, 0).reshape(touched.shape[axis], -1).any(1).nonzero().flatten()
        hulls.append((int(cells[0]), int(cells[-1])) if len(cells) else None)
    return hulls
