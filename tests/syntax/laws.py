"""The laws of the formatter, for as many documents as asked for: ``python -m tests.syntax.laws --count 20000``."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from netspec.diagnostics import Diagnostic, Label
from netspec.lints.allow import allowed
from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.comments import comments
from netspec.syntax.format import format_document, format_source
from netspec.syntax.lexer import token_pattern
from netspec.syntax.parse import parse
from netspec.syntax.table import load
from tests.syntax.strategy import documents
from tests.syntax.strategy.comments import with_comments


def parsed(text: str) -> ast.Document:
    document, mistakes = parse(Source("drawn", text))
    assert document is not None, "\n".join([text, *map(str, mistakes)])
    return document


def words_of(text: str) -> list[str]:
    """The comments of a text, in order."""
    return [span.text.rstrip() for span in comments(Source("drawn", text))]


def says_the_same(document: ast.Document) -> str:
    """``parse(format(x)) == x`` and ``format(parse(format(x))) == format(x)``; gives the text."""
    text = format_document(document)
    assert parsed(text) == document, text
    assert formatted(text) == text, text
    return text


def unallowed(text: str) -> list[bool]:
    """For each name of a text, in order, whether a warning at it would be told."""
    document = parsed(text)
    tokens = token_pattern(load()).finditer(text)
    spans = [Span(document.source, *found.span()) for found in tokens if found.lastgroup == "NAME"]
    told = {d.primary.span.start for d in allowed(document, [Diagnostic("NS501", "", Label(s)) for s in spans], False)}
    return [span.start in told for span in spans]


def keeps_comments(text: str) -> None:
    """Formatting keeps comments, in order, what they allow, and what is said; formatting again changes nothing."""
    once = formatted(text)
    before, after = unallowed(text), unallowed(once)
    if len(before) == len(after):  # `use … { a as a }` loses a name
        assert all(a >= b for a, b in zip(before, after, strict=True)), f"{text}\n-----\n{once}"
    assert words_of(once) == words_of(text), f"{text}\n-----\n{once}"
    assert parsed(once) == parsed(text), f"{text}\n-----\n{once}"
    twice = formatted(once)
    assert twice == once, f"{text}\n-----\n{once}\n-----\n{twice}"


def formatted(text: str) -> str:
    return format_source(Source("drawn", text))


def laws(count: int) -> Callable[[], None]:
    """A test of so many documents; one that fails is shown as drawn, since making it smaller takes minutes."""

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck),
              phases=[Phase.generate])  # fmt: skip
    @given(documents(), st.data())
    def hold(document: ast.Document, data: st.DataObject) -> None:
        text = says_the_same(document)
        keeps_comments(data.draw(with_comments(text)))

    return hold


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    count = parser.parse_args().count
    begin = time.perf_counter()
    laws(count)()
    print(f"{count:,} documents, no failure, {time.perf_counter() - begin:.0f} s")


if __name__ == "__main__":
    main()
