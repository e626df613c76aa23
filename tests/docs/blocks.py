"""The fenced blocks of a Markdown page, and what their markers mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

#: Every language that a block may have; ``sh``, ``mermaid`` and a ``text`` that follows nothing are not run.
LANGUAGES = ("netspec", "json", "python", "console", "text", "sh", "mermaid")
#: What may follow the language, beside ``file=NAME``.
MARKERS = {"netspec": ("error",), "json": ("error",)}

_fence = re.compile(r"(?:^|\n)(?P<ticks>`{3,})(?P<info>[^\n`]*)\n(?P<text>.*?)(?<=\n)(?P=ticks)(?=\n|$)", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A fenced block: ``start`` and ``end`` are the offsets of its text in the page."""

    page: Path
    language: str
    markers: tuple[str, ...]
    text: str
    start: int
    end: int

    @property
    def file(self) -> str | None:
        """The file that the block stands for: ``tiny.netspec``."""
        return next((m.removeprefix("file=") for m in self.markers if m.startswith("file=")), None)

    @property
    def fails(self) -> bool:
        return "error" in self.markers

    @property
    def place(self) -> str:
        """``README.md:12``, the line of its first text."""
        return f"{self.page.name}:{self.page.read_text(encoding='utf-8').count(chr(10), 0, self.start) + 1}"


def blocks_of(page: Path) -> list[Block]:
    """The blocks of a page in order. Raises ValueError for a marker that is not known."""
    found = []
    for match in _fence.finditer(page.read_text(encoding="utf-8")):
        language, *markers = match["info"].split() or [""]
        block = Block(page, language, tuple(markers), match["text"], match.start("text"), match.end("text"))
        if language not in LANGUAGES or not all(_is_known(language, m) for m in markers):
            raise ValueError(f"{block.place}: a block marked {match['info']!r}")
        found.append(block)
    return found


def _is_known(language: str, marker: str) -> bool:
    named = marker.startswith("file=") and language in ("netspec", "json", "python")
    return named or marker in MARKERS.get(language, ())


def matches(expected: str, actual: str) -> bool:
    """Whether a text is as expected; a line ``…`` stands for any lines, ``…`` within a line for any characters."""
    pattern = ""
    for line in expected.rstrip().splitlines():
        if line.strip() == "…":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += r"[^\n]*?".join(map(re.escape, line.rstrip().split("…"))) + r"\n"
    text = "".join(f"{line.rstrip()}\n" for line in actual.rstrip().splitlines())
    return re.fullmatch(pattern, text) is not None
