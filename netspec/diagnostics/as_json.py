"""Diagnostics as JSON, for tools: see docs/diagnostics.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netspec.diagnostics.model import Diagnostic, Label
from netspec.diagnostics.places import as_shown, is_file, region
from netspec.source import Span

#: Grows where a field changes its meaning or leaves; new fields may come at any time.
VERSION = 1


def as_json(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """``{"version": 1, "errors": 2, "warnings": 0, "diagnostics": […]}``."""
    found = list(diagnostics)
    errors = sum(d.severity == "error" for d in found)
    counts = {"errors": errors, "warnings": len(found) - errors}
    return {"version": VERSION, **counts, "diagnostics": [_diagnostic(as_shown(d)) for d in found]}


def _diagnostic(d: Diagnostic) -> dict[str, Any]:
    return {
        "code": d.code,
        "severity": d.severity,
        "message": d.message,
        **_label(d.primary),
        "related": [_label(label) for label in d.related],
        "trail": d.trail,
        "more": d.more,
        "notes": list(d.notes),
        "help": d.help,
        "edits": [{**_place(edit.span), "text": edit.text} for edit in d.edits],
    }


def _label(label: Label) -> dict[str, Any]:
    return {**_place(label.span), "label": label.text}


def _place(span: Span) -> dict[str, Any]:
    """``file`` is null for what stands in no file of the user's; ``source`` is its name in any case.

    ``path`` says which value of a JSON file it is: ``$.declarations[0].body[2]``.
    """
    where = region(span)
    path = span.source.path(span.start)
    return {
        **({"path": path} if path else {}),
        "file": span.source.name if is_file(span.source) else None,
        "source": span.source.name,
        "start": {"line": where.start_line, "column": where.start_column, "offset": span.start},
        "end": {"line": where.end_line, "column": where.end_column, "offset": span.end},
    }
