"""Declarations: what stands at the top level of a spec."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from netspec.source import Source, Span
from netspec.syntax.ast.expressions import Annotation, Constant, Expr, Interpolation
from netspec.syntax.ast.node import Node
from netspec.syntax.ast.parameters import Parameter
from netspec.syntax.ast.statements import Const, Statement


@dataclass(slots=True, eq=False, repr=False)
class Import(Node):
    """One name of a ``use``: ``name as alias``."""

    name: str
    alias: str


@dataclass(slots=True, eq=False, repr=False)
class Use(Node):
    """``use "std/conv" { A, B as C }``; ``path_span`` underlines the path."""

    path: str
    names: tuple[Import, ...]
    path_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Function(Node):
    """``fn name(params) = body``."""

    name: str
    params: tuple[Parameter, ...]
    body: Expr
    doc: str = ""
    name_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Block(Node):
    """``block`` or ``network Name(params) as "Class" { body }``."""

    kind: Literal["block", "network"]
    name: str
    params: tuple[Parameter, ...]
    class_name: Constant | Interpolation | None
    annotations: tuple[Annotation, ...]
    body: tuple[Statement, ...]
    doc: str = ""
    name_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Variant(Node):
    """``network SlowOnly = ResNet3d(…)``: a name for a bound block."""

    kind: Literal["block", "network"]
    name: str
    class_name: Constant | Interpolation | None
    value: Expr
    doc: str = ""
    name_span: Span = field(compare=False, repr=False, kw_only=True)


@dataclass(slots=True, eq=False, repr=False)
class Example(Node):
    """``example ResNet3d(depth=18)``: checked like the defaults."""

    value: Expr


Declaration = Use | Const | Function | Block | Variant | Example


@dataclass(slots=True)
class Document:
    """One spec. ``edition`` is None where the first line does not say it."""

    source: Source = field(compare=False, repr=False)
    edition: int | None
    declarations: tuple[Declaration, ...]
    doc: str = ""
