"""MMAction2's networks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.golden.projects.located import SPECS, Located, Systems, layer, norm, resnet3d_arguments


def _non_local(config: Mapping[str, Any]) -> str:
    """``{"sub_sample": True}`` as the text of a block value: ``NonLocal3d(sub_sample=True)``."""
    given = {k: repr(v) for k, v in config.items() if not k.endswith("_cfg")}
    if config.get("norm_cfg"):
        given |= {k: str(v) for k, v in norm(config["norm_cfg"]).items()}
    if config.get("conv_cfg"):
        given["conv"] = layer(config["conv_cfg"])
    return f"NonLocal3d({', '.join(f'{k}={v}' for k, v in given.items())})"


def _arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    given = resnet3d_arguments(arguments)
    return given | {k: _non_local(v or {}) for k, v in arguments.items() if k == "non_local_cfg"}


def _resnet3d(arguments: Mapping[str, Any]) -> Located:
    return SPECS / "mmaction2" / "resnet3d.netspec", "ResNet3d", _arguments(arguments)


def _slowonly(arguments: Mapping[str, Any]) -> Located:
    return SPECS / "mmaction2" / "slowonly.netspec", "ResNet3dSlowOnly", _arguments(arguments)


SYSTEMS: Systems = {"mmaction2.ResNet3d": _resnet3d, "mmaction2.ResNet3dSlowOnly": _slowonly}
