"""Who set the parameters of a block and the arguments of an op."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from netspec.analysis.explain.model import Place, Setting
from netspec.dims import Dim
from netspec.elaborate.recording import Origin, Recorder, Traced, is_outside
from netspec.elaborate.values.kinds import Part, Value
from netspec.elaborate.values.words import show
from netspec.graph import Definition, OpCall
from netspec.source import Span
from netspec.types import TensorType

#: Longest text of a value that is no plain data.
_LONGEST = 60
#: From here on a line is long.
_LINE = 76


class Reasons:
    """Origins as settings; what has one origin is converted once."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self._because: dict[Origin, tuple[Setting, ...]] = {}

    def of_block(self, definition: Definition) -> tuple[Setting, ...]:
        """The parameters of a block or network."""
        origins = self.recorder.parameters.get(self.recorder.drafts[definition], {})
        return tuple(self._setting(n, v, origins[n]) for n, v in definition.arguments.items() if n in origins)

    def of_op(self, call: OpCall, part: Part | None, inputs: tuple[TensorType, ...]) -> Iterator[Setting]:
        """The arguments of an op, as torch's module has them: what is inferred, written, left at its default."""
        places = dict(part.spans) if part else {}
        inferred = call.op.inferred(*inputs)
        settings = {n: v for n, v in call.op.settings(*inputs).items() if n not in call.op.internal}
        written = part.arguments if part else {}
        for name, value in (settings | {n: v for n, v in written.items() if n not in settings}).items():
            if name in places:
                place = places[name]
                origin = place.origin if isinstance(place, Traced) else Origin("argument", place)
                yield self._setting(name, value, origin)
            else:
                yield Setting(name, plain(value), "inferred" if name in inferred else "op")

    def _setting(self, name: str, value: Value, origin: Origin) -> Setting:
        """``written`` leaves out the name itself where it stands there: ``stride`` of ``stride=stride``."""
        text = " ".join(origin.span.text.split())
        kind = "given" if is_outside(origin.span) else origin.kind
        if kind in ("argument", "default"):
            head, equals, rest = text.partition("=")
            parameter = head.partition(":")[0].strip() == name and not rest.startswith("=")
            text = rest.strip() if equals and parameter else text
        place = None if is_outside(origin.span) else place_of(origin.span)
        because = self._because[origin] if origin in self._because else self._uses(origin)
        return Setting(name, plain(value), kind, text, place, because)

    def _uses(self, origin: Origin) -> tuple[Setting, ...]:
        """Those far down first: a loop may set a name from its last value many times."""
        todo = [origin]
        while todo:
            unknown = [u.origin for u in todo[-1].uses if u.origin not in self._because]
            if not unknown:
                last = todo.pop()
                self._because[last] = tuple(self._setting(u.name, u.value, u.origin) for u in last.uses)
            todo += unknown
        return self._because[origin]


def place_of(span: Span) -> Place:
    """The line of a span; a long one from where the span begins."""
    span = span.shown
    line, column = span.source.position(span.start)
    text = span.source.line(line)
    if len(text.strip()) > _LINE:
        before = text[: column - 1].strip()
        text = text if len(before) < _LINE // 3 else f"… {text[column - 1 :]}"
    return Place(span.source.name, line, text.strip())


def plain(value: Value) -> Any:
    """A value as data: what Python has no value for stands as its text."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    if value is None or (isinstance(value, (bool, int, float, str)) and not isinstance(value, Dim)):
        return value
    return Text(show(value, _LONGEST))


class Text(str):
    """What a value that is no plain data looks like in a spec: no string of the language."""
