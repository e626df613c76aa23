"""The rules of elaboration: what each kind of expression means, and each kind of statement."""

from __future__ import annotations

from netspec.elaborate import names
from netspec.elaborate.blocks import initial, inputs, statements, steps
from netspec.elaborate.session import Rules
from netspec.elaborate.values import expressions, lists
from netspec.elaborate.values.calls import call
from netspec.elaborate.values.indexing import index
from netspec.syntax import ast

RULES = Rules(
    expressions={
        ast.Name: names.lookup, ast.Constant: expressions.constant, ast.Interpolation: expressions.interpolation,
        ast.List: lists.list_, ast.ListComp: lists.list_comprehension, ast.Dict: lists.dict_,
        ast.DictComp: lists.dict_comprehension, ast.Attribute: expressions.attribute, ast.Index: index, ast.Call: call,
        ast.Unary: expressions.unary, ast.Binary: expressions.binary, ast.Sum: expressions.sum_,
        ast.Compare: expressions.comparison, ast.BoolOp: expressions.bool_op, ast.Conditional: expressions.conditional,
        ast.Chain: steps.chain,
    },
    statements={
        ast.Input: inputs.input_, ast.Output: statements.output, ast.Let: statements.let, ast.Const: statements.const,
        ast.Assert: statements.assert_, ast.Bind: statements.bind, ast.For: statements.for_, ast.If: statements.if_,
        ast.Policy: statements.policy, ast.Module: statements.module, ast.RawTensor: initial.raw_tensor,
        ast.Order: statements.order,
    },
)  # fmt: skip
