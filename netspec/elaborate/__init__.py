"""Elaboration: AST to graph. Values, scopes, imports, fuel; tensors get their types as their nodes are made."""

from netspec.elaborate.network import Result, elaborate, elaborate_example
from netspec.elaborate.program import Program, Reader, load_program
from netspec.elaborate.static import check_names

__all__ = ["Program", "Reader", "Result", "check_names", "elaborate", "elaborate_example", "load_program"]
