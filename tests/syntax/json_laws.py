"""The laws of the JSON form, for as many documents as asked for: ``python -m tests.syntax.json_laws --count 20000``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings

from netspec.source import Source
from netspec.syntax import ast
from netspec.syntax.format import format_document
from netspec.syntax.json_form import json_text, read_json
from netspec.syntax.parse import parse
from tests.syntax.strategy import documents


def from_json(text: str) -> ast.Document:
    document, mistakes = read_json(Source("drawn.json", text))
    assert document is not None, "\n".join([text, *map(str, mistakes)])
    return document


def from_text(text: str) -> ast.Document:
    document, mistakes = parse(Source("drawn.netspec", text))
    assert document is not None, "\n".join([text, *map(str, mistakes)])
    return document


def says_the_same(document: ast.Document) -> str:
    """``from_json(to_json(x)) == x``, and JSON by way of the text form is the same JSON; gives the JSON text."""
    text = json_text(document)
    again = from_json(text)
    assert again == document, text
    assert json_text(again) == text, text
    assert json_text(from_text(format_document(again))) == text, text
    return text


def laws(count: int, shrink: bool = True) -> Callable[[], None]:
    """A test of so many documents; the first one that fails is told as it is, or the least one like it."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)

    @settings(max_examples=count, deadline=None, database=None, phases=phases,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(documents())
    def hold(document: ast.Document) -> None:
        says_the_same(document)

    return hold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    count = parser.parse_args().count
    begin = time.perf_counter()
    laws(count, shrink=False)()
    print(f"{count:,} documents, no failure, {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
