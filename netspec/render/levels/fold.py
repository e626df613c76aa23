"""Fewer boxes that say the same: small layers join the one before them, equal neighbours become one box."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from netspec.graph import OpCall
from netspec.render.levels.drawn import NOTHING
from netspec.render.levels.facts import resized
from netspec.render.levels.sketch import Changed, Place, Sketch, Step, contract

#: An overview with more steps than this is folded further.
MOST_STEPS = 40
#: Equal steps side by side are folded from this number on.
FEWEST_SIBLINGS = 3
#: Where nothing else helps, about this many boxes of equally many steps are made.
EVEN_RUNS = 12
#: More inputs or outputs than this stand in one box.
MOST_PORTS = 8
#: Patterns of up to this many steps that repeat are folded.
LONGEST_PATTERN = 4
#: Families of layers that join the layer before them, as long as they leave its size alone.
FOLLOWERS = frozenset({"norm", "activation", "regularisation", "shape"})

Run = tuple[Sequence[int], Step]


def folded(sketch: Sketch) -> Sketch:
    """What an overview shows of a sketch: at most about ``MOST_STEPS`` steps, with a note where much was folded."""
    sketch = with_siblings_folded(with_equal_folded(with_followers(_with_few_ports(sketch))))
    if len(sketch.steps) <= MOST_STEPS:
        return sketch
    before = len(sketch.steps)
    sketch = with_equal_folded(with_segments(sketch))
    if len(sketch.steps) > MOST_STEPS:
        sketch = with_even_runs(sketch)
    return replace(sketch, notes=(f"{before} steps folded into {len(sketch.steps)} boxes",))


def with_followers(sketch: Sketch) -> Sketch:
    """``conv -> bn -> relu`` as one step."""
    runs: list[Run] = []
    taken: set[int] = set()
    for start, step in enumerate(sketch.steps):
        if start in taken or not _takes_followers(step):
            continue
        members = [start]
        while (following := sketch.only_next(members[-1])) is not None and _follows(sketch.steps[following], step):
            members.append(following)
        taken.update(members)
        if len(members) > 1:
            runs.append((members, _merged(sketch, members)))
    return contract(sketch, runs)


def _takes_followers(step: Step) -> bool:
    special = step.is_join or step.is_stage or step.drawn != NOTHING or step.mark not in ("", "same")
    return step.only is not None and step.only.is_op and not special and step.times == 1


def _follows(step: Step, leader: Step) -> bool:
    part = step.only
    if part is None or not _takes_followers(step) or step.frame != leader.frame:
        return False
    small = isinstance(part.body, OpCall) and part.body.op.family in FOLLOWERS
    return small and resized(part) is None


def with_equal_folded(sketch: Sketch) -> Sketch:
    """Equal steps in a row as one, and patterns of a few steps that repeat."""
    for length in range(1, LONGEST_PATTERN + 1):
        sketch = contract(sketch, list(_repeats(sketch, length)))
    return sketch


def _repeats(sketch: Sketch, length: int) -> Iterator[Run]:
    for chain in _chains(sketch):
        steps = [sketch.steps[i] for i in chain]
        start = 0
        while start < len(chain):
            extent = _extent(steps, start, length)
            if extent > length:
                members = chain[start : start + extent]
                yield members, _merged(sketch, members[:length], members)
            start += extent if extent > length else 1


def _chains(sketch: Sketch) -> Iterator[list[int]]:
    """The steps in chains: as long as one step's only tensor goes to one step that takes nothing else."""
    seen: set[int] = set()
    for start in range(len(sketch.steps)):
        if start not in seen:
            chain = [start]
            while (following := sketch.only_next(chain[-1])) is not None:
                chain.append(following)
            seen.update(chain)
            yield chain


def _extent(steps: Sequence[Step], start: int, length: int) -> int:
    """How many steps from ``start`` on are whole repetitions of the first ``length`` of them."""
    unit = steps[start : start + length]
    marked = len({s.mark for s in unit}) > 1 or any(s.changed.lines for s in unit if s.changed)
    if length > 1 and (marked or any(s.times > 1 for s in unit)):
        return 0
    end = start + length
    while end < len(steps) and steps[end].same_work(steps[end - length]) and (length == 1 or steps[end].times == 1):
        end += 1
    return (end - start) // length * length


