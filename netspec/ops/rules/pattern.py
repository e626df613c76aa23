"""Patterns of `rearrange`, as einops writes them: ``b (h w) c -> b c h w``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from netspec.ops.contract import Refused, shown

Group = tuple[str, ...]
"""One axis of a tensor: the names of the axes that it is made of. None of them: its size is 1."""

#: Stands for all axes that have no name, in a group for all of them as one.
OPEN = "..."
_TOKEN = re.compile(r"->|\.\.\.|[()]|\w+|\S")
_NAME = re.compile(r"[A-Za-z](\w*[A-Za-z0-9])?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Pattern:
    """The axes before and after: ``((("b",), ("h", "w")), (("b",), ("h",), ("w",)))`` for ``b (h w) -> b h w``."""

    left: tuple[Group, ...]
    right: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class OpenPattern:
    """A pattern as it is written: `OPEN` stands among the groups of a side where ``...`` is not in parentheses."""

    left: tuple[Group | str, ...]
    right: tuple[Group | str, ...]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The axes of the left side that have names."""
        return tuple(group for group in self.left if isinstance(group, tuple))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for group in self.groups for name in group)

    @property
    def axes(self) -> str:
        """How many axes its tensor has, in words."""
        count = len(self.groups)
        return ("1 axis" if count == 1 else f"{count} axes") + (" or more" if OPEN in self.left else "")

    def of_rank(self, rank: int) -> Pattern | None:
        """With ``...`` as single axes, ``...0``, ``...1``; None where it does not fit a tensor of that rank."""
        unnamed = rank - len(self.groups)
        if unnamed < 0 or (unnamed > 0 and OPEN not in self.left):
            return None
        names = [f"{OPEN}{i}" for i in range(unnamed)]
        return Pattern(_spread(self.left, names), _spread(self.right, names))


def _spread(side: Sequence[Group | str], names: Sequence[str]) -> tuple[Group, ...]:
    spread: list[Group] = []
    for group in side:
        if isinstance(group, str):
            spread += [(name,) for name in names]
        else:
            spread.append(tuple(n for member in group for n in (names if member == OPEN else (member,))))
    return tuple(spread)


@lru_cache(256)
def parse(text: str) -> OpenPattern:
    """The pattern that a text is. Raises `Refused`."""
    tokens = _TOKEN.findall(text)
    if tokens.count("->") != 1:
        raise _refused(text, "must have two sides with `->` between them")
    middle = tokens.index("->")
    left, right = (tuple(_side(text, side)) for side in (tokens[:middle], tokens[middle + 1 :]))
    if any(OPEN in group and group != OPEN for group in left):
        raise _refused(text, "has `...` in parentheses on its left side: the sizes there are not known")
    _check_sides(text, left, right)
    return OpenPattern(left, right)


def _side(text: str, tokens: Sequence[str]) -> Iterator[Group | str]:
    """The axes of one side; ``1`` and ``()`` have no members."""
    inside: list[str] | None = None
    for token in tokens:
        if token == "(" and inside is None:
            inside = []
        elif token == ")" and inside is not None:
            yield tuple(inside)
            inside = None
        elif token in "()":
            raise _refused(text, "has parentheses inside others" if token == "(" else "closes what is not open")
        elif inside is not None:
            inside += _member(text, token)
        else:
            yield OPEN if token == OPEN else _member(text, token)
    if inside is not None:
        raise _refused(text, "has a parenthesis that is not closed")


def _member(text: str, token: str) -> Group:
    if token == "1":
        return ()
    if token == OPEN or _NAME.fullmatch(token):
        return (token,)
    what = "a number other than 1" if token.isdigit() else f"`{shown(token, 20)}`, which is no name of an axis"
    raise _refused(text, f"has {what}", "an axis of a known size has a name, by which its size is given: `h=7`")


def _check_sides(text: str, left: Sequence[Group | str], right: Sequence[Group | str]) -> None:
    """Every axis stands once on each side."""
    counts = {"left": Counter(_members(left)), "right": Counter(_members(right))}
    for side, count in counts.items():
        twice = next((n for n, times in count.items() if times > 1), None)
        if twice is not None:
            raise _refused(text, f"has {_called(twice)} twice on its {side} side")
    for side, other, can in (("left", "right", "be left out"), ("right", "left", "be new")):
        alone = next((n for n in counts[side] if n not in counts[other]), None)
        if alone is not None:
            help_ = f"only an axis of size 1 can {can}; it is written 1"
            raise _refused(text, f"has {_called(alone)} on its {side} side only", help_)


def _members(side: Sequence[Group | str]) -> Iterator[str]:
    for group in side:
        yield from (group,) if isinstance(group, str) else group


def _called(name: str) -> str:
    return "`...`" if name == OPEN else f"the axis {shown(name, 20)}"


def _refused(text: str, problem: str, help: str = "") -> Refused:
    example = 'a pattern names all axes before and after: "b (h w) c -> b c h w"'
    return Refused(f'the pattern "{shown(text)}" {problem}', help=help or example, attribute="pattern")
