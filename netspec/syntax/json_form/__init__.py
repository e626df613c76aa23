"""The JSON form of a spec: `read_json` makes the AST of a JSON text, `json_text` the JSON text of an AST.

A JSON text is read in steps: a tree with places (`tree`), checked against the models (`checked`), read as an AST
(`reading`), and written in the text form, which later phases work on (`mirror`). `docs/json.md` describes the form.
"""

from __future__ import annotations

from netspec.diagnostics.model import Diagnostic, Label, Mistake
from netspec.limits import MAX_SYNTAX_ERRORS
from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.characters import forbidden_characters
from netspec.syntax.edition import EDITION
from netspec.syntax.format import format_document
from netspec.syntax.json_form.checked import checked
from netspec.syntax.json_form.layout import laid_out
from netspec.syntax.json_form.mirror import Mirror
from netspec.syntax.json_form.parser import parse_json
from netspec.syntax.json_form.reading.declarations import Documents
from netspec.syntax.json_form.tree import JsonText
from netspec.syntax.json_form.writing.declarations import document_data
from netspec.syntax.parse import Result, parse, too_large

__all__ = ["json_text", "read_json"]

#: What the text form may have too much of, where JSON has not.
_LIMITS = {"NS105", "NS601"}


def json_text(document: ast.Document) -> str:
    """The JSON text of an AST. ``#`` comments are not in it; ``$schema`` is where it was read from JSON."""
    source = document.source
    schema = source.written.tree.get("$schema") if isinstance(source, Mirror) else None
    return laid_out(({"$schema": schema.value} if schema is not None else {}) | document_data(document))


def read_json(source: Source) -> Result:
    """The document that a JSON text says, or None and what is wrong with it, in order of place.

    The document's source is the text form of it, whose places are shown in the JSON text.
    """
    text = JsonText(source)
    mistakes = too_large(text) or forbidden_characters(text)
    document = None
    if not mistakes:
        document, mistakes = _document(text)
    if document is not None and not mistakes:
        return _mirrored(document, text)
    told = {(m.message, m.primary.span.shown[1:]): m for m in mistakes}
    return None, tuple(sorted(told.values(), key=lambda m: m.primary.span.shown.start)[:MAX_SYNTAX_ERRORS])


def _document(text: JsonText) -> tuple[ast.Document | None, list[Diagnostic]]:
    """The AST of a JSON text, whose places are in that."""
    try:
        parse_json(text)
        newer = _newer(text)
        if newer is not None:
            return None, [newer]
        model, mistakes = checked(text)
        if model is None:
            return None, mistakes
        reading = Documents(text)
        return reading.document(model, text.tree), reading.mistakes
    except Mistake as mistake:
        return None, [mistake.diagnostic]


def _newer(text: JsonText) -> Diagnostic | None:
    edition = text.tree.get("netspec")
    if edition is None or not isinstance(edition.value, int) or edition.value <= EDITION:
        return None
    return Diagnostic(
        "NS102", f"this spec is of edition {edition.value}; this netspec knows editions up to {EDITION}",
        Label(text.span(edition)), help="update netspec",
    )  # fmt: skip


def _mirrored(document: ast.Document, text: JsonText) -> Result:
    """The document again, read from its text form."""
    try:
        mirror = Mirror(format_document(document), text)
    except ValueError as error:
        return None, (Diagnostic("NS103", str(error), Label(Span(text, 0, 0))),)
    again, mistakes = parse(mirror)
    if again is None:
        assert {m.code for m in mistakes} <= _LIMITS, "\n\n".join([mirror.text, *map(str, mistakes)])
        return None, mistakes
    assert again == document, f"{text.name} would say something else in the text form"
    mirror.learn(again, document)
    return again, ()
