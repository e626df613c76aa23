"""JSON text for people: what fits on a line stands on one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

WIDTH = 100
INDENT = "  "


def laid_out(data: Any) -> str:
    """A JSON text that ends with a line end.

    >>> print(laid_out({"netspec": 1, "declarations": []}), end="")
    {"netspec": 1, "declarations": []}
    """
    return "".join(_lines(data, "", "", "")) + "\n"


def _lines(data: Any, before: str, indent: str, after: str) -> Iterator[str]:
    """The text of a value: ``before`` stands on its first line, ``after`` follows on its last."""
    flat = json.dumps(data, ensure_ascii=False, allow_nan=False)
    fits = len(indent) + len(before) + len(flat) + len(after) <= WIDTH
    if not data or not isinstance(data, (dict, list)) or (fits and not _is_tall(data)):
        yield f"{indent}{before}{flat}{after}"
        return
    opener, closer = "{}" if isinstance(data, dict) else "[]"
    yield f"{indent}{before}{opener}\n"
    last = len(data) - 1
    for n, member in enumerate(data):
        key = f"{json.dumps(member, ensure_ascii=False)}: " if isinstance(data, dict) else ""
        value = data[member] if isinstance(data, dict) else member
        yield from _lines(value, key, indent + INDENT, "," if n < last else "")
        yield "\n"
    yield f"{indent}{closer}{after}"


def _is_tall(data: Any) -> bool:
    """What has statements or declarations stands on several lines, however short it is."""
    return isinstance(data, dict) and any(data.get(key) for key in ("declarations", "body", "then"))
