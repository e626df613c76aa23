"""Laying out with Graphviz: the first program that draws what can be used."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TypeVar

from netspec.render.formats.programs import Program, advice, programs
from netspec.render.formats.running import Failed, run
from netspec.render.picture import RenderError, RenderWarning

T = TypeVar("T")


def laid_out(format: str, draw: Callable[[Program], T]) -> T:
    """What ``draw`` makes with the first program with which it does not raise `Failed`; see `programs`.

    A `RenderWarning` tells of those before it. Raises `RenderError` with one line: no program, or why each one failed
    and what to install.
    """
    failures: list[str] = []
    for program in programs():
        try:
            result = draw(program)
        except Failed as failure:
            failures.append(f"{program.name} {failure}")
            continue
        if failures:
            warnings.warn(RenderWarning(f"{'; '.join(failures)}; drawn by {program.name}"), stacklevel=2)
        return result
    reason = "; ".join(failures) if failures else f"no Graphviz to draw .{format} with"
    raise RenderError(f"{reason}: {advice()}")


def output(program: Program, source: str, *options: str) -> bytes:
    """What a program makes of DOT source. Raises `Failed`."""
    return run([program.path, *options], source.encode())
