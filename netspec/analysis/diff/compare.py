"""Two definitions side by side: which members belong together, and what differs in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from netspec.analysis.diff.labels import paired_by_label
from netspec.analysis.diff.members import Member, Print, Prints, Types, as_it_is, members, policies
from netspec.elaborate.values.words import show
from netspec.graph import Definition, OpCall, RawTensor
from netspec.graph.model import Initial, Output

Pair = tuple[Member | None, Member | None]
Values = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference in a pair of definitions: a member added, removed, or changed; ``inside`` are the edits in it.

    ``explained``: other attributes inside come from the block's arguments, for its text is the same. ``policies`` are
    those of the definition itself that came and went.
    """

    before: Member | None
    after: Member | None
    facts: tuple[tuple[str, str, str], ...] = ()
    inside: tuple[Edit, ...] = ()
    policies: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    shapes: bool = False
    explained: bool = False


class Comparison:
    """Compares definitions; each pair once."""

    def __init__(self, renamed: Types = as_it_is) -> None:
        """``renamed`` gives the types before with the names that open sizes have after."""
        numbers: dict[object, Print] = {}
        self.old, self.new = Prints(numbers, renamed), Prints(numbers)
        self.known: dict[tuple[int, int], tuple[Edit, ...]] = {}

    def edits(self, before: Definition, after: Definition) -> tuple[Edit, ...]:
        """What differs in two definitions, in the order of the one after."""
        if self.old.of(before) == self.new.of(after):
            return ()
        key = id(before), id(after)
        if key not in self.known:
            self.known[key] = tuple(self._edits(before, after))
        return self.known[key]

    def _edits(self, before: Definition, after: Definition) -> Iterator[Edit]:
        gone, come = policies(before), policies(after)
        changed = tuple(p for p in gone if p not in come), tuple(p for p in come if p not in gone)
        pairs = self.pairs(before, after)
        sources = _Sources(pairs)
        ends = tuple((name, *values) for name, values in _ends(before, after, sources).items())
        if any(changed) or ends:
            yield Edit(None, None, ends, policies=changed)
        for old, new in pairs:
            edit = self._edit(old, new, sources)
            if edit is not None:
                yield edit

    def _edit(self, old: Member | None, new: Member | None, sources: _Sources) -> Edit | None:
        if old is None or new is None:
            return Edit(old, new)
        called_again = old.again and new.again
        facts = {} if called_again else dict(self._facts(old, new))
        reads = sources.before(old), sources.after(new)
        if reads[0] != reads[1]:
            facts["reads"] = ", ".join(reads[0]), ", ".join(reads[1])
        inside: tuple[Edit, ...] = ()
        if isinstance(old.body, Definition) and isinstance(new.body, Definition) and "op" not in facts:
            inside = () if called_again else self.edits(old.body, new.body)
        shapes = (old.inputs, old.outputs) != (new.inputs, new.outputs)
        renamed = is_renamed(old, new)
        if not (facts or inside or shapes or renamed):
            return None
        explained = bool(inside and facts) and _text(old) == _text(new)
        told = tuple((name, *values) for name, values in facts.items())
        return Edit(old, new, told, inside, shapes=shapes, explained=explained)

    def _facts(self, old: Member, new: Member) -> Values:
        """What differs in a pair by itself; its shapes are not told, they follow from what is."""
        a, b = old.body, new.body
        if isinstance(a, OpCall) and isinstance(b, OpCall) and type(a.op) is type(b.op):
            return _attributes(old, new, a, b)
        if isinstance(a, RawTensor) and isinstance(b, RawTensor) and a.kind == b.kind:
            values = {"shape": (str(old.outputs[0]), str(new.outputs[0])), "value": (_value(a), _value(b))}
            return {n: v for n, v in values.items() if v[0] != v[1]}
        if isinstance(a, Definition) and isinstance(b, Definition) and (a.kind, a.name) == (b.kind, b.name):
            return arguments(a, b)
        return {"op": (old.what, new.what)}

    # ------------------------------------------------------------------------------------------------- pairing

    def pairs(self, before: Definition, after: Definition) -> list[Pair]:
        """The members that belong together, in the order of the one after; what is removed stands where it was."""
        old, new = members(before, self.old.types), members(after)
        if before.kind == after.kind == "sequential":
            return list(self._in_order(old, new))
        return self._by_label(old, new)

    def _in_order(self, old: Sequence[Member], new: Sequence[Member]) -> Iterator[Pair]:
        """Lists: what is alike stays together though its number changes; the others by what they are."""
        prints = list(map(self.old.member, old)), list(map(self.new.member, new))
        for kind, a, b, c, d in SequenceMatcher(None, prints[0], prints[1], autojunk=False).get_opcodes():
            if kind == "equal":
                yield from zip(old[a:b], new[c:d], strict=True)
            else:
                yield from _by_what(old[a:b], new[c:d])

    def _by_label(self, old: Sequence[Member], new: Sequence[Member]) -> list[Pair]:
        pairs = paired_by_label(old, new)
        taken = {m.name for m in pairs.values()}
        left = [m for m in new if m.name not in taken]
        for member in old:
            alike = (m for m in left if m.again == member.again and self.new.member(m) == self.old.member(member))
            if member.name not in pairs and (found := next(alike, None)):
                pairs[member.name] = found
                left.remove(found)
        rest = [m for m in old if m.name not in pairs]
        return _merged(old, new, {**pairs, **{a.name: b for a, b in _written_alike(rest, left)}})


