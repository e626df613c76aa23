"""Values of the wrong kind, and the value of the right kind that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from netspec.diagnostics import Edit, Help, closest, is_slip
from netspec.elaborate.values.comparing import is_int
from netspec.source import Span

_keyword = re.compile(r"\w+\s*=(?!=)\s*").match
_number = re.compile(r"-?\d+(\.\d*)?(e-?\d+)?", re.IGNORECASE).fullmatch
_WORDS = {"true": True, "false": False, "none": None}


class Candidate(NamedTuple):
    """Another value, how a spec writes it, and the words that say so; whether it is surely meant."""

    value: Any
    text: str
    words: str
    sure: bool = True


def value_place(argument: Span) -> Span:
    """The place of an argument's value, without its name."""
    name = _keyword(argument.source.text, argument.start, argument.end)
    return Span(argument.source, name.end(), argument.end) if name else argument


def corrected(value: object, argument: Span, accepts: Callable[[Any], bool], choices: Sequence[str] = ()) -> str:
    """The help that writes the first candidate that is accepted; empty without one."""
    place = value_place(argument)
    for candidate in _candidates(value, place.text, choices):
        if accepts(candidate.value):
            return Help(candidate.words, *([Edit(place, candidate.text)] if candidate.sure else []))
    return ""


def _candidates(value: Any, written: str, choices: Sequence[str]) -> Iterator[Candidate]:
    if isinstance(value, str) and written[:1] in ("'", '"'):
        yield from _of_string(value, choices)
    elif isinstance(value, float) and value.is_integer():
        yield _of_float(int(value), written)
    elif is_int(value) and value in (0, 1) and written in ("0", "1"):
        yield Candidate(bool(value), str(bool(value)), f"write `{bool(value)}`")
    elif isinstance(value, tuple) and value and written[:1] in ("(", "[") and len(set(value)) == 1 and is_int(value[0]):
        yield Candidate(value[0], str(value[0]), f"write `{value[0]}`")


def _of_string(value: str, choices: Sequence[str]) -> Iterator[Candidate]:
    quotes = f"leave out the quotes: `{value}`"
    if value.lower() in _WORDS:
        name = value.capitalize()
        yield Candidate(_WORDS[value.lower()], name, f"leave out the quotes: `{name}`")
    if _number(value) and len(value) < 20:
        yield Candidate(float(value) if set(value) & set(".eE") else int(value), value, quotes)
    near = value.lower() if value.lower() in choices else closest(value, choices)
    if near:
        yield Candidate(near, f'"{near}"', f'did you mean `"{near}"`?', is_slip(value, near, choices))


def _of_float(value: int, written: str) -> Candidate:
    if _number(written):
        return Candidate(value, str(value), f"write `{value}`")
    if written.count("/") == 1 and "//" not in written:
        divided = written.replace("/", "//")
        return Candidate(value, divided, f"write `{divided}`: `//` divides ints to an int")
    return Candidate(value, f"int({written})", f"round it: `int({written})`")
