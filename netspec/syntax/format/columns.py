"""Comments at the ends of lines, in one column where neighbouring lines have some."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

#: Blanks before a comment at the end of a line.
GAP = 2


@dataclass(slots=True)
class Line:
    """A line: its code, and the comment after that. Lines of one ``run`` (0 is none) belong together."""

    text: str
    run: int
    comment: str | None = None

    @property
    def indentation(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def joined(lines: list[Line], width: int) -> str:
    """The lines as text."""
    columns: dict[int, int] = {}
    for group in _groups(lines):
        _align(lines, group, width, columns)
    written = []
    for n, line in enumerate(lines):
        text = line.text if line.comment is None else line.text.ljust(columns[n] - GAP) + " " * GAP + line.comment
        written.append(text + "\n")
    return "".join(written)


def _groups(lines: list[Line]) -> list[list[int]]:
    """The numbers of lines whose comments stand in one column: those of a run, else those right below each other."""
    numbers = [n for n, line in enumerate(lines) if line.comment is not None]
    groups = [[n for n in numbers if lines[n].run == run] for run in sorted({lines[n].run for n in numbers} - {0})]
    plain = [n for n in numbers if not lines[n].run]
    for _, block in groupby(enumerate(plain), lambda pair: (pair[1] - pair[0], lines[pair[1]].indentation)):
        groups.append([n for _, n in block])
    return groups


def _align(lines: list[Line], group: list[int], width: int, columns: dict[int, int]) -> None:
    """Where a column for all would push a comment out of the width, the longest line has its own."""
    by_length = sorted(group, key=lambda n: len(lines[n].text))
    while by_length:
        column = len(lines[by_length[-1]].text) + GAP
        if len(by_length) == 1 or all(column + len(lines[n].comment or "") <= width for n in by_length):
            columns.update(dict.fromkeys(by_length, column))
            return
        longest = by_length.pop()
        columns[longest] = column
