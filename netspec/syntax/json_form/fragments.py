"""The expressions in a JSON text's strings: each is a source of its own, whose places are shown in the JSON text."""

from __future__ import annotations

import json
from functools import cached_property

from netspec.source import Source, Span
from netspec.syntax.json_form.characters import offsets
from netspec.syntax.json_form.tree import JsonText, Node


class Fragment(Source):
    """What a JSON string stands for, as a text that expressions are read from."""

    def __init__(self, outer: JsonText, node: Node) -> None:
        super().__init__(outer.name, node.value)
        self.outer = outer
        self.node = node

    @cached_property
    def _offsets(self) -> list[int]:
        """Where each character stands in the JSON text, and the end of the last."""
        return offsets(self.outer.text[self.node.start + 1 : self.node.end - 1])

    def _offset(self, offset: int) -> int:
        if offset > len(self.text):
            return self.node.end
        return self.node.start + 1 + self._offsets[offset]

    def shown(self, span: Span) -> Span:
        return Span(self.outer, self._offset(span.start), self._offset(span.end))

    def rewritten(self, span: Span, text: str) -> tuple[Span, str] | None:
        """The edit of the JSON text that makes the text of a span another one."""
        return self.shown(span), json.dumps(text, ensure_ascii=False)[1:-1]
