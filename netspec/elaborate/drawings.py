"""Drawing annotations: what pictures show, never what is computed."""

from __future__ import annotations

from netspec.diagnostics import mistake
from netspec.elaborate.arguments import arguments
from netspec.elaborate.session import Frame
from netspec.elaborate.values import Family, Part, Table, Tensor
from netspec.elaborate.words import kind
from netspec.graph import Drawing
from netspec.syntax import ast


def drawings(annotations: tuple[ast.Annotation, ...], frame: Frame) -> tuple[Drawing, ...]:
    """Annotations with their values; one with an unknown value is left out."""
    result = []
    for a in annotations:
        given = arguments(a.args, a.keywords, frame)
        if given is None:
            continue
        for value, place in (*given.positional, *((v, s) for _, v, s in given.keywords)):
            if isinstance(value, (Tensor, Family, Part, Table)):
                mistake("NS203", f"`@{a.name}` takes strings and numbers, not {kind(value)}", place)
        keywords = tuple((n, v) for n, v, _ in given.keywords)
        result.append(Drawing(a.name, tuple(v for v, _ in given.positional), keywords))
    return tuple(result)
