"""What is said of an op to people: its names, what it does, its attributes. Made from its definition alone."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from types import NoneType
from typing import Any, get_args

from netspec.ops import registry
from netspec.ops.base import Op

#: What stands in a spec for functions that are written as operators.
WRITTEN = {
    "add": "a + b", "sub": "a - b", "mul": "a * b", "div": "a / b", "neg": "-x", "pow": "x ** 2", "index": "x[…]",
}  # fmt: skip

_WORDS = {bool: "True or False", int: "an int", float: "a number", str: "a string", NoneType: "None"}
#: What a line of a spec begins with: a chain, a name that gets a value, an output.
_spec = re.compile(r"(?:\w[\w, ]* = |input |output |[\w(][^\n.]*->)")


@dataclass(frozen=True, slots=True)
class Attribute:
    """``default`` is empty where the attribute is required; ``by_name``: it cannot be given by position."""

    name: str
    value: str
    default: str
    by_name: bool


@dataclass(frozen=True, slots=True)
class Description:
    """``names`` are those that a spec may write; ``text`` are paragraphs, ``example`` a line or more of a spec."""

    names: tuple[str, ...]
    module: bool
    text: tuple[str, ...]
    example: str
    inferred: tuple[str, ...]
    attributes: tuple[Attribute, ...]


def families() -> Iterator[tuple[str, tuple[str, ...]]]:
    """The titles of the families of ops with the names of their ops, the rank-free ones only."""
    for family in registry.FAMILIES:
        title = inspect.getdoc(import_module(f"netspec.ops.families.{family.module}")) or family.module
        yield title.splitlines()[0].rstrip(".").replace("``", "`"), (*family.spatial, *family.plain, *family.functions)


def describe(name: str) -> Description | None:
    """The description of an op by one of its names; of ``Conv3d`` that of ``Conv``."""
    found = registry.find(name)
    if found is None:
        return None
    op, base = found.op, found.op.__name__
    names = (base, *(f"{base}{axes}d" for axes in (1, 2, 3))) if op.spatial else (WRITTEN.get(base, base),)
    text, example = _parted((inspect.getdoc(op) or "").replace("``", "`"))
    return Description(names, op.is_module, text, example, op.inferred_names, tuple(_attributes(op)))


def _parted(doc: str) -> tuple[tuple[str, ...], str]:
    """The paragraphs of a docstring, and the lines of a spec at its end."""
    *before, last = re.split(r"\n{2,}", doc)
    if not _spec.match(last.lstrip()):
        before, last = [*before, last], ""
    return tuple(" ".join(paragraph.split()) for paragraph in before), inspect.cleandoc(last)


def _attributes(op: type[Op]) -> Iterator[Attribute]:
    if op.__name__ in WRITTEN:
        return
    by_position = op.positional if op.positional is not None else tuple(op.model_fields)
    for name, field in op.model_fields.items():
        if name == op.rest:
            yield Attribute("any other name", _value(field), "none", True)
        elif name not in op.internal:
            default = "" if field.is_required() else repr(field.get_default()).replace("'", '"')
            yield Attribute(name, _value(field), default, name not in by_position)
    yield from (Attribute(name, "a tensor", "none", True) for name in op.operands)


def _value(field: Any) -> str:
    if field.description:
        return str(field.description)
    choices = (field.annotation,) if field.annotation in _WORDS else get_args(field.annotation)
    return " or ".join(_WORDS.get(c) or f'"{c}"' for c in choices)
