"""Diagnostics: what is wrong with a spec, as data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NoReturn

from netspec.source import Span


@dataclass(frozen=True, slots=True)
class Label:
    """A place with a few words about it."""

    span: Span
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a spec: what stands at ``span`` becomes ``text``; at an empty span the text is inserted."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake of a spec's author, or one warning.

    ``code`` is stable (``NS301``, see `CODES`), ``message`` one line in the user's terms, ``primary`` the place,
    ``related`` other places that matter, ``trail`` how the place was reached (``ResNet3d50() > layer1 > 0``),
    ``notes`` further facts, ``help`` what to do, ``more`` how many other trails lead to the same mistake. ``edits``
    do what the help says, where that can be done to the text; they come with a `Help`.
    """

    code: str
    message: str
    primary: Label
    related: tuple[Label, ...] = ()
    trail: str = ""
    notes: tuple[str, ...] = ()
    help: str = ""
    more: int = 0
    edits: tuple[Edit, ...] = ()

    def __post_init__(self) -> None:
        if not self.edits:
            object.__setattr__(self, "edits", getattr(self.help, "edits", ()))

    @property
    def severity(self) -> str:
        return "warning" if self.code.startswith("NS5") else "error"

    def __str__(self) -> str:
        from netspec.diagnostics.text import render

        return render(self)


class Mistake(Exception):
    """Unwinds one phase to its nearest statement; never leaves a phase."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def mistake(code: str, message: str, span: Span, label: str = "", *, related: Iterable[Label] = (), help: str = "",
            notes: tuple[str, ...] = (), edits: tuple[Edit, ...] = ()) -> NoReturn:  # fmt: skip
    """Raise a `Mistake` with one diagnostic."""
    raise Mistake(Diagnostic(code, message, Label(span, label), tuple(related), notes=notes, help=help, edits=edits))


def with_trail(diagnostic: Diagnostic, trail: str) -> Diagnostic:
    return diagnostic if diagnostic.trail else replace(diagnostic, trail=trail)


def with_help(diagnostic: Diagnostic, help: str) -> Diagnostic:
    """The diagnostic with a help, where it has none."""
    return diagnostic if diagnostic.help or not help else replace(diagnostic, help=help)


class SpecError(Exception):
    """A spec has errors: ``diagnostics`` holds them, ``str()`` prints them as the command line does."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n\n".join(map(str, self.diagnostics)))

    def __reduce__(self) -> tuple[type[SpecError], tuple[tuple[Diagnostic, ...]]]:
        return SpecError, (self.diagnostics,)
