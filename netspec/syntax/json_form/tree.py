"""A JSON text as a tree that knows its places."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from netspec.source import Source, Span
from netspec.syntax.characters import first_offset

_quoted_name = re.compile(r'"[A-Za-z_][\w.]{0,60}"')


@dataclass(slots=True, eq=False)
class Node:
    """One value of a JSON text at ``[start, end)``.

    ``value`` is a scalar, a list of nodes, or a dict of them; ``keys`` are the places of an object's keys.
    """

    start: int
    end: int
    value: Any = None
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __getitem__(self, key: str | int) -> Node:
        found: Node = self.value[key]
        return found

    def get(self, key: str) -> Node | None:
        """A member of an object."""
        return self.value.get(key) if isinstance(self.value, dict) else None

    @property
    def items(self) -> list[Node]:
        """The elements of an array; none of anything else."""
        return self.value if isinstance(self.value, list) else []


class JsonText(Source):
    """The text of a spec in JSON, with its tree: as far as it was read, where it is not JSON."""

    def __init__(self, source: Source) -> None:
        super().__init__(source.name, source.text)
        if hasattr(source, "folder"):
            self.folder = source.folder
        self.tree = Node(first_offset(self), len(self.text))

    def span(self, node: Node) -> Span:
        return Span(self, node.start, node.end)

    def in_string(self, span: Span, text: str) -> tuple[Span, str] | None:
        """The edit of a name: the inside of a string, with what JSON takes there."""
        quotes = self.text[span.start - 1 : span.start] + self.text[span.end : span.end + 1]
        return (span, json.dumps(text, ensure_ascii=False)[1:-1]) if quotes == '""' else None

    def remarks(self, span: Span) -> tuple[str, ...]:
        """A string is what people write who mean a name."""
        found = _quoted_name.fullmatch(span.text)
        return (f'a string stands for itself; a name is `{{"expr": {found[0]}}}`',) if found else ()

    def path(self, offset: int) -> str:
        """``$.declarations[0].body[2]``: the innermost value at an offset."""
        return "$" + "".join(_parts(self.tree, offset))


def _parts(node: Node, offset: int) -> Iterator[str]:
    while True:
        members: Iterable[tuple[str | int, Node]]
        members = node.value.items() if isinstance(node.value, dict) else enumerate(node.items)
        starts = ((key, m, node.keys[key][0] if isinstance(key, str) else m.start) for key, m in members)
        key, node = next(((key, m) for key, m, start in starts if start <= offset < m.end), ("", node))
        if key == "":
            return
        yield f"[{key}]" if isinstance(key, int) else f".{key}" if key.isidentifier() else f"[{key!r}]"


def plain(node: Node) -> Any:
    """The tree as Python's data."""
    if isinstance(node.value, dict):
        return {key: plain(member) for key, member in node.value.items()}
    return [plain(member) for member in node.value] if isinstance(node.value, list) else node.value


