"""Text from a spec, made fit for pictures: what every format's escaper starts from."""

from __future__ import annotations

import re
import unicodedata

TIMES = "\N{MULTIPLICATION SIGN}"
MINUS = "\N{MINUS SIGN}"
DIVIDED = "\N{DIVISION SIGN}"
#: Breaks what a format would read as a command, unseen.
JOINER = "\N{WORD JOINER}"
#: Arrows in the labels of links tell what the colour of the line tells.
SIZE_SIGNS = {"down": "↓ ", "up": "↑ "}

#: Longer texts lose their middle; the whole stands in the tooltip.
LABEL_LENGTH = 48
TOOLTIP_LENGTH = 300
NOTE_LENGTH = 140

#: Control, format (bidi, zero-width), surrogate, private and unassigned characters: no picture needs them.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def one_line(text: str) -> str:
    """The text on one line: white space folded, characters that cannot be seen shown as U+FFFD."""
    folded = " ".join(text.split())
    if folded.isascii() and folded.isprintable():
        return folded
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in _UNSAFE else c for c in folded)


def shortened(text: str, length: int = LABEL_LENGTH) -> str:
    """At most ``length`` characters, the middle left out."""
    if len(text) <= length:
        return text
    head = (length - 1) // 2
    return f"{text[:head]}…{text[head + 1 - length :]}"


def first_sentence(doc: str) -> tuple[str, ...]:
    """The first sentence of a documentation, or the words of it that fit, alone in a tuple; nothing of an empty one."""
    paragraph = one_line(doc.strip().partition("\n\n")[0])
    sentence = re.split(r"(?<=[.!?]) (?=[A-Z])", paragraph, maxsplit=1)[0]
    if len(sentence) > NOTE_LENGTH:
        sentence = f"{sentence[: NOTE_LENGTH - 1].rpartition(' ')[0].rstrip(',:;')} …"
    return (sentence,) if sentence else ()
