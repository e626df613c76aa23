"""Expressions as the strings of a JSON text."""

from __future__ import annotations

from netspec.syntax import ast
from netspec.syntax.format.chains import Chains
from netspec.syntax.format.comments import Notes
from netspec.syntax.format.expressions import EXPR
from netspec.syntax.format.types import type_text
from netspec.syntax.words import HARD


def expression(node: ast.Expr | ast.Star) -> str:
    """The text of an expression, its strings in single quotes where they can be."""
    try:
        return _text(node, 1)
    except ValueError:
        return _text(node, 0)


def _text(node: ast.Expr | ast.Star, quotes: int) -> str:
    parts = Chains(Notes(None))
    parts.depth = quotes
    return parts.star(node).flat if isinstance(node, ast.Star) else parts.expression(node, EXPR).flat


def type_(node: ast.Type) -> str:
    """The text of a type."""
    text = type_text(node)
    return text.replace('"', "'") if not any(c in text for c in "'\\") else text


def string(node: ast.Constant | ast.Interpolation) -> str:
    """A string of the language: ``{…}`` puts in a value."""
    parts = node.parts if isinstance(node, ast.Interpolation) else (str(node.value),)
    return "".join(map(_part, parts))


def _part(part: str | ast.Expr) -> str:
    if isinstance(part, str):
        return part.replace("{", "{{").replace("}", "}}")
    text = _text(part, 1)
    return f"{{{' ' if text.startswith('{') else ''}{text}}}"


def is_name(text: object) -> bool:
    """Whether a text can stand where a name can."""
    return isinstance(text, str) and text.isidentifier() and text.isascii() and text not in HARD
