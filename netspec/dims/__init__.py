"""Exact symbolic sizes: canonical form, arithmetic, printing, and decisions for all sizes at once.

>>> H = symbol("H")
>>> (H + 2 * 3 - 1 * (7 - 1) - 1) // 2 + 1
ceil(H/2)
"""

from netspec.dims.form import Dim, Size, symbols_of  # isort: skip  (form comes first: see its end)
from netspec.dims.algebra import product, symbol
from netspec.dims.decide import decide
from netspec.dims.domain import EVERYWHERE, Condition, Domain
from netspec.dims.evaluation import evaluate, opaque, substitute
from netspec.dims.extrema import maximum, minimum
from netspec.dims.nodes import SizeTooLarge
from netspec.dims.quotient import ceil_div, floor_div, mod
from netspec.dims.tables import EVALUATIONS_LIMIT
from netspec.dims.verdicts import Verdict

__all__ = [
    "EVALUATIONS_LIMIT",
    "EVERYWHERE",
    "Condition",
    "Dim",
    "Domain",
    "Size",
    "SizeTooLarge",
    "Verdict",
    "ceil_div",
    "decide",
    "evaluate",
    "floor_div",
    "maximum",
    "minimum",
    "mod",
    "opaque",
    "product",
    "substitute",
    "symbol",
    "symbols_of",
]
