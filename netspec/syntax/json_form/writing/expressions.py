"""Values, tensors, chains and steps as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from netspec.syntax import ast
from netspec.syntax.json_form.writing.texts import expression, is_name, string

Data = Any
"""What JSON has: a dict, a list, a string, a number, a bool or None."""


#: How deep objects and lists stand in each other in one value; what is deeper is the text of an expression.
_DEEPEST = 8


def code(node: ast.Expr | ast.Star) -> Data:
    """Where only an expression can stand: its text, or a number."""
    literal = _literal(node)
    return expression(node) if literal is None else literal


def _literal(node: ast.Expr | ast.Star) -> int | float | bool | None:
    """The number, true or false that an expression is."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (bool, int, float)):
        return node.value
    if isinstance(node, ast.Unary) and node.op == "-" and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value:
            return -value
    return None


# ------------------------------------------------------------------------------------------------------- values


def value(node: ast.Expr | ast.Star) -> Data:
    """Where a value can stand: literals and lists are JSON's, everything else is an object."""
    if isinstance(node, ast.Constant):
        return string(node) if isinstance(node.value, str) else node.value
    if isinstance(node, ast.Interpolation):
        return string(node)
    if _is_deep(node, _DEEPEST):
        return {"expr": expression(node)}
    if isinstance(node, ast.Dict):
        return {"dict": [[value(key), value(entry)] for key, entry in node.pairs]}
    if isinstance(node, ast.List) and not _has_steps(node):
        return [value(item) for item in node.items if not isinstance(item, ast.Step)]
    if not isinstance(node, ast.Star) and (isinstance(node, ast.Chain) or _is_structure(node)):
        return made(node)
    literal = _literal(node)
    return {"expr": expression(node)} if literal is None else literal


def initial(node: ast.Expr) -> Data:
    """An initial value: a function of `torch.nn.init` is an object, as an op is."""
    return made(node) if isinstance(node, ast.Call) and isinstance(node.function, ast.Name) else value(node)


def made(node: ast.Expr) -> dict[str, Data]:
    """What a step is made of, or a value that is an object."""
    if _is_deep(node, _DEEPEST):
        return {"expr": expression(node)}
    if isinstance(node, ast.Binary) and node.op == "*" and isinstance(node.right, (ast.Call, ast.List, ast.ListComp)):
        inner = made(node.right)
        if "expr" not in inner:
            count = _literal(node.left)
            counts = isinstance(count, int) and not isinstance(count, bool) and count >= 0
            return {"repeat": count if counts else expression(node.left)} | inner
    if isinstance(node, ast.Call) and _has_place(node.keywords):
        return {"op": expression(node.function)} | arguments(node.args, node.keywords)
    if isinstance(node, ast.List):
        return {"list": [element(item) for item in node.items]}
    if isinstance(node, ast.ListComp) and len(node.clauses) == 1:
        return {"list": _comprehension(node.item, node.clauses[0])}
    return chain(node) if isinstance(node, ast.Chain) else {"expr": expression(node)}


def _comprehension(item: ast.Expr | ast.Step | ast.Star, clause: ast.Clause) -> dict[str, Data]:
    data = {"each": element(item), "for": targets(clause.targets), "in": code(clause.iterable)}
    return data if clause.condition is None else data | {"if": code(clause.condition)}


def _is_structure(node: ast.Expr | ast.Step | ast.Star) -> bool:
    """Whether a value is rather an op, a block or a list of these than a number: what begins with a capital."""
    if isinstance(node, ast.Call):
        capital = isinstance(node.function, ast.Name) and node.function.id[:1].isupper()
        return capital or any(isinstance(part, ast.Chain) for part in (*node.args, *(k.value for k in node.keywords)))
    if isinstance(node, ast.Binary):
        return node.op == "*" and _is_structure(node.right)
    if isinstance(node, ast.ListComp):
        return isinstance(node.item, ast.Step) or _is_structure(node.item)
    return isinstance(node, ast.Step) or (isinstance(node, ast.List) and _has_steps(node))


