"""Specs in their one layout: AST to text.

`format_source` formats a text: it keeps comments, groups between blank lines, and numbers as they are written.
`format_document` writes an AST that has no text of its own; its spans are not looked at.
"""

from __future__ import annotations

from netspec.diagnostics.model import SpecError
from netspec.source import Source
from netspec.syntax.ast import Document
from netspec.syntax.format.comments import Notes
from netspec.syntax.format.declarations import Documents
from netspec.syntax.parse import parse


class MeaningChanged(Exception):
    """A formatted text that does not say what the text said before: a bug."""


def format_document(document: Document) -> str:
    """The text of an AST, whatever its spans say; its ``doc`` fields become ``##`` comments.

    Raises ValueError for what no text says: an infinite number, a string in a string in a string.
    """
    return Documents(Notes(None)).document(document)


def format_source(source: Source) -> str:
    """A text in its one layout, with the line ends that it has.

    Raises SpecError where it has syntax errors, and `MeaningChanged` where what comes out says something else: that
    would be a bug.

    >>> print(format_source(Source("a.netspec", "netspec 1; const a=(1+2)*3 # six")), end="")
    netspec 1
    <BLANKLINE>
    const a = (1 + 2) * 3  # six
    """
    document, mistakes = parse(source)
    if document is None:
        raise SpecError(mistakes)
    text = _laid_out(source, document)
    again, _ = parse(Source(source.name, text))
    if again != document:
        raise MeaningChanged(f"formatting {source.name} would change what it says: that is a bug of netspec")
    end = source.text.find("\n")
    return text.replace("\n", "\r\n") if end > 0 and source.text[end - 1] == "\r" else text


def _laid_out(source: Source, document: Document) -> str:
    """A text in its layout; where lint comments would come to be about other lines, a statement stays as written."""
    copied: frozenset[int] = frozenset()
    while True:
        notes = Notes(source, copied)
        text = Documents(notes).document(document)
        parted = notes.parted(Source(source.name, text))
        if parted <= copied:
            return text
        copied |= parted


__all__ = ["MeaningChanged", "format_document", "format_source"]
