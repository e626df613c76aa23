"""Expressions, steps and chains."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from netspec.source import Span
from netspec.syntax.ast.node import Node


@dataclass(slots=True, eq=False, repr=False)
class Name(Node):
    """``planes``."""

    id: str


@dataclass(slots=True, eq=False, repr=False)
class Constant(Node):
    """``3``, ``0.5``, ``True``, ``None``; a string without ``{expr}``."""

    value: int | float | bool | str | None


@dataclass(slots=True, eq=False, repr=False)
class Interpolation(Node):
    """A string with ``{expr}`` in it: its literal and computed parts in order."""

    parts: tuple[str | Expr, ...]


@dataclass(slots=True, eq=False, repr=False)
class List(Node):
    """``[a, b]`` or ``(a, b)``: one kind of value; ``brackets`` only tells how it was written."""

    items: tuple[Expr | Step | Star, ...]
    brackets: Literal["[]", "()"] = field(default="[]", compare=False)


@dataclass(slots=True, eq=False, repr=False)
class Target(Node):
    """A name, or a parenthesised group of names, that a value is unpacked to. Exactly one of the two is set."""

    name: str | None
    group: tuple[Target, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Clause(Node):
    """``for targets in iterable if condition`` of a comprehension."""

    targets: tuple[Target, ...]
    iterable: Expr
    condition: Expr | None


@dataclass(slots=True, eq=False, repr=False)
class ListComp(Node):
    """``[item for … in …]``."""

    item: Expr | Step | Star
    clauses: tuple[Clause, ...]


@dataclass(slots=True, eq=False, repr=False)
class Dict(Node):
    """``{key: value}``."""

    pairs: tuple[tuple[Expr, Expr], ...]


@dataclass(slots=True, eq=False, repr=False)
class DictComp(Node):
    """``{key: value for … in …}``."""

    key: Expr
    value: Expr
    clauses: tuple[Clause, ...]


@dataclass(slots=True, eq=False, repr=False)
class Attribute(Node):
    """``value.name``; ``name_span`` underlines the name alone."""

    value: Expr
    name: str
    name_span: Span = field(compare=False, repr=False)


@dataclass(slots=True, eq=False, repr=False)
class Slice(Node):
    """``lower:upper:step`` in an index."""

    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(slots=True, eq=False, repr=False)
class Dots(Node):
    """``...`` in an index."""


@dataclass(slots=True, eq=False, repr=False)
class Index(Node):
    """``value[indices]``."""

    value: Expr
    indices: tuple[Expr | Slice | Dots | Star, ...]


@dataclass(slots=True, eq=False, repr=False)
class Star(Node):
    """``*xs`` in a list, an index, or a call."""

    value: Expr


@dataclass(slots=True, eq=False, repr=False)
class Keyword(Node):
    """``name=value`` in a call; ``name`` is None for ``**options``. ``name_span`` underlines the name alone."""

    name: str | None
    value: Expr
    name_span: Span = field(compare=False, repr=False)


@dataclass(slots=True, eq=False, repr=False)
class Call(Node):
    """``function(args)``; chains may stand as arguments."""

    function: Expr
    args: tuple[Expr | Star, ...]
    keywords: tuple[Keyword, ...]


@dataclass(slots=True, eq=False, repr=False)
class Unary(Node):
    """``-x`` or ``not x``."""

    op: Literal["-", "not"]
    operand: Expr


@dataclass(slots=True, eq=False, repr=False)
class Binary(Node):
    """``a * b``, left to right; ``op`` is one of ``* / // % **`` and, for two operands of unlike signs, ``-``."""

    op: Literal["*", "/", "//", "%", "**"]
    left: Expr
    right: Expr


@dataclass(slots=True, eq=False, repr=False)
class Sum(Node):
    """``a + b - c`` as one n-ary node: ``signs[i]`` belongs to ``terms[i]`` and ``signs[0]`` is ``+``."""

    terms: tuple[Expr, ...]
    signs: tuple[Literal["+", "-"], ...]


@dataclass(slots=True, eq=False, repr=False)
class Compare(Node):
    """``a < b <= c``; an operator is one of ``== != < <= > >=``, ``in`` or ``not in``."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]


@dataclass(slots=True, eq=False, repr=False)
class BoolOp(Node):
    """``a and b and c``, ``a or b``."""

    op: Literal["and", "or"]
    operands: tuple[Expr, ...]


@dataclass(slots=True, eq=False, repr=False)
class Conditional(Node):
    """``then if condition else otherwise``."""

    then: Expr
    condition: Expr
    otherwise: Expr


@dataclass(slots=True, eq=False, repr=False)
class Annotation(Node):
    """``@label("…")``: what pictures show, never what is computed."""

    name: str
    args: tuple[Expr | Star, ...]
    keywords: tuple[Keyword, ...]


@dataclass(slots=True, eq=False, repr=False)
class Label(Node):
    """What stands before a step's colon: a name, or a string that may interpolate and have dots."""

    value: Name | Constant | Interpolation

    @property
    def plain(self) -> str | None:
        """The text where it is known without evaluation."""
        if isinstance(self.value, Name):
            return self.value.id
        if isinstance(self.value, Constant):
            return str(self.value.value)
        return None


@dataclass(slots=True, eq=False, repr=False)
class Step(Node):
    """``stage label: value @annotation if condition else otherwise``; as a list's element too."""

    value: Expr
    label: Label | None = None
    stage: bool = False
    annotations: tuple[Annotation, ...] = ()
    condition: Expr | None = None
    otherwise: Step | None = None


@dataclass(slots=True, eq=False, repr=False)
class Chain(Node):
    """``source @annotation -> step -> step``; without steps it is just its source, never a Chain."""

    source: Expr
    annotations: tuple[Annotation, ...]
    steps: tuple[Step, ...]


Expr = (
    Name | Constant | Interpolation | List | ListComp | Dict | DictComp | Attribute | Index | Call | Unary | Binary
    | Sum | Compare | BoolOp | Conditional | Chain
)  # fmt: skip
