"""What boxes say of what changed in the steps behind them, in the words of the difference as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from netspec.analysis.diff.compare import Edit, is_renamed
from netspec.analysis.diff.difference import changes_of
from netspec.analysis.diff.members import Member
from netspec.analysis.diff.model import Change, Difference, Fact
from netspec.analysis.diff.text import NO_DIFFERENCE, consequences, fact_text, told_facts, what_text
from netspec.graph import Definition
from netspec.graph.walk import join
from netspec.render.levels import describe
from netspec.render.levels.sketch import Changed, Step
from netspec.render.picture import MARKS, Mark
from netspec.render.words import TIMES

#: A change in a list stands on one line up to this length.
LINE = 60
#: Of the changes in a list so many are told.
MOST_CHANGES = 6

#: The values of an attribute at all places, by the label of the step and the name of the attribute.
Values = Mapping[tuple[str, str], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Told:
    """How changes in a definition are told: ``block`` is the block around its steps; of ``explained`` ones the
    attributes follow from the arguments of the block; ``values`` are those of other places too."""

    block: str
    explained: bool = False
    values: Values = field(default_factory=dict)

    def within(self, edit: Edit | None, body: Definition) -> Told:
        """The same of what is opened in it."""
        explained = self.explained or bool(edit and edit.explained)
        return replace(self, block=self.block if body.kind == "sequential" else body.name, explained=explained)


def changed(old: Member, new: Member, edit: Edit | None, told: Told, prefix: str, inside: bool = True) -> Changed:
    """How a step changed that both networks have; ``inside``: also what changed in the block behind it.

    ``prefix`` leads from the block to the list that it is a member of.
    """
    if edit is None:
        return Changed("same")
    lines = [*_facts(edit, told, join(prefix, new.label)), *(_inside(edit, new, told) if inside else ())]
    was = old.label if is_renamed(old, new) else ""
    mark: Mark = "changed" if lines else "renamed" if was else "same"
    return Changed(mark, tuple(lines), None if mark == "same" else old.parameters, was, was)


def _facts(edit: Edit, told: Told, label: str) -> Iterator[str]:
    for name, was, now in edit.facts:
        if name == "op" or not told.explained:
            yield arrows(fact_text(Fact(name, tuple(told.values.get((label, name), ((was, now),))))))


def _inside(edit: Edit, new: Member, told: Told) -> Iterator[str]:
    """What changed in the members of a list, and the names of the blocks in which something changed."""
    if not isinstance(new.body, Definition) or not edit.inside:
        return
    inner = told.within(edit, new.body)
    listed = new.body.kind == "sequential"
    found = changes_of(edit.inside, inner.block, listed, inner.explained)
    own = [c for c in found if listed and c.block == inner.block]
    for change in own[:MOST_CHANGES]:
        yield from change_lines(change)
    if len(own) > MOST_CHANGES:
        yield f"and {len(own) - MOST_CHANGES} more changes"
    blocks = dict.fromkeys(c.block for c in found if c not in own)
    if blocks:
        yield f"changed inside: {', '.join(blocks)}"


def change_lines(change: Change) -> Iterator[str]:
    """``+ 6 to 22 (17 × Bottleneck3d)``, and what differs in it."""
    sign = MARKS[{"replaced": "changed"}.get(change.kind, change.kind)][0]
    what = f"{sign} {arrows(what_text(change))}"
    said = [arrows(fact_text(f)) for f in told_facts(change)]
    line = ": ".join([what, "; ".join(said)]) if said else what
    yield from [line] if len(line) <= LINE else [what, *said]


def told_lines(step: Step) -> tuple[str, ...]:
    """What stands in a box: of what came or went with all settings."""
    return describe.detailed_lines(step) if step.mark in ("added", "removed") else describe.lines(step)


def title_of_both(difference: Difference) -> tuple[str, ...]:
    """``ResNet3d: depth 50 → 101``, and what follows, a line each; long values of arguments stand on lines too."""
    graphs = difference.before, difference.after
    names = " → ".join(dict.fromkeys(g.name for g in graphs))
    files = " → ".join(dict.fromkeys(next(iter(g.sources), "") for g in graphs))
    arguments = [f"{name} {was or 'none'} → {now or 'none'}" for name, was, now in difference.arguments]
    told = ", ".join(arguments)
    whole = f"{names}: {NO_DIFFERENCE if difference.same else 'what changed'}"
    rest = tuple(map(arrows, consequences(difference)))
    if len(told) <= LINE:
        return (f"{names}: {told}" if told else whole, files, *rest)
    return (whole, files, *arguments, *rest)


def arrows(text: str) -> str:
    """Text of a difference as pictures have it."""
    return text.replace(" -> ", " → ").replace(" x ", f" {TIMES} ")
