"""Parameters and their types."""

from __future__ import annotations

from dataclasses import dataclass, field

from netspec.source import Span
from netspec.syntax.ast.expressions import Expr
from netspec.syntax.ast.node import Node


@dataclass(slots=True, eq=False, repr=False)
class NamedType(Node):
    """``int float bool str block None``."""

    name: str


@dataclass(slots=True, eq=False, repr=False)
class LiteralType(Node):
    """``"down"`` or ``3`` as a type: that value only."""

    value: str | int


@dataclass(slots=True, eq=False, repr=False)
class ListType(Node):
    """``int[]`` (``length`` None), ``int[3]``, ``int[n]`` or ``int[axes]`` (``length`` a name)."""

    item: Type
    length: int | str | None


@dataclass(slots=True, eq=False, repr=False)
class OptionalType(Node):
    """``int?``."""

    item: Type


@dataclass(slots=True, eq=False, repr=False)
class UnionType(Node):
    """``int | int[]``."""

    members: tuple[Type, ...]


Type = NamedType | LiteralType | ListType | OptionalType | UnionType


@dataclass(slots=True, eq=False, repr=False)
class Parameter(Node):
    """``name: type = default``; ``rest`` is ``**options``."""

    name: str
    type: Type | None
    default: Expr | None
    rest: bool = False
    doc: str = ""
    name_span: Span = field(compare=False, repr=False, kw_only=True)
