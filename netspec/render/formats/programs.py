"""Finding a Graphviz: which programs there are, in which order they are tried."""

from __future__ import annotations

import os
import shutil
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass

from netspec.render.picture import RenderError

#: Names the user's Graphviz: a path, or a command on PATH.
VARIABLE = "NETSPEC_DOT"


@dataclass(frozen=True, slots=True)
class Program:
    """A Graphviz to run: how users know it, and the path."""

    name: str
    path: str


def programs() -> Iterator[Program]:
    """The programs to try, in order: the one that ``NETSPEC_DOT`` names alone if set, else ``dot`` on PATH, then
    graphviz-pure. Raises `RenderError` where the variable names no program.
    """
    chosen = os.environ.get(VARIABLE)
    if chosen:
        path = shutil.which(chosen)
        if path is None:
            raise RenderError(f"{VARIABLE} is `{chosen}`, which is no program: set it to a Graphviz `dot`, or unset it")
        yield Program(f"{VARIABLE}={chosen}", os.path.abspath(path))
        return
    for name, path in (("dot", _on_path("dot")), ("graphviz-pure", _installed("graphviz-pure"))):
        if path is not None:
            yield Program(name, path)


def advice() -> str:
    """What to do where none of them draws."""
    if os.environ.get(VARIABLE):
        return f"set {VARIABLE} to another Graphviz `dot`, or unset it"
    return 'install the renderer: pip install "netspec[render]" (or Graphviz), or write .dot or .mmd'


def _installed(command: str) -> str | None:
    """A command on PATH, or beside the Python that runs (in a virtual environment that is not active)."""
    return _on_path(command) or shutil.which(command, path=sysconfig.get_path("scripts"))


def _on_path(command: str) -> str | None:
    """A command on PATH, never one that merely lies in the folder where somebody works."""
    found = shutil.which(command)
    return found if found is not None and os.path.isabs(found) else None
