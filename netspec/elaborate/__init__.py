"""Elaboration: AST to graph. Values, scopes, imports, fuel; tensors get their types as their nodes are made."""

from netspec.elaborate.network import Result, elaborate, elaborate_example
from netspec.elaborate.outlines import Outline, Shown, outline
from netspec.elaborate.program import Program, Reader, load_program
from netspec.elaborate.static import check_names

__all__ = [
    "Outline", "Program", "Reader", "Result", "Shown", "check_names", "elaborate", "elaborate_example", "load_program",
    "outline",
]  # fmt: skip
