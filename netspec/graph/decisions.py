"""What the policies of a network decide: initial values attribute by attribute, the rest module by module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from netspec.graph.model import Definition, Initial, Policy, RawTensor
from netspec.graph.policies import definitions, targets, unrepeated
from netspec.graph.walk import instances, join, modules, state

#: The policies that take the gradient from parameters.
FREEZING = ("freeze", "freeze_weights")
#: What a norm with running statistics has.
STATISTIC = "running_mean"


class Assignment(NamedTuple):
    """What ``init`` decides: the attribute of the module at ``path`` gets ``initial``.

    ``owner`` is the path of the block that holds the policy, ``relative`` the module's path from there.
    """

    owner: str
    relative: str
    attribute: str
    initial: Initial
    policy: Policy
    definition: Definition

    @property
    def path(self) -> str:
        return join(self.owner, self.relative)


class Selection(NamedTuple):
    """What one policy other than ``init`` acts on, everywhere in the network.

    ``definitions`` are the variants of the block that hold the policy, ``members`` the paths: that of the block, and
    the one from there.
    """

    policy: Policy
    definitions: tuple[Definition, ...]
    members: tuple[tuple[str, str], ...]

    @property
    def paths(self) -> dict[str, None]:
        return dict.fromkeys(join(owner, relative) for owner, relative in self.members)

    def only(self, paths: Set[str]) -> Selection:
        """Less the members at other paths."""
        return self._replace(members=tuple(m for m in self.members if join(*m) in paths))


def beginnings(path: str) -> Iterator[str]:
    """A path and all above it, the network's own last: ``a.b``, ``a``, nothing."""
    while path:
        yield path
        path = path.rpartition(".")[0]
    yield ""


# ----------------------------------------------------------------------------------------------------- modules


def selections(definition: Definition, *kinds: str) -> list[Selection]:
    """What the policies of these kinds select, outermost blocks first; they add up, so that none overrides another."""
    acts = {d: [(p, acted_on(d, p)) for p in d.policies if p.kind in kinds] for d in definitions(definition)}
    acts = {d: found for d, found in acts.items() if found}
    members: dict[Policy, list[tuple[str, str]]] = {}
    holders: dict[Policy, dict[Definition, None]] = {}
    for owner, _, each in _holders(definition, "", 0, _around(definition, acts.keys())):
        for policy, relative in acts.get(each, ()):
            members.setdefault(policy, []).extend((owner, path) for path in relative)
            holders.setdefault(policy, {})[each] = None
    return [Selection(policy, tuple(holders[policy]), tuple(found)) for policy, found in members.items() if found]


def acted_on(definition: Definition, policy: Policy) -> list[str]:
    """The paths in a definition that a policy acts on.

    ``freeze`` and ``freeze_weights`` act on what they name, less buffers, ``freeze_stats`` on the norms with running
    statistics there, ``checkpoint`` on modules that are called: of a container those in it.
    """
    named = dict.fromkeys(targets(definition, policy))
    if policy.kind == "freeze_stats":
        return [path for path in with_statistics(definition) if not named.keys().isdisjoint(beginnings(path))]
    if policy.kind == "checkpoint":
        return list(_called(definition, named))
    buffers = {p for p, _, b in modules(definition) if isinstance(b, RawTensor) and b.kind == "buffer"}
    return [path for path in named if path not in buffers]


def with_statistics(definition: Definition) -> Iterator[str]:
    """The paths of the modules with running statistics."""
    for key, _ in state(definition):
        path, _, attribute = key.rpartition(".")
        if attribute == STATISTIC:
            yield path


def _called(definition: Definition, named: Mapping[str, None]) -> Iterator[str]:
    """What is named and called; in place of a container, which nothing calls, the outermost modules in it."""
    paths = [path for path, m, body in modules(definition) if m.used and not isinstance(body, RawTensor)]
    containers = named.keys() - {"", *paths}
    taken: set[str] = set()
    for path in dict.fromkeys(["", *paths]):
        above = set(beginnings(path))
        if path in named or (not containers.isdisjoint(above) and taken.isdisjoint(above)):
            taken.add(path)
            yield path


# ----------------------------------------------------------------------------------------------------- attributes

Rank = tuple[int, int, int]
Setting = tuple[int, int, str, str, Initial, Policy]
"""Weight, order, relative path, attribute, initial values, policy."""


def assignments(definition: Definition) -> list[Assignment]:
    """What the ``init`` policies of a network decide, each attribute once, weakest policies first.

    A path beats a glob, a glob a name; among equals the outermost block wins, then the later statement.
    """
    best: dict[str, tuple[Rank, Assignment]] = {}
    for key, rank, assignment in contenders(definition):
        if key not in best or best[key][0] <= rank:
            best[key] = rank, assignment
    return [a for _, a in sorted(best.values(), key=lambda b: b[0])]


def contenders(definition: Definition) -> Iterator[tuple[str, Rank, Assignment]]:
    """What each ``init`` policy of a network sets: the key in the state dict, how strong it is, the assignment."""
    settings = {d: found for d in definitions(definition) if (found := list(_settings(d)))}
    if not settings:
        return
    keys = {key for key, _ in state(definition)}
    for owner, depth, each in _holders(definition, "", 0, _around(definition, settings.keys())):
        for weight, order, path, attribute, initial, policy in settings.get(each, ()):
            key = join(join(owner, path), attribute)
            if key in keys:
                yield key, (weight, -depth, order), Assignment(owner, path, attribute, initial, policy, each)


def _settings(definition: Definition) -> Iterator[Setting]:
    """What the policies of one definition set, wherever it stands."""
    for order, policy in enumerate(definition.policies):
        if policy.kind == "init":
            weight = 0 if not policy.quoted else 1 if "*" in policy.selector else 2
            for path in targets(definition, policy):
                yield from ((weight, order, path, attribute, initial, policy) for attribute, initial in policy.settings)


# ----------------------------------------------------------------------------------------------------- who holds them


def _around(definition: Definition, holding: Set[Definition]) -> set[Definition]:
    """The definitions that are among ``holding``, or contain one of them."""
    return {d for d in definitions(definition) if not holding.isdisjoint(definitions(d))} if holding else set()


def _holders(
    definition: Definition, path: str, depth: int, around: Set[Definition]
) -> Iterator[tuple[str, int, Definition]]:
    """Every instance of the definitions with policies in or below them, with its path and depth."""
    yield path, depth, definition
    for module in definition.modules:
        body = unrepeated(module.body)
        if isinstance(body, Definition) and body in around:
            for label, _ in instances(module.label, module.body):
                yield from _holders(body, join(path, label), depth + 1, around)
