"""From a golden case to the spec that describes it: ``locate(system, arguments)``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.golden.projects import mdnc, mmaction2, pyskl, torchvision
from tests.golden.projects.located import Located

SYSTEMS = pyskl.SYSTEMS | mmaction2.SYSTEMS | mdnc.SYSTEMS | torchvision.SYSTEMS


def locate(system: str, arguments: Mapping[str, Any]) -> Located:
    """The spec's path, the network's name and its arguments, for ``netspec.build(path, network, **arguments)``.

    ``system`` is the original's class, ``mdnc.resnet.UNet2d``; ``arguments`` are those of its constructor. Raises
    KeyError for a system that has no spec.
    """
    return SYSTEMS[system](arguments)