def _written_alike(old: Sequence[Member], new: Sequence[Member]) -> Iterator[tuple[Member, Member]]:
    """The modules that are written alike, and that no other one is; their tensors may have other shapes."""
    sides = [[(m, _written(m)) for m in side if m.labelled and not m.again] for side in (old, new)]
    counts = [Counter(text for _, text in side) for side in sides]
    by_text = {text: m for m, text in sides[1]}
    for member, text in sides[0]:
        if counts[0][text] == counts[1][text] == 1:
            yield member, by_text[text]


def _written(member: Member) -> tuple[str, ...]:
    """Its op or block with attributes or arguments; what is neither is only like itself."""
    body = member.body
    if isinstance(body, OpCall):
        return body.name, repr(body.op)
    if isinstance(body, Definition) and body.kind != "sequential":
        return body.name, *(f"{name}={show(value)}" for name, value in body.arguments.items())
    return "", member.label


def is_renamed(old: Member, new: Member) -> bool:
    return old.labelled and old.label != new.label


def arguments(before: Definition, after: Definition) -> Values:
    """The arguments of a block that differ, as a spec writes them, and its class."""
    found: Values = {}
    for name in dict.fromkeys([*before.arguments, *after.arguments]):
        was, now = (show(d.arguments[name]) if name in d.arguments else "" for d in (before, after))
        if was != now:
            found[name] = was, now
    if before.kind != "network" and before.class_name != after.class_name:
        found["class"] = before.class_name, after.class_name
    return found


def _text(member: Member) -> str:
    return member.body.span.text if isinstance(member.body, Definition) else ""


def _merged(old: Sequence[Member], new: Sequence[Member], pairs: dict[str, Member]) -> list[Pair]:
    """The pairs in the order of ``new``; what is removed comes after what stood before it."""
    partner = {after.name: before for before in old if (after := pairs.get(before.name))}
    found: list[Pair] = [(partner.get(m.name), m) for m in new]
    place = 0
    for member in old:
        if member.name in pairs:
            place = next(i for i, (was, _) in enumerate(found) if was is member) + 1
        else:
            found.insert(place, (member, None))
            place += 1
    return found


def _by_what(old: Sequence[Member], new: Sequence[Member]) -> Iterator[Pair]:
    """Members of two lists that differ: the same op or block stays together, and what stands at the same place."""
    names = [m.what for m in old], [m.what for m in new]
    for kind, a, b, c, d in SequenceMatcher(None, names[0], names[1], autojunk=False).get_opcodes():
        if kind in ("equal", "replace") and b - a == d - c:
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from ((m, None) for m in old[a:b])
            yield from ((None, m) for m in new[c:d])


def _attributes(old: Member, new: Member, before: OpCall, after: OpCall) -> Values:
    """The attributes that differ; where elaboration filled them, the texts of the calls."""
    was, now = before.op.model_dump(), after.op.model_dump()
    found = {n: (repr(was[n]), repr(now[n])) for n in was if was[n] != now[n]}
    if not after.op.is_module and (set(found) & {*after.op.internal, "indices"}):
        return {"written": (_one_line(old), _one_line(new))}
    return {"op": (before.name, after.name), **found} if before.name != after.name else found


def _one_line(member: Member) -> str:
    return " ".join(member.node.span.text.split())


def _ends(before: Definition, after: Definition, sources: _Sources) -> Values:
    """The inputs and outputs of a definition, where others are taken or given, or in another order."""
    inputs = [", ".join(node.name for node in d.inputs) for d in (before, after)]
    outputs = (
        ", ".join(_output(o, sources.of_before(o.ref)) for o in before.outputs),
        ", ".join(_output(o, sources.of_after(o.ref)) for o in after.outputs),
    )
    found = {"inputs": (inputs[0], inputs[1]), "outputs": outputs}
    return {name: (was, now) for name, (was, now) in found.items() if was != now}


def _output(output: Output, source: str) -> str:
    return f'"{output.label}" = {source}' if output.label else source


class _Sources:
    """What members read, as members that both sides have: through added and removed ones to what these read."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        self.names = {old.name: new.name for old, new in pairs if old and new}
        self.gone = {old.name: old for old, new in pairs if old and not new}
        self.come = {new.name: new for old, new in pairs if new and not old}

    def before(self, member: Member) -> list[str]:
        return list(map(self.of_before, member.reads))

    def after(self, member: Member) -> list[str]:
        return list(map(self.of_after, member.reads))

    def of_before(self, ref: tuple[str, int]) -> str:
        """What a tensor before comes from, by the name that this has after."""
        name, port = _through(ref, self.gone)
        return self.names.get(name, name) + _port(port)

    def of_after(self, ref: tuple[str, int]) -> str:
        name, port = _through(ref, self.come)
        return name + _port(port)


def _through(ref: tuple[str, int], others: dict[str, Member]) -> tuple[str, int]:
    seen = others.get(ref[0])
    while seen is not None and seen.reads:
        ref = seen.reads[0]
        seen = others.get(ref[0])
    return ref


def _port(port: int) -> str:
    return f" ({port})" if port else ""


def _value(raw: RawTensor) -> str:
    value = raw.value
    text = str(value)
    if isinstance(value, Initial):
        given = [*map(str, value.args), *(f"{name}={each}" for name, each in value.keywords)]
        text = f"{value.function}({', '.join(given)})"
    return text if len(text) < 60 else f"{text[:57]}..."
