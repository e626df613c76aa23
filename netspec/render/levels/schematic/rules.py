"""What a schematic makes of each node of the AST; other statements draw nothing."""

from __future__ import annotations

from netspec.render.levels.schematic import calls, expressions, statements, steps
from netspec.render.levels.schematic.scope import Rules
from netspec.syntax import ast

RULES: Rules = {
    ast.Name: expressions.name, ast.Constant: expressions.constant, ast.Interpolation: expressions.interpolation,
    ast.List: expressions.list_, ast.ListComp: expressions.list_comprehension, ast.Dict: expressions.dict_,
    ast.DictComp: expressions.dict_comprehension, ast.Attribute: expressions.attribute, ast.Sum: expressions.sum_,
    ast.Binary: expressions.binary, ast.Unary: expressions.unary, ast.Compare: expressions.compare,
    ast.BoolOp: expressions.bool_op, ast.Conditional: expressions.conditional, ast.Call: calls.call,
    ast.Index: calls.index, ast.Chain: steps.chain,
    ast.Input: statements.input_, ast.Output: statements.output, ast.Let: statements.let, ast.Const: statements.const,
    ast.Bind: statements.bind_tensors, ast.For: statements.for_, ast.If: statements.if_,
    ast.RawTensor: statements.raw_tensor,
}  # fmt: skip
