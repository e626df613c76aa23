"""What a name stands for: the block's own names, then the file's, then ops, then built-in functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NoReturn

from netspec.diagnostics import Label, did_you_mean, mistake
from netspec.elaborate.program import BlockRef, Declared, File
from netspec.elaborate.scopes import binders
from netspec.elaborate.session import Frame
from netspec.elaborate.values.builtins import BUILTINS
from netspec.elaborate.values.evaluation import evaluate
from netspec.elaborate.values.kinds import UNKNOWN, Part, Shown, Value
from netspec.ops import registry
from netspec.source import Span
from netspec.syntax import ast


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """``fn name``: may be called, is not a value."""

    file: File
    function: ast.Function


@dataclass(frozen=True, slots=True)
class Builtin:
    """``range``, ``len`` …: may be called, is not a value."""

    name: str


def lookup(expr: ast.Name, frame: Frame) -> Value:
    """The value of a name. Raises `Mistake` for an unknown name and for a function that is not called."""
    found = resolve(expr.id, frame, expr.span)
    op = registry.find(expr.id) if isinstance(found, Builtin) else None
    if op is not None:
        return Part(op, expr.span)  # ``x -> sqrt``
    if isinstance(found, (FunctionRef, Builtin)):
        mistake("NS207", f"`{expr.id}` is a function, and no value", expr.span, help=f"call it: `{expr.id}(…)`")
    return found


def resolve(name: str, frame: Frame, span: Span) -> Value | FunctionRef | Builtin:
    """As `lookup`, for a name that is about to be called."""
    if name in frame.names:
        return frame.names[name]
    declared = frame.file.names.get(name)
    if declared is not None:
        return _declared(*declared, frame, span)
    if name in frame.file.missing:
        return UNKNOWN
    if name in BUILTINS:
        return Builtin(name)
    op = registry.find(name)
    if op is not None:
        return Part(op, span)
    _unknown(name, frame, span)


def _unknown(name: str, frame: Frame, span: Span) -> NoReturn:
    """Say what is nearest to an unknown name: a label, a name bound elsewhere in the block, a similar name."""
    draft = frame.draft
    if draft and name in draft.labels:
        mistake("NS200", f"`{name}` is a module, and no value", span, help=f"use it again as a step: `-> {name}`")
    if draft and name in frame.session.heads_of(draft.block):
        mistake("NS200", f"the step `{name}` was left out by its `if`, and cannot be used again", span)
    elsewhere = next(binders(draft.statements, name), None) if draft else None
    if elsewhere is not None:
        mistake("NS200", f"`{name}` has no value here", span, related=[Label(elsewhere.span, "bound only here")],
                help="bind it before, on every way that leads here")  # fmt: skip
    mistake("NS200", f"unknown name `{name}`", span, help=did_you_mean(name, visible(frame), span))


def visible(frame: Frame) -> Iterable[str]:
    """Every name that could have been meant here."""
    return chain(frame.names, frame.file.names, registry.names(), BUILTINS)


def _declared(file: File, declaration: Declared, frame: Frame, span: Span) -> Value:
    if isinstance(declaration, ast.Function):
        return FunctionRef(file, declaration)
    if isinstance(declaration, ast.Block):
        return Part(BlockRef(declaration, file, id(declaration)), span)
    return file_value(file, declaration, frame, span)


def file_value(file: File, declaration: ast.Const | ast.Variant, frame: Frame, span: Span) -> Value:
    """The value of a file's constant or variant, computed once per elaboration."""
    values = frame.session.constants
    key = (id(file), declaration.name)
    if key not in values:
        with frame.session.entering(key, f"`{declaration.name}` refers to", span):
            outside = Frame(frame.session, file, {})
            value = evaluate(declaration.value, outside)
            values[key] = _variant(value, declaration, file) if isinstance(declaration, ast.Variant) else value
    return values[key]


def _variant(value: Value, declaration: ast.Variant, file: File) -> Value:
    """A bound block under the variant's name; its class name is evaluated where the parameters have values."""
    if value is UNKNOWN:
        return UNKNOWN
    if not isinstance(value, Part) or not isinstance(value.target, BlockRef):
        mistake("NS203", f"`{declaration.name}` stands for a block with arguments", declaration.value.span,
                help=f"`{declaration.kind} {declaration.name} = ResNet(depth=50)`")  # fmt: skip
    known = value.shown or Shown(None, file, "")
    class_name, source = (declaration.class_name, file) if declaration.class_name else known[:2]
    shown = Shown(class_name, source, declaration.doc or known.doc)
    return Part(value.target, declaration.name_span, value.bound, value.spans, value.extent, declaration.name, shown)


def block_constant(part: Part, name: str, frame: Frame, span: Span) -> Value:
    """``Bottleneck3d.expansion``: a ``const`` of a block, read from outside."""
    if not isinstance(part.target, BlockRef):
        mistake("NS200", f"the op `{part.name}` has no `.{name}`", span)
    constants = {s.name: s for s in part.target.block.body if isinstance(s, ast.Const)}
    if name not in constants:
        if any(p.name == name for p in part.target.block.params):
            help_ = f"`{name}` is its parameter; only a `const` can be read from outside"
        else:
            help_ = did_you_mean(name, constants, span) or f"`const {name} = …` in {part.name} makes one"
        mistake("NS200", f"the block `{part.name}` has no constant `{name}`", span, help=help_)
    values = frame.session.constants
    key = (part.target.key, name)
    if key not in values:
        with frame.session.entering(key, f"`{part.name}.{name}` refers to", span):
            values[key] = _evaluate_constant(part.target, constants, name, frame)
    return values[key]


def _evaluate_constant(block: BlockRef, constants: dict[str, ast.Const], name: str, frame: Frame) -> Value:
    """A block's constant may use those that stand before it."""
    values: dict[str, Value] = {}
    for each, constant in constants.items():
        values[each] = evaluate(constant.value, Frame(frame.session, block.file, values))
        if each == name:
            break
    return values[name]
