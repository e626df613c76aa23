"""Statements as data."""

from __future__ import annotations

from collections.abc import Sequence

from netspec.syntax import ast
from netspec.syntax.json_form.writing.expressions import (
    Data,
    annotated,
    chain,
    code,
    initial,
    label,
    target,
    targets,
    tensor,
    value,
)
from netspec.syntax.json_form.writing.texts import expression, is_name, string


def body(statements: Sequence[ast.Statement]) -> list[Data]:
    return [statement(each) for each in statements]


def statement(node: ast.Statement) -> dict[str, Data]:
    match node:
        case ast.Input():
            return _input(node)
        case ast.Output():
            name = {} if node.label is None else {"name": string(node.label)}
            values = [tensor(each) for each in node.values]
            return {"output": values[0] if len(values) == 1 and not isinstance(values[0], list) else values} | name
        case ast.Bind():
            places = [_place(each) for each in node.targets]
            return {"tensor": places[0] if len(places) == 1 else places} | chain(node.value)
        case ast.Let():
            return {"let": target(node.target), "value": value(node.value)}
        case ast.Const():
            return {"const": node.name, "value": value(node.value)} | doc(node.doc)
        case ast.Assert():
            message = {} if node.message is None else {"message": string(node.message)}
            return {"assert": code(node.condition)} | message
        case ast.Module():
            return {"module": label(node.label), "value": value(node.value)} | annotated(node.annotations)
        case ast.RawTensor():
            given = {} if node.value is None else {"value": initial(node.value)}
            return {node.kind: node.name} | _typed(node.dtype, node.dims) | given
        case ast.Order():
            return {"order": [_order_entry(each) for each in node.selectors]}
        case ast.Policy():
            return _policy(node)
    return _control(node)


def _input(node: ast.Input) -> dict[str, Data]:
    data: dict[str, Data] = {"input": node.name} | _typed(node.dtype, node.dims)
    if node.family:
        data["dims"] = "*"
    if node.where:
        data["where"] = [code(each) for each in node.where]
    return data | annotated(node.annotations) | doc(node.doc)


def _typed(dtype: str | None, dims: Sequence[ast.Expr | ast.Star] | None) -> dict[str, Data]:
    data: dict[str, Data] = {} if dtype is None else {"dtype": dtype}
    return data if dims is None else data | {"dims": [code(each) for each in dims]}


def _place(node: ast.BindTarget) -> str:
    if node.index is not None:
        return f"{node.name}[{expression(node.index)}]"
    return f"{'*' * node.star}{node.name}"


def _control(node: ast.For | ast.If) -> dict[str, Data]:
    if isinstance(node, ast.For):
        head = {"for": targets(node.targets), "in": code(node.iterable)}
        return head | annotated(node.annotations) | {"body": body(node.body)}
    data: dict[str, Data] = {}
    for condition, statements in node.branches:
        if condition is None:
            data["else"] = body(statements)
        elif not data:
            data = {"if": code(condition), "then": body(statements)}
        else:
            data.setdefault("elif", []).append({"if": code(condition), "then": body(statements)})
    return data


def _policy(node: ast.Policy) -> dict[str, Data]:
    on = string(node.selector.text) if node.selector.quoted else {"op": string(node.selector.text)}
    settings = {"settings": {s.name: initial(s.value) for s in node.settings}} if node.settings else {}
    condition = {} if node.condition is None else {"if": code(node.condition)}
    return {node.kind: on} | settings | condition


def _order_entry(node: ast.Selector) -> Data:
    text = string(node.text)
    return {"path": text} if node.quoted and (text == "*" or is_name(text)) else text


def doc(text: str) -> dict[str, Data]:
    return {"doc": text} if text else {}
