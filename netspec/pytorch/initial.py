"""Initial values as code: calls of torch.nn.init at the end of the network's constructor."""

from __future__ import annotations

from collections.abc import Iterator

from netspec.graph import Definition, Initial, Policy
from netspec.graph.decisions import Assignment, assignments
from netspec.graph.walk import join
from netspec.pytorch.layout import INDENT
from netspec.pytorch.names import identifier, literal, place
from netspec.pytorch.paths import FEW, Paths, loop, member, named_loop, tested


def constant_of(initial: Initial) -> float | None:
    """The number that fills the tensor, or None where a function draws it."""
    if initial.function in ("zeros", "ones"):
        return 0 if initial.function == "zeros" else 1
    given = [*initial.args, *(v for _, v in initial.keywords)]
    return given[0] if initial.function == "constant" else None


def init_call(tensor: str, initial: Initial) -> str:
    """``nn.init.normal_(self.pos, std=0.02)``."""
    value = constant_of(initial)
    if value is not None:
        known = "zeros_" if value == 0 else "ones_" if value == 1 else ""
        return f"nn.init.{known}({tensor})" if known else f"nn.init.constant_({tensor}, {literal(value)})"
    given = [literal(a) for a in initial.args] + [f"{identifier(k)}={literal(v)}" for k, v in initial.keywords]
    return f"nn.init.{identifier(initial.function)}_({', '.join([tensor, *given])})"


class Rule:
    """The assignments that one policy wins."""

    def __init__(self, assignments: list[Assignment]) -> None:
        self.policy = assignments[0].policy
        self.definition = assignments[0].definition
        self.assignments = assignments
        self.settings = list({a.attribute: a.initial for a in assignments}.items())
        self.paths = list(dict.fromkeys(a.path for a in assignments))
        self.keys = {join(a.path, a.attribute) for a in assignments}


def init_lines(root: Definition, where: Paths) -> list[str]:
    """The statements for all ``init`` policies of a network; none where it has none."""
    found = assignments(root)
    groups: dict[Policy, list[Assignment]] = {}
    for assignment in found:
        groups.setdefault(assignment.policy, []).append(assignment)
    rules = [Rule(group) for group in groups.values()]
    lines: list[str] = []
    for number, rule in enumerate(rules):
        later = {key for r in rules[number + 1 :] for key in r.keys}
        named = not rule.policy.quoted
        lines += (named and _by_op(rule, where, later)) or _by_block(rule, where, later) or list(_by_path(rule))
    return lines


# ----------------------------------------------------------------------------------------------------- forms


def _by_op(rule: Rule, where: Paths, later: set[str]) -> list[str]:
    """``if isinstance(module, nn.Conv3d)``, where that names what the rule does, but for what later rules overwrite."""
    if not where.plain:
        return []
    classes = [c for c, found in where.ops.items() if not found.isdisjoint(rule.paths)]
    covered = {path for c in classes for path in where.ops[c]}
    reached = {join(p, a) for p in covered for a, _ in rule.settings} & where.keys
    if not rule.keys <= reached or not reached - rule.keys <= later:
        return []
    partial = [a for a, _ in rule.settings if any(join(p, a) not in where.keys for p in covered)]
    if partial and len(classes) > 1:
        return []  # one of the classes may have no such attribute
    lines = loop(tested(classes), place(rule.policy.span))
    for attribute, initial in rule.settings:
        lines += _guarded(attribute, initial, attribute not in partial)
    return lines


def _guarded(attribute: str, initial: Initial, always: bool) -> Iterator[str]:
    """The call, where the attribute is there."""
    if not always:
        yield f"{INDENT * 2}if module.{identifier(attribute)} is not None:"
    yield f"{INDENT * (2 if always else 3)}{init_call(f'module.{identifier(attribute)}', initial)}"


def _by_block(rule: Rule, where: Paths, later: set[str]) -> list[str]:
    """``if isinstance(module, Bottleneck3d)`` with the member's path, where each instance of the block has it."""
    name = where.class_of(rule.definition)
    owners = where.blocks.get(name or "", set())
    wanted = list(dict.fromkeys((a.relative, a.attribute, a.initial) for a in rule.assignments))
    reached = {join(join(o, path), attribute) for o in owners for path, attribute, _ in wanted}
    if not owners or not rule.keys <= reached or not reached - rule.keys <= later or not reached <= where.keys:
        return []
    calls = (init_call(f"{member(p, 'module')}.{identifier(attribute)}", initial) for p, attribute, initial in wanted)
    return [*loop(tested([name or ""]), place(rule.policy.span)), *(INDENT * 2 + c for c in calls)]


def _by_path(rule: Rule) -> Iterator[str]:
    """One call per tensor, or a loop over the paths where they are many."""
    comment = f"  # {place(rule.policy.span)}"
    by_path: dict[str, list[tuple[str, Initial]]] = {}
    for a in rule.assignments:
        by_path.setdefault(a.path, []).append((a.attribute, a.initial))
    alike: dict[tuple[tuple[str, Initial], ...], list[str]] = {}
    for path, found in by_path.items():
        alike.setdefault(tuple(found), []).append(path)
    for settings, paths in alike.items():
        if len(paths) <= FEW:
            yield from (init_call(f"{member(p)}.{identifier(n)}", i) + comment for p in paths for n, i in settings)
            continue
        yield from named_loop(paths, place(rule.policy.span))
        yield f"{INDENT}module = self.get_submodule(name)"
        yield from (INDENT + init_call(f"module.{identifier(n)}", i) for n, i in settings)
