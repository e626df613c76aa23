"""From a golden case to the spec that describes it: ``locate(system, arguments)``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

SPECS = Path(__file__).parents[2] / "specs"
Located = tuple[Path, str, dict[str, Any]]

#: Names of layers that mmcv's registry and torch.nn spell differently.
_TORCH_NAMES = {"BN3d": "BatchNorm3d", "BN2d": "BatchNorm2d", "BN": "BatchNorm2d"}
#: Arguments that belong to loading weights, or become parameters of another name.
_ELSEWHERE = ("pretrained", "pretrained2d", "conv_cfg", "norm_cfg", "act_cfg")


def locate(system: str, arguments: Mapping[str, Any]) -> Located:
    """The spec's path, the network's name and its arguments, for ``netspec.build(path, network, **arguments)``."""
    return _SYSTEMS[system](arguments)


def _pyskl(network: str) -> Callable[[Mapping[str, Any]], Located]:
    def located(arguments: Mapping[str, Any]) -> Located:
        given = {k: v for k, v in arguments.items() if k not in _ELSEWHERE}
        given["inflate"] = _ones(arguments.get("inflate", 1))
        norm = dict(arguments.get("norm_cfg") or {"type": "BN3d"})
        given["norm_requires_grad"] = bool(norm.pop("requires_grad", True))
        given["norm"] = layer(norm)
        given |= {name: layer(arguments[f"{name}_cfg"]) for name in ("conv", "act") if arguments.get(f"{name}_cfg")}
        return SPECS / "pyskl" / "resnet3d.netspec", network, given

    return located


def _ones(inflate: Any) -> Any:
    """The originals take True for 1."""
    return [_ones(i) for i in inflate] if isinstance(inflate, (list, tuple)) else int(inflate)


def layer(config: Mapping[str, Any]) -> str:
    """``{"type": "ReLU", "inplace": True}`` as the text of a block value: ``ReLU(inplace=True)``."""
    name = _TORCH_NAMES.get(config["type"], config["type"])
    return f"{name}({', '.join(f'{k}={v!r}' for k, v in config.items() if k != 'type')})"


_SYSTEMS: dict[str, Callable[[Mapping[str, Any]], Located]] = {
    "pyskl.ResNet3d": _pyskl("ResNet3d"),
    "torchvision.resnet18": lambda arguments: (SPECS / "torchvision" / "resnet18.netspec", "ResNet18", dict(arguments)),
}
