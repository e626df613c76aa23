"""From the checkpoint's keys to the model's: rules with ``*``, ``**`` and ``{name}``, as data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from netspec.diagnostics import did_you_mean
from netspec.pytorch.names import plain
from netspec.pytorch.weights.errors import WeightsError
from netspec.pytorch.weights.tables import TABLES

Rename = str | Mapping[str, str | None] | Callable[[str], str | None] | Sequence["Rename"] | None

_CAPTURE = re.compile(r"\*\*|\*|\{([A-Za-z][A-Za-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Renamed:
    """The model's key for each of the checkpoint's (None: left out), and how the renaming is told.

    ``idle`` are the rules given by hand that fit no key.
    """

    names: Mapping[str, str | None]
    titles: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()


class Rule:
    """A pattern and what becomes of the keys that it fits.

    ``{name}`` and ``*`` stand for characters without a dot, ``**`` for any, at least one; the result takes them up by
    name, or in their order. None leaves the key out.

    >>> Rule("layer{i}.{j}.bn{k}.*", "layer{i}.{j}.conv{k}.bn.*")("layer1.0.bn2.weight")
    'layer1.0.conv2.bn.weight'
    """

    def __init__(self, pattern: str, result: str | None) -> None:
        self.pattern = pattern
        self.result = result
        self.expression = re.compile(_expression(pattern))
        self.pieces = _pieces(pattern, result) if result is not None else ()

    def fits(self, key: str) -> bool:
        return self.expression.fullmatch(key) is not None

    def __call__(self, key: str) -> str | None:
        """The new name of a key that fits."""
        found = self.expression.fullmatch(key)
        if found is None or self.result is None:
            return None
        return "".join(text if group is None else found[group] for text, group in self.pieces)


def _expression(pattern: str) -> str:
    """The regular expression of a pattern; ``*`` and ``**`` become numbered groups ``w0``, ``w1``, …"""
    parts: list[str] = []
    place, wild, named = 0, 0, set()
    for capture in _CAPTURE.finditer(pattern):
        parts.append(re.escape(pattern[place : capture.start()]))
        place = capture.end()
        name = capture[1]
        if name in named:
            parts.append(f"(?P=_{name})")
        elif name:
            named.add(name)
            parts.append(f"(?P<_{name}>[^.]+)")
        else:
            parts.append(f"(?P<w{wild}>{'.+' if capture[0] == '**' else '[^.]+'})")
            wild += 1
    parts.append(re.escape(pattern[place:]))
    return "".join(parts)


def _pieces(pattern: str, result: str) -> tuple[tuple[str, str | None], ...]:
    """The result as literal texts and names of groups. Raises ValueError for a capture that the pattern has not."""
    known = {capture[0] for capture in _CAPTURE.finditer(pattern)}
    wild = [c[0] for c in _CAPTURE.finditer(pattern) if c[1] is None]
    pieces: list[tuple[str, str | None]] = []
    place, used = 0, 0
    for capture in _CAPTURE.finditer(result):
        pieces.append((result[place : capture.start()], None))
        place = capture.end()
        group = f"_{capture[1]}"
        if capture[1] is None:
            group, used = f"w{used}", used + 1
        if capture[0] not in known or (capture[1] is None and wild[used - 1 : used] != [capture[0]]):
            raise ValueError(f"the rename rule {pattern!r}: {result!r} has no {capture[0]} to take up")
        pieces.append(("", group))
    return (*pieces, (result[place:], None))


def renamed(keys: Iterable[str], rename: Rename) -> Renamed:
    """Apply a renaming to the keys of a checkpoint; a key that no rule fits keeps its name.

    Raises `WeightsError` where two keys would become one, ValueError for a rule that is not well formed and for a table
    that is not there.
    """
    names: dict[str, str | None] = {key: key for key in keys}
    titles: list[str] = []
    idle: list[str] = []
    for step in _steps(rename):
        function, title, unfit = _step(step, [n for n in names.values() if n is not None])
        names = {key: None if name is None else function(name) for key, name in names.items()}
        titles.append(title)
        idle += unfit
    _refuse_collisions(names)
    return Renamed(names, tuple(titles), tuple(idle))


Step = str | Mapping[str, str | None] | Callable[[str], str | None]


def _steps(rename: Rename) -> list[Step]:
    if rename is None:
        return []
    if isinstance(rename, (str, Mapping)) or callable(rename):
        return [rename]
    if isinstance(rename, Sequence):
        return [step for each in rename for step in _steps(each)]
    raise TypeError(f"rename is the name of a table, a mapping, a function or a list of them, not a {_kind(rename)}")


def _step(step: Step, keys: Sequence[str]) -> tuple[Callable[[str], str | None], str, list[str]]:
    """One renaming as a function, how it is told, and which of its rules fit none of the keys."""
    if isinstance(step, str):
        return _by_rules(_rules(table_named(step))), step, []
    if isinstance(step, Mapping):
        rules = _rules(step)
        idle = [rule.pattern for rule in rules if not any(map(rule.fits, keys))]
        return _by_rules(rules), f"{len(rules)} rule{'' if len(rules) == 1 else 's'}", idle
    return _checked(step), getattr(step, "__name__", "a function"), []


def table_named(name: str) -> Mapping[str, str | None]:
    """A table that netspec ships. Raises ValueError with those that there are."""
    if name not in TABLES:
        help_ = did_you_mean(name, TABLES) or f"there are {', '.join(f'`{t}`' for t in TABLES)}"
        raise ValueError(f"no rename table is called {name!r}: {help_}")
    return TABLES[name]


def _rules(table: Mapping[str, str | None]) -> list[Rule]:
    return [Rule(pattern, result) for pattern, result in table.items()]


def _by_rules(rules: Sequence[Rule]) -> Callable[[str], str | None]:
    """The first rule that fits decides."""

    def new_name(key: str) -> str | None:
        rule = next((r for r in rules if r.fits(key)), None)
        return rule(key) if rule else key

    return new_name


def _checked(function: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def new_name(key: str) -> str | None:
        name = function(key)
        if name is None or isinstance(name, str):
            return name
        raise TypeError(f"rename gave a {_kind(name)} for {key!r}: a key or None is needed")

    return new_name


def _refuse_collisions(names: Mapping[str, str | None]) -> None:
    first: dict[str, str] = {}
    for key, name in names.items():
        if name is None:
            continue
        if name in first:
            two = f"`{plain(first[name])}` and `{plain(key)}`"
            raise WeightsError(f"the renaming makes one key of two: {two} become `{plain(name)}`")
        first[name] = key


def _kind(value: object) -> str:
    return type(value).__name__