def with_siblings_folded(sketch: Sketch) -> Sketch:
    """Equal steps side by side, from the same tensors to the same step, as one."""
    groups: dict[tuple[object, ...], list[list[int]]] = defaultdict(list)
    for number, step in enumerate(sketch.steps):
        sources = tuple((w.source, w.port, w.slot) for w in sketch.into.get(number, ()))
        targets = tuple(w.target for w in sketch.out_of.get(number, ()))
        alike = groups[sources, targets]
        known = next((g for g in alike if sketch.steps[g[0]].same_work(step)), None)
        if known is None:
            alike.append([number])
        else:
            known.append(number)
    rows = [g for alike in groups.values() for g in alike if len(g) >= FEWEST_SIBLINGS]
    return contract(sketch, [(row, _merged(sketch, row[:1], row)) for row in rows])


def with_segments(sketch: Sketch) -> Sketch:
    """The steps between two places where only one tensor passes as one step."""
    return contract(sketch, list(_runs(sketch, _split(len(sketch.steps), _cuts(sketch)))))


def _cuts(sketch: Sketch) -> list[int]:
    """The steps such that all that later steps take from them or earlier ones is one tensor of theirs."""
    last_use: dict[Place, int] = {}
    for wire in sketch.wires:
        place = Place(wire.source, wire.port)
        last_use[place] = max(last_use.get(place, 0), wire.target)
    cuts: list[int] = []
    alive: set[Place] = set()
    for step in range(len(sketch.steps) - 1):
        alive = {p for p in alive if last_use[p] > step}
        alive.update(Place(step, wire.port) for wire in sketch.out_of.get(step, ()))
        if len(alive) == 1 and next(iter(alive)).step == step:
            cuts.append(step)
    return cuts


def with_even_runs(sketch: Sketch) -> Sketch:
    """Runs of as many steps as it takes to stay below the limit; frames of opened blocks are given up if need be."""
    if len({s.frame for s in sketch.steps}) > MOST_STEPS // 4:
        sketch = replace(sketch, steps=tuple(replace(s, frame=None) for s in sketch.steps), frames=())
    length = -(-len(sketch.steps) // EVEN_RUNS)
    work = [i for i, s in enumerate(sketch.steps) if s.kind == "work"]
    cuts = work[length - 1 :: length]
    return contract(sketch, list(_runs(sketch, _split(len(sketch.steps), cuts))))


def _split(count: int, cuts: Sequence[int]) -> list[range]:
    """``range(count)`` cut after each of ``cuts``."""
    bounds = [0, *(c + 1 for c in cuts), count]
    return [range(a, b) for a, b in pairwise(bounds)]


def _runs(sketch: Sketch, pieces: Sequence[range]) -> Iterator[Run]:
    """The pieces as runs within one cluster, of steps that are no inputs, outputs or stages."""

    def group(i: int) -> tuple[object, ...]:
        step = sketch.steps[i]
        alone = step.kind != "work" or step.is_stage or (step.changed is not None and step.changed.alone)
        return (step.frame, step.mark, i if alone else None)

    for piece in pieces:
        for _, members in groupby(piece, group):
            run = list(members)
            if len(run) > 1:
                yield run, _merged(sketch, run)


def _with_few_ports(sketch: Sketch) -> Sketch:
    """Many inputs, and many outputs, as one box each."""
    for kind in ("input", "output"):
        ports = [i for i, s in enumerate(sketch.steps) if s.kind == kind]
        if len(ports) > MOST_PORTS:
            merged = replace(sketch.steps[ports[0]], name=f"{len(ports)} {kind}s")
            sketch = contract(sketch, [(ports, merged)])
    return sketch


def _merged(sketch: Sketch, unit: Sequence[int], members: Sequence[int] | None = None) -> Step:
    """One step for the parts of ``unit``, which stand there as often as ``members`` has them."""
    members = members or unit
    steps = [sketch.steps[i] for i in unit]
    parts = tuple(p for s in steps for p in s.parts)
    times = sum(sketch.steps[i].times for i in members) // len(unit) if members is not unit else 1
    last = sketch.steps[members[-1]].last
    place = {step: number for number, step in enumerate(unit)}
    inner = [w for i in unit for w in sketch.into.get(i, ()) if w.source in place]
    wiring = tuple((place[w.source], place[w.target], w.slot) for w in inner)
    drawn = steps[0].drawn if len(unit) == 1 else NOTHING
    changed = _changed(steps, sketch.steps[members[-1]])
    return Step(parts, frame=steps[0].frame, times=times, last=last, wiring=wiring or steps[0].wiring, drawn=drawn,
                changed=changed)  # fmt: skip


def _changed(unit: Sequence[Step], last: Step) -> Changed | None:
    """What became of several steps with one mark that are drawn as one; of the last stays what it was called."""
    first = unit[0].changed
    if first is None or last.changed is None:
        return None
    before = [step.changed.parameters for step in unit if step.changed]
    known = [count for count in before if count is not None]
    return replace(first, was_last=last.changed.was_last, parameters=sum(known) if len(known) == len(before) else None)
