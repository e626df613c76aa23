"""Where a layer comes from, and who set what about it."""

from netspec.analysis.explain.describe import explain
from netspec.analysis.explain.model import Child, Effect, Explanation, Place, Setting, Step, Tensor, Use

__all__ = ["Child", "Effect", "Explanation", "Place", "Setting", "Step", "Tensor", "Use", "explain"]
