"""What a network costs: multiply-adds, the memory of activations, receptive fields and strides."""

from netspec.analysis.cost.finding import cost_of
from netspec.analysis.cost.model import ActivationMemory, Bytes, Cost, CostRow, Field, PeakMemory

__all__ = ["ActivationMemory", "Bytes", "Cost", "CostRow", "Field", "PeakMemory", "cost_of"]
