"""Literate cases: a ``netspec`` block of a Markdown file, and the ``text`` block after it with what netspec says.

A ``shapes`` block after that says what the network is when the help is applied, as ``netspec check`` shows it:
``x [B, 3, H, W] -> [B, 10]``.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

_fence = re.compile(r"^```(netspec|text|shapes)\n(.*?)^```\n?", re.MULTILINE | re.DOTALL)
_heading = re.compile(r"^#+ (.*)$", re.MULTILINE)


class Case(NamedTuple):
    """A spec, the diagnostics expected of it as text, and the shapes with the help applied; empty if none."""

    file: Path
    line: int
    title: str
    spec: str
    expected: str
    shapes: str

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
        titles = _heading.findall(text, 0, block.start())
        line = text.count("\n", 0, block.start()) + 2
        expected, shapes = (_after(blocks, n, kind) for kind in ("text", "shapes"))
        found.append(Case(file, line, titles[-1] if titles else "", block[2], expected, shapes))
    return found


def _after(blocks: list[re.Match[str]], number: int, kind: str) -> str:
    """The block of a kind that stands between a spec and the next one."""
    for block in blocks[number + 1 :]:
        if block[1] == "netspec":
            break
        if block[1] == kind:
            return block[2].rstrip("\n")
    return ""


def update(file: Path, answers: dict[str, str]) -> None:
    """Write the answers, by spec, into the ``text`` blocks."""
    text = file.read_text(encoding="utf-8")
    parts, place, spec = [], 0, ""
    for block in _fence.finditer(text):
        parts.append(text[place : block.start()])
        if block[1] == "netspec":
            spec = block[2]
        parts.append(f"```text\n{answers[spec]}\n```\n" if block[1] == "text" else block[0])
        place = block.end()
    file.write_text("".join(parts) + text[place:], encoding="utf-8")
