"""Annotations in a schematic: their texts keep the names of what is not known."""

from __future__ import annotations

from netspec.render.levels.drawn import NOTHING, Drawn, LinkText
from netspec.render.levels.schematic.parameters import parameters
from netspec.render.levels.schematic.scope import Scope
from netspec.render.levels.schematic.turns import FIRST, LAST
from netspec.render.levels.schematic.values import Block, Value, text
from netspec.syntax import ast
from netspec.syntax.annotations import bound


def drawn_of(annotations: tuple[ast.Annotation, ...], scope: Scope, of: Value = None) -> Drawn:
    """What annotations say of a step, and of each kind that it has none of those of its block's declaration."""
    said = _values(annotations, scope)
    if isinstance(of, Block) and of.block.annotations:
        said = {**_values(of.block.annotations, _within(of, scope)), **said}
    if not said:
        return NOTHING
    label, optional = said.get("label"), said.get("optional")
    links = tuple(LinkText(text(v.get("text", "")), v.get("kind")) for v in said.get("link", ()))
    title = None if optional is None else text(optional[0].get("title", "Optional"))
    return Drawn(None if label is None else text(label[0].get("text", "")), "hide" in said, title, links)


def turns_drawn(loop: ast.For, scope: Scope) -> tuple[int, int] | None:
    """How many first and last turns of a loop are drawn, where `@draw` says so."""
    said = _values(loop.annotations, scope).get("draw")
    if said is None:
        return None
    first, last = said[0].get("first", 0), said[0].get("last", 0)
    return first if isinstance(first, int) else FIRST, last if isinstance(last, int) else LAST


def _values(annotations: tuple[ast.Annotation, ...], scope: Scope) -> dict[str, list[dict[str, Value]]]:
    """The arguments of annotations by name; a `@link` may stand several times."""
    found: dict[str, list[dict[str, Value]]] = {}
    for a in annotations:
        found.setdefault(a.name, []).append({n: scope.value(e) for n, e in bound(a).items()})
    return found


def _within(block: Block, scope: Scope) -> Scope:
    """The names of a block's declaration: its parameters with what they are given here."""
    inner = scope.inside(names={}, declared=block.declared)
    parameters(block.block.params, block.given, inner)
    return inner
