"""Numbers and strings as a spec writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from netspec.limits import MAX_DIGITS
from netspec.syntax.ast import Constant, Expr, Interpolation

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "{": "{{", "}": "}}"}
#: The quotes of a string, and of a string in the braces of one. There is no third kind.
QUOTES = ('"', "'")
_exponent = re.compile(r"e([+-])0*(\d)").sub


def written(value: int | float | bool | None) -> str:
    """A number, truth value or ``None``: floats as short as they can be.

    Raises ValueError for one that no spec can say (infinite, or with too many digits).

    >>> written(1e-06), written(1e22), written(0.5), written(None)
    ('1e-6', '1e22', '0.5', 'None')
    """
    if value is None or isinstance(value, bool):
        return repr(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} cannot be written in a spec")
    text = _exponent(lambda found: f"e{found[1].strip('+')}{found[2]}", repr(value))
    if sum(c.isdigit() for c in text) > MAX_DIGITS:
        raise ValueError(f"{text} has more than {MAX_DIGITS} digits")
    return text


def quoted(value: Constant | Interpolation, depth: int, write: Callable[[Expr], str]) -> str:
    """A string with its ``{expr}``, of which ``write`` gives the text; ``depth`` counts the strings around it.

    Raises ValueError for a string in a string in a string, for which there are no quotes.
    """
    parts: tuple[str | Expr, ...] = value.parts if isinstance(value, Interpolation) else (str(value.value),)
    if depth >= len(QUOTES):
        raise ValueError("a string in the braces of a string in the braces of a string cannot be written")
    escapes = _ESCAPES | {quote: f"\\{quote}" for quote in QUOTES[: depth + 1]}
    inside = []
    for part in parts:
        if isinstance(part, str):
            inside.append("".join([escapes.get(c, c) for c in part]))
        else:
            text = write(part)
            inside.append(f"{{{' ' if text.startswith('{') else ''}{text}}}")
    return f"{QUOTES[depth]}{''.join(inside)}{QUOTES[depth]}"
