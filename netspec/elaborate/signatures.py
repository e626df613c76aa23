"""Calls whose callee is known without elaboration: argument names, counts, and the types of constants."""

from __future__ import annotations

from typing import Any

from netspec.diagnostics import Help, mistake, removed
from netspec.elaborate import operations
from netspec.elaborate.advice.changes import edits_of
from netspec.elaborate.advice.corrections import corrected
from netspec.elaborate.blocks.parameters import conform, missing
from netspec.elaborate.program import BlockRef, Declared, File
from netspec.elaborate.values.arguments import Arguments, Parameters, assign, parameters_of
from netspec.elaborate.values.builtins import BUILTINS, check_count
from netspec.elaborate.values.kinds import UNKNOWN, Part
from netspec.ops import registry
from netspec.ops.contract import Refused
from netspec.ops.registry import OpName
from netspec.source import Span
from netspec.syntax import ast


def check_call(node: ast.Call, file: File, final: bool) -> None:
    """Raise `Mistake` for arguments that the callee cannot take; ``final`` where none may be missing.

    A call with ``*xs`` or ``**options`` is left to elaboration, and so is every argument that is not a constant.
    """
    if any(isinstance(a, ast.Star) for a in node.args) or any(k.name is None for k in node.keywords):
        return
    assert isinstance(node.function, ast.Name)
    name = node.function.id
    declared = file.names.get(name)
    positional = tuple((constant(a), a.span) for a in node.args if not isinstance(a, ast.Star))
    given = Arguments(positional, tuple((k.name or "", constant(k.value), k.span) for k in node.keywords))
    if declared is not None:
        _check_declared(declared[1], declared[0], given, node, final)
    elif name in BUILTINS and not (final and registry.find(name)):
        if not node.keywords and registry.find(name) is None:
            check_count(name, len(node.args), node.span)
    else:
        _check_op(registry.find(name), given, node, final)


def _check_declared(declaration: Declared, file: File, given: Arguments, node: ast.Call, final: bool) -> None:
    if isinstance(declaration, ast.Function):
        free = [p.name for p in declaration.params]
        bound = assign(Parameters(declaration.name, free, free), given)
        _check_complete(declaration, set(bound), node)
    elif isinstance(declaration, ast.Block):
        part = Part(BlockRef(declaration, file, id(declaration)), node.span)
        bound = assign(parameters_of(part), given)
        for param in declaration.params:
            value, place = bound.get(param.name, (UNKNOWN, node.span))
            if param.type is not None and value is not UNKNOWN and not _named_length(param.type):
                conform(value, param, {}, place, declaration.name)
        if final:
            _check_complete(declaration, set(bound), node)


def _check_complete(declaration: ast.Function | ast.Block, given: set[str], node: ast.Call) -> None:
    for p in declaration.params:
        if p.default is None and not p.rest and p.name not in given:
            missing(p, declaration.name, node.span)


def _check_op(op: OpName | None, given: Arguments, node: ast.Call, final: bool) -> None:
    if op is None:
        return
    if not op.op.is_module:
        _check_function(op, given)
        return
    bound = assign(parameters_of(Part(op, node.span)), given)
    values = {n: v for n, (v, _) in bound.items()}
    if not final:
        return
    try:
        refused = operations.check_arguments(op, values)
        if refused is None and not any(v is UNKNOWN for v in values.values()):
            operations.make(op, values)
    except Refused as error:
        refused = error
    if refused is not None:
        absent = refused.attribute is not None and refused.attribute not in values
        place = bound[refused.attribute][1] if refused.attribute in bound else node.span
        if refused.change is None:
            _refuse_pasted(op, given)
        help_ = "" if refused.change else _corrected(op, values, refused, place)
        part = Part(op, node.span, spans=tuple((n, span) for n, (_, span) in bound.items()))
        mistake("NS202" if absent else "NS203", refused.message, place, help=help_ or refused.help,
                edits=edits_of(refused.change, part, node.span))  # fmt: skip


def _corrected(op: OpName, values: dict[str, Any], refused: Refused, place: Span) -> str:
    """The value that was meant, where another one is accepted."""
    name = refused.attribute
    if name not in values or any(v is UNKNOWN for v in values.values()):
        return ""
    choices = operations.choices(op, name)
    return corrected(values[name], place, lambda value: operations.accepts(op, {**values, name: value}), choices)


def _refuse_pasted(op: OpName, given: Arguments) -> None:
    """``Linear(512, 10)``, as torch writes it: the size of the input is one argument too many."""
    rest = [v for v, _ in given.positional[1:]]
    named = {n: v for n, v, _ in given.keywords}
    if not op.op.inferred_names or not rest or any(v is UNKNOWN for v in (*rest, *named.values())):
        return
    if operations.accepts(op, {**dict(zip(operations.positional_names(op.op), rest, strict=False)), **named}):
        place, inferred = given.positional[0][1], op.op.inferred_names[0]
        help_ = Help(f"`{inferred}` is inferred from the input: leave it out", removed(place))
        mistake("NS204", f"`{op.name}` takes no `{inferred}`", place.to(given.positional[-1][1]), help=help_)


def _check_function(op: OpName, given: Arguments) -> None:
    """Of a function of tensors only keywords can be checked: what stands by position may be a tensor."""
    allowed = None if op.op.rest else (*operations.attribute_names(op.op), *op.op.operands)
    assign(Parameters(op.name, (), allowed), Arguments((), given.keywords))


def _named_length(type_: ast.Type) -> bool:
    """Whether the type depends on a name: ``int[n]``."""
    if isinstance(type_, ast.ListType):
        return isinstance(type_.length, str) or _named_length(type_.item)
    if isinstance(type_, ast.OptionalType):
        return _named_length(type_.item)
    return isinstance(type_, ast.UnionType) and any(map(_named_length, type_.members))


def constant(node: Any) -> Any:
    """The value of a constant expression, `UNKNOWN` for any other."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Unary) and node.op == "-" and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return -value if isinstance(value, (int, float)) and not isinstance(value, bool) else UNKNOWN
    if isinstance(node, ast.List):
        items = tuple(map(constant, node.items))
        return UNKNOWN if any(i is UNKNOWN for i in items) else items
    return UNKNOWN
