"""The published networks once more, by hand in plain PyTorch: from a description of them, not from their specs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import nn

from tests.golden.reference import mdnc, mmaction2, pyskl

_SYSTEMS = {
    "pyskl.ResNet3d": pyskl.ResNet3d,
    "pyskl.ResNet3dSlowOnly": pyskl.ResNet3dSlowOnly,
    "mmaction2.ResNet3d": mmaction2.ResNet3d,
    "mmaction2.ResNet3dSlowOnly": mmaction2.ResNet3dSlowOnly,
}


def construct(system: str, arguments: Mapping[str, Any], projects_time: bool = False) -> nn.Module:
    """A system's network by the names of the recorded cases: ``construct("mdnc.resnet.UNet2d", {"channel": 4, …})``.

    ``projects_time``: unlike the original with the projection that a temporal stride alone needs.
    """
    if system.startswith("mdnc."):
        return mdnc.construct(system.removeprefix("mdnc."))(**arguments)
    made = _SYSTEMS[system]
    return type(made.__name__, (made,), {"projects_time": projects_time})(**arguments)