def _is_deep(node: object, levels: int) -> bool:
    """Whether lists, calls and chains stand deeper in each other than so many levels."""
    if isinstance(node, tuple):
        return any(_is_deep(each, levels) for each in node)
    if not isinstance(node, ast.Node):
        return False
    levels -= isinstance(node, (ast.Call, ast.List, ast.ListComp, ast.Dict, ast.Chain))
    return levels < 0 or any(_is_deep(getattr(node, f.name), levels) for f in fields(node))


def _has_steps(node: ast.List) -> bool:
    items = node.items
    steps = any(isinstance(item, ast.Step) for item in items)
    return steps or (bool(items) and all(_is_structure(item) for item in items))


def _has_place(keywords: Sequence[ast.Keyword]) -> bool:
    """Whether named arguments can stand in an object: ``**`` at most once."""
    return sum(keyword.name is None for keyword in keywords) < 2


def arguments(args: Sequence[ast.Expr | ast.Star], keywords: Sequence[ast.Keyword]) -> dict[str, Data]:
    """``args`` and ``kwargs``, as far as there are some. Raises ValueError for several ``**``."""
    if not _has_place(keywords):
        raise ValueError("two `**` in one annotation have no place in JSON")
    data: dict[str, Data] = {}
    if args:
        data["args"] = [value(arg) for arg in args]
    if keywords:
        data["kwargs"] = {k.name or "**": value(k.value) for k in keywords}
    return data


def annotated(nodes: Sequence[ast.Annotation]) -> dict[str, Data]:
    if not nodes:
        return {}
    return {"annotations": [({"name": n.name} | arguments(n.args, n.keywords)) if n.args or n.keywords else n.name
                            for n in nodes]}  # fmt: skip


# ------------------------------------------------------------------------------------------------------- chains


def tensor(node: ast.Expr) -> Data:
    """Where a chain begins: a string is the text of an expression."""
    if _is_deep(node, _DEEPEST):
        return expression(node)
    if isinstance(node, ast.Chain):
        return chain(node)
    if isinstance(node, ast.List) and node.items and not any(isinstance(i, (ast.Step, ast.Star)) for i in node.items):
        return [tensor(item) for item in node.items]  # type: ignore[arg-type]
    if isinstance(node, ast.Call) and _is_structure(node):
        return made(node)
    return expression(node)


def chain(node: ast.Expr) -> dict[str, Data]:
    """``from``, and ``steps`` where there are some."""
    if not isinstance(node, ast.Chain):
        return {"from": tensor(node)}
    steps = {"steps": [step(each) for each in node.steps]}
    return {"from": tensor(node.source)} | annotated(node.annotations) | steps


def step(node: ast.Step) -> Data:
    """A step of a chain; one without a label that is no call is its text."""
    data: dict[str, Data] = {}
    if node.label is not None:
        data["label"] = label(node.label)
    if node.stage:
        data["stage"] = True
    data |= made(node.value) if not isinstance(node.value, ast.Chain) else {"expr": expression(node.value)}
    data |= annotated(node.annotations)
    if node.condition is not None:
        data["if"] = code(node.condition)
    if node.otherwise is not None:
        data["else"] = step(node.otherwise)
    return data["expr"] if data.keys() == {"expr"} else data


def element(node: ast.Expr | ast.Step | ast.Star) -> Data:
    """An element of a list of steps."""
    if isinstance(node, ast.Step):
        return step(node)
    if isinstance(node, (ast.Call, ast.List)) or (not isinstance(node, (ast.Star, ast.Chain)) and _is_structure(node)):
        data = made(node)
        return data["expr"] if data.keys() == {"expr"} else data
    return expression(node)


def label(node: ast.Label) -> Data:
    """A name or string; a string that would be read as a name is an expression."""
    if isinstance(node.value, ast.Name):
        return node.value.id
    text = string(node.value)
    return {"expr": expression(node.value)} if is_name(text) else text


# ------------------------------------------------------------------------------------------------------- targets


def targets(nodes: Sequence[ast.Target]) -> Data:
    """The names of a ``for``."""
    if len(nodes) == 1 and nodes[0].name is not None:
        return nodes[0].name
    return [target(node) for node in nodes]


def target(node: ast.Target) -> Data:
    return node.name if node.name is not None else [target(each) for each in node.group]
