"""Diagnostics as SARIF 2.1.0, which code hosts and editors show (docs.oasis-open.org/sarif/sarif/v2.1.0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from netspec.diagnostics.codes import CODES
from netspec.diagnostics.explanations import page
from netspec.diagnostics.model import Diagnostic, Edit, Label
from netspec.diagnostics.places import as_shown, region, uri
from netspec.source import Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(diagnostics: Iterable[Diagnostic], version: str) -> dict[str, Any]:
    """The log of one run of netspec of a version."""
    found = list(map(as_shown, diagnostics))
    codes = sorted({d.code for d in found})
    driver = {"name": "netspec", "semanticVersion": version, "rules": [_rule(code) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(d, codes.index(d.code)) for d in found],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    text = page(code)
    return {
        "id": code,
        "shortDescription": {"text": CODES[code]},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": "warning" if code.startswith("NS5") else "error"},
    }


def _result(d: Diagnostic, rule: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": d.code,
        "ruleIndex": rule,
        "level": d.severity,
        "message": {"text": "\n".join(_message(d))},
        "locations": [_location(d.primary)],
    }
    if d.related:
        result["relatedLocations"] = [_location(label, i) for i, label in enumerate(d.related)]
    if d.edits:
        result["fixes"] = [_fix(d)]
    return result


def _message(d: Diagnostic) -> Iterator[str]:
    """The message, with what the text form says beside it."""
    yield f"{d.message}: {d.primary.text}" if d.primary.text else d.message
    if d.trail:
        yield f"in: {d.trail}{f' and {d.more} more' if d.more else ''}"
    yield from (f"note: {note}" for note in d.notes)
    if d.help:
        yield f"help: {d.help}"


def _location(label: Label, number: int | None = None) -> dict[str, Any]:
    location: dict[str, Any] = {} if number is None else {"id": number}
    location["physicalLocation"] = {**_artifact(label.span), "region": _region(label.span)}
    if label.text:
        location["message"] = {"text": label.text}
    return location


def _artifact(span: Span) -> dict[str, Any]:
    return {"artifactLocation": {"uri": uri(span.source)}}


def _region(span: Span) -> dict[str, int]:
    """By lines and columns, and by offsets, which count the characters of the file."""
    where = region(span)
    return {
        "startLine": where.start_line, "startColumn": where.start_column, "endLine": where.end_line,
        "endColumn": where.end_column, "charOffset": span.start, "charLength": max(0, span.end - span.start),
    }  # fmt: skip


def _fix(d: Diagnostic) -> dict[str, Any]:
    edits = sorted(d.edits, key=lambda edit: (edit.span.source.name, edit.span.start))
    changes = [_change(list(group)) for _, group in groupby(edits, key=lambda edit: edit.span.source.name)]
    return {"description": {"text": d.help or "do what the message says"}, "artifactChanges": changes}


def _change(edits: list[Edit]) -> dict[str, Any]:
    replacements = [{"deletedRegion": _region(e.span), "insertedContent": {"text": e.text}} for e in edits]
    return {**_artifact(edits[0].span), "replacements": replacements}
