"""Which members of two blocks belong together, by their labels and, of functions, by where they stand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from netspec.analysis.diff.members import Member


def paired_by_label(old: Sequence[Member], new: Sequence[Member]) -> dict[str, Member]:
    """Of each name before the member after, of those that belong together.

    Modules go by their labels. Functions have none, and a number in their name that counts: those of one op belong
    together that stand between the same steps, first those where all of these are the same; the others by their names.
    """
    by_name = {m.name: m for m in new}
    pairs = {m.name: by_name[m.name] for m in old if m.name in by_name and m.labelled and by_name[m.name].labelled}
    sides = _Side.of(old), _Side.of(new)
    for whole in (True, False):
        taken = {m.name for m in pairs.values()}
        for member in old:
            if member.name not in pairs and not member.labelled:
                found = _between_the_same(member, sides, pairs, taken, whole)
                if found is not None:
                    pairs[member.name] = found
                    taken.add(found.name)
    taken = {m.name for m in pairs.values()}
    left = (m for m in old if m.name not in pairs and m.name in by_name and m.name not in taken)
    return pairs | {m.name: by_name[m.name] for m in left}


@dataclass(frozen=True, slots=True)
class _Side:
    """The members of a block by their names, and the names of those that read each tensor."""

    members: dict[str, Member]
    readers: dict[str, list[str]]

    @classmethod
    def of(cls, members: Sequence[Member]) -> _Side:
        readers: dict[str, list[str]] = defaultdict(list)
        for member in members:
            for name, _ in member.reads:
                readers[name].append(member.name)
        return cls({m.name: m for m in members}, readers)

    def sources(self, name: str) -> list[str]:
        return [source for source, _ in self.members[name].reads]


def _between_the_same(member: Member, sides: tuple[_Side, _Side], pairs: dict[str, Member], taken: set[str],
                      whole: bool) -> Member | None:  # fmt: skip
    """The function of the same op with most of the same steps before and behind it; with all of them for ``whole``."""
    before, after = sides
    sources, readers = before.sources(member.name), before.readers.get(member.name, [])
    counts: Counter[str] = Counter()
    for source in sources:
        partner = pairs[source].name if source in pairs else source  # an input has its name in both
        known = source in pairs or _is_input(source, sides)
        counts.update(set(after.readers.get(partner, ())) if known else ())
    for reader in readers:
        counts.update(after.sources(pairs[reader].name) if reader in pairs else ())
    alike = [n for n in counts if n in after.members and n not in taken and _alike(member, after.members[n])]
    if not alike:
        return None
    best = max(alike, key=lambda n: (counts[n], n == member.name))
    complete = counts[best] >= len(set(sources)) + len(readers)
    return after.members[best] if complete or not whole else None


def _is_input(name: str, sides: tuple[_Side, _Side]) -> bool:
    return not any(name in side.members for side in sides)


def _alike(one: Member, other: Member) -> bool:
    return one.what == other.what and not other.labelled
