"""What the projects share: where the specs stand, and mmcv's configurations of layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SPECS = Path(__file__).parents[3] / "specs"
Located = tuple[Path, str, dict[str, Any]]
Systems = dict[str, Callable[[Mapping[str, Any]], Located]]

#: Names of layers that mmcv's registry and torch.nn spell differently.
_TORCH_NAMES = {"BN3d": "BatchNorm3d", "BN2d": "BatchNorm2d", "BN": "BatchNorm2d"}
#: Arguments that belong to loading weights, or become parameters of another name.
_ELSEWHERE = ("pretrained", "pretrained2d", "init_cfg", "conv_cfg", "norm_cfg", "act_cfg")
#: Activations that mmcv never makes work in place.
_NEVER_IN_PLACE = ("Tanh", "PReLU", "Sigmoid", "HSigmoid", "Swish", "GELU")


def layer(config: Mapping[str, Any]) -> str:
    """``{"type": "ReLU", "inplace": True}`` as the text of a block value: ``ReLU(inplace=True)``."""
    name = _TORCH_NAMES.get(config["type"], config["type"])
    return f"{name}({', '.join(f'{k}={v!r}' for k, v in config.items() if k != 'type')})"


def norm(config: Mapping[str, Any]) -> dict[str, Any]:
    """A norm and whether its weights learn: ``{"norm": "BatchNorm3d(eps=0.001)", "norm_requires_grad": False}``."""
    rest = {k: v for k, v in config.items() if k != "requires_grad"}
    return {"norm": layer(rest), "norm_requires_grad": bool(config.get("requires_grad", True))}


def resnet3d_arguments(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a ResNet3d of either project as those of our specs."""
    given = {k: v for k, v in arguments.items() if k not in _ELSEWHERE}
    given |= {k: _as_ints(arguments[k]) for k in ("inflate", "non_local") if k in arguments}
    if arguments.get("norm_cfg"):
        given |= norm(arguments["norm_cfg"])
    if arguments.get("conv_cfg"):
        given["conv"] = layer(arguments["conv_cfg"])
    if arguments.get("act_cfg"):
        # mmcv's units work in place where the configuration leaves it open, the block's last activation does not
        own = arguments["act_cfg"]
        in_place = {"inplace": True} if own["type"] not in _NEVER_IN_PLACE else {}
        given |= {"act": layer(in_place | own), "relu": layer(own)}
    return given


def _as_ints(entries: Any) -> Any:
    """The originals take True for 1."""
    return [_as_ints(e) for e in entries] if isinstance(entries, (list, tuple)) else int(entries)
