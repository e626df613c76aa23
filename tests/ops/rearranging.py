"""Rearranging as einops documents it, element by element: nothing here is how netspec does it."""

from __future__ import annotations

import re
from itertools import chain
from math import prod
from typing import Any

import torch
from torch import Tensor

_AXIS = re.compile(r"\([^()]*\)|\w+")
_NAME = re.compile(r"[A-Za-z](\w*[A-Za-z0-9])?")


def rearrange(x: Tensor, pattern: str, **sizes: Any) -> Tensor:
    """Every element of the result is looked up by the coordinates of its named axes. Raises ValueError."""
    before, after = pattern.split("->")
    if before.count("...") != after.count("...") or before.count("...") > 1 or re.search(r"\([^)]*\.\.\.", before):
        raise ValueError("`...` stands once on each side, not in parentheses on the left")
    unnamed = x.dim() - len(_AXIS.findall(before.replace("...", "")))
    dots = " ".join(f"dot{i}" for i in range(unnamed))
    left, right = (_groups(side.replace("...", dots)) for side in (before, after))
    names, order = list(chain(*left)), list(chain(*right))
    if len(left) != x.dim() or len(set(names)) < len(names) or sorted(names) != sorted(order):
        raise ValueError("every axis stands once on each side")
    known = _sizes(left, x, sizes)
    index = torch.zeros((), dtype=torch.long)
    for name in order:
        stride = prod(known[n] for n in names[names.index(name) + 1 :])
        index = index.unsqueeze(-1) + stride * torch.arange(known[name])
    shape = [prod(known[n] for n in group) for group in right]
    return x.reshape(-1)[index.reshape(-1).to(x.device)].reshape(shape)


def _groups(side: str) -> list[list[str]]:
    """``b (h w) 1`` as ``[["b"], ["h", "w"], []]``."""
    if _AXIS.sub("", side).strip():
        raise ValueError(f"no axes: {side}")
    groups = [[n for n in text.strip("()").split() if n != "1"] for text in _AXIS.findall(side)]
    if not all(_NAME.fullmatch(n) for group in groups for n in group):
        raise ValueError(f"no names: {side}")
    return groups


def _sizes(left: list[list[str]], x: Tensor, given: dict[str, Any]) -> dict[str, int]:
    """The size of each axis, at most one of each group inferred."""
    if any(type(size) is not int or size < 1 for size in given.values()) or not given.keys() <= set(chain(*left)):
        raise ValueError("sizes of axes")
    known = dict(given)
    for group, whole in zip(left, x.shape, strict=True):
        inferred = [n for n in group if n not in known]
        if len(inferred) > 1:
            raise ValueError("two sizes that are not known")
        rest = prod(known[n] for n in group if n in known)
        if whole % rest or (not inferred and whole != rest):
            raise ValueError("a size that does not fit")
        known.update(dict.fromkeys(inferred, whole // rest))
    return known
