"""torchvision's classifiers."""

from __future__ import annotations

from tests.golden.projects.located import SPECS, Systems

SYSTEMS: Systems = {
    "torchvision.resnet18": lambda arguments: (SPECS / "torchvision" / "resnet18.netspec", "ResNet18", dict(arguments)),
}
