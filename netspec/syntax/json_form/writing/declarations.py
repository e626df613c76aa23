"""Declarations and the document as data."""

from __future__ import annotations

from typing import assert_never

from netspec.syntax import ast
from netspec.syntax.edition import EDITION
from netspec.syntax.json_form.writing.expressions import Data, annotated, value
from netspec.syntax.json_form.writing.statements import body, doc, statement
from netspec.syntax.json_form.writing.texts import string, type_


def document_data(document: ast.Document) -> dict[str, Data]:
    """What `netspec.syntax.json_form.models.DocumentModel` describes."""
    declarations = [declaration(each) for each in document.declarations]
    return {"netspec": document.edition or EDITION} | doc(document.doc) | {"declarations": declarations}


def declaration(node: ast.Declaration) -> dict[str, Data]:
    match node:
        case ast.Use():
            names = [n.name if n.name == n.alias else {"name": n.name, "as": n.alias} for n in node.names]
            return {"use": node.path, "names": names}
        case ast.Const():
            return statement(node)
        case ast.Function():
            return {"fn": node.name} | doc(node.doc) | _parameters(node.params) | {"value": value(node.body)}
        case ast.Block():
            head = {node.kind: node.name} | doc(node.doc) | _class_name(node.class_name) | annotated(node.annotations)
            return head | _parameters(node.params) | {"body": body(node.body)}
        case ast.Variant():
            head = {node.kind: node.name} | doc(node.doc) | _class_name(node.class_name)
            return head | {"value": value(node.value)}
        case ast.Example():
            return {"example": value(node.value)}
    assert_never(node)


def _class_name(node: ast.Constant | ast.Interpolation | None) -> dict[str, Data]:
    return {} if node is None else {"as": string(node)}


def _parameters(nodes: tuple[ast.Parameter, ...]) -> dict[str, Data]:
    return {"params": [_parameter(node) for node in nodes]} if nodes else {}


def _parameter(node: ast.Parameter) -> Data:
    if node.rest:
        return {"rest": node.name} | doc(node.doc)
    data: dict[str, Data] = {"name": node.name}
    if node.type is not None:
        data["type"] = type_(node.type)
    if node.default is not None:
        data["default"] = value(node.default)
    data |= doc(node.doc)
    return node.name if data.keys() == {"name"} else data
