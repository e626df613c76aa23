"""The drawing annotations: what each takes, and where it may stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from netspec.diagnostics import Diagnostic, Label, did_you_mean
from netspec.syntax import ast

Place = Literal["step", "for", "declaration"]

#: The kinds of links that `@link` can name.
LINK_KINDS = ("down", "up", "skip")
#: A parameter without a default.
REQUIRED: Any = object()


@dataclass(frozen=True, slots=True)
class Signature:
    """The parameters of an annotation with their types and defaults; ``choices`` are the values that one may take."""

    what: str
    parameters: Mapping[str, tuple[type, Any]]
    places: tuple[Place, ...] = ("step", "declaration")
    choices: Mapping[str, tuple[str, ...]] | None = None
    repeats: bool = False


ANNOTATIONS: Mapping[str, Signature] = {
    "label": Signature("what a box says, `<br>` ends a line", {"text": (str, REQUIRED)}),
    "optional": Signature("a dashed frame", {"title": (str, "Optional")}, ("step", "for", "declaration")),
    "link": Signature(
        "the link that leaves: its text, and what it does to the size", {"text": (str, REQUIRED), "kind": (str, None)},
        choices={"kind": LINK_KINDS}, repeats=True,
    ),
    "hide": Signature("no box: its links are joined", {}, ("step", "for", "declaration")),
    "draw": Signature("which turns of a loop are drawn", {"first": (int, 0), "last": (int, 0)}, ("for",)),
}  # fmt: skip

#: How the places are called in messages.
_PLACES = {"step": "a step", "for": "a `for`", "declaration": "a declaration"}


def bound(annotation: ast.Annotation) -> dict[str, ast.Expr]:
    """The arguments of an annotation by parameter; what does not fit (see `mistakes`) is left out."""
    names = list(ANNOTATIONS[annotation.name].parameters)
    positional = (a for a in annotation.args if not isinstance(a, ast.Star))
    given = dict(zip(names, positional, strict=False))
    return given | {k.name: k.value for k in annotation.keywords if k.name in names and k.name not in given}


def mistakes(annotations: tuple[ast.Annotation, ...], place: Place) -> Iterator[Diagnostic]:
    """What is wrong with the annotations at one place: where they stand, and what they are given."""
    seen: dict[str, ast.Annotation] = {}
    for annotation in annotations:
        signature = ANNOTATIONS[annotation.name]
        if place not in signature.places:
            at = " or ".join(_PLACES[p] for p in signature.places)
            yield Diagnostic("NS405", f"`@{annotation.name}` stands at {at}, not at {_PLACES[place]}",
                             Label(annotation.span))  # fmt: skip
        elif annotation.name in seen and not signature.repeats:
            first = Label(seen[annotation.name].span, "first here")
            yield Diagnostic("NS205", f"two `@{annotation.name}` at one place", Label(annotation.span), (first,))
        seen[annotation.name] = annotation
        yield from _argument_mistakes(annotation, signature)


def _argument_mistakes(annotation: ast.Annotation, signature: Signature) -> Iterator[Diagnostic]:
    name, names = annotation.name, tuple(signature.parameters)
    takes = f"it takes {', '.join(f'`{n}`' for n in names)}" if names else f"write `@{name}` alone"
    given = set(names[: len(annotation.args)])
    for extra in annotation.args[len(names) :]:
        most = f"{len(names)} argument{'s' * (len(names) > 1)}" if names else "no arguments"
        yield Diagnostic("NS204", f"`@{name}` takes {most}", Label(extra.span), help=takes)
    for star in (a for a in annotation.args[: len(names)] if isinstance(a, ast.Star)):
        yield Diagnostic("NS203", f"`@{name}` takes its arguments one by one", Label(star.span), help=takes)
    for keyword in annotation.keywords:
        if keyword.name not in names:
            help_ = did_you_mean(keyword.name or "", names) or takes
            message = f"`@{name}` has no `{keyword.name or '**'}`"
            yield Diagnostic("NS201", message, Label(keyword.name_span), help=help_)
        elif keyword.name in given:
            yield Diagnostic("NS205", f"`{keyword.name}` is given twice", Label(keyword.name_span))
        given.add(keyword.name or "")
    missing = [n for n, (_, default) in signature.parameters.items() if default is REQUIRED and n not in given]
    if missing and given <= set(names):  # what has a wrong name is told above
        yield Diagnostic("NS202", f"`@{name}` needs `{missing[0]}`", Label(annotation.span), help=f'`@{name}("…")`')
