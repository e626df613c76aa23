"""The characters that a JSON string stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_escape = re.compile(r"\\(?:u([0-9a-fA-F]{4})|(.))|[^\\]", re.DOTALL)
_ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Character(NamedTuple):
    """A character, where it stands in the inside of a string, and what is wrong with it, if anything."""

    text: str
    start: int
    wrong: str = ""


def characters(raw: str) -> Iterator[Character]:
    """The characters of the inside of a string as it is written."""
    high: tuple[int, int] | None = None
    for found in _escape.finditer(raw):
        code, start = int(found[1], 16) if found[1] else -1, found.start()
        if high is not None and 0xDC00 <= code <= 0xDFFF:
            yield Character(chr(0x10000 + ((high[0] - 0xD800) << 10) + (code - 0xDC00)), high[1])
            high = None
            continue
        if high is not None:
            yield Character("?", high[1], "half of a surrogate pair")
            high = None
        if 0xD800 <= code <= 0xDBFF:
            high = code, start
        else:
            yield _character(found, code, start)
    if high is not None:
        yield Character("?", high[1], "half of a surrogate pair")


def _character(found: re.Match[str], code: int, start: int) -> Character:
    if 0xDC00 <= code <= 0xDFFF:
        return Character("?", start, "half of a surrogate pair")
    if code >= 0:
        return Character(chr(code), start)
    if found[2] is None:
        return Character(found[0], start)
    if found[2] in _ESCAPES:
        return Character(_ESCAPES[found[2]], start)
    return Character("?", start, f"`{found[0]}` is no escape of JSON")


def offsets(raw: str) -> list[int]:
    """For each character that a string stands for its offset in the string's inside, and that of its end."""
    return [*(character.start for character in characters(raw)), len(raw)]
