"""Which modules a policy's selector names.

A selector is the name of an op or block (``Conv3d``), a quoted path (``"layer1.0.conv1"``) or a quoted glob
(``"layer*"``), relative to the definition that holds the policy; ``*`` does not cross dots.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from netspec.graph.model import Body, Definition, Module, OpCall, Policy, Repeat
from netspec.graph.walk import held, join, modules


def matches(definition: Definition, policy: Policy) -> bool:
    """Whether a selector names anything; a step left out by its ``if`` counts. Repetitions are looked at once."""
    return any(True for _ in _found(definition, policy))


def named(definition: Definition, policy: Policy) -> list[Module]:
    """The modules that a selector names, and those in a container that it names. Repetitions are looked at once."""
    return [module for module in dict.fromkeys(_found(definition, policy)) if module is not None]


def targets(definition: Definition, policy: Policy) -> list[str]:
    """The paths, relative to the definition, of all modules that a selector names, in registration order."""
    if policy.quoted:
        found = _paths(definition.modules, policy.selector.split("."), "")
    else:
        found = (path for path, _, body in modules(definition) if is_named(body, policy.selector))
    return list(dict.fromkeys(found))


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


# ----------------------------------------------------------------------------------------------------- what is named


def _found(definition: Definition, policy: Policy) -> Iterator[Module | None]:
    """The modules that a selector names; None for a step left out."""
    if policy.quoted:
        yield from _reached(definition.modules, policy.selector.split("."), definition.omitted)
        return
    inside = (module for each in definitions(definition) for own in each.modules for module in _of_op(own))
    yield from (module for module in inside if is_named(unrepeated(module.body), policy.selector))


def _reached(members: Sequence[Module], segments: list[str], omitted: Sequence[str]) -> Iterator[Module | None]:
    """The modules at the end of a path, or in the container there; None for a step left out on the way."""
    yield from (None for label in omitted if _covers(label.split("."), segments))
    for module in members:
        body = unrepeated(module.body)
        left_out = body.omitted if isinstance(body, Definition) else ()
        if module.label == "self":
            yield from _reached(held(module), segments, left_out)
            continue
        for parts in islice(_labels(module, segments), 1):
            rest = segments[len(parts) :]
            if not rest:
                yield module
            else:
                yield from _reached(held(module), rest, left_out)


def _of_op(module: Module) -> Iterator[Module]:
    """A module, and those of which torch makes its op."""
    yield module
    if isinstance(unrepeated(module.body), OpCall):
        for part in held(module):
            yield from _of_op(part)


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


def _covers(label: list[str], segments: list[str]) -> bool:
    """Whether a path may lead to or through a label."""
    return all(fits(s, part) for s, part in zip(segments, label, strict=False))


def _paths(members: Sequence[Module], segments: list[str], prefix: str) -> Iterator[str]:
    for module in members:
        if module.label == "self":
            yield from _paths(held(module), segments, prefix)
            continue
        for parts in _labels(module, segments):
            rest = segments[len(parts) :]
            if not rest:
                yield join(prefix, ".".join(parts[: len(segments)]))
            else:
                yield from _paths(held(module), rest, join(prefix, ".".join(parts)))


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
