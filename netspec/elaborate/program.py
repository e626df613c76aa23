"""A spec with all that it imports: one `File` per text, names resolved to declarations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from netspec import limits
from netspec.diagnostics import Diagnostic, Edit, Help, Label, closest, did_you_mean, is_slip
from netspec.source import Source, Span
from netspec.syntax import ast
from netspec.syntax.read import read as read_source


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a file cannot be imported; ``allowed`` says that its path may be, ``known`` are paths that could be meant."""

    why: str
    allowed: bool = True
    help: str = ""
    known: tuple[str, ...] = ()


Reader = Callable[[str, Source], "Source | Unreadable"]
"""Reads the file that ``use`` names, seen from the importing source."""


@dataclass(frozen=True, slots=True)
class BlockRef:
    """A block or network where it is declared. Two refs are equal when they are the same declaration."""

    block: ast.Block = field(compare=False, hash=False)
    file: File = field(compare=False, hash=False)
    key: int

    @property
    def name(self) -> str:
        return self.block.name


Declared = ast.Const | ast.Function | ast.Block | ast.Variant


@dataclass(eq=False, slots=True)
class File:
    """One parsed text and the names that stand at its top level, imported ones included."""

    document: ast.Document
    names: dict[str, tuple[File, Declared]] = field(default_factory=dict)
    #: imported names whose file failed: unknown, without a further error
    missing: set[str] = field(default_factory=set)

    @property
    def source(self) -> Source:
        return self.document.source

    def declared(self, *kinds: type) -> list[Any]:
        """Its own declarations of some kinds, in order."""
        return [d for d in self.document.declarations if isinstance(d, kinds)]


@dataclass(frozen=True, slots=True)
class Program:
    """The spec's own file, and all files by the name of their source."""

    main: File
    files: Mapping[str, File]

    @property
    def networks(self) -> dict[str, ast.Block | ast.Variant]:
        """The networks that the spec declares itself, in order."""
        return {d.name: d for d in self.main.declared(ast.Block, ast.Variant) if d.kind == "network"}


def load_program(source: Source, read: Reader) -> tuple[Program | None, tuple[Diagnostic, ...]]:
    """Parse a spec and everything that it uses."""
    loader = _Loader(read)
    main = loader.load(source, None)
    program = Program(main, {f.source.name: f for f in loader.files.values() if f}) if main else None
    return program, tuple(loader.diagnostics)


class _Loader:
    """Collects files; ``stack`` holds the sources being imported, for cycles."""

    def __init__(self, read: Reader) -> None:
        self.read = read
        self.files: dict[str, File | None] = {}
        self.stack: list[str] = []
        self.diagnostics: list[Diagnostic] = []

    def load(self, source: Source, place: Span | None) -> File | None:
        if source.name in self.stack and place is not None:
            self._refuse_cycle(source, place)
            return None
        if source.name in self.files:
            return self.files[source.name]
        if len(self.stack) >= limits.MAX_DEPTH and place is not None:
            message = f"files that import each other more than {limits.MAX_DEPTH} deep"
            self.diagnostics.append(Diagnostic("NS600", message, Label(place)))
            return None
        self.stack.append(source.name)
        document, diagnostics = read_source(source)
        self.diagnostics += diagnostics
        file = File(document) if document else None
        if file:
            self._declare(file)
        self.stack.pop()
        self.files[source.name] = file
        return file

    def _refuse_cycle(self, source: Source, place: Span) -> None:
        way = " > ".join([*self.stack[self.stack.index(source.name) :], source.name])
        help_ = "move what both need into a third file"
        self.diagnostics.append(Diagnostic("NS702", "files that import each other", Label(place, way), help=help_))

    def _declare(self, file: File) -> None:
        for declaration in file.document.declarations:
            if isinstance(declaration, ast.Use):
                self._use(file, declaration)
            elif not isinstance(declaration, ast.Example):
                self._add(file, declaration.name, (file, declaration), declaration.name_span)

    def _use(self, file: File, use: ast.Use) -> None:
        if len(self.files) + len(self.stack) > limits.MAX_FILES:
            self.diagnostics.append(Diagnostic("NS600", f"more than {limits.MAX_FILES} files", Label(use.path_span)))
            return
        source = self.read(use.path, file.source)
        if isinstance(source, Unreadable):
            code = "NS701" if source.allowed else "NS700"
            message = f"cannot import `{use.path[:60]}`"
            inside = Span(use.path_span.source, use.path_span.start + 1, use.path_span.end - 1)
            help_ = did_you_mean(use.path, source.known, inside) or source.help
            self.diagnostics.append(Diagnostic(code, message, Label(use.path_span, source.why), help=help_))
            imported = None
        else:
            imported = self.load(source, use.path_span)
        for name in use.names:
            self._import(file, use, name, imported)

    def _import(self, file: File, use: ast.Use, name: ast.Import, imported: File | None) -> None:
        """Bind one imported name; a name of a file that failed is bound to nothing, which silences its uses."""
        if imported is None or name.name in imported.missing:
            file.missing.add(name.alias)
            return
        found = imported.names.get(name.name)
        if found is None:
            listed = ", ".join(f"`{n}`" for n in list(imported.names)[:8])
            help_ = _renamed(name, imported.names) or (f"it has {listed}" if listed else "")
            self.diagnostics.append(
                Diagnostic("NS703", f"`{use.path}` has no `{name.name}`", Label(name.span), help=help_)
            )
            file.missing |= {name.alias, closest(name.name, imported.names) or name.alias}
            return
        self._add(file, name.alias, found, name.span)

    def _add(self, file: File, name: str, declared: tuple[File, Declared], span: Span) -> None:
        if name in file.names:
            first = file.names[name][1]
            related = (Label(first.name_span, "first here"),) if file.names[name][0] is file else ()
            self.diagnostics.append(Diagnostic("NS205", f"`{name}` is declared twice", Label(span), related))
            return
        file.names[name] = declared


def _renamed(name: ast.Import, known: Iterable[str]) -> str:
    """The name that was meant, wherever the misspelt one stands in the file."""
    known = list(known)
    meant = closest(name.name, known)
    if meant is None or not is_slip(name.name, meant, known):
        return did_you_mean(name.name, known)
    source = name.span.source
    places = re.finditer(rf"\b{name.name}\b", source.text) if name.alias == name.name else ()
    own = name.span._replace(end=name.span.start + len(name.name))
    spans = [Span(source, *found.span()) for found in places] or [own]
    return Help(f"did you mean `{meant}`?", *(Edit(span, meant) for span in spans))
