"""Which modules a policy's selector names, and which of several policies decides about an attribute.

A selector is the name of an op or block (``Conv3d``), a quoted path (``"layer1.0.conv1"``) or a quoted glob
(``"layer*"``), relative to the definition that holds the policy; ``*`` does not cross dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from functools import lru_cache
from typing import NamedTuple

from netspec.diagnostics import Diagnostic, Label, did_you_mean
from netspec.graph.model import Body, Definition, Graph, Initial, Module, OpCall, Policy, Repeat
from netspec.graph.walk import instances, join, state


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


def matches(definition: Definition, policy: Policy) -> bool:
    """Whether a selector names anything; a step left out by its ``if`` counts. Repetitions are looked at once."""
    if policy.quoted:
        return _has_path(definition, policy.selector.split("."))
    return _has_name(definition, policy.selector)


def targets(definition: Definition, policy: Policy) -> list[str]:
    """The paths, relative to the definition, of all modules that a selector names, in registration order."""
    if policy.quoted:
        found = _paths(definition, policy.selector.split("."), "")
    else:
        found = (path for path, body in _bodies(definition, "") if is_named(body, policy.selector))
    return list(dict.fromkeys(found))


def unmatched(graph: Graph) -> list[Diagnostic]:
    """A diagnostic for each policy of a network whose selector names nothing, and for attributes that no module has."""
    found: list[Diagnostic] = []
    for definition in definitions(graph.definition):
        for policy in definition.policies:
            if not matches(definition, policy):
                what = f'"{policy.selector}"' if policy.quoted else policy.selector
                message = f"`{policy.kind} {what}` names nothing in {definition.name}"
                found.append(Diagnostic("NS402", message, Label(policy.span), help=_nearest(definition, policy)))
            elif policy.kind == "init":
                found += _unknown_attributes(definition, policy)
    return found


def _nearest(definition: Definition, policy: Policy) -> str:
    """What the selector may have meant."""
    if not policy.quoted:
        named = [unrepeated(m.body) for d in definitions(definition) for m in d.modules]
        near = did_you_mean(
            policy.selector, dict.fromkeys(b.name for b in named if isinstance(b, (OpCall, Definition)))
        )
        return near or "a name is that of an op or a block in it"
    current: Definition | None = definition
    for segment in policy.selector.split("."):
        labels = {m.label.partition(".")[0]: m for m in current.modules} if current else {}
        found = next((m for label, m in labels.items() if fits(segment, label)), None)
        if found is None:
            known = ", ".join(f"`{label}`" for label in list(labels)[:8])
            near = did_you_mean(segment, labels)
            return near or (f"the labels there are {known}" if known else f"nothing is below `{segment}`")
        body = unrepeated(found.body)
        current = body if isinstance(body, Definition) else None
    return "a path starts at this block; `*` stands for one label"


def _unknown_attributes(definition: Definition, policy: Policy) -> list[Diagnostic]:
    """Attributes of ``init`` that no selected module has, nor could have."""
    if all(attribute in _COMMON for attribute, _ in policy.settings):
        return []
    keys = [key for key, _ in state(definition)]
    chosen = {*targets(definition, policy)}
    known = {key.rpartition(".")[2] for key in keys if key.rpartition(".")[0] in chosen} | _COMMON
    return [
        Diagnostic("NS201", f"no module that `{policy.selector}` names has `{attribute}`", Label(policy.span),
                   help=did_you_mean(attribute, sorted(known)))
        for attribute, _ in policy.settings if attribute not in known
    ]  # fmt: skip


#: The attributes that a module may have or not, by its arguments.
_COMMON = frozenset({"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})


def definitions(definition: Definition) -> list[Definition]:
    """A definition and all that it contains, each once."""
    seen = {definition: None}
    for each in (todo := [definition]):
        for module in each.modules:
            body = unrepeated(module.body)
            if isinstance(body, Definition) and body not in seen:
                seen[body] = None
                todo.append(body)
    return list(seen)


def unrepeated(body: Body) -> Body:
    """What a repetition repeats; any other body as it is."""
    return body.body if isinstance(body, Repeat) else body


def is_named(body: Body, name: str) -> bool:
    """Whether a name is that of this op, as written or as resolved, or of this block."""
    if isinstance(body, OpCall):
        return name in (body.written, body.name)
    return isinstance(body, Definition) and body.kind != "sequential" and name in (body.name, body.class_name)


# ----------------------------------------------------------------------------------------------------- names


def _has_name(definition: Definition, name: str) -> bool:
    return any(is_named(unrepeated(m.body), name) for each in definitions(definition) for m in each.modules)


def _bodies(definition: Definition, prefix: str) -> Iterator[tuple[str, Body]]:
    for module in definition.modules:
        for label, body in instances(module.label, module.body):
            path = join(prefix, label)
            yield path, body
            if isinstance(body, Definition):
                yield from _bodies(body, path)


# ----------------------------------------------------------------------------------------------------- paths


@lru_cache(256)
def _pattern(segment: str) -> re.Pattern[str]:
    return re.compile("[^.]*".join(map(re.escape, segment.split("*"))))


def fits(segment: str, label: str) -> bool:
    """Whether one segment of a path or glob stands for a label.

    >>> fits("layer*", "layer3"), fits("layer", "layer3")
    (True, False)
    """
    return segment == label or ("*" in segment and _pattern(segment).fullmatch(label) is not None)


def _has_path(definition: Definition, segments: list[str]) -> bool:
    if any(_covers(label.split("."), segments) for label in definition.omitted):
        return True
    return any(_reaches(module, segments) for module in definition.modules)


def _covers(label: list[str], segments: list[str]) -> bool:
    """Whether a path may lead to or through a label."""
    return all(fits(s, part) for s, part in zip(segments, label, strict=False))


def _reaches(module: Module, segments: list[str]) -> bool:
    body = unrepeated(module.body)
    if module.label == "self":
        return isinstance(body, Definition) and _has_path(body, segments)
    for parts in _labels(module, segments):
        rest = segments[len(parts) :]
        return not rest or (isinstance(body, Definition) and _has_path(body, rest))
    return False


def _paths(definition: Definition, segments: list[str], prefix: str) -> Iterator[str]:
    for module in definition.modules:
        body = unrepeated(module.body)
        if module.label == "self":
            if isinstance(body, Definition):
                yield from _paths(body, segments, prefix)
            continue
        for parts in _labels(module, segments):
            rest = segments[len(parts) :]
            if not rest:
                yield join(prefix, ".".join(parts[: len(segments)]))
            elif isinstance(body, Definition):
                yield from _paths(body, rest, join(prefix, ".".join(parts)))


def _labels(module: Module, segments: list[str]) -> Iterator[list[str]]:
    """The labels of a module that a path leads to or through; of a repetition only the numbers that may fit."""
    *heads, last = module.label.split(".")
    if not isinstance(module.body, Repeat):
        if _covers([*heads, last], segments):
            yield [*heads, last]
        return
    if not _covers(heads, segments):
        return
    first, count = int(last), module.body.count
    wanted = segments[len(heads)] if len(segments) > len(heads) else "*"
    numbers = range(first, first + count) if "*" in wanted else [int(wanted)] if wanted.isdigit() else []
    for number in numbers:
        if first <= number < first + count and fits(wanted, str(number)):
            yield [*heads, str(number)]


# ----------------------------------------------------------------------------------------------------- who decides

Rank = tuple[int, int, int]
Setting = tuple[int, int, str, str, Initial, Policy]
"""Weight, order, relative path, attribute, initial values, policy."""


def assignments(definition: Definition) -> list[Assignment]:
    """What the ``init`` policies of a network decide, each attribute once, weakest policies first.

    A path beats a glob, a glob a name; among equals the outermost block wins, then the later statement.
    """
    settings = {d: found for d in definitions(definition) if (found := list(_settings(d)))}
    if not settings:
        return []
    holding = {d for d in definitions(definition) if not settings.keys().isdisjoint(definitions(d))}
    keys = {key for key, _ in state(definition)}
    best: dict[str, tuple[Rank, Assignment]] = {}
    for owner, depth, each in _holders(definition, "", 0, holding):
        for weight, order, path, attribute, initial, policy in settings.get(each, ()):
            key, rank = join(join(owner, path), attribute), (weight, -depth, order)
            if key in keys and (key not in best or best[key][0] <= rank):
                best[key] = rank, Assignment(owner, path, attribute, initial, policy, each)
    return [a for _, a in sorted(best.values(), key=lambda b: b[0])]


def _settings(definition: Definition) -> Iterator[Setting]:
    """What the policies of one definition set, wherever it stands."""
    for order, policy in enumerate(definition.policies):
        if policy.kind == "init":
            weight = 0 if not policy.quoted else 1 if "*" in policy.selector else 2
            for path in targets(definition, policy):
                yield from ((weight, order, path, attribute, initial, policy) for attribute, initial in policy.settings)


def _holders(
    definition: Definition, path: str, depth: int, holding: Set[Definition]
) -> Iterator[tuple[str, int, Definition]]:
    """Every instance of the definitions with policies in or below them, with its path and depth."""
    yield path, depth, definition
    for module in definition.modules:
        body = unrepeated(module.body)
        if isinstance(body, Definition) and body in holding:
            for label, _ in instances(module.label, module.body):
                yield from _holders(body, join(path, label), depth + 1, holding)


__all__ = [
    "Assignment",
    "assignments",
    "definitions",
    "fits",
    "is_named",
    "matches",
    "targets",
    "unmatched",
    "unrepeated",
]
