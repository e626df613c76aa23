"""The table of torchsummary as torch itself gives it: hooks on every module of a live network, and one forward pass.

What MDNC's revision of it does: blocks and the network have rows too, every output has a line, names lose their middle.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

Line = tuple[str, list[int], int | None]


def hooked_rows(model: nn.Module, *inputs: Tensor) -> list[Line]:
    """Name, shape from -1 on, and own parameters of each line; those of a module used again are 0."""
    lines: list[Line] = []
    seen: set[nn.Module] = set()
    number = 0

    def hook(module: nn.Module, _: Any, output: Any) -> None:
        nonlocal number
        number += 1
        own = 0 if module in seen else sum(p.numel() for p in module.parameters(recurse=False))
        seen.add(module)
        name = f"{module._get_name()}-{number}"
        first, *others = ([-1, *o.shape[1:]] for o in _tensors(output))
        lines.append((name if len(name) <= 20 else f"{name[:8]}...{name[-9:]}", first, own))
        lines.extend(("", shape, None) for shape in others)

    listed = (nn.Sequential, nn.ModuleList)
    handles = [m.register_forward_hook(hook) for m in model.modules() if m is model or not isinstance(m, listed)]
    with torch.no_grad():
        model(*inputs)
    for handle in handles:
        handle.remove()
    return lines


def hooked_table(model: nn.Module, *inputs: Tensor) -> str:
    """The whole table as text."""
    lines = hooked_rows(model, *inputs)
    batch = inputs[0].shape[0]
    trainable = sum(p.numel() for p in model.parameters() if p.requires_grad)
    total = sum(p.numel() for p in model.parameters())
    sizes = [sum(x.numel() for x in inputs) / batch, 2 * sum(prod(shape[1:]) for _, shape, _ in lines), total]
    megabytes = [4 * size / 2**20 for size in sizes]
    return "\n".join([
        "-" * 64,
        f"{'Layer (type)':>20}  {'Output Shape':>25} {'Param #':>15}",
        "=" * 64,
        *(f"{name:>20}  {shape!s:>25} {'' if own is None else format(own, ','):>15}".rstrip()
          for name, shape, own in lines),
        "=" * 64,
        f"Total params: {total:,}",
        f"Trainable params: {trainable:,}",
        f"Non-trainable params: {total - trainable:,}",
        "-" * 64,
        f"Input size (MB): {megabytes[0]:.2f}",
        f"Forward/backward pass size (MB): {megabytes[1]:.2f}",
        f"Params size (MB): {megabytes[2]:.2f}",
        f"Estimated Total Size (MB): {sum(megabytes):.2f}",
        "-" * 64,
    ])  # fmt: skip


def _tensors(output: Any) -> list[Tensor]:
    if isinstance(output, Mapping):
        return list(output.values())
    return list(output) if isinstance(output, (tuple, list)) else [output]
