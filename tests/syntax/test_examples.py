"""The design's examples, and every published spec, parse."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from netspec.source import Source, Span
from netspec.syntax.ast import Document
from netspec.syntax.parse import parse

ROOT = Path(__file__).parents[2]
SPECS = [
    *sorted((ROOT.parent / "shared" / "design" / "examples").glob("*.netspec")),
    *sorted((ROOT / "specs").rglob("*.netspec")),
    *sorted((ROOT / "netspec" / "std").rglob("*.netspec")),
]


def document_of(text: str) -> Document:
    document, mistakes = parse(Source("spec.netspec", text))
    assert document is not None, "\n\n".join(map(str, mistakes))
    return document


def spans(node: Any) -> list[Span]:
    """Every span of a tree."""
    if isinstance(node, Span):
        return [node]
    if isinstance(node, tuple):
        return [s for part in node for s in spans(part)]
    if is_dataclass(node) and not isinstance(node, type):
        return [s for f in fields(node) for s in spans(getattr(node, f.name))]
    return []


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_parses(path: Path) -> None:
    assert document_of(path.read_text(encoding="utf-8")).edition == 1


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_windows_line_ends_and_a_byte_order_mark_change_nothing(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert document_of("\ufeff" + text.replace("\n", "\r\n")) == document_of(text)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
def test_every_node_has_its_place(path: Path) -> None:
    """A span lies in the text, is not empty, and neither begins nor ends with a blank."""
    text = path.read_text(encoding="utf-8")
    for span in spans(document_of(text)):
        assert 0 <= span.start < span.end <= len(text)
        assert span.text == span.text.strip()
