"""Lengths of lists get their short names when all is drawn: ``n`` is the first one that a text shows."""

from __future__ import annotations

import re
from collections.abc import Callable, Set
from dataclasses import replace

from netspec.render.levels.schematic.forms import Atom, Form
from netspec.render.levels.sketch import Sketch, Step

#: What lengths are called, in this order.
NAMES = ("n", "m", "k", "p", "q", "r", "s", "t")
#: A length in a text, until it has its name; no text of a spec holds the sign.
_SIGN = "\0"
_LENGTH = re.compile(f"{_SIGN}([^{_SIGN}]*){_SIGN}")


def length(listed: str) -> Form:
    """The length of a list that is not known."""
    return Form(((Atom(f"{_SIGN}{_LENGTH.sub(_spelled, listed)}{_SIGN}", length=True), 1),))


def _spelled(match: re.Match[str]) -> str:
    return f"len({match[1]})"


def with_named_lengths(sketch: Sketch, open_: Set[str], names_of_spec: Set[str]) -> tuple[Sketch, tuple[str, ...]]:
    """The sketch with a name for each length, and what the names stand for.

    None is the name of an ``open_`` parameter; nor, but in a chart of labels, any other name of the spec.
    """
    taken = open_ if sketch.labelled else open_ | names_of_spec
    names: dict[str, str] = {}
    free = (n for n in NAMES if n not in taken)

    def name(match: re.Match[str]) -> str:
        if match[1] not in names:
            names[match[1]] = next(free, _spelled(match))
        return names[match[1]]

    def named(text: str) -> str:
        return _LENGTH.sub(name, text)

    steps = tuple(_named_step(s, named) for s in sketch.steps)
    frames = tuple(f._replace(title=named(f.title)) for f in sketch.frames)
    wires = tuple(replace(w, text=w.text and w.text._replace(text=named(w.text.text))) for w in sketch.wires)
    notes = tuple(
        f"{short} = len({listed})" + (f", not the {short} of the spec" if short in names_of_spec else "")
        for listed, short in names.items()
        if short in NAMES
    )
    return replace(sketch, steps=steps, frames=frames, wires=wires), notes


def _named_step(step: Step, named: Callable[[str], str]) -> Step:
    drawn, written = step.drawn, step.written
    if drawn.label is not None:
        drawn = replace(drawn, label=named(drawn.label))
    if written is not None:
        written = replace(written, title=named(written.title), call=named(written.call))
    return replace(step, name=named(step.name), drawn=drawn, written=written, condition=named(step.condition))
