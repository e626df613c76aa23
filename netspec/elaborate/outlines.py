"""A block or network before its parameters have values: its AST, and the arguments that are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netspec.diagnostics import Diagnostic, Mistake, did_you_mean, mistake
from netspec.elaborate.blocks.parameters import conform
from netspec.elaborate.network import choose, part_named
from netspec.elaborate.outside import bind_outside
from netspec.elaborate.program import BlockRef, File, Program
from netspec.elaborate.rules import RULES
from netspec.elaborate.session import Session, TooManyMistakes
from netspec.elaborate.values.kinds import UNKNOWN, Part, Table, Value
from netspec.elaborate.values.words import listing, show
from netspec.source import Span
from netspec.syntax import ast


@dataclass(frozen=True, slots=True)
class Shown:
    """A value that only its text is kept of: ``ReLU(inplace=True)``."""

    text: str


@dataclass(frozen=True, slots=True)
class Outline:
    """A block with some of its arguments: numbers, strings, tuples and dicts as Python has them, others as `Shown`.

    ``declared`` are the names of its file: constants, functions, blocks. ``doc`` documents it.
    """

    name: str
    block: ast.Block
    declared: Mapping[str, tuple[File, Any]]
    known: Mapping[str, Any]
    doc: str = ""

    def __repr__(self) -> str:
        return f"Outline({self.name!r}, known={dict(self.known)})"


def outline(
    program: Program, name: str | None, arguments: Mapping[str, Any]
) -> tuple[Outline | None, tuple[Diagnostic, ...]]:
    """The outline of a network or block with arguments from outside, or what is wrong with name or arguments.

    Without a name it is the file's only network.
    """
    session = Session(RULES)
    try:
        part = _part(program, name, arguments, session)
        return (None if part is UNKNOWN else _outline(part)), session.found()
    except Mistake as error:
        return None, (error.diagnostic,)
    except TooManyMistakes:
        return None, session.found()


def _part(program: Program, name: str | None, arguments: Mapping[str, Any], session: Session) -> Value:
    if name is None or name in program.networks:
        name, span = choose(program, name)
    else:
        span = _block(program, name)
    part = part_named(program, name, session, span)
    bound = bind_outside(part, arguments, program.main, session) if arguments and part is not UNKNOWN else part
    return _checked(bound) if bound is not UNKNOWN else UNKNOWN


def _block(program: Program, name: str) -> Span:
    blocks = {n: d for n, (_, d) in program.main.names.items() if isinstance(d, (ast.Block, ast.Variant))}
    if name not in blocks:
        help_ = did_you_mean(name, blocks) or (f"it has {listing(tuple(blocks))}" if blocks else "")
        source = program.main.source
        mistake("NS210", f"{source.name} has no network or block `{name[:60]}`", Span(source, 0, 0), help=help_)
    return blocks[name].name_span


def _checked(part: Part) -> Part:
    """The part with its arguments as their types have them; a length that is not known fits any list."""
    assert isinstance(part.target, BlockRef)
    names = part.arguments
    for param in part.target.block.params:
        if param.name in names and not _depends(param.type, names):
            place = part.place(param.name)
            names = {**names, param.name: conform(names[param.name], param, names, place, part.name)}
    return Part(part.target, part.span, tuple(names.items()), part.spans, part.extent, part.variant, part.shown)


def _depends(type_: ast.Type | None, names: Mapping[str, Value]) -> bool:
    """Does a type need a length that is not known?"""
    if isinstance(type_, ast.ListType):
        return (isinstance(type_.length, str) and type_.length not in names) or _depends(type_.item, names)
    if isinstance(type_, ast.UnionType):
        return any(_depends(member, names) for member in type_.members)
    return isinstance(type_, ast.OptionalType) and _depends(type_.item, names)


def _outline(part: Part) -> Outline:
    assert isinstance(part.target, BlockRef)
    known = {name: _plain(value) for name, value in part.bound}
    block, file = part.target.block, part.target.file
    doc = block.doc or (file.document.doc if block.kind == "network" else "")
    return Outline(part.name, block, file.names, known, doc)


def _plain(value: Value) -> Any:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    if isinstance(value, Table) and all(isinstance(k, (str, int, float)) for k, _ in value.pairs):
        return {k: _plain(v) for k, v in value.pairs}
    return Shown(show(value))
