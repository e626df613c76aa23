"""Modules that hold others and compute nothing."""

from __future__ import annotations

from netspec.ops.base import Op


class ModuleList(Op):
    """A list of modules that is empty (torch.nn.ModuleList). No step: a spec writes ``module layers: []``."""
