"""Two definitions as one sketch: what both have, what came and what went, as a comparison pairs them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from netspec.analysis.diff.compare import Comparison, Edit, Pair
from netspec.analysis.diff.members import Member
from netspec.graph import Definition, Ref
from netspec.graph.model import Body
from netspec.graph.walk import join
from netspec.render.levels.collect import worked_on
from netspec.render.levels.sketch import Changed, Frame, Part, Place, Sketch, Step, Wire
from netspec.render.levels.telling import Told, changed
from netspec.render.picture import MARKS, Mark
from netspec.types import TensorType

SAME = Changed("same")


def merged(comparison: Comparison, before: Definition, after: Definition, told: Told,
           opened: Set[Definition] = frozenset(), path: str = "") -> Sketch:  # fmt: skip
    """The inputs, steps and outputs of both, in the order of the one after; what was removed stands where it was.

    Of what is ``opened`` the steps stand in a frame. ``told`` says how steps that changed are worded. A wire that led
    past what was added, or now leads past what was removed, is the same wire.
    """
    merging = _Merging(comparison, told, opened)
    merging.whole(before, after, path)
    return Sketch(tuple(merging.steps), tuple(merging.wires), tuple(merging.frames))


class _End(NamedTuple):
    """Where a tensor comes from, and its type."""

    place: Place
    type: TensorType


#: The tensors that a step takes, by the number of the input; they are in one of the networks.
Ends = Mapping[int, _End]
Known = dict[Ref, Place]


@dataclass(frozen=True, slots=True)
class _Scope:
    """Two definitions that are opened: where their tensors are, their path, the part of it since the last frame."""

    before: Definition
    after: Definition
    places: tuple[Known, Known]
    path: str
    told: Told
    label: str = ""
    frame: int | None = None


class _Merging:
    def __init__(self, comparison: Comparison, told: Told, opened: Set[Definition]) -> None:
        self.comparison = comparison
        self.told = told
        self.opened = opened
        self.steps: list[Step] = []
        self.wires: list[Wire] = []
        self.frames: list[Frame] = []
        self.origins: dict[int, Place] = {}

    def whole(self, before: Definition, after: Definition, path: str) -> None:
        names = [[n.name for n in d.inputs] for d in (before, after)]
        places = {n: self._add(_port("input", n, n in names[0], n in names[1])) for n in _both(names[1], names[0])}
        known: tuple[Known, Known] = ({Ref(n): places[n] for n in names[0]}, {Ref(n): places[n] for n in names[1]})
        self._definition(_Scope(before, after, known, path, self.told))
        results = [_results(d, k) for d, k in zip((before, after), known, strict=True)]
        for name in _both(list(results[1]), list(results[0])):
            target = self._add(_port("output", name, name in results[0], name in results[1]))
            ends: list[Ends] = [{0: side[name]} if name in side else {} for side in results]
            self._connect(target.step, ends[0], ends[1])

    def _add(self, step: Step) -> Place:
        self.steps.append(step)
        return Place(len(self.steps) - 1, 0)

    # ------------------------------------------------------------------------------------------------- steps

    def _definition(self, scope: _Scope) -> None:
        """Add the steps of both definitions; the places of their tensors become known."""
        edits = {_names((e.before, e.after)): e for e in self.comparison.edits(scope.before, scope.after)}
        for pair in self.comparison.pairs(scope.before, scope.after):
            edit = edits.get(_names(pair))
            ends = [_ends(member, known) for member, known in zip(pair, scope.places, strict=True)]
            opened = self._opened(pair, edit)
            if opened:
                self._open(scope, pair, opened, edit, ends)
            else:
                self._step(scope, pair, edit, ends)

    def _opened(self, pair: Pair, edit: Edit | None) -> tuple[Definition, Definition] | None:
        """Both bodies, where they are drawn with their steps."""
        bodies = [m.body for m in pair if m is not None]
        if len(bodies) < 2 or (edit and any(name == "op" for name, *_ in edit.facts)):
            return None
        before, after = bodies
        if not (isinstance(before, Definition) and isinstance(after, Definition)):
            return None
        return (before, after) if after in self.opened or _has_others(after, edit) else None

    def _open(self, scope: _Scope, pair: Pair, bodies: tuple[Definition, Definition], edit: Edit | None,
              ends: Sequence[Ends]) -> None:  # fmt: skip
        new = pair[1]
        assert new is not None
        known: list[Known] = []
        for body, side in zip(bodies, ends, strict=True):
            known.append({Ref(n.name): side[slot].place for slot, n in enumerate(body.inputs) if slot in side})
        inner = scope.told.within(edit, bodies[1])
        path, label = join(scope.path, new.label), join(scope.label, new.label)
        frame = scope.frame
        if label:
            frame, label = self._framed(scope, pair, edit, label), ""
        self._definition(_Scope(*bodies, (known[0], known[1]), path, inner, label, frame))
        for member, body, places, outer in zip(pair, bodies, known, scope.places, strict=True):
            assert member is not None
            for port, output in enumerate(body.outputs):
                if output.ref in places:
                    outer[Ref(member.name, port)] = places[output.ref]

    def _framed(self, scope: _Scope, pair: Pair, edit: Edit | None, label: str) -> int:
        """The number of a new frame, with what changed in the block by itself in its title."""
        old, new = pair
        assert old is not None
        assert new is not None
        said = changed(old, new, edit, scope.told, scope.label, inside=False)
        mark: Mark = "changed" if _has_others(new.body, edit) else said.mark
        sign = f"{MARKS[mark][0]} " if mark in MARKS else ""
        title = label if _is_list(new.body) else f"{label}: {new.what}"
        counts = [f"{n:,}" for n in dict.fromkeys((old.parameters, new.parameters))]
        facts = *([f"was {said.was}"] if said.was else []), *said.lines, f"{' → '.join(counts)} parameters"
        self.frames.append(Frame(sign + title, scope.frame, fact="; ".join(facts), mark=mark))
        return len(self.frames) - 1

    def _step(self, scope: _Scope, pair: Pair, edit: Edit | None, ends: Sequence[Ends]) -> None:
        old, new = pair
        member = new or old
        assert member is not None
        definition = scope.after if new else scope.before
        label = join(scope.label, member.label)
        many = len(member.outputs) > 1
        names = tuple(definition.tensors.get(Ref(member.name, p), "") for p in range(len(member.outputs) * many))
        part = Part(join(scope.path, member.label), label, member.body, member.inputs, member.outputs, member.node,
                    member.again, names)  # fmt: skip
        if old and new:
            said = changed(old, new, edit, scope.told, scope.label)
        else:
            said = Changed("added" if new else "removed")
        place = self._add(Step((part,), frame=scope.frame, last=label, changed=said))
        self._connect(place.step, ends[0], ends[1], worked_on(member.body, len(member.inputs)))
        for each, known in zip(pair, scope.places, strict=True):
            if each is not None:
                known.update({Ref(each.name, port): Place(place.step, port) for port in range(len(each.outputs))})

    # ------------------------------------------------------------------------------------------------- wires

    def _connect(self, target: int, before: Ends, after: Ends, first_aside: int = 1) -> None:
        """Add the wires that lead to a step: those of both networks, those that came, and those that went."""
        gone = dict(before)
        mark = self.steps[target].mark
        for slot, end in after.items():
            found = self._counterpart(slot, end, gone)
            was = gone.pop(found) if found is not None else None
            if was is not None and self.steps[was.place.step].mark == "removed":
                self._wire(was, target, slot, "removed")
            came = was is None or "added" in (mark, self.steps[end.place.step].mark)
            type_before = was.type if was and was.type != end.type and not came else None
            self._wire(end, target, slot, "added" if came else "same", type_before, aside=slot >= first_aside)
        for slot, end in gone.items():
            self._wire(end, target, slot, "removed")
        sources = [e.place for e in (after or before).values()]
        if mark in ("added", "removed") and sources:
            self.origins[target] = self._origin(sources[0])

    def _wire(self, end: _End, target: int, slot: int, mark: Mark, was: TensorType | None = None,
              aside: bool = False) -> None:  # fmt: skip
        mark = "changed" if was else mark
        self.wires.append(Wire(end.place.step, target, end.type, end.place.port, slot, aside=aside, mark=mark, was=was))

    def _counterpart(self, slot: int, end: _End, before: Ends) -> int | None:
        """The input that took the same tensor before: that with the same number first."""
        origin = self._origin(end.place)
        same = [s for s, e in before.items() if self._origin(e.place) == origin]
        return slot if slot in same else next(iter(same), None)

    def _origin(self, place: Place) -> Place:
        """What both networks have, from which a tensor comes through what was added or removed."""
        return self.origins.get(place.step, place)


def _has_others(after: Body, edit: Edit | None) -> bool:
    """A list with members that came or went."""
    inside = edit.inside if edit and _is_list(after) else ()
    return any((e.before is None) != (e.after is None) for e in inside)


def _is_list(body: Body) -> bool:
    return isinstance(body, Definition) and body.kind == "sequential"


def _both(first: Sequence[str], second: Sequence[str]) -> Iterator[str]:
    return iter(dict.fromkeys([*first, *second]))


def _port(kind: str, name: str, before: bool, after: bool) -> Step:
    mark: Mark = "same" if before and after else "added" if after else "removed"
    return Step(kind="input" if kind == "input" else "output", name=name, changed=Changed(mark))


def _results(definition: Definition, known: Known) -> dict[str, _End]:
    many = len(definition.outputs) > 1
    names = (o.label or (f"output {i}" if many else "output") for i, o in enumerate(definition.outputs))
    return {n: _End(known[o.ref], o.type) for n, o in zip(names, definition.outputs, strict=True) if o.ref in known}


def _ends(member: Member | None, known: Known) -> Ends:
    """What a member takes; what stands later in the order of the network after is not known yet."""
    if member is None:
        return {}
    types = member.inputs
    return {s: _End(known[Ref(*r)], types[s]) for s, r in enumerate(member.reads) if Ref(*r) in known}


def _names(pair: Pair) -> tuple[str | None, ...]:
    return tuple(m.name if m else None for m in pair)
