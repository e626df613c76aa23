"""PYSKL's networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.golden.projects.located import SPECS, Located, Systems, resnet3d_arguments


def _resnet3d(arguments: Mapping[str, Any]) -> Located:
    return SPECS / "pyskl" / "resnet3d.netspec", "ResNet3d", resnet3d_arguments(arguments)


def _slowonly(arguments: Mapping[str, Any]) -> Located:
    return SPECS / "pyskl" / "slowonly.netspec", "ResNet3dSlowOnly", resnet3d_arguments(arguments)


SYSTEMS: Systems = {"pyskl.ResNet3d": _resnet3d, "pyskl.ResNet3dSlowOnly": _slowonly}
