"""Laying out calls over lines, as black does, each line with the place in the spec that it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

WIDTH = 100
INDENT = "    "
#: More items than this are not given a line each.
MANY = 20


class ClassRef(NamedTuple):
    """A class of the generated source, by its number; its name is known when all classes are."""

    number: int


class Group(NamedTuple):
    """A bracket with items: ``Group("nn.Linear(", (Item("8"), Item("2", prefix="bias=")), ")")``."""

    opening: str | ClassRef
    items: tuple[Item, ...] = ()
    closing: str = ")"


Code = str | Group


class Item(NamedTuple):
    """A member of a bracket; ``place`` is where the spec says it, shown where its bracket has another one."""

    code: Code
    prefix: str = ""
    suffix: str = ""
    place: str = ""


NameOf = Callable[[ClassRef], str]


def call(function: str | ClassRef, args: Sequence[str] = (), keywords: Sequence[tuple[str, str]] = ()) -> Group:
    """``function(1, bias=False)``."""
    opening = function if isinstance(function, ClassRef) else function + "("
    return Group(opening, (*(Item(a) for a in args), *(Item(v, f"{k}=") for k, v in keywords)))


def lines(statement: Item, depth: int, name_of: NameOf) -> list[str]:
    """The lines of one statement, indented by ``depth`` steps."""
    return list(_lines(statement, INDENT * depth, "", name_of))


def _lines(item: Item, indent: str, above: str, name_of: NameOf) -> Iterator[str]:
    comment = f"  # {item.place}" if item.place and item.place != above else ""
    here = item.place or above
    text = f"{indent}{item.prefix}{_flat(item.code, name_of)}{item.suffix}"
    if isinstance(item.code, str) or (len(text) <= WIDTH and not _differs(item.code, here)):
        yield text + comment
        return
    group = item.code
    yield f"{indent}{item.prefix}{_opening(group, name_of)}{comment}"
    yield from _members(group, indent + INDENT, here, name_of)
    yield f"{indent}{group.closing}{item.suffix}"


def _members(group: Group, indent: str, here: str, name_of: NameOf) -> Iterator[str]:
    """The items on one line of their own where they are short and plain, else each on its own line."""
    flat = indent + ", ".join(_item(i, name_of) for i in group.items)
    if len(flat) <= WIDTH and all(isinstance(i.code, str) and not i.place for i in group.items):
        yield flat
        return
    if len(group.items) > MANY and all(isinstance(i.code, str) and not i.place for i in group.items):
        yield from _filled([_item(i, name_of) + "," for i in group.items], indent)
        return
    for item in group.items:
        yield from _lines(Item(item.code, item.prefix, item.suffix + ",", item.place), indent, here, name_of)


def _filled(words: list[str], indent: str) -> Iterator[str]:
    """Many short items (numbers), as many on a line as fit."""
    line = indent + words[0]
    for word in words[1:]:
        if len(line) + 1 + len(word) > WIDTH:
            yield line
            line = indent + word
        else:
            line += f" {word}"
    yield line


def _differs(group: Group, place: str) -> bool:
    """Whether a member comes from another place."""
    return any(
        (i.place and i.place != place) or (isinstance(i.code, Group) and _differs(i.code, place)) for i in group.items
    )


def _flat(code: Code, name_of: NameOf) -> str:
    if isinstance(code, str):
        return code
    return _opening(code, name_of) + ", ".join(_item(i, name_of) for i in code.items) + code.closing


def _item(item: Item, name_of: NameOf) -> str:
    return f"{item.prefix}{_flat(item.code, name_of)}{item.suffix}"


def _opening(group: Group, name_of: NameOf) -> str:
    return group.opening if isinstance(group.opening, str) else name_of(group.opening) + "("
