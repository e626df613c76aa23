"""Literate cases: a ``netspec`` block of a Markdown file, and the ``text`` block after it with what netspec says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_fence = re.compile(r"^```(netspec|text)\n(.*?)^```\n?", re.MULTILINE | re.DOTALL)
_heading = re.compile(r"^#+ (.*)$", re.MULTILINE)


class Case(NamedTuple):
    """A spec, and the diagnostics expected of it as text; empty for a spec without mistakes."""

    file: Path
    line: int
    title: str
    spec: str
    expected: str

    @property
    def id(self) -> str:
        return f"{self.file.name}:{self.line}"


def cases(file: Path) -> list[Case]:
    """The cases of one Markdown file."""
    text = file.read_text(encoding="utf-8")
    blocks = list(_fence.finditer(text))
    found = []
    for n, block in enumerate(blocks):
        if block[1] != "netspec":
            continue
        after = blocks[n + 1] if n + 1 < len(blocks) else None
        expected = after[2] if after is not None and after[1] == "text" else ""
        titles = _heading.findall(text, 0, block.start())
        line = text.count("\n", 0, block.start()) + 2
        found.append(Case(file, line, titles[-1] if titles else "", block[2], expected.rstrip("\n")))
    return found


def update(file: Path, answers: dict[str, str]) -> None:
    """Write the answers, by spec, into the ``text`` blocks."""
    text = file.read_text(encoding="utf-8")
    parts, place, spec = [], 0, ""
    for block in _fence.finditer(text):
        parts.append(text[place : block.start()])
        if block[1] == "netspec":
            spec = block[2]
            parts.append(block[0])
        else:
            parts.append(f"```text\n{answers[spec]}\n```\n")
        place = block.end()
    file.write_text("".join(parts) + text[place:], encoding="utf-8")
