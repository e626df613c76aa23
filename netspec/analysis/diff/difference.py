"""Compares two networks: changes grouped by the block that they are written in, shapes, totals, keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from netspec.analysis.diff.compare import Comparison, Edit, arguments, is_renamed
from netspec.analysis.diff.keys import compare_keys
from netspec.analysis.diff.members import Member, Types, as_it_is, members
from netspec.analysis.diff.model import Change, Difference, Fact, Kind, Totals
from netspec.analysis.summary import Summary, summarise
from netspec.dims import Dim, Size, substitute
from netspec.graph import Definition, Graph, state
from netspec.graph.walk import join
from netspec.types import TensorType

BYTES = {"float32": 4, "int64": 8, "bool": 1}


def diff(before: Graph, after: Graph, sizes: Mapping[str, Sequence[int]] | None = None) -> Difference:
    """What changed from one network to the other.

    Blocks are compared label by label, lists as sequences, each pair of definitions once; a change in a block is told
    once with all its places. Nothing is built. Raises `SpecError` if the sizes do not fit the inputs of one of them.

    >>> print(diff(before, after, {"clip": (1, 3, 8, 224, 224)}))  # doctest: +SKIP
    """
    comparison = Comparison(types := renamed_sizes(before, after))
    edits = comparison.edits(before.definition, after.definition)
    summaries = summarise(before, sizes), summarise(after, sizes)
    changes = changes_of(edits, after.name)
    renames = tuple(pair for c in changes if c.kind == "renamed" for pair in zip(c.before, c.paths, strict=True))
    return Difference(
        before, after, changes,
        arguments=tuple(_arguments(before.definition, after.definition)),
        shapes=tuple(_shapes(before, after, types)),
        other_shapes=_other_shapes(edits),
        totals=(_totals(before, summaries[0], types), _totals(after, summaries[1])),
        keys=compare_keys(before.definition, after.definition, renames),
    )  # fmt: skip


def renamed_sizes(before: Graph, after: Graph) -> Types:
    """Gives types of the network before with the names that the open sizes of its inputs have after."""
    names: dict[str, Size] = {}
    for old, new in zip(before.inputs.values(), after.inputs.values(), strict=False):
        for was, now in zip(old.dims, new.dims, strict=False):
            if isinstance(was, Dim) and isinstance(now, Dim) and str(was).isidentifier() and str(now).isidentifier():
                names.setdefault(str(was), now)
    if all(name == str(size) for name, size in names.items()) or len(set(map(str, names.values()))) < len(names):
        return as_it_is
    return lambda type_: TensorType(type_.dtype, tuple(substitute(dim, names) for dim in type_.dims))


def changes_of(edits: Sequence[Edit], block: str, listed: bool = False, explained: bool = False) -> tuple[Change, ...]:
    """The changes that edits of a block are: of a list of its steps (``listed``), of one whose arguments differ
    (``explained``)."""
    groups = _Groups()
    groups.add_all(edits, _Where(block, "", "", "", listed, explained))
    return tuple(groups.changes())


@dataclass
class _Group:
    """The places of one change, and the values of its attributes there."""

    paths: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    facts: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    parameters: int = 0


@dataclass(frozen=True, slots=True)
class _Where:
    """A definition on the way: the block that its steps are written in, its label there (of a list, which is
    ``listed``), and its paths.

    ``explained``: the arguments of a block around it say what other attributes come from; what else came or went is
    told, its parameters are counted with the block.
    """

    block: str
    inner: str
    before: str
    after: str
    listed: bool = False
    explained: bool = False


class _Groups:
    """Collects changes: those of one step of one block come together, and steps of a list that are added in a row."""

    def __init__(self) -> None:
        self.groups: dict[tuple[Kind, str, str, str, tuple[str, ...]], _Group] = {}

    def changes(self) -> Iterator[Change]:
        for (kind, block, _, what, _), g in self.groups.items():
            facts = tuple(Fact(name, tuple(dict.fromkeys(values))) for name, values in g.facts.items())
            yield Change(kind, block, tuple(dict.fromkeys(g.labels)), what, tuple(g.paths), facts, tuple(g.before),
                         g.parameters)  # fmt: skip

    def add_all(self, edits: Sequence[Edit], where: _Where) -> None:
        for edit in edits:
            old, new = edit.before, edit.after
            if old and new:
                self._changed(edit, old, new, where)
            elif not (old or new) and edit.facts:
                group = self._group("changed", where, "", "", tuple(name for name, _, _ in edit.facts))
                group.paths.append(where.after)
                for name, was, now in edit.facts:
                    group.facts.setdefault(name, []).append((was, now))
            elif member := old or new:
                kind: Kind = "added" if new else "removed"
                group = self._group(kind, where, where.inner, member.what)
                self._place(group, where, member.label, kind == "removed")
                if not where.explained:
                    group.parameters += member.parameters if new else -member.parameters
            self._policies(edit, where)

    def _changed(self, edit: Edit, old: Member, new: Member, where: _Where) -> None:
        facts = {name: (was, now) for name, was, now in edit.facts}
        if is_renamed(old, new):
            group = self._group("renamed", where, where.inner, new.what)
            self._place(group, where, new.label)
            group.before.append(join(where.before, old.label))
            group.facts.setdefault("label", []).append((join(where.inner, old.label), join(where.inner, new.label)))
        label = join(where.inner, new.label)
        by = "" if where.listed else label
        if facts and ("op" in facts or not where.explained):
            group = self._group("replaced" if "op" in facts else "changed", where, by, new.what, tuple(facts))
            self._place(group, where, new.label)
            if not where.explained and (edit.explained or not edit.inside):
                group.parameters += new.parameters - old.parameters
            for name, values in facts.items():
                group.facts.setdefault(name, []).append(values)
        if isinstance(new.body, Definition):
            listed = new.body.kind == "sequential"
            block, inner = (where.block, label) if listed else (new.body.name, "")
            paths = join(where.before, old.label), join(where.after, new.label)
            self.add_all(edit.inside, _Where(block, inner, *paths, listed, where.explained or edit.explained))

    def _policies(self, edit: Edit, where: _Where) -> None:
        kinds: tuple[Kind, Kind] = "removed", "added"
        for kind, texts in zip(kinds, edit.policies, strict=True):
            for text in texts:
                self._group(kind, where, where.inner, f"`{text}`").paths.append(where.after)

    def _group(self, kind: Kind, where: _Where, by: str, what: str, facts: tuple[str, ...] = ()) -> _Group:
        return self.groups.setdefault((kind, where.block, by, what, facts), _Group())

    def _place(self, group: _Group, where: _Where, label: str, removed: bool = False) -> None:
        group.labels.append(join(where.inner, label))
        group.paths.append(join(where.before if removed else where.after, label))


def _arguments(before: Definition, after: Definition) -> Iterator[tuple[str, str, str]]:
    """The arguments of the network, and its contract."""
    yield from ((name, was, now) for name, (was, now) in arguments(before, after).items())
    if (was := _contract(before)) != (now := _contract(after)):
        yield "where", was, now


def _contract(definition: Definition) -> str:
    return ", ".join(c.text for c in definition.contracts if c.kind == "stated")


def _shapes(before: Graph, after: Graph, types: Types) -> Iterator[tuple[str, str, str]]:
    """The inputs, stages and outputs with other types."""
    sides = dict(_named(before, types)), dict(_named(after))
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        was, now = (side.get(name, "") for side in sides)
        if was != now:
            yield name, was, now


def _named(graph: Graph, types: Types = as_it_is) -> Iterator[tuple[str, str]]:
    yield from ((f"input {name}", str(types(type_))) for name, type_ in graph.inputs.items())
    stages = {n.module or n.name for n in graph.definition.nodes if n.stage}
    yield from ((m.label, str(m.outputs[0])) for m in members(graph.definition, types) if m.label in stages)
    for i, output in enumerate(graph.definition.outputs):
        number = f" {i}" if len(graph.definition.outputs) > 1 else ""
        yield f"output {output.label}" if output.label else f"output{number}", str(types(output.type))


def _other_shapes(edits: Sequence[Edit]) -> int:
    """How many layers and functions are as before, and take or give other shapes."""
    count = 0
    for edit in edits:
        if edit.inside:
            count += _other_shapes(edit.inside)
        elif edit.before and edit.after and edit.shapes and not edit.facts:
            count += 1
    return count


def _totals(graph: Graph, summary: Summary, types: Types = as_it_is) -> Totals:
    entries = [w for _, w in state(graph.definition)]
    size = sum(_elements(w.shape) * BYTES[w.dtype] for w in entries)
    (cost,) = types(TensorType("int", (summary.multiply_adds,))).dims
    return Totals(summary.parameters, summary.trainable, size, cost)


def _elements(shape: tuple[int, ...]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count
