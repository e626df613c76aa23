"""Running Graphviz: which program, within which time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from netspec.render.picture import RenderError

#: Names the user's Graphviz: a path, or a command on PATH.
VARIABLE = "NETSPEC_DOT"
#: Seconds that one program may take.
TIME_LIMIT = 60.0
INSTALL = 'install the renderer: pip install "netspec[render]" (or Graphviz), or write .dot or .mmd'


@dataclass(frozen=True, slots=True)
class Program:
    """A Graphviz to run: how users know it, and the path."""

    name: str
    path: str


def lay_out(source: str, format: Literal["svg", "png"], *, time_limit: float = TIME_LIMIT) -> bytes:
    """DOT source drawn by the first program that can: ``NETSPEC_DOT`` alone if set, else ``dot``, else graphviz-pure.

    Raises `RenderError` with one line: no program, or why each one failed (an exit status, a signal, out of time).
    """
    failures: list[str] = []
    for program in programs():
        try:
            return _run(program, source, format, time_limit)
        except RenderError as failure:
            failures.append(str(failure))
    if not failures:
        raise RenderError(f"no Graphviz to draw .{format} with: {INSTALL}")
    raise RenderError(f"{'; '.join(failures)}: {INSTALL}")


def programs() -> Iterator[Program]:
    """The programs to try, in order."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        path = shutil.which(chosen)
        if path is None:
            raise RenderError(f"{VARIABLE} is `{chosen}`, which is no program: set it to a Graphviz `dot`, or unset it")
        yield Program(f"{VARIABLE}={chosen}", path)
        return
    for name, path in (("dot", shutil.which("dot")), ("graphviz-pure", _installed("graphviz-pure"))):
        if path is not None:
            yield Program(name, path)


def _installed(command: str) -> str | None:
    """A command on PATH, or beside the Python that runs (in a virtual environment that is not active)."""
    return shutil.which(command) or shutil.which(command, path=sysconfig.get_path("scripts"))


def _run(program: Program, source: str, format: str, time_limit: float) -> bytes:
    command = [program.path, f"-T{format}"]
    try:
        done = subprocess.run(command, input=source.encode(), capture_output=True, timeout=time_limit, check=False)
    except subprocess.TimeoutExpired:
        raise RenderError(f"{program.name} took more than {time_limit:g} seconds") from None
    except OSError as error:
        raise RenderError(f"{program.name} does not start ({error.strerror})") from None
    if done.returncode or not done.stdout:
        raise RenderError(f"{program.name} {_failure(done)}")
    return done.stdout


def _failure(done: subprocess.CompletedProcess[bytes]) -> str:
    """How it ended, with the first line of what it said."""
    said = next(iter(done.stderr.decode(errors="replace").strip().splitlines()), "")[:200]
    how = f"crashed (signal {-done.returncode})" if done.returncode < 0 else f"failed (exit status {done.returncode})"
    return f"{how}: {said}" if said else how
