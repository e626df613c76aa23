"""MDNC's networks and blocks, each class for 1-D, 2-D and 3-D."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.golden.projects.located import SPECS, Located, Systems

_BLOCKS = {"conv": ("ConvModern",), "resnet": ("BlockPlain", "BlockBottleneck")}
_NETWORKS = ("UNet", "AE", "EncoderNet", "DecoderNet")


def _block(name: str, axes: int) -> Callable[[Mapping[str, Any]], Located]:
    """The original's padding is 1 where it is not given; that of the spec is half the kernel."""
    return lambda arguments: (SPECS / "mdnc" / "blocks.netspec", name, {"n": axes, "padding": 1, **arguments})


def _network(module: str, name: str, axes: int) -> Callable[[Mapping[str, Any]], Located]:
    """The networks of ``conv`` have one kind of block, those of ``resnet`` the argument ``block``, in any case."""

    def located(arguments: Mapping[str, Any]) -> Located:
        block = arguments.get("block", "bottleneck").lower() if module == "resnet" else "conv"
        return SPECS / "mdnc" / "networks.netspec", name, {"n": axes, **arguments, "block": block}

    return located


SYSTEMS: Systems = {
    f"mdnc.{module}.{name}{axes}d": _network(module, name, axes) if name in _NETWORKS else _block(name, axes)
    for module, blocks in _BLOCKS.items()
    for name in (*blocks, *_NETWORKS)
    for axes in (1, 2, 3)
}
