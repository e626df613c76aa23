"""Statements: what stands in the body of a block."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from netspec.source import Span
from netspec.syntax.ast.expressions import Annotation, Constant, Expr, Interpolation, Keyword, Label, Star, Target
from netspec.syntax.ast.node import Node


@dataclass(slots=True, eq=False, repr=False)
class Input(Node):
    """``input x: dtype[dims] where conditions``. ``dims`` is None where none are written; ``family`` is ``[*]``.

    ``input a, b`` gives two nodes. An element of ``dims`` is an expression or ``Star`` (``*L[n]``).
    """

    name: str
    dtype: str | None = None
    dims: tuple[Expr | Star, ...] | None = None
    family: bool = False
    where: tuple[Expr, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    doc: str = ""
    name_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Output(Node):
    """``output chain``, ``output "c4" = chain``, ``output a, b``."""

    label: Constant | Interpolation | None
    values: tuple[Expr, ...]


@dataclass(slots=True, eq=False, repr=False)
class Let(Node):
    """``let target = value``."""

    target: Target
    value: Expr


@dataclass(slots=True, eq=False, repr=False)
class Const(Node):
    """``const NAME = expr``, in a file or in a block."""

    name: str
    value: Expr
    doc: str = ""
    name_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Assert(Node):
    """``assert condition, message``."""

    condition: Expr
    message: Constant | Interpolation | None


@dataclass(slots=True, eq=False, repr=False)
class BindTarget(Node):
    """``y``, ``skip[i]`` (``index`` set) or ``*c`` (``star``)."""

    name: str
    index: Expr | None = None
    star: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Bind(Node):
    """``y, h = chain``: a tensor or tensors get names."""

    targets: tuple[BindTarget, ...]
    value: Expr


@dataclass(slots=True, eq=False, repr=False)
class For(Node):
    """``for targets in iterable { body }``."""

    targets: tuple[Target, ...]
    iterable: Expr
    body: tuple[Statement, ...]
    annotations: tuple[Annotation, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class If(Node):
    """``if … {} elif … {} else {}``: conditions with their bodies, the last condition None for ``else``."""

    branches: tuple[tuple[Expr | None, tuple[Statement, ...]], ...]


@dataclass(slots=True, eq=False, repr=False)
class Selector(Node):
    """What a policy or ``order`` names: an op or block (``quoted`` false), or a path or glob. ``*`` is unquoted."""

    text: Constant | Interpolation
    quoted: bool


@dataclass(slots=True, eq=False, repr=False)
class Policy(Node):
    """``init``, ``freeze``, ``freeze_weights``, ``freeze_stats``, ``checkpoint``; settings belong to ``init``."""

    kind: Literal["init", "freeze", "freeze_weights", "freeze_stats", "checkpoint"]
    selector: Selector
    settings: tuple[Keyword, ...] = ()
    condition: Expr | None = None


@dataclass(slots=True, eq=False, repr=False)
class Module(Node):
    """``module label: value``: registered here, used by its label."""

    label: Label
    value: Expr
    annotations: tuple[Annotation, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class RawTensor(Node):
    """``param name: dtype[dims] = value`` and ``buffer …``."""

    kind: Literal["param", "buffer"]
    name: str
    dtype: str | None
    dims: tuple[Expr | Star, ...]
    value: Expr | None
    name_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Order(Node):
    """``order a, *, "*_lateral"``: the order of registration."""

    selectors: tuple[Selector, ...]


Statement = Input | Output | Let | Const | Assert | Bind | For | If | Policy | Module | RawTensor | Order
